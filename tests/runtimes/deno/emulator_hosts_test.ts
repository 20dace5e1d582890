import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";

/** Sends a request as it is written, and gives the status of the response. */
async function send(port: number, lines: string[]): Promise<number> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const text = [...lines, "connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(text));
  const response = await new Response(connection.readable).text();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1] ?? 0);
}

async function serving(
  options: AvalaEmulatorOptions,
  use: (
    ask: (...lines: string[]) => Promise<number>,
    emulator: AvalaEmulator,
  ) => Promise<void>,
): Promise<void> {
  const emulator = new AvalaEmulator(options);
  await using server = await emulator.serve();
  await use((...lines) => send(server.port, lines), emulator);
}

Deno.test("emulator: a host that is not this machine's is refused", async () => {
  await serving({ allowedHosts: ["avala.test"] }, async (ask, emulator) => {
    const statusOf = (host: string) =>
      ask("GET /api/v1/tasks/ HTTP/1.1", `host: ${host}`);
    for (
      const host of [
        "127.0.0.1",
        "localhost:99",
        "app.localhost",
        "[::1]",
        "AVALA.test:1",
      ]
    ) assertEquals([host, await statusOf(host)], [host, 401]);
    const { length } = emulator.requests;
    for (
      const host of [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "user@localhost",
        "localhost/x",
        "a b",
        "128.0.0.1",
        "",
      ]
    ) assertEquals([host, await statusOf(host)], [host, 403]);
    assertEquals(emulator.requests.length, length);
  });
});

Deno.test("emulator: what is no request gets 400, and the next one its response", async () => {
  await serving({}, async (ask) => {
    const get = (target: string) =>
      ask(
        `GET ${target} HTTP/1.1`,
        "host: localhost",
        "x-avala-api-key: avk_1",
      );
    assertEquals(await get("/api/v1/tasks/%ff/"), 400);
    assertEquals(await get("/api/v1/datasets/%E0%A4/x/items/"), 400);
    assertEquals(await get("/storage/%ff"), 400);
    assertEquals(
      await ask("PUT /storage/%ff HTTP/1.1", "host: localhost"),
      400,
    );
    assertEquals(await get("/exports/%ff/download"), 400);
    assertEquals(await get("http://[/"), 400);
    assertEquals(await get("*"), 400);
    assertEquals(await get("//evil.example/api/v1/tasks/"), 404);
    assertEquals(await get("/api/v1/tasks/"), 200);
  });
});

Deno.test("emulator: a port that is taken is told as such", async () => {
  await using server = await new AvalaEmulator().serve();
  const { port } = server;
  const error = await assertRejects(
    () => new AvalaEmulator().serve({ port }),
    Error,
    `on port ${port} as it is taken`,
  );
  assert(error.cause instanceof Error);
  await assertRejects(
    () => new AvalaEmulator().serve({ port: 1.5 }),
    RangeError,
    "current value is 1.5",
  );
});
