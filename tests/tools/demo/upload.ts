/**
 * The program that the demo kills: it uploads a folder, and keeps what is stored
 * in a file beside it.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import { fromDirectory, stateFile } from "@avala/client/files";
import type { UploadReport } from "./killed_upload.ts";

const [folder = ""] = Deno.args;
await using client = new AsyncClient();
let sent = 0;
let skipped = 0;
const dataset = await client.datasets.createFromLocal(
  await fromDirectory(`${folder}/drive`),
  {
    name: "Night drive",
    slug: "night-drive",
    dataType: "image",
    concurrency: 2,
    stateStore: stateFile(`${folder}/state.json`),
    wait: true,
    onProgress: (progress) => {
      skipped = progress.skipped;
      sent = progress.files - skipped;
    },
  },
);
const report: UploadReport = { sent, skipped, status: dataset.status ?? "" };
console.log(JSON.stringify(report));
