import { assert, assertEquals, assertThrows } from "@std/assert";
import { AsyncClient, type ClientOptions } from "@avala/client";
import { ClientClosedError, ConfigurationError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

const apiKey = "avk_throttle_test_1";

/** A client of an emulator that refuses more than `limit` requests per window. */
function limited(
  limit: number,
  windowMs: number,
  options: ClientOptions = {},
): { emulator: AvalaEmulator; client: AsyncClient } {
  const emulator = new AvalaEmulator({ rateLimit: { limit, windowMs } });
  const { fetch } = emulator;
  const client = new AsyncClient({ apiKey, fetch, throttle: true, ...options });
  return { emulator, client };
}

async function read(client: AsyncClient, calls: number): Promise<void> {
  await Promise.all(
    Array.from({ length: calls }, () => client.request("GET", "/tasks/")),
  );
}

/** The same headers as another kind of server would send. */
function withHeaders(
  { fetch }: AvalaEmulator,
  change: (headers: Headers) => void,
): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const headers = new Headers(response.headers);
    change(headers);
    return new Response(response.body, { status: response.status, headers });
  };
}

const refused = ({ requests }: AvalaEmulator) =>
  requests.filter(({ status }) => status === 429).length;

test("500 calls over five windows: no 429, and few windows unused", async () => {
  const emulator = new AvalaEmulator({
    rateLimit: { limit: 100, windowMs: 2_000 },
  });
  const server = await emulator.serve();
  // from the start of a second, as windows end with one
  await new Promise((resolve) => setTimeout(resolve, 1_000 - Date.now() % 1e3));
  const client = new AsyncClient({
    apiKey,
    baseUrl: server.baseUrl,
    allowInsecureBaseUrl: true,
    throttle: true,
  });
  try {
    const start = performance.now();
    await read(client, 500);
    const time = performance.now() - start;
    assertEquals([emulator.requests.length, refused(emulator)], [500, 0]);
    // 8,000 ms are the least; a busy machine loses some windows, not most
    assert(time < 30_000, `${time} ms`);
  } finally {
    client.close();
    await server.close();
  }
});

test("a reset in seconds from now, and a clock that differs", async () => {
  const changes: ((headers: Headers) => void)[] = [
    (headers) => {
      const reset = Number(headers.get("x-ratelimit-reset")) * 1_000;
      const seconds = Math.ceil((reset - Date.now()) / 1_000);
      headers.set("x-ratelimit-reset", String(seconds));
    },
    ...[-3_600, 3_600].map((ahead) => (headers: Headers) => {
      const reset = Number(headers.get("x-ratelimit-reset")) + ahead;
      headers.set("x-ratelimit-reset", String(reset));
      const date = new Date(Date.now() + ahead * 1_000);
      headers.set("date", date.toUTCString());
    }),
  ];
  await Promise.all(changes.map(async (change, index) => {
    const emulator = new AvalaEmulator({
      rateLimit: { limit: 20, windowMs: 1_000 },
    });
    const fetch = withHeaders(emulator, change);
    const client = new AsyncClient({ apiKey, fetch, throttle: true });
    await read(client, 50);
    assertEquals(
      [index, emulator.requests.length, refused(emulator)],
      [index, 50, 0],
    );
  }));
});

test("without a usable reset, calls go one by one when nothing is left", async () => {
  for (const reset of [null, "soon", "-1", "99999999999999999", "0"]) {
    const emulator = new AvalaEmulator();
    let running = 0;
    let most = 0;
    const answer = withHeaders(emulator, (headers) => {
      headers.set("x-ratelimit-remaining", "0");
      headers.delete("x-ratelimit-reset");
      if (reset !== null) headers.set("x-ratelimit-reset", reset);
    });
    const client = new AsyncClient({
      apiKey,
      throttle: true,
      fetch: async (input, init) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        const response = await answer(input, init);
        running--;
        return response;
      },
    });
    await read(client, 10);
    assertEquals([reset, emulator.requests.length, most], [reset, 10, 1]);
  }
});

test("where the server names no limit, only the first call goes alone", async () => {
  let running = 0;
  const seen: number[] = [];
  const client = new AsyncClient({
    apiKey,
    throttle: true,
    fetch: async () => {
      seen.push(++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return new Response("{}");
    },
  });
  await read(client, 20);
  assertEquals(seen.slice(0, 3), [1, 1, 2]);
  assertEquals(Math.max(...seen), 19);
});

test("a 429 all the same holds back every call", async () => {
  const times: number[] = [];
  const client = new AsyncClient({
    apiKey,
    throttle: true,
    maxRetries: 1,
    fetch: () => {
      times.push(performance.now());
      // the second request is refused although the headers promised more
      return Promise.resolve(
        times.length === 2
          ? new Response("", { status: 429, headers: { "retry-after": "1" } })
          : new Response("{}", {
            headers: {
              "x-ratelimit-limit": "100",
              "x-ratelimit-remaining": "50",
              "x-ratelimit-reset": String(Math.ceil(Date.now() / 1e3) + 30),
            },
          }),
      );
    },
  });
  await read(client, 1);
  const first = client.request("GET", "/tasks/");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const others = read(client, 5);
  await Promise.all([first, others]);
  const waits = times.slice(2).map((time) => time - (times[1] ?? 0));
  assertEquals(waits.length, 6);
  assert(Math.min(...waits) >= 990, waits.join());
});

test("an abort and a close end the wait for the next window at once", async () => {
  const { client, emulator } = limited(1, 60_000);
  await read(client, 1);
  const controller = new AbortController();
  const reason = new Error("enough");
  const { signal } = controller;
  const aborted = client.request("GET", "/tasks/", { signal })
    .catch((error: unknown) => error);
  const closed = client.request("GET", "/tasks/").catch((error) => error);
  setTimeout(() => controller.abort(reason), 20);
  assert(await aborted === reason);
  client.close();
  assert(await closed instanceof ClientClosedError);
  assertEquals(emulator.requests.length, 1);
});

test("a wait for the next window does not count as the call's timeout", async () => {
  const { client } = limited(1, 1_000, { timeout: 300, maxRetries: 0 });
  await read(client, 2);
});

test("at most five exports are being created at once", async () => {
  const { fetch } = new AvalaEmulator();
  let running = 0;
  let most = 0;
  const client = new AsyncClient({
    apiKey,
    fetch: async (input, init) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return await fetch(input, init);
    },
  });
  const create = () => client.exports.create({ dataset: "d" });
  await Promise.all(Array.from({ length: 12 }, create));
  assertEquals(most, 5);
});

test("'throttle' is checked", () => {
  const throttle = "yes" as unknown as boolean;
  assertThrows(
    () => new AsyncClient({ apiKey, throttle }),
    ConfigurationError,
    "'throttle' must be a boolean",
  );
});
