import { assertEquals, assertRejects } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { ClientClosedError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { inRequest } from "../../tools/sandbox/requests.ts";
import { test } from "../../tools/harness.ts";

test("one client serves several requests of a worker", async () => {
  const emulator = new AvalaEmulator();
  const server = await emulator.serve();
  let client: AsyncClient | undefined;
  const make = () =>
    client ??= new AsyncClient({
      apiKey: "avk_test_key_1",
      baseUrl: server.baseUrl,
      allowInsecureBaseUrl: true,
    });
  try {
    for (let i = 0; i < 3; i++) {
      emulator.fault({ path: "/tasks/", status: 503 });
      await inRequest(async () => {
        assertEquals((await make().tasks.list()).length, 40);
      });
    }
    assertEquals(emulator.requests.length, 6);

    // a request that ends before what it started
    emulator.fault({ path: "/tasks/", hang: true });
    await inRequest(() => {
      make().tasks.list().then(() => {}, () => {});
    });
    await inRequest(async () => {
      assertEquals((await make().projects.list()).length, 3);
      make().close();
      await assertRejects(() => make().projects.get("p"), ClientClosedError);
    });
  } finally {
    await server.close();
  }
});

test("a canceled request of a worker gives its turn back", async () => {
  const emulator = new AvalaEmulator();
  const server = await emulator.serve();
  let client: AsyncClient | undefined;
  const make = () =>
    client ??= new AsyncClient({
      apiKey: "avk_test_key_1",
      baseUrl: server.baseUrl,
      allowInsecureBaseUrl: true,
    });
  const create = () => make().exports.create({ project: "p" });
  try {
    // as many as may be under way at a time; their client is gone before they end
    emulator.fault({ path: "/exports/", hang: true, times: 5 });
    await inRequest(async () => {
      for (let i = 0; i < 5; i++) create().catch(() => {});
      while (emulator.requests.length < 5) await pause(10);
    });
    await inRequest(async () => {
      const exports = await Promise.all(Array.from({ length: 6 }, create));
      assertEquals(exports.length, 6);
      make().close();
    });
  } finally {
    await server.close();
  }
});

const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

test("a worker without variables: no key is found, and nothing breaks", () => {
  assertEquals("Deno" in globalThis, false);
  const error = (() => {
    try {
      return new AsyncClient();
    } catch (error) {
      return error;
    }
  })();
  assertEquals((error as Error).name, "ConfigurationError");
});
