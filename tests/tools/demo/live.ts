/**
 * The demo on the real API: it only reads.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import { count, heading, row } from "./screen.ts";

/** Reads a little of what the key of the environment may see. */
export async function reads(): Promise<void> {
  await using client = new AsyncClient();
  heading("@avala/client, reading from the API");
  let datasets = 0;
  for await (const { ownerName, slug, itemCount } of client.datasets.list()) {
    row(`dataset ${++datasets}`, `${ownerName}/${slug}: ${itemCount} items`);
    if (datasets === 10) break;
  }
  row("projects", `${(await client.projects.list()).length} on a page`);
  row("tasks", `${(await client.tasks.list()).length} on a page`);
  const { remaining, limit } = client.rateLimitInfo;
  if (remaining !== null) {
    row("rate limit", `${remaining} of ${limit} requests are left`);
  }
  console.log(`\n   ${count(datasets, "dataset")} shown, nothing changed`);
}
