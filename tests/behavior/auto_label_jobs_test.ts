import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncClient, AutoLabelJob } from "@avala/client";
import {
  NotFoundError,
  ValidationError,
  WaitFailedError,
} from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

async function projectOf(client: AsyncClient): Promise<string> {
  const [project] = (await client.projects.list()).items;
  assert(project);
  return project.uid;
}

served("auto-label jobs: a job runs step by step", async ({ client }) => {
  const { autoLabelJobs } = client;
  const created = await autoLabelJobs.create(await projectOf(client), {
    modelType: "sam3",
    confidenceThreshold: 0.35,
    labels: ["Kran", "container_40ft"],
  });
  assertEquals(
    [created.status, created.processedItems, created.startedAt],
    ["pending", 0, null],
  );
  const states: AutoLabelJob[] = [];
  const done = await autoLabelJobs.wait(created.uid, {
    interval: 500,
    onPoll: (state) => states.push(state),
  });
  assertEquals(states.map(({ status }) => status), ["running", "running"]);
  assertEquals(
    [...states, done].map(({ processedItems }) => processedItems),
    [4, 9, 14],
  );
  assertEquals(
    [done.status, done.progressPct, done.totalItems],
    ["completed", 100, 14],
  );
  const { successfulItems, failedItems, skippedItems } = done;
  assertEquals(successfulItems + failedItems + skippedItems, 14);
  assert(done.completedAt && done.summary);
  // the keys of the summary are class names
  assertEquals(Object.keys(done.summary.by_label ?? {}), [
    "Kran",
    "container_40ft",
  ]);
  // what is finished changes no more
  assertEquals(await autoLabelJobs.get(created.uid), done);
  await assertRejects(
    () => autoLabelJobs.cancel(created.uid),
    ValidationError,
    "completed",
  );
});

served("auto-label jobs: defaults, and a dry run", async ({ client }) => {
  const { autoLabelJobs } = client;
  const project = await projectOf(client);
  const plain = await autoLabelJobs.create(project);
  assertEquals(
    [plain.modelType, plain.confidenceThreshold, plain.labels, plain.dryRun],
    ["yolo", 0.5, [], false],
  );
  const dry = await autoLabelJobs.create(project, { dryRun: true });
  assertEquals(dry.dryRun, true);
  const saved = async ({ uid }: AutoLabelJob) =>
    (await autoLabelJobs.wait(uid)).summary?.saved_items;
  assertEquals([await saved(plain), await saved(dry)], [12, 0]);
}, { pollsUntilExported: 1 });

served("auto-label jobs: filtered by project and state", async ({ client }) => {
  const { autoLabelJobs } = client;
  const project = await projectOf(client);
  const { uid } = await autoLabelJobs.create(project);
  const all = (await autoLabelJobs.list()).items;
  assertEquals(all.map(({ status }) => status), [
    "completed",
    "running",
    "pending",
  ]);
  const pending = await autoLabelJobs.list({ project, status: "pending" });
  assertEquals(pending.items.map((job) => job.uid), [uid]);
  assertEquals((await autoLabelJobs.list({ project })).length, 2);
  assertEquals((await autoLabelJobs.list({ project: "gone" })).length, 0);
});

served("auto-label jobs: one is canceled", async ({ client }) => {
  const { autoLabelJobs } = client;
  const { uid } = await autoLabelJobs.create(await projectOf(client));
  assertEquals((await autoLabelJobs.get(uid)).status, "running");
  await autoLabelJobs.cancel(uid);
  const canceled = await autoLabelJobs.get(uid);
  assertEquals([canceled.status, canceled.processedItems], ["cancelled", 4]);
  // a second time it is canceled still
  await autoLabelJobs.cancel(uid);
  assertEquals(await autoLabelJobs.wait(uid), canceled);
  await assertRejects(() => autoLabelJobs.cancel("gone"), NotFoundError);
  await assertRejects(() => autoLabelJobs.get("gone"), NotFoundError);
});

served("auto-label jobs: one fails", async ({ client }) => {
  const { autoLabelJobs } = client;
  const { uid } = await autoLabelJobs.create(await projectOf(client), {
    labels: ["fail"],
  });
  await assertRejects(
    () => autoLabelJobs.wait(uid, { throwOnFailure: true }),
    WaitFailedError,
  );
  const failed = await autoLabelJobs.get(uid);
  assertEquals([failed.status, failed.summary], ["failed", null]);
  assert(failed.errorMessage);
}, { pollsUntilExported: 1 });

served("auto-label jobs: wrong fields are named", async ({ client }) => {
  const project = await projectOf(client);
  assertEquals(
    await refused(() =>
      client.autoLabelJobs.create(project, { modelType: "oracle" })
    ),
    { model_type: ['"oracle" is not a valid choice.'] },
  );
  const body = { confidence_threshold: 1.5, labels: [1], dry_run: "yes" };
  assertEquals(
    await refused(() =>
      client.request("POST", `/projects/${project}/auto-label/`, { body })
    ),
    {
      confidence_threshold: ["Ensure this value is between 0 and 1."],
      labels: ["Not a valid string."],
      dry_run: ["Must be a valid boolean."],
    },
  );
  await assertRejects(() => client.autoLabelJobs.create("gone"), NotFoundError);
});

served(
  "auto-label jobs: every spelling of the end ends a wait",
  async ({ client, emulator }) => {
    for (const status of ["failed", "cancelled", "canceled"]) {
      emulator.fault({
        path: "/auto-label-jobs/",
        status: 200,
        body: { uid: "j-1", status },
      });
      assertEquals((await client.autoLabelJobs.wait("j-1")).status, status);
    }
  },
);
