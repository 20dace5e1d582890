/**
 * The first step: a creation whose response is lost.
 *
 * @module
 */

import { ConnectionError } from "@avala/client";
import type { Stage } from "./main.ts";
import { count, expect, row, step } from "./screen.ts";

/** Creates an export by hand and with the client, and counts what came of it. */
export async function createsOnce(stage: Stage): Promise<string> {
  step(
    "The response to a creation is lost",
    "The server creates an export, and the connection dies before its response.",
    "Whoever just tries again gets a second export.",
  );
  const { emulator, client } = stage;
  const lose = () =>
    emulator.fault({ method: "POST", path: /exports\/$/, loseAnswer: true });
  const exportsNamed = async (name: string) =>
    (await client.exports.list().toArray({ limit: 1_000 }))
      .filter((job) => job.name === name).length;

  lose();
  await loopOfFetch(stage, "By hand");
  const byHand = await exportsNamed("By hand");
  row("a loop of fetch", count(byHand, "export"));

  lose();
  let attempts = 0;
  try {
    await client.exports.create({ name: "With the client", dataset: "d" });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    attempts = error.attempts;
  }
  const withClient = await exportsNamed("With the client");
  row(
    "@avala/client",
    `${count(withClient, "export")}, and a ConnectionError after ${
      count(attempts, "attempt")
    }: list the exports, and you find it`,
    true,
  );
  expect(byHand === 2 && withClient === 1, "one export was to be created");
  return "A lost response makes no second export";
}

/** What many programs do. */
async function loopOfFetch({ baseUrl }: Stage, name: string): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      const response = await fetch(`${baseUrl}/exports/`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-avala-api-key": "avk_demo_key",
        },
        body: JSON.stringify({ name, dataset: "d" }),
      });
      await response.body?.cancel();
      return;
    } catch {
      // try again
    }
  }
}
