import { assert, assertEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";

async function used(
  options: AvalaEmulatorOptions,
  use: (client: AsyncClient, emulator: AvalaEmulator) => Promise<void>,
): Promise<void> {
  const emulator = new AvalaEmulator(options);
  const { fetch } = emulator;
  const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
  await use(client, emulator);
  client.close();
}

test("requests: what was sent and what came back, without secrets", async () => {
  await used({}, async (client, { requests }) => {
    const { secret } = await client.webhooks.create({
      targetUrl: "https://hooks.example/a",
      events: ["task.completed"],
      secret: "whsec_very_secret",
    });
    const [request] = requests;
    assert(request);
    const { id, method, path, status, retry } = request;
    assertEquals([id, method, path, status, retry], [
      1,
      "POST",
      "/api/v1/webhooks/",
      201,
      0,
    ]);
    assertEquals((request.body as { secret: string }).secret, "[redacted]");
    const shown = request.responseBody as { secret: string; events: string[] };
    assertEquals([shown.secret, shown.events], ["[redacted]", [
      "task.completed",
    ]]);
    assertEquals(request.responseHeaders["content-type"], "application/json");
    assert((request.durationMs ?? -1) >= 0);
    assert(Math.abs(Date.parse(request.time) - Date.now()) < 60_000);
    assert(!JSON.stringify(requests).includes(String(secret)));
  });
});

test("requests: those that try again are counted", async () => {
  await used({}, async (client, emulator) => {
    emulator.fault({ path: "/tasks/", status: 503, times: 2 });
    await client.tasks.list();
    await client.tasks.list();
    await client.tasks.list({ status: "pending" });
    assertEquals(
      emulator.requests.map(({ retry, status }) => [retry, status]),
      [[0, 503], [1, 503], [2, 200], [0, 200], [0, 200]],
    );
  });
});

test("requests: the log is bounded, in number and in bytes", async () => {
  await used({ maxRequests: 10 }, async (client, emulator) => {
    for (let call = 0; call < 25; call++) await client.projects.list();
    assertEquals(emulator.requests.length, 10);
    assertEquals(emulator.requests.map(({ id }) => id).slice(0, 2), [16, 17]);
    emulator.reset();
    assertEquals(emulator.requests.length, 0);
  });
  await used({}, async (client, emulator) => {
    const send = async (length: number) => {
      await emulator.fetch("https://api.avala.ai/api/v1/tasks/", {
        method: "POST",
        body: "x".repeat(length),
      });
    };
    for (let call = 0; call < 40; call++) await send(2 ** 20);
    // 32 MiB, of which the responses take little
    assertEquals(emulator.requests.length, 31);
    await send(2 ** 20 + 1);
    assertEquals(emulator.requests.at(-1)?.body, "[1048577 bytes]");
    const { items } = await client.datasets.listItems(
      "northlight",
      "street-images",
    );
    assertEquals(items.length, 100);
    const last = emulator.requests.at(-1)?.responseBody;
    assert(/^\[\d+ bytes\]$/.test(String(last)), String(last));
  });
});

test("requests: a body that is too long is refused, not kept", async () => {
  const emulator = new AvalaEmulator();
  const chunk = new Uint8Array(2 ** 20);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent++ < 65) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const response = await emulator.fetch(
    "https://api.avala.ai/api/v1/exports/",
    {
      method: "POST",
      headers: { "x-avala-api-key": "avk_test_key_1" },
      body,
      // without it, no runtime takes a stream
      ...{ duplex: "half" },
    },
  );
  assertEquals(response.status, 413);
  assert((await response.text()).includes("67108864 bytes"));
});
