/**
 * The demo: what a user could write from the README. By default it talks to the
 * emulator over HTTP; with `--live` it only reads, from the real API.
 *
 * @module
 */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { AsyncClient } from "@avala/client";
import { fromDirectory, saveTo } from "@avala/client/files";

const live = process.argv.includes("--live");
if (!live) await (await import("./demo_server.ts")).startEmulator();

const client = new AsyncClient({
  hooks: {
    onRetry: ({ attempt, error }) =>
      console.log(
        `  attempt ${attempt} failed with ${error.statusCode}, again`,
      ),
  },
});

console.log("Datasets:");
for await (const { ownerName, slug, itemCount } of client.datasets.list()) {
  console.log(`  ${ownerName}/${slug}: ${itemCount} items`);
}

if (live) {
  console.log(`Projects: ${(await client.projects.list()).length} on a page`);
  console.log(`Tasks: ${(await client.tasks.list()).length} on a page`);
} else {
  const images = await client.datasets.getBySlug(
    "northlight",
    "street-images",
  );
  let pages = 0;
  let items = 0;
  const listing = client.datasets.listItems("northlight", images.slug, {
    limit: 50,
  });
  for await (const page of listing.pages()) {
    pages++;
    items += page.length;
  }
  console.log(`Walked ${items} items on ${pages} pages`);
  if (items !== 250) throw new Error(`Expected 250 items, got ${items}`);

  const job = await client.exports.create({ dataset: images.uid });
  const finished = await client.exports.wait(job.uid, {
    interval: 500,
    throwOnFailure: true,
    onPoll: ({ status, exportedTaskCount, totalTaskCount }) =>
      console.log(`  ${status}: ${exportedTaskCount} of ${totalTaskCount}`),
  });

  const folder = await mkdtemp(join(tmpdir(), "avala-demo-"));
  const target = join(folder, "export.json");
  const saved = await saveTo(target, await client.exports.download(finished));
  console.log(`Downloaded ${saved.bytes} bytes`);
  const { size } = await stat(target);
  if (size !== saved.bytes) throw new Error("The file is not whole");

  const dataset = await client.datasets.createFromLocal(
    await fromDirectory(folder),
    { name: "Demo", slug: "demo", dataType: "image", wait: true },
  );
  await rm(folder, { recursive: true });
  console.log(`Uploaded a folder as ${dataset.slug}: ${dataset.status}`);

  for await (const alert of client.fleet.alerts.list({ status: "open" })) {
    console.log(`Alert, ${alert.severity}: ${alert.message}`);
  }
}

const { remaining, limit } = client.rateLimitInfo;
console.log(`${remaining} of ${limit} requests are left in this window`);
client.close();
if (!live) process.exit(0);
