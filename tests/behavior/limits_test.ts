import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, TimeoutError } from "@avala/client";
import { type Fetch, Transport } from "@avala/client/transport";
import { test } from "../tools/harness.ts";
import { countListeners, type Listeners } from "../tools/listeners.ts";

const apiKey = "avk_test_key_1";

/** A server that never responds, but ends with the request. */
function silent(): Fetch {
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

/** Counts the alarms that are made, and who listens to them. */
function watchAlarms(): { made(): number; heard(): number; end(): void } {
  const { timeout } = AbortSignal;
  const alarms: Listeners[] = [];
  AbortSignal.timeout = (milliseconds) => {
    const signal = timeout.call(AbortSignal, milliseconds);
    alarms.push(countListeners(signal));
    return signal;
  };
  return {
    made: () => alarms.length,
    heard: () => alarms.reduce((sum, listeners) => sum + listeners.now(), 0),
    end: () => void (AbortSignal.timeout = timeout),
  };
}

/** In a Cloudflare worker each call has a timer of its own. */
const SHARED = !("WebSocketPair" in globalThis);

test("calls share an alarm, and nobody listens to it when they are over", async () => {
  const alarms = watchAlarms();
  try {
    let during = 0;
    const transport = new Transport({
      apiKey,
      fetch: () => {
        during = Math.max(during, alarms.heard());
        return Promise.resolve(new Response('{"uid":"x"}'));
      },
    });
    const get = () => transport.request("GET", "/x/");
    await Promise.all(Array.from({ length: 20 }, get));
    for (let i = 0; i < 20; i++) await get();
    // also while work that has no limit goes on
    transport.run(() => new Promise(() => {})).catch(() => {});
    await get();
    assertEquals(alarms.made(), SHARED ? 1 : 0);
    assertEquals(during, SHARED ? 1 : 0);
    assertEquals(alarms.heard(), 0);
    transport.close();
  } finally {
    alarms.end();
  }
});

test("an alarm that rang while nobody listened is no alarm for the next call", async () => {
  let hang = false;
  const client = new AsyncClient({
    apiKey,
    maxRetries: 0,
    timeout: 60,
    fetch: (_, init) =>
      hang ? silent()("", init) : Promise.resolve(new Response('{"uid":"x"}')),
  });
  await client.datasets.get("x");
  await new Promise((resolve) => setTimeout(resolve, 150));
  hang = true;
  await assertRejects(() => client.datasets.get("x"), TimeoutError);
});
