import { assert, assertEquals, assertThrows } from "@std/assert";
import { AsyncClient } from "@avala/client";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";

function timed(
  name: string,
  options: AvalaEmulatorOptions,
  use: (client: AsyncClient, emulator: AvalaEmulator) => Promise<void>,
): void {
  test(name, async () => {
    const emulator = new AvalaEmulator(options);
    const { fetch } = emulator;
    const client = new AsyncClient({
      apiKey: "avk_test_key_1",
      fetch,
      maxRetries: 0,
    });
    await use(client, emulator);
    client.close();
  });
}

timed(
  "time: jobs go on, and tell of their end",
  {},
  async (client, emulator) => {
    const events = ["export.completed", "export.failed"] as const;
    const { uid } = await client.webhooks.create({
      targetUrl: "https://hooks.example/a",
      events: [...events],
    });
    const job = await client.exports.create({ dataset: "d" });
    const failing = await client.exports.create({ dataset: "d", name: "fail" });
    const dataset = await client.datasets.create({
      name: "New",
      slug: "new",
      dataType: "image",
    });
    const [project] = (await client.projects.list()).items;
    const labels = await client.autoLabelJobs.create(project?.uid ?? "");
    emulator.time.advance(15_000);
    // a list lets nothing go on
    const statuses = async () =>
      (await client.exports.list()).items.slice(-2).map(({ status }) => status);
    assertEquals(await statuses(), ["processing", "processing"]);
    emulator.time.advance(15_000);
    assertEquals(await statuses(), ["exported", "failed"]);
    assertEquals((await client.exports.get(job.uid)).status, "exported");
    assertEquals((await client.datasets.get(dataset.uid)).status, "created");
    const ended = (await client.autoLabelJobs.get(labels.uid)).status;
    assertEquals(ended, "completed");
    const told = (await client.webhookDeliveries.list()).items
      .filter(({ subscription }) => subscription === uid)
      .map(({ eventType, payload }) => [eventType, payload?.uid]);
    assertEquals(told, [
      ["export.completed", job.uid],
      ["export.failed", failing.uid],
    ]);
  },
);

timed(
  "time: a window of the rate limit ends",
  { rateLimit: { limit: 1, windowMs: 60_000 }, now: () => 0 },
  async (client, emulator) => {
    const statusOf = async () => {
      const url = "https://api.avala.ai/api/v1/tasks/";
      const headers = { "x-avala-api-key": "avk_test_key_1" };
      return (await emulator.fetch(url, { headers })).status;
    };
    assertEquals([await statusOf(), await statusOf()], [200, 429]);
    emulator.time.advance(59_999);
    assertEquals(await statusOf(), 429);
    emulator.time.advance(1);
    assertEquals(await statusOf(), 200);
    await client.tasks.list().catch(() => {});
  },
);

test("time: a webhook that failed is tried again at once", async () => {
  const times: number[] = [];
  const start = performance.now();
  const emulator = new AvalaEmulator({
    webhooks: {
      delayFactor: 1,
      fetch: () => {
        times.push(performance.now() - start);
        const status = times.length < 3 ? 500 : 200;
        return Promise.resolve(new Response("", { status }));
      },
    },
  });
  const { fetch } = emulator;
  const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
  await client.webhooks.create({
    targetUrl: "https://hooks.example/a",
    events: ["task.completed"],
  });
  const attempts = async (count: number) => {
    while (times.length < count) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  emulator.announce("task.completed", { task_uid: "t-1" });
  // a minute, then five
  await attempts(1);
  emulator.time.advance(30_000);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assertEquals(times.length, 1);
  emulator.time.advance(30_000);
  await attempts(2);
  emulator.time.advance(300_000);
  await attempts(3);
  await emulator.delivered();
  const last = (await client.webhookDeliveries.list()).items.at(-1);
  assertEquals([last?.status, last?.attempts], ["delivered", 3]);
  client.close();
});

timed("time: only forward", {}, (_, emulator) => {
  for (const wrong of [-1, NaN, Infinity, "5" as unknown as number]) {
    assertThrows(
      () => emulator.time.advance(wrong),
      RangeError,
      `current value is ${wrong}`,
    );
  }
  const before = emulator.time.now;
  emulator.time.advance(3_600_000);
  assert(emulator.time.now >= before + 3_600_000);
  return Promise.resolve();
});
