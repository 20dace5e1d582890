import { assert, assertEquals } from "@std/assert";
import { AvalaError } from "@avala/client/errors";
import { Transport } from "@avala/client/transport";
import { soak, startSoakServer } from "../load/soak_calls.ts";
import { test } from "../tools/harness.ts";

// `deno task soak` makes 20,000 calls, and measures memory
test("1,000 calls, one request in five fails: retries absorb it", async () => {
  const server = await startSoakServer(1);
  try {
    const result = await soak(server.origin, { calls: 1_000, concurrency: 64 });
    assertEquals(result.failures, []);
    assertEquals(result.doubled, 0);
    assert(result.requests > 1_100, `${result.requests} requests`);
    assert(result.lost > 0 && result.lost < 100, `${result.lost} were lost`);
  } finally {
    await server.close();
  }
});

test("10,000 calls with one signal leave no listener on it", async () => {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  let added = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    added++;
    listeners.add(args[1]);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners.delete(args[1]);
    remove(...args);
  };
  let count = 0;
  const transport = new Transport({
    apiKey: "avk_soak_test_key_1",
    fetch: () => {
      count++;
      if (count % 500 === 0) return Promise.reject(new TypeError("reset"));
      const status = count % 50 === 0 ? 404 : 200;
      return Promise.resolve(new Response("{}", { status }));
    },
  });
  let most = 0;
  let next = 0;
  await Promise.all(Array.from({ length: 64 }, async () => {
    while (next++ < 10_000) {
      const call = transport.request("GET", "/x/", { signal });
      most = Math.max(most, listeners.size);
      await call.catch((error) => assert(error instanceof AvalaError));
    }
  }));
  assert(added >= 10_000, `${added} listeners`);
  assert(most <= 64, `${most} listeners at once`);
  assertEquals(listeners.size, 0);
});
