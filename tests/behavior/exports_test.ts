import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { AsyncExports, type Export } from "@avala/client/exports";
import { Transport } from "@avala/client/transport";
import { refused, served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

served("exports: wrong fields are named", async ({ client }) => {
  assertEquals(await refused(() => client.request("POST", "/exports/")), {
    non_field_errors: ["Give a project, dataset or slice."],
  });
  assertEquals(
    await refused(() =>
      client.request("POST", "/exports/", {
        body: { datasets: [5], format: "PDF", name: "x".repeat(256) },
      })
    ),
    {
      datasets: ["Not a valid string."],
      format: ['"PDF" is not a valid choice.'],
      name: ["Ensure this field has no more than 255 characters."],
    },
  );
  assertEquals((await client.exports.list()).length, 1);
});

test("exports: wrong arguments are refused under the method's name", async () => {
  const fetch = () => Promise.reject(new Error("nothing is sent"));
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  const exports = new AsyncExports(transport);
  const job = { uid: "e-1", status: "pending", downloadUrl: null } as Export;
  const misuses: [() => Promise<unknown>, string][] = [
    [
      () => exports.create({ name: "all" }),
      "create as there is no source: give one of 'project', 'dataset', 'projects', 'datasets', 'slices'",
    ],
    [
      () => exports.create({ projct: "p-1" } as object),
      "create as it has no option 'projct': known are project, dataset, name,",
    ],
    [
      () => exports.wait(""),
      "wait as 'uid' must be a non-empty string",
    ],
    [
      () => exports.wait("e-1", { timeOut: 1 } as object),
      "wait as it has no option 'timeOut': known are interval, timeout, onPoll, throwOnFailure",
    ],
    [
      () => exports.download(job),
      'download as export "e-1" has no result yet: current status is "pending"',
    ],
    [
      () => exports.download(7 as unknown as string),
      "download as 'source' must be an export or its unique id: current value is 7",
    ],
    [
      () => exports.download(job, { onProgres() {} } as object),
      "download as it has no option 'onProgres': known are onProgress, renew",
    ],
  ];
  for (const [misuse, text] of misuses) {
    const error = await assertRejects(misuse, InvalidArgumentError);
    assertStringIncludes(error.message, `Cannot call exports.${text}`);
  }
});

served(
  "exports: a finished one is there, with the items of its dataset",
  async ({ client }) => {
    const [done] = (await client.exports.list()).items;
    assert(done);
    assertEquals([done.status, done.exportedTaskCount], ["exported", 40]);
    assertEquals(await client.exports.get(done.uid), done);
    const download = await client.exports.download(done);
    const { items } = await download.json() as { items: { dataset: string }[] };
    assertEquals(items.length, 250);
    assert(items.every(({ dataset }) => done.datasets?.includes(dataset)));
  },
);

served(
  "exports: what an async 'onPoll' throws ends the wait",
  async ({ client }) => {
    const [project] = (await client.projects.list()).items;
    const { uid } = await client.exports.create({ project: project?.uid });
    const reason = new Error("enough");
    const wait = client.exports.wait(uid, {
      interval: 500,
      onPoll: () => Promise.reject(reason),
    });
    assertEquals(await wait.catch((error) => error), reason);
  },
);

served(
  "exports: its end is told to webhooks and agents",
  async ({ client }) => {
    const events = ["export.failed", "export.completed"] as const;
    const webhook = await client.webhooks.create({
      targetUrl: "https://hooks.example/a",
      events: [...events],
    });
    const agent = await client.agents.create({
      name: "A",
      events: [...events],
    });
    const [project, other] = (await client.projects.list()).items;
    const elsewhere = await client.agents.create({
      name: "B",
      events: [...events],
      project: other?.uid,
    });
    const uids: string[] = [];
    for (const name of ["will fail", "fine"]) {
      const job = await client.exports.create({ project: project?.uid, name });
      await client.exports.wait(job.uid, { interval: 500 });
      uids.push(job.uid);
    }
    const deliveries = (await client.webhookDeliveries.list()).items
      .filter(({ subscription }) => subscription === webhook.uid);
    assertEquals(deliveries.map((d) => [d.eventType, d.payload?.uid]), [
      ["export.failed", uids[0]],
      ["export.completed", uids[1]],
    ]);
    assertEquals(deliveries[0]?.payload?.download_url, null);
    const executions = (await client.agentExecutions.poll(agent.uid)).items;
    assertEquals(executions.map((e) => [e.eventType, e.eventPayload]), [
      ["export.failed", { export_uid: uids[0], project_uid: project?.uid }],
      ["export.completed", { export_uid: uids[1], project_uid: project?.uid }],
    ]);
    const heard = await client.agentExecutions.poll(elsewhere.uid);
    assertEquals(heard.length, 0);
  },
);
