import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type ClientOptions, TimeoutError } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

const apiKey = "avk_test_key_1";
const HOUR = 3_600_000;
/** How far the wall clock jumps, in milliseconds. */
const JUMPS: { [name: string]: number } = {
  "an hour back": -HOUR,
  "30 days back": -30 * 24 * HOUR,
  "30 days ahead": 30 * 24 * HOUR,
};

/** Moves the wall clock while all wait; says how long each took, and counts timers. */
async function jumping(
  jump: number,
): Promise<{ times: { [name: string]: number }; timers: number }> {
  const { now } = Date;
  const { setTimeout } = globalThis;
  let timers = 0;
  const mover = setTimeout(() => Date.now = () => now() + jump, 500);
  globalThis.setTimeout = Object.assign(
    (...args: Parameters<typeof setTimeout>) => {
      timers++;
      return setTimeout(...args);
    },
    setTimeout,
  );
  const start = performance.now();
  const times: { [name: string]: number } = {};
  try {
    await Promise.all(
      Object.entries(WAITS).map(async ([name, wait]) => {
        await wait();
        times[name] = performance.now() - start;
      }),
    );
    return { times, timers };
  } finally {
    clearTimeout(mover);
    globalThis.setTimeout = setTimeout;
    Date.now = now;
  }
}

/** A client of a server whose first response says to wait for a second or two. */
function waiting(
  response: () => Response,
  options: ClientOptions = {},
): { client: AsyncClient; sent: () => number } {
  let sent = 0;
  const fetch = () =>
    Promise.resolve(++sent === 1 ? response() : new Response("{}"));
  return {
    client: new AsyncClient({ apiKey, fetch, ...options }),
    sent: () => sent,
  };
}

/** Sends three requests at once, all of which must come through. */
async function send(client: AsyncClient): Promise<void> {
  await Promise.all([1, 2, 3].map(() => client.request("GET", "/x/")));
}

/** Each waits for a second or two. */
const WAITS: { [name: string]: () => Promise<unknown> } = {
  async "a throttled client, for the next window"() {
    const reset = String(Math.floor(Date.now() / 1_000) + 2);
    const { client, sent } = waiting(() =>
      new Response("{}", {
        headers: {
          "x-ratelimit-limit": "1",
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": reset,
        },
      }), { throttle: true });
    await client.request("GET", "/x/");
    await send(client);
    assertEquals(sent(), 4);
  },
  async "a throttled client, after a 429"() {
    const { client, sent } = waiting(
      () =>
        new Response("{}", { status: 429, headers: { "retry-after": "1" } }),
      { throttle: true },
    );
    await send(client);
    assertEquals(sent(), 4);
  },
  async "a retry"() {
    const { client, sent } = waiting(() =>
      new Response("{}", { status: 503, headers: { "retry-after": "1" } })
    );
    await client.request("GET", "/x/");
    assertEquals(sent(), 2);
  },
  async "a paused upload"() {
    const emulator = new AvalaEmulator();
    const { fetch } = emulator;
    const client = new AsyncClient({ apiKey, fetch });
    emulator.fault({ path: /^\/storage\//, status: 429, retryAfter: 1 });
    const files = Array.from({ length: 5 }, (_, index) => ({
      path: `${index}.jpg`,
      blob: new Blob([`${index}`]),
    }));
    await client.datasets.uploadFiles("Run 7", files);
    assertEquals(emulator.storedFiles.length, 5);
  },
  async "a wait for an export"() {
    let reads = 0;
    const client = new AsyncClient({
      apiKey,
      fetch: () => {
        const status = ++reads < 4 ? "pending" : "exported";
        return Promise.resolve(new Response(JSON.stringify({ status })));
      },
    });
    await client.exports.wait("x", { interval: 500 });
    assertEquals(reads, 4);
  },
  async "a time limit"() {
    const client = new AsyncClient({
      apiKey,
      maxRetries: 0,
      timeout: 1_000,
      fetch: (_, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    });
    await assertRejects(() => client.request("GET", "/x/"), TimeoutError);
  },
};

for (const [name, jump] of Object.entries(JUMPS)) {
  test(`the clock jumps ${name}: nothing stalls`, async () => {
    const { times, timers } = await jumping(jump);
    for (const [name, time] of Object.entries(times)) {
      // a stall would take as long as the jump, or as the longest wait
      assert(900 < time && time < 20_000, `${name}: ${time} ms`);
    }
    // in a Cloudflare worker each waiter looks for itself, 50 times a second
    const most = "WebSocketPair" in globalThis ? 1_000 : 150;
    assert(timers < most, `${timers} timers`);
  });
}
