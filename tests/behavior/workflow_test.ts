import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type ClientOptions } from "@avala/client";
import {
  AuthenticationError,
  ConnectionError,
  InvalidArgumentError,
  NotFoundError,
  RateLimitError,
  WaitFailedError,
  WaitTimeoutError,
} from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

/** Runs a test twice: over HTTP, and through the emulator's `fetch`. */
function both(
  name: string,
  use: (client: AsyncClient, emulator: AvalaEmulator) => Promise<void>,
): void {
  const connections: [
    string,
    (e: AvalaEmulator) => Promise<[ClientOptions, () => Promise<void>]>,
  ][] = [
    ["served", async (emulator) => {
      const { baseUrl, close } = await emulator.serve();
      return [{ baseUrl, allowInsecureBaseUrl: true }, close];
    }],
    [
      "fetch",
      ({ fetch }) => Promise.resolve([{ fetch }, () => Promise.resolve()]),
    ],
  ];
  for (const [how, connect] of connections) {
    test(`${name} (${how})`, async () => {
      const emulator = new AvalaEmulator();
      const [options, close] = await connect(emulator);
      const client = new AsyncClient({ apiKey: "avk_test_key_1", ...options });
      try {
        await use(client, emulator);
      } finally {
        client.close();
        await close();
      }
    });
  }
}

both("datasets: filters, items, sequences, frames, health", async (client) => {
  const [lidar] = (await client.datasets.list({ dataType: "lidar" })).items;
  assert(lidar);
  assertEquals((await client.datasets.get(lidar.uid)).slug, lidar.slug);
  const owner = lidar.ownerName ?? "";
  assertEquals(await client.datasets.getBySlug(owner, lidar.slug), lidar);
  const sequences = await client.datasets.listSequences(owner, lidar.slug);
  assertEquals(sequences.length, 3);
  const uid = sequences.items[0]?.uid ?? "";
  assertEquals(sequences.items[0]?.frames, null);
  const frame = await client.datasets.getFrame(owner, lidar.slug, uid, 4);
  assertEquals([frame.key, frame.images.length], ["000004", 2]);
  await assertRejects(
    () => client.datasets.getFrame(owner, lidar.slug, uid, 5),
    InvalidArgumentError,
    "below 5",
  );
  const rig = await client.datasets.getCalibration(owner, lidar.slug, uid);
  assertEquals(rig.cameras.map(({ cameraId }) => cameraId), ["front", "rear"]);
  const health = await client.datasets.getHealth(owner, lidar.slug);
  assertEquals([health.sequenceCount, health.totalFrames], [3, 15]);
  await assertRejects(
    () => client.datasets.get("gone"),
    NotFoundError,
    "Not found.",
  );
});

both("datasets: created, then imported", async (client) => {
  const created = await client.datasets.create({
    name: "New",
    slug: "new",
    dataType: "video",
  });
  assertEquals(created.status, "creating");
  const ready = await client.datasets.wait(created.uid, { interval: 1_000 });
  assertEquals(ready.status, "created");
});

both("pages: every item once, also while items are added", async (client) => {
  const slugs: string[] = [];
  for await (const { slug } of client.datasets.list({ limit: 1 })) {
    slugs.push(slug);
    if (slugs.length < 3) {
      await client.datasets.create({
        name: slug,
        slug: `${slug}-2`,
        dataType: "image",
      });
    }
  }
  assertEquals(new Set(slugs).size, slugs.length);
  assertEquals(slugs.slice(0, 2), ["harbor-crane", "street-images"]);
  const uids = new Set<string>();
  for await (
    const { uid } of client.datasets.listItems("northlight", "street-images", {
      limit: 60,
    })
  ) {
    uids.add(uid);
  }
  assertEquals(uids.size, 250);
});

both(
  "pages: one is fetched ahead, none after leaving",
  async (client, emulator) => {
    const listing = client.datasets.listItems("northlight", "street-images", {
      limit: 50,
    });
    assertEquals(emulator.requests.length, 0);
    for await (const page of listing.pages()) {
      assertEquals(page.length, 50);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert(emulator.requests.length <= 2);
    const first = await listing;
    const second = await first.nextPage();
    const back = await client.datasets.listItems(
      "northlight",
      "street-images",
      {
        limit: 50,
        cursor: second?.previousCursor ?? "",
      },
    );
    assertEquals(back.items, first.items);
  },
);

both("exports: created, waited for, downloaded", async (client, emulator) => {
  const [images] = (await client.datasets.list({ dataType: "image" })).items;
  const job = await client.exports.create({ dataset: images?.uid });
  await assertRejects(
    () => client.exports.download(job),
    InvalidArgumentError,
    "requested",
  );
  const states: unknown[] = [];
  const done = await client.exports.wait(job.uid, {
    interval: 500,
    onPoll: ({ status }) => states.push(status),
  });
  assertEquals([...states, done.status], ["pending", "processing", "exported"]);
  let seen = 0;
  const download = await client.exports.download(done, {
    onProgress: ({ bytes }) => seen = bytes,
  });
  const json = await download.json() as { items: unknown[] };
  assertEquals([json.items.length, seen], [250, download.size]);
  emulator.fault({ path: "/download", truncate: true });
  const resumed = await client.exports.download(done.uid);
  assertEquals(await resumed.json(), json);
});

both(
  "exports: a wait ends in time, and with a failure when asked",
  async (client) => {
    const [project] = (await client.projects.list()).items;
    assert(project);
    const job = await client.exports.create({
      project: project.uid,
      name: "will fail",
    });
    const timedOut = await assertRejects(
      () => client.exports.wait(job.uid, { timeout: 0 }),
      WaitTimeoutError,
    );
    assertEquals(
      (timedOut as WaitTimeoutError & { lastState: { status: string } })
        .lastState.status,
      "pending",
    );
    await assertRejects(
      () =>
        client.exports.wait(job.uid, { interval: 500, throwOnFailure: true }),
      WaitFailedError,
    );
    assertEquals((await client.exports.wait(job.uid)).status, "failed");
  },
);

both("webhooks: created, read, changed, tested, deleted", async (client) => {
  const created = await client.webhooks.create({
    targetUrl: "https://hooks.example/a",
    events: ["export.completed"],
  });
  assert(created.secret);
  const read = await client.webhooks.get(created.uid);
  assertEquals([read.secret, read.isActive], [null, true]);
  const changed = await client.webhooks.update(created.uid, {
    isActive: false,
  });
  assertEquals(changed.isActive, false);
  assertEquals((await client.webhooks.test(created.uid)).success, true);
  const deliveries = (await client.webhookDeliveries.list()).items;
  const last = deliveries[deliveries.length - 1];
  assertEquals(last?.subscription, created.uid);
  assertEquals(await client.webhookDeliveries.get(last?.uid ?? ""), last);
  await client.webhooks.delete(created.uid);
  await assertRejects(() => client.webhooks.get(created.uid), NotFoundError);
  assertEquals((await client.webhooks.list()).length, 1);
});

both("projects, tasks and consensus", async (client) => {
  const [project] = (await client.projects.list()).items;
  const uid = project?.uid ?? "";
  assertEquals(await client.projects.get(uid), project);
  const done = await client.tasks.list({ project: uid, status: "completed" });
  assert(done.length > 0 && done.items.every((task) => task.project === uid));
  assertEquals(await client.tasks.get(done.items[0]?.uid ?? ""), done.items[0]);
  assertEquals((await client.consensus.compute(uid)).status, "completed");
  const scores: number[] = [];
  for await (
    const { score } of client.consensus.listScores(uid, { limit: 7 })
  ) scores.push(score);
  const summary = await client.consensus.getSummary(uid);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  assertEquals(summary.meanScore.toFixed(9), mean.toFixed(9));
  assertEquals([summary.minScore, summary.maxScore], [
    Math.min(...scores),
    Math.max(...scores),
  ]);
  await client.consensus.updateConfig(uid, { iouThreshold: 0.75 });
  const config = await client.consensus.getConfig(uid);
  assertEquals([config.iouThreshold, config.minAgreementRatio], [0.75, 0.5]);
});

both(
  "faults: lost answer, dropped connection, delay",
  async (client, emulator) => {
    const before = (await client.exports.list()).length;
    emulator.fault({ method: "POST", path: "/exports/", loseAnswer: true });
    await assertRejects(
      () => client.exports.create({ dataset: "d" }),
      ConnectionError,
    );
    assertEquals((await client.exports.list()).length, before + 1);
    emulator.fault({ path: "/tasks/", drop: "before" });
    emulator.fault({ path: "/tasks/", truncate: true });
    emulator.fault({ path: "/tasks/", delay: 20 });
    assertEquals((await client.tasks.list()).length, 40);
  },
);

test("keys are checked, requests counted and refused above the limit", async () => {
  const emulator = new AvalaEmulator({
    apiKeys: ["avk_right"],
    rateLimit: { limit: 1, windowMs: 60_000 },
  });
  const { fetch } = emulator;
  const wrong = new AsyncClient({ apiKey: "avk_wrong", fetch });
  await assertRejects(
    () => wrong.projects.get("p"),
    AuthenticationError,
    "Invalid API key.",
  );
  const right = new AsyncClient({ apiKey: "avk_right", fetch, maxRetries: 0 });
  await right.projects.list();
  assertEquals([right.rateLimitInfo.limit, right.rateLimitInfo.remaining], [
    "1",
    "0",
  ]);
  const error = await right.projects.list().catch((error) => error);
  assert(error instanceof RateLimitError);
  assert((error.retryAfter ?? 0) > 0);
});
