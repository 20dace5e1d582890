/**
 * The last step: a test of one's own program against a server that hangs.
 *
 * @module
 */

import { AsyncClient, TimeoutError } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { expect, row, step } from "./screen.ts";

/** Runs a test without network, as a user would write it. */
export async function testsAgainstHang(): Promise<string> {
  step(
    "A test of your own: what if the server hangs?",
    "The same emulator as a `fetch`, without any network. A hang takes one line,",
    "and the test as long as the time limit that it sets: 20 ms.",
  );
  const emulator = new AvalaEmulator();
  await using client = new AsyncClient({
    apiKey: "avk_test",
    fetch: emulator.fetch,
  });
  emulator.fault({ path: "/tasks/", hang: true });
  const start = performance.now();
  const error: unknown = await client.tasks
    .list({}, { timeout: 20, maxRetries: 0 })
    .then(() => undefined, (error) => error);
  const milliseconds = Math.round(performance.now() - start);
  expect(error instanceof TimeoutError, "a TimeoutError was to be thrown");
  row("the test", `passed after ${milliseconds} ms: a TimeoutError`, true);
  return "A test against a hang needs no server";
}
