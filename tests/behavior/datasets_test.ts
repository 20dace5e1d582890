import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type AsyncClient,
  type Dataset,
  type JsonObject,
  signup,
} from "@avala/client";
import { AsyncDatasets } from "@avala/client/datasets";
import {
  ForbiddenError,
  InvalidArgumentError,
  NotFoundError,
} from "@avala/client/errors";
import { Transport } from "@avala/client/transport";
import { refused, served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

const PLACE = ["northlight", "harbor-crane"] as const;

async function transfer(
  client: AsyncClient,
  owner: string,
  slug: string,
  body: JsonObject,
): Promise<Dataset> {
  const path = `/datasets/${owner}/${slug}/transfer/`;
  const { uid } = await client.request("POST", path, { body }) as Dataset;
  return await client.datasets.get(uid);
}

test("datasets: a rig belongs to the sequence of the response", async () => {
  const sequence = { uid: "q-now", dataset_data_type: "lidar", frames: [] };
  const fetch = () => Promise.resolve(Response.json(sequence));
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  const datasets = new AsyncDatasets(transport);
  const rig = await datasets.getCalibration(...PLACE, "q-former");
  assertEquals([rig.sequenceUid, rig.unavailableReason], [
    "q-now",
    "no_frames",
  ]);
});

test("datasets: a frame that is not there is a wrong argument", async () => {
  const sequence = { uid: "q-1", frames: [{}] };
  const fetch = () => Promise.resolve(Response.json(sequence));
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  const datasets = new AsyncDatasets(transport);
  for (
    const [index, wanted] of [
      [-1, "an integer from 0"],
      [0.5, "an integer from 0"],
      [1, 'below 1, the number of frames in sequence "q-1"'],
    ] as const
  ) {
    await assertRejects(
      () => datasets.getFrame(...PLACE, "q-1", index),
      InvalidArgumentError,
      `Cannot call datasets.getFrame as 'frameIdx' must be ${wanted}: current value is ${index}`,
    );
  }
});

test("datasets: a transfer without exactly one owner is not sent", async () => {
  const fetch = () => Promise.reject(new Error("nothing is sent"));
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  const datasets = new AsyncDatasets(transport);
  const both = { organizationUid: "o-1", ownerUsername: "ida" };
  for (const [options, number] of [[{}, 0], [both, 2]] as const) {
    await assertRejects(
      () => datasets.transfer(...PLACE, options),
      InvalidArgumentError,
      `Cannot call datasets.transfer as exactly one of 'organizationUid' and 'ownerUsername' must be given: current number is ${number}`,
    );
  }
});

served("datasets: wrong fields are named", async ({ client }) => {
  const create = (options: { slug?: string; dataType?: string }) =>
    refused(() =>
      client.datasets.create({
        name: "New",
        slug: "new",
        dataType: "image",
        ...options,
      })
    );
  assertEquals(await create({ slug: "harbor-crane" }), {
    slug: ["A dataset with this slug exists."],
  });
  assertEquals(await create({ slug: "a/b", dataType: "sound" }), {
    slug: ["Enter a valid slug of letters, digits, _ and -."],
    data_type: ['"sound" is not a valid choice.'],
  });
  assertEquals((await client.datasets.list()).length, 2);
});

served("datasets: filters filter", async ({ client }) => {
  await client.datasets.create({
    name: "Offen",
    slug: "offen",
    dataType: "image",
    visibility: "public",
  });
  const slugs = async (filters: Parameters<typeof client.datasets.list>[0]) =>
    (await client.datasets.list(filters)).items.map(({ slug }) => slug);
  assertEquals(await slugs({ dataType: "image" }), [
    "street-images",
    "offen",
  ]);
  assertEquals(await slugs({ visibility: "public" }), [
    "harbor-crane",
    "offen",
  ]);
  assertEquals(await slugs({ status: "creating" }), ["offen"]);
  // a part of the name, in whatever case
  assertEquals(await slugs({ name: "harbor crane" }), ["harbor-crane"]);
  assertEquals(await slugs({ name: "R" }), ["harbor-crane", "street-images"]);
  assertEquals(await slugs({ name: "boats" }), []);
});

served(
  "datasets: an organization owns what is created for it",
  async ({ client }) => {
    const [organization] = (await client.organizations.list()).items;
    assert(organization);
    const created = await client.datasets.create({
      name: "Team",
      slug: "team",
      dataType: "image",
      organizationUid: organization.uid,
    });
    assertEquals(created.ownerName, organization.slug);
    const { datasetCount } = await client.organizations.get(organization.slug);
    assertEquals(datasetCount, 1);
    assertEquals(
      await refused(() =>
        client.datasets.create({
          name: "Team",
          slug: "team-2",
          dataType: "image",
          ownerName: "stranger",
        })
      ),
      { owner_name: ["Pick yourself or an organization of yours."] },
    );
    await assertRejects(
      () => client.organizations.delete(organization.slug),
      Error,
      "owns datasets",
    );
  },
);

served(
  "datasets: transferred, and gone from the old path",
  async ({ client }) => {
    const [organization] = (await client.organizations.list()).items;
    assert(organization);
    const before = await client.datasets.getBySlug(...PLACE);
    const transferred = await transfer(client, ...PLACE, {
      organization_uid: organization.uid,
    });
    assertEquals([transferred.uid, transferred.ownerName], [
      before.uid,
      organization.slug,
    ]);
    const there = [organization.slug, before.slug] as const;
    assertEquals(await client.datasets.getBySlug(...there), transferred);
    assertEquals((await client.datasets.listSequences(...there)).length, 3);
    for (
      const call of [
        () => client.datasets.getBySlug(...PLACE),
        () => client.datasets.listItems(...PLACE).then(() => {}),
        () =>
          transfer(client, ...PLACE, {
            organization_uid: organization.uid,
          }),
      ]
    ) {
      await assertRejects(async () => await call(), NotFoundError);
    }
    // and back to the caller himself
    const back = await transfer(client, ...there, {
      owner_username: "northlight",
    });
    assertEquals(back.ownerName, "northlight");
  },
);

served(
  "datasets: a transfer has one target, which is the caller's",
  async ({ client, clientOf, baseUrl }) => {
    const path = `/datasets/${PLACE.join("/")}/transfer/`;
    for (const body of [{}, { organization_uid: "o", owner_username: "u" }]) {
      assertEquals(
        await refused(() => client.request("POST", path, { body })),
        {
          non_field_errors: [
            "Give exactly one of organization_uid and owner_username.",
          ],
        },
      );
    }
    assertEquals(
      await refused(() =>
        transfer(client, ...PLACE, { owner_username: "ida.b" })
      ),
      { owner_username: ["Pick yourself or an organization of yours."] },
    );
    assertEquals(
      await refused(() =>
        transfer(client, ...PLACE, { organization_uid: "gone" })
      ),
      { organization_uid: ["Pick yourself or an organization of yours."] },
    );
    const { apiKey, user } = await signup(
      { email: "ada@example.com", password: "long-enough-1" },
      { baseUrl, allowInsecureBaseUrl: true },
    );
    await assertRejects(
      () =>
        transfer(clientOf(apiKey), ...PLACE, {
          owner_username: user.username,
        }),
      ForbiddenError,
    );
  },
);

served("consensus: computed from the settings", async ({ client }) => {
  const [first, second] = (await client.projects.list()).items;
  assert(first && second);
  const { consensus } = client;
  const { totalItems } = await consensus.getSummary(first.uid);
  assertEquals(totalItems, 30);
  const before = (await consensus.listScores(first.uid)).items;
  assertEquals(
    await refused(() =>
      client.request("PUT", `/projects/${first.uid}/consensus/config/`, {
        body: { iou_threshold: 2, min_annotations: 0 },
      })
    ),
    {
      iou_threshold: ["Ensure this value is between 0 and 1."],
      min_annotations: ["Ensure this value is greater than or equal to 1."],
    },
  );
  // the same settings give the same scores
  await consensus.compute(first.uid);
  assertEquals((await consensus.listScores(first.uid)).items, before);
  await consensus.updateConfig(first.uid, {
    iouThreshold: 0.9,
    minAnnotations: 3,
  });
  await consensus.compute(first.uid);
  const after = (await consensus.listScores(first.uid)).items;
  assertEquals(after.length, 20);
  assert(after.every(({ annotatorCount }) => annotatorCount >= 3));
  const scoreOf = (uid: string) => before.find((s) => s.uid === uid)?.score;
  assert(after.every(({ uid, score }) => score <= (scoreOf(uid) ?? 0)));
  assert(after.some(({ uid, score }) => score < (scoreOf(uid) ?? 0)));

  // a project has no scores before the first computation
  assertEquals((await consensus.listScores(second.uid)).length, 0);
  await consensus.compute(second.uid);
  assertEquals((await consensus.listScores(second.uid)).length, 30);
});
