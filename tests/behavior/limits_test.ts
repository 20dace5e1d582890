import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, TimeoutError } from "@avala/client";
import { Transport } from "@avala/client/transport";
import { test } from "../tools/harness.ts";

const apiKey = "avk_test_key_1";

/** A signal that counts who listens to it. */
function countingSignal(): { signal: AbortSignal; listeners(): number } {
  const { signal } = new AbortController();
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: unknown[]) => {
    count++;
    addEventListener.apply(signal, args as never);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    count--;
    removeEventListener.apply(signal, args as never);
  };
  return { signal, listeners: () => count };
}

test("a long-lived signal keeps no listener of calls that are over", async () => {
  const { signal, listeners } = countingSignal();
  let seen = 0;
  let calls = 0;
  const client = new AsyncClient({
    apiKey,
    maxRetries: 0,
    fetch: () => {
      seen = Math.max(seen, listeners());
      const status = ++calls % 2 ? 200 : 500;
      return Promise.resolve(new Response('{"uid":"x"}', { status }));
    },
  });
  const requests = Array.from(
    { length: 1_000 },
    () => client.datasets.get("x", { signal, timeout: 1_000 }).catch(() => {}),
  );
  await Promise.all(requests);
  assertEquals(calls, 1_000);
  assert(seen > 0);
  assertEquals(listeners(), 0);
});

/** A server that never answers, but ends with the request. */
function silent(): typeof fetch {
  return (_, init) =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener("abort", () => reject(new Error("late")));
    });
}

test("each call has its own time, whatever other calls begin or end", async () => {
  const client = new AsyncClient({ apiKey, maxRetries: 0, fetch: silent() });
  const order: string[] = [];
  const call = async (name: string, timeout: number) => {
    const start = performance.now();
    await assertRejects(
      () => client.datasets.get("x", { timeout }),
      TimeoutError,
    );
    order.push(name);
    // a timer may be a little early, and a busy machine as late as it likes
    assert(performance.now() - start > timeout - 20);
  };
  const aborted = new AbortController();
  const leaving = client.datasets.get("x", {
    timeout: 200,
    signal: aborted.signal,
  }).catch(() => order.push("aborted"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const calls = [call("first", 200)];
  aborted.abort();
  await leaving;
  await new Promise((resolve) => setTimeout(resolve, 50));
  calls.push(call("second", 200), call("short", 20), call("long", 400));
  await Promise.all(calls);
  assertEquals(order, ["aborted", "short", "first", "second", "long"]);
});

test("time limits of calls that are over keep no timer", async () => {
  const { setTimeout, clearTimeout } = globalThis;
  const timers = new Set<unknown>();
  let set = 0;
  globalThis.setTimeout = ((callback: () => void, time?: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      callback();
    }, time);
    timers.add(timer);
    set++;
    return timer;
  }) as typeof globalThis.setTimeout;
  globalThis.clearTimeout = ((timer?: number) => {
    timers.delete(timer);
    clearTimeout(timer);
  }) as typeof globalThis.clearTimeout;
  try {
    const transport = new Transport({
      apiKey,
      fetch: () => Promise.resolve(new Response('{"uid":"x"}')),
    });
    const get = () => transport.request("GET", "/x/");
    await Promise.all([1, 2, 3].map(get));
    for (let i = 0; i < 10; i++) await get();
    // also while work that has no limit goes on
    transport.run(() => new Promise(() => {})).catch(() => {});
    await get();
    await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
  assert(set > 0);
  assertEquals(timers.size, 0);
});
