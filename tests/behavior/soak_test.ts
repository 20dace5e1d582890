import { assert, assertEquals } from "@std/assert";
import { soak, startSoakServer } from "../load/soak_calls.ts";
import { test } from "../tools/harness.ts";

// `deno task soak` makes 20,000 calls, and measures memory
test("1,000 calls, one request in five fails: retries absorb it", async () => {
  await using server = await startSoakServer(1);
  const result = await soak(server.origin, { calls: 1_000, concurrency: 64 });
  assertEquals(result.failures, []);
  assertEquals(result.doubled, 0);
  assert(result.requests > 1_100, `${result.requests} requests`);
  assert(result.lost > 0 && result.lost < 100, `${result.lost} were lost`);
});
