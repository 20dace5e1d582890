import { assert, assertEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { AvalaError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { Transport } from "@avala/client/transport";
import { startFileServer } from "../servers/file_server.ts";
import { test } from "../tools/harness.ts";
import { countListeners, type Listeners } from "../tools/listeners.ts";

const apiKey = "avk_test_key_1";

/** A caller's signal, and who listens to it. */
interface Heard extends Listeners {
  signal: AbortSignal;
}

/** A client without a network: every so-and-so-many-th response is special. */
function stubbed(
  special: { [every: number]: number | "reset" },
  body: unknown = { uid: "x" },
): Transport {
  let count = 0;
  return new Transport({
    apiKey,
    maxRetries: 0,
    fetch: () => {
      count++;
      const [, kind = 200] = Object.entries(special)
        .find(([every]) => count % Number(every) === 0) ?? [];
      return kind === "reset"
        ? Promise.reject(new TypeError("reset"))
        : Promise.resolve(new Response(JSON.stringify(body), { status: kind }));
    },
  });
}

/** Each makes calls with one signal, and may look at it in between. */
const WAYS: { [way: string]: (heard: Heard) => Promise<void> } = {
  async "100 calls, one after the other"({ signal, added }) {
    const transport = stubbed({});
    for (let i = 0; i < 100; i++) {
      await transport.request("GET", "/x/", { signal });
    }
    assert(added() >= 100);
  },
  async "1,000 calls at once with a time limit of their own, half refused"(
    { signal, most },
  ) {
    const transport = stubbed({ 2: 500 });
    const options = { signal, timeout: 1_000 };
    let refused = 0;
    const call = () =>
      transport.request("GET", "/x/", options).catch((error) => {
        assert(error instanceof AvalaError);
        refused++;
      });
    await Promise.all(Array.from({ length: 1_000 }, call));
    assertEquals(refused, 500);
    assert(most() > 0);
  },
  async "10,000 calls, 64 at a time, some fail"(heard) {
    const { signal } = heard;
    const transport = stubbed({ 500: "reset", 50: 404 });
    let next = 0;
    await Promise.all(Array.from({ length: 64 }, async () => {
      while (next++ < 10_000) {
        await transport.request("GET", "/x/", { signal })
          .catch((error) => assert(error instanceof AvalaError));
      }
    }));
    assertEquals(heard.most(), 1);
  },
  async "more calls at once than Node warns of share a listener"(
    { signal, now, most },
  ) {
    const transport = new Transport({
      apiKey,
      fetch: async () => {
        assertEquals(now(), 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
        return new Response("{}");
      },
    });
    const get = () => transport.request("GET", "/x/", { signal });
    await Promise.all(Array.from({ length: 30 }, get));
    assertEquals(most(), 1);
  },
  async "waits between attempts"({ signal, added }) {
    const emulator = new AvalaEmulator();
    const { fetch } = emulator;
    await using client = new AsyncClient({ apiKey, fetch });
    emulator.fault({ path: "/tasks/", status: 503, times: 2 });
    await client.tasks.list({}, { signal });
    assertEquals(emulator.requests.length, 3);
    assert(added() > 0);
  },
  async "a walk over pages"({ signal, added }) {
    const { fetch } = new AvalaEmulator();
    await using client = new AsyncClient({ apiKey, fetch });
    let count = 0;
    for await (const _ of client.tasks.list({ limit: 10 }, { signal })) count++;
    assertEquals(count, 40);
    assert(added() > 0);
  },
  async "more walks at once than Node warns of share a listener"(
    { signal, most },
  ) {
    const { fetch } = new AvalaEmulator();
    await using client = new AsyncClient({ apiKey, fetch });
    const walk = async (pages: number) => {
      let count = 0;
      const list = client.tasks.list({ limit: 10 }, { signal });
      for await (const _ of list.pages()) if (++count === pages) break;
      assertEquals(count, pages);
    };
    await Promise.all(Array.from({ length: 12 }, (_, i) => walk(1 + i % 4)));
    assertEquals(most(), 1);
  },
  async "downloads, one with a broken connection"({ signal, now }) {
    const file = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
    await using server = await startFileServer(file, [{}, { cutAfter: 3_000 }]);
    // its API is elsewhere, so that the server is foreign storage
    await using client = new AsyncClient({
      apiKey,
      baseUrl: "http://localhost:9/api/v1",
      allowInsecureBaseUrl: true,
    });
    for (let time = 0; time < 2; time++) {
      const download = await client.download(`${server.origin}/f`, {}, {
        signal,
      });
      assertEquals(now(), 1);
      assertEquals(await download.bytes(), file);
      assertEquals(now(), 0);
    }
    assertEquals(server.seen.length, 3);
  },
};

for (const [way, use] of Object.entries(WAYS)) {
  test(`a caller's signal keeps no listener: ${way}`, async () => {
    const { signal } = new AbortController();
    const heard = { signal, ...countListeners(signal) };
    await use(heard);
    assertEquals(heard.now(), 0);
  });
}
