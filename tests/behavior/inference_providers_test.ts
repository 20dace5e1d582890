import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const CONFIG = {
  endpoint_url: "https://models.example.net/v1/predict",
  headers: { "X-Request-Source": "avala", x_custom_header: "1" },
  responseKey: "outputs.0",
  "retry.policy": null,
};

served("inference providers: the whole life of one", async ({ client }) => {
  const { inferenceProviders } = client;
  const [project] = (await client.projects.list()).items;
  const created = await inferenceProviders.create({
    name: "Detektor",
    providerType: "http",
    config: CONFIG,
    project: project?.uid,
  });
  assertEquals(created.config, CONFIG);
  assertEquals(
    [created.isActive, created.project, created.lastTestSuccess],
    [true, project?.uid, null],
  );
  assertEquals(await inferenceProviders.get(created.uid), created);
  const listed = (await inferenceProviders.list()).items;
  assertEquals(listed.map(({ name }) => name), ["Crane detector", "Detektor"]);
  assertEquals(listed[0]?.project, project?.uid);

  const tested = await inferenceProviders.test(created.uid);
  assertEquals([tested.success, typeof tested.latency_ms], [true, "number"]);
  const seen = await inferenceProviders.get(created.uid);
  assertEquals([seen.lastTestSuccess, seen.lastTestAt], [
    true,
    tested.tested_at,
  ]);

  const changed = await inferenceProviders.update(created.uid, {
    name: "will fail",
    isActive: false,
    project: null,
    config: { endpoint_url: "https://models.example.net/v2" },
  });
  assertEquals([changed.isActive, changed.project, changed.providerType], [
    false,
    null,
    "http",
  ]);
  assertEquals(changed.config, {
    endpoint_url: "https://models.example.net/v2",
  });
  assertEquals((await inferenceProviders.test(created.uid)).success, false);
  assertEquals(
    (await inferenceProviders.get(created.uid)).lastTestSuccess,
    false,
  );

  await inferenceProviders.delete(created.uid);
  for (const method of ["get", "test"] as const) {
    await assertRejects(
      () => inferenceProviders[method](created.uid),
      NotFoundError,
    );
  }
  assertEquals((await inferenceProviders.list()).length, 1);
});

served("inference providers: wrong fields are named", async ({ client }) => {
  const { inferenceProviders } = client;
  const create = (fields: { [name: string]: unknown }) =>
    inferenceProviders.create({
      name: "x",
      providerType: "http",
      config: CONFIG,
      ...fields,
    });
  assertEquals(await refused(() => create({ providerType: "oracle" })), {
    provider_type: ['"oracle" is not a valid choice.'],
  });
  assertEquals(await refused(() => create({ project: "gone", config: {} })), {
    project: ["Object with uid=gone does not exist."],
    "config.endpoint_url": ["This field is required."],
  });
  for (const project of [true, 412]) {
    assertEquals(await refused(() => create({ project })), {
      project: ["Not a valid string."],
    });
  }
  const http = await create({});
  assertEquals(
    await refused(() =>
      inferenceProviders.update(http.uid, { config: { timeout: 30 } })
    ),
    { "config.endpoint_url": ["This field is required."] },
  );
  const endpoint = { endpoint_name: "kran", region: "eu-north-1" };
  const { uid } = await create({ providerType: "sagemaker", config: endpoint });
  // the settings that are there have to fit a new kind
  assertEquals(
    await refused(() =>
      inferenceProviders.update(uid, { providerType: "http" })
    ),
    { "config.endpoint_url": ["This field is required."] },
  );
  const kept = await inferenceProviders.get(uid);
  assertEquals(kept.providerType, "sagemaker");
  assert(kept.config && "endpoint_name" in kept.config);
});
