/**
 * Downloads: the result of an export, and all files of a dataset.
 *
 * @module
 */

import type { AsyncClient } from "../../client.ts";
import type { Download } from "../../downloads/download.ts";
import type { Command, Context, Given, Input } from "../command.ts";
import { usage } from "../exits.ts";

const FILE: Input = {
  name: "file",
  words: "The file to write.",
  type: "string",
  kind: "path",
  required: true,
};

const SAVING: Input[] = [
  {
    name: "overwrite",
    words: "Replace a file that is there.",
    type: "boolean",
  },
  {
    name: "connections",
    words: "Over how many connections a large file comes.",
    type: "number",
    default: 1,
  },
  {
    name: "sha256",
    words: "Compute the SHA-256 of the file.",
    type: "boolean",
  },
];

/** Saves the result of an export. */
export const downloadExport: Command = {
  name: "exports download",
  summary: "Downloads the result of a finished export into a file.",
  details:
    "A download that was ended goes on where it stood, when the same command is run again.",
  args: [
    {
      name: "uid",
      words: "Unique id of the export.",
      type: "string",
      required: true,
    },
    FILE,
  ],
  options: SAVING,
  effect: "read",
  run: (context, { args: [uid, file], options }) =>
    save(
      context,
      String(file),
      options,
      (client) =>
        client.exports.download(String(uid), {}, { signal: context.signal }),
    ),
};

/** Saves an object of a public dataset. */
export const downloadObject: Command = {
  name: "public-datasets download-object",
  summary: "Downloads an object of a public dataset into a file.",
  details:
    "Its size and SHA-256 are checked. A download that was ended goes on where it stood, when the same command is run again.",
  args: [
    {
      name: "object",
      words:
        "The object: one of the results of 'public-datasets list-objects'.",
      type: "object",
      required: true,
    },
    FILE,
  ],
  options: SAVING,
  effect: "read",
  run: (context, { args: [object, file], options }) =>
    save(
      context,
      String(file),
      options,
      (client) =>
        client.publicDatasets.downloadObject(
          object as Parameters<typeof client.publicDatasets.downloadObject>[0],
          {},
          { signal: context.signal },
        ),
    ),
};

/** Saves all files of a dataset. */
export const downloadDataset: Command = {
  name: "datasets download",
  summary: "Downloads all files of a dataset into a folder.",
  details:
    "Run again, it fetches only what is missing or has changed. Files that fail do not stop the others.",
  args: [
    {
      name: "owner",
      words: "User name or organization slug of the owner.",
      type: "string",
      required: true,
    },
    {
      name: "slug",
      words: "URL name of the dataset.",
      type: "string",
      required: true,
    },
    {
      name: "folder",
      words: "The folder to write into.",
      type: "string",
      kind: "path",
      required: true,
    },
  ],
  options: [
    {
      name: "sequenceUid",
      words: "Unique id of a sequence: only items that belong to it.",
      type: "string",
    },
    {
      name: "include",
      words: "Only files whose key fits one of these globs.",
      type: "array",
      items: { type: "string" },
    },
    {
      name: "exclude",
      words: "No files whose key fits one of these globs.",
      type: "array",
      items: { type: "string" },
    },
    {
      name: "concurrency",
      words: "How many files are downloaded at a time.",
      type: "number",
      default: 8,
    },
    {
      name: "connections",
      words: "Over how many connections a file of 16 MiB or more comes.",
      type: "number",
      default: 1,
    },
    {
      name: "verify",
      words: "Compare the files that are there by their SHA-256.",
      type: "boolean",
    },
    {
      name: "dryRun",
      words: "Show what would be done, and write nothing.",
      type: "boolean",
    },
  ],
  effect: "read",
  run: saveDataset,
};

async function save(
  context: Context,
  file: string,
  { overwrite, connections, sha256 }: Given["options"],
  open: (client: AsyncClient) => Promise<Download>,
): Promise<void> {
  const { saveTo } = await import("../../files/save_to.ts");
  const { printResult } = await import("../print.ts");
  const { withProgress } = await import("../progress.ts");
  const { stat } = await import("node:fs/promises");
  if (overwrite !== true && await stat(file).catch(() => undefined)) {
    throw usage(`'${file}' is there already: --overwrite replaces it.`);
  }
  const download = await open(await context.client());
  const saved = await withProgress(
    context,
    (onProgress) =>
      saveTo(file, download, {
        resume: true,
        overwrite: overwrite === true,
        sha256: sha256 === true,
        ...(connections !== undefined && { connections: Number(connections) }),
        onProgress: ({ bytes, size }) =>
          onProgress({ bytes, totalBytes: size }),
      }),
  );
  await printResult(context, saved);
}

async function saveDataset(context: Context, given: Given): Promise<void> {
  const [owner, slug, folder] = given.args as [string, string, string];
  const { downloadDataset } = await import("../../files/download_dataset.ts");
  const { refuseFailures } = await import("../failures.ts");
  const { printEntries, printResult } = await import("../print.ts");
  const { withProgress } = await import("../progress.ts");
  const client = await context.client();
  const done = await withProgress(
    context,
    (onProgress) =>
      downloadDataset(client, owner, slug, folder, {
        ...given.options,
        onError: "collect",
        onProgress,
      }, { signal: context.signal }),
  );
  const { plan, failures, ...rest } = done;
  if (plan) return await printEntries(context, { entries: plan }, undefined);
  await printResult(context, { ...rest, failures: failures.length });
  refuseFailures(context, done);
}
