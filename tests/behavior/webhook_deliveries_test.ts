import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { ValidationError } from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { verifyWebhook, type WebhookEvent } from "@avala/client/webhooks";
import { serveHttp } from "../servers/server.ts";
import { test } from "../tools/harness.ts";

const SECRET = "whsec_deliveries";

/** Runs a test with a served emulator and a receiver that answers as told; 0 is no answer. */
function testReceiver(
  name: string,
  statuses: number[],
  use: (
    scene: {
      client: AsyncClient;
      emulator: AvalaEmulator;
      events: WebhookEvent[];
      target: string;
      received: () => number;
    },
  ) => Promise<void>,
  options: AvalaEmulatorOptions = {},
): void {
  test(name, async () => {
    const events: WebhookEvent[] = [];
    let received = 0;
    await using receiver = await serveHttp(async (request, response) => {
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const status = statuses[received++] ?? 200;
      events.push(
        await verifyWebhook({
          body: await new Blob(chunks).arrayBuffer(),
          signature: request.headers["x-avala-webhook-signature"],
          event: request.headers["x-avala-webhook-event"],
          delivery: request.headers["x-avala-webhook-delivery"],
        }, SECRET),
      );
      if (status === 0) return;
      response.writeHead(status, { location: "/x" });
      response.end("received");
    });
    const emulator = new AvalaEmulator({
      webhooks: { delayFactor: 0 },
      ...options,
    });
    await using server = await emulator.serve();
    const client = new AsyncClient({
      apiKey: "avk_test_deliveries",
      baseUrl: server.baseUrl,
      allowInsecureBaseUrl: true,
    });
    const target = `${receiver.origin}/hook`;
    try {
      await use({ client, emulator, events, target, received: () => received });
    } finally {
      client.close();
    }
  });
}

async function lastDelivery(client: AsyncClient, subscription: string) {
  const all = [];
  for await (const delivery of client.webhookDeliveries.list()) {
    if (delivery.subscription === subscription) all.push(delivery);
  }
  const last = all.at(-1);
  assert(last);
  return last;
}

testReceiver(
  "deliveries: an export's end reaches a receiver, signed",
  [],
  async ({ client, emulator, events, target }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: target,
      events: ["export.completed"],
      secret: SECRET,
    });
    const job = await client.exports.create({ dataset: "d" });
    const done = await client.exports.wait(job.uid, { interval: 500 });
    await emulator.delivered();
    assertEquals(events.length, 1);
    const [event] = events;
    assert(event?.type === "export.completed");
    assertEquals(event.payload.uid, job.uid);
    assertEquals(event.payload.downloadUrl, done.downloadUrl);
    const delivery = await lastDelivery(client, uid);
    assertEquals(delivery.uid, event.delivery);
    assertEquals(
      [delivery.status, delivery.responseStatus, delivery.attempts],
      ["delivered", 200, 1],
    );
    // how much a receiver responds with is told, what it responds with is not
    const { responseBody, responsePreview, responseBodySha256 } = delivery;
    assertEquals([responseBody, responsePreview, responseBodySha256], [
      null,
      null,
      null,
    ]);
    assertEquals(delivery.responseBodySize, 8);
    assertEquals(delivery.payload, event.raw);
    assertEquals(delivery.nextRetryAt, null);
  },
);

testReceiver(
  "deliveries: a test event is sent, and again after failures",
  [500, 302, 204],
  async ({ client, emulator, events, target }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: target,
      events: ["task.completed"],
      secret: SECRET,
    });
    assertEquals((await client.webhooks.test(uid)).success, true);
    await emulator.delivered();
    assertEquals(events.map(({ type }) => type), [
      "task.completed",
      "task.completed",
      "task.completed",
    ]);
    // the same delivery each time
    assertEquals(new Set(events.map(({ delivery }) => delivery)).size, 1);
    const { status, responseStatus, attempts } = await lastDelivery(
      client,
      uid,
    );
    assertEquals([status, responseStatus, attempts], ["delivered", 204, 3]);
  },
);

testReceiver(
  "deliveries: five failures are the end of it",
  [500, 500, 500, 500, 500],
  async ({ client, emulator, target, received }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: target,
      events: ["task.completed"],
      secret: SECRET,
    });
    emulator.announce("task.completed", { task_uid: "t-1" });
    await emulator.delivered();
    const delivery = await lastDelivery(client, uid);
    assertEquals(
      [delivery.status, delivery.responseStatus, delivery.attempts],
      ["failed", 500, 5],
    );
    assertEquals([delivery.nextRetryAt, received()], [null, 5]);
  },
);

testReceiver(
  "deliveries: one that waits says when, and ends with a reset",
  [503],
  async ({ client, emulator, target, received }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: target,
      events: ["task.completed"],
      secret: SECRET,
    });
    await client.webhooks.test(uid);
    let delivery = await lastDelivery(client, uid);
    for (let wait = 0; delivery.attempts === 0 && wait < 400; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      delivery = await lastDelivery(client, uid);
    }
    assertEquals([delivery.status, delivery.responseStatus], ["pending", 503]);
    assertEquals(delivery.nextRetryAt, "2026-01-01T00:01:00.000Z");
    emulator.reset();
    await emulator.delivered();
    assertEquals(received(), 1);
  },
  {
    now: () => Date.parse("2026-01-01T00:00:00Z"),
    webhooks: { delayFactor: 1 },
  },
);

testReceiver(
  "deliveries: closing the server ends one that hangs",
  [0],
  async ({ client, target, received }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: target,
      events: ["task.completed"],
      secret: SECRET,
    });
    await client.webhooks.test(uid);
    for (let wait = 0; received() === 0 && wait < 400; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assertEquals(received(), 1);
    assertEquals((await lastDelivery(client, uid)).status, "pending");
    // the harness closes the server now, and nothing may stay open
  },
);

testReceiver(
  "deliveries: nobody listens",
  [],
  async ({ client, emulator }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: "http://127.0.0.1:1/",
      events: ["task.completed"],
    });
    await client.webhooks.test(uid);
    await emulator.delivered();
    const delivery = await lastDelivery(client, uid);
    assertEquals(
      [delivery.status, delivery.responseStatus, delivery.attempts],
      ["failed", null, 5],
    );
  },
);

testReceiver(
  "deliveries: other addresses are recorded, not reached",
  [],
  async ({ client, emulator }) => {
    const { uid } = await client.webhooks.create({
      targetUrl: "https://hooks.example/a",
      events: ["task.completed"],
    });
    await client.webhooks.test(uid);
    await emulator.delivered();
    const { status, attempts } = await lastDelivery(client, uid);
    assertEquals([status, attempts], ["delivered", 1]);
    await assertRejects(
      () =>
        client.webhooks.create({
          targetUrl: "http://hooks.example/a",
          events: ["task.completed"],
        }),
      ValidationError,
      "https",
    );
  },
);

test("deliveries: a fetch of one's own gets those to every address", async () => {
  const requests: Request[] = [];
  const emulator = new AvalaEmulator({
    webhooks: {
      fetch: (input, init) => {
        requests.push(new Request(input, init));
        return Promise.resolve(new Response("ok"));
      },
    },
  });
  const client = new AsyncClient({ apiKey: "avk_x", fetch: emulator.fetch });
  // the past of the small world is not delivered again
  assertEquals(requests.length, 0);
  await client.webhooks.create({
    targetUrl: "https://hooks.example/a",
    events: ["result.accepted"],
    secret: SECRET,
  });
  emulator.announce("result.accepted", {
    task_uid: "t-1",
    result_data: { left_alone: 1 },
  });
  await emulator.delivered();
  assertEquals(requests.map(({ url }) => url), ["https://hooks.example/a"]);
  const event = await verifyWebhook(requests[0]!, SECRET);
  assert(event.type === "result.accepted");
  assertEquals(event.payload.taskUid, "t-1");
  assertEquals(event.payload.resultData, { left_alone: 1 });
  client.close();
});
