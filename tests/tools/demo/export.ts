/**
 * The fourth step: an export, from the job to the file.
 *
 * @module
 */

import { saveTo } from "@avala/client/files";
import type { Stage } from "./main.ts";
import { count, expect, row, step } from "./screen.ts";

/** Exports a dataset, and saves the file over a connection that breaks. */
export async function exportsToFile(stage: Stage): Promise<string> {
  step(
    "An export, from the job to the file",
    "The job is watched until it is done. The connection breaks in the middle of",
    "the download, and what arrived is kept.",
  );
  const { emulator, client } = stage;
  const dataset = await client.datasets.getBySlug(
    "northlight",
    "street-images",
  );
  const job = await client.exports.create({ dataset: dataset.uid });
  const done = await client.exports.wait(job.uid, {
    interval: 50,
    throwOnFailure: true,
    onPoll: ({ status, exportedTaskCount, totalTaskCount }) =>
      row(`${status}`, `${exportedTaskCount} of ${totalTaskCount} tasks`),
  });
  const folder = await Deno.makeTempDir({ prefix: "avala-demo-" });
  try {
    const path = `${folder}/export.json`;
    const broken = emulator.fault({ path: /\/download$/, truncate: true });
    const download = await client.exports.download(done);
    const saved = await saveTo(path, download, { sha256: true });
    const { size } = await Deno.stat(path);
    row(
      "@avala/client",
      `${count(saved.bytes, "byte")} on disk, SHA-256 ${
        saved.sha256?.slice(0, 12)
      }…`,
      true,
    );
    expect(size === download.size, "the file is not whole");
    expect(broken.hits === 1, "the connection did not break");
    return "A download that broke off is whole on disk";
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
