/**
 * Runs a test file where there is no process: in a page, in a worker.
 *
 * @module
 */

import { run, type RunOptions } from "../harness.ts";
import { listeningServers } from "./http.ts";
import { close, open, send } from "./link.ts";
import { openTimers, pause, watchTimers } from "./timers.ts";

/** Loads the test file, runs its tests, and reports to the host. */
export async function main(
  url: string,
  load: () => Promise<unknown>,
  { grace = 10_000, ...options }: RunOptions,
): Promise<void> {
  await open(url);
  const print = (text: string) => send({ op: "print", id: "", text });
  let failed = false;
  const fail = (what: string, error: unknown) => {
    failed = true;
    const stack = error instanceof Error ? error.stack : undefined;
    print(`${what}: ${error}\n${stack ?? ""}`);
  };
  globalThis.addEventListener("error", ({ error, message }) => {
    fail("An error that nobody caught", error ?? message);
  });
  globalThis.addEventListener("unhandledrejection", ({ reason }) => {
    fail("A rejection that nobody handled", reason);
  });
  watchTimers((error) => fail("An error in a timer", error));
  try {
    await load();
    const { failed: count } = await run({ ...options, print });
    failed ||= count > 0;
    const stays = await waitForTheEnd(grace);
    if (stays) fail("Something stays open after the tests", stays);
  } catch (error) {
    fail("The test file", error);
  }
  send({ op: "finished", id: "", number: failed ? 1 : 0 });
  close();
}

/** A process would end by itself now; says what would keep it. */
async function waitForTheEnd(grace: number): Promise<string> {
  const start = performance.now();
  let stays: string;
  do {
    await pause(20);
    stays = [
      ...Array(listeningServers()).fill("a server"),
      ...openTimers(),
    ].join(", ");
  } while (stays && performance.now() - start < grace);
  return stays;
}
