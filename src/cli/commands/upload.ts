/**
 * Uploads: a folder becomes a dataset, or the files of a recording.
 *
 * @module
 */

import { basename } from "jsr:@std/path@^1.1.4/basename";
import { dirname } from "jsr:@std/path@^1.1.4/dirname";
import { join } from "jsr:@std/path@^1.1.4/join";
import { resolve } from "jsr:@std/path@^1.1.4/resolve";
import type { AsyncClient } from "../../client.ts";
import type { AvalaError } from "../../errors.ts";
import type { UploadSource } from "../../uploads/sources.ts";
import type { Command, Context, Given, Input } from "../command.ts";
import { CommandError, EXIT, usage } from "../exits.ts";
import { FILES, FOLDER, optionsLike, WAIT_TIMEOUT } from "../inputs.ts";
import { printEntries, printResult } from "../print.ts";
import { Progress } from "../progress.ts";

const RECORDING: Input = {
  name: "recordingUid",
  words: "Unique id of the recording.",
  type: "string",
  required: true,
};

/** What an upload gives back. */
interface Uploaded {
  readonly failures: readonly { path: string; error: AvalaError }[];
  readonly plan?: readonly unknown[];
}

const DATASET_OPTIONS = [
  ...optionsLike("datasets.createFromLocal"),
  WAIT_TIMEOUT,
];

/** Makes a dataset of a folder. */
export const uploadDataset: Command = {
  name: "datasets upload",
  summary: "Uploads a folder and makes a dataset of it.",
  details:
    "Run again, it sends only what is missing or has changed since. Files that fail do not stop the others.",
  args: [FOLDER],
  options: DATASET_OPTIONS.map((input) =>
    input.name === "dataType"
      ? {
        ...input,
        required: false,
        words: `${input.words} Found by the suffixes of the files.`,
      }
      : input
  ),
  effect: "write",
  run: (context, { args: [folder], options }) =>
    makeDataset(context, [String(folder)], options),
};

/** Makes a dataset of files. */
export const createFromLocal: Command = {
  name: "datasets create-from-local",
  summary: "Uploads files and makes a dataset of them.",
  details:
    "Like 'datasets upload', for more than one folder or for single files.",
  args: [FILES],
  options: DATASET_OPTIONS,
  effect: "write",
  run: (context, { args: [files], options }) =>
    makeDataset(context, files as string[], options),
};

/** Uploads files that become a dataset later. */
export const uploadFiles: Command = {
  name: "datasets upload-files",
  summary:
    "Uploads files, of which 'datasets create-from-manual-upload' makes a dataset.",
  args: [
    {
      name: "datasetName",
      words: "Name that the dataset is to get.",
      type: "string",
      required: true,
    },
    FILES,
  ],
  options: optionsLike("datasets.uploadFiles"),
  effect: "write",
  run: async (context, { args: [name, paths], options }) => {
    const sources = await sourcesOf(paths as string[]);
    const done = await sendFiles(context, String(name), sources, options);
    await printUploaded(context, done);
  },
};

/** Uploads the files of a recording. */
export const uploadRecording: Command = {
  name: "fleet uploads upload-recording",
  summary: "Uploads the files of a recording.",
  details: "Run again, it sends only what the service has not confirmed.",
  args: [RECORDING, FILES],
  options: optionsLike("fleet.uploads.uploadRecording"),
  effect: "write",
  run: (context, { args: [uid, files], options }) =>
    sendRecording(context, String(uid), files as string[], options),
};

/** Uploads a folder as the files of a recording. */
export const uploadRecordingFolder: Command = {
  name: "fleet recordings upload",
  summary: "Uploads a folder as the files of a recording.",
  details: "Run again, it sends only what the service has not confirmed.",
  args: [FOLDER],
  options: [
    { ...RECORDING, name: "recording" },
    ...optionsLike("fleet.uploads.uploadRecording"),
  ],
  effect: "write",
  run: (context, { args: [folder], options }) => {
    const { recording, ...rest } = options;
    return sendRecording(context, String(recording), [String(folder)], rest);
  },
};

/** Uploads the files of a recording into storage that the service manages. */
export const uploadManagedRecording: Command = {
  name: "fleet uploads upload-managed-recording",
  summary: "Uploads the files of a recording into storage that Avala manages.",
  args: [RECORDING, FILES],
  options: optionsLike("fleet.uploads.uploadManagedRecording"),
  effect: "write",
  run: async (context, { args: [uid, files], options }) => {
    const client = await context.client();
    const sources = await sourcesOf(files as string[]);
    const result = await withProgress(
      context,
      (onProgress) =>
        client.fleet.uploads.uploadManagedRecording(
          String(uid),
          sources,
          { ...options, onProgress },
          { signal: context.signal },
        ),
    );
    await printResult(context, result);
  },
};

async function makeDataset(
  context: Context,
  paths: readonly string[],
  { waitTimeout, ...options }: Given["options"],
): Promise<void> {
  const sources = await sourcesOf(paths);
  const { dataTypeOf } = await import("../../files/import_folder.ts");
  const given = options.dataType as string | undefined;
  const dataType = dataTypeOf(sources, given, paths.join(", "));
  const { wait, ...rest } = options;
  const name = String(options.name);
  const stateStore = await storeFor(context, "dataset", name, paths);
  // files that fail must not stop the others, so they are sent on their own first
  const upload = pick(rest, optionsLike("datasets.uploadFiles"));
  if (context.settings.dryRun || stateStore) {
    const done = await sendFiles(context, name, sources, upload, stateStore);
    if (context.settings.dryRun) return await printUploaded(context, done);
    refuseFailures(context, done);
  }
  const client = await context.client();
  const dataset = await withProgress(
    context,
    (onProgress) =>
      client.datasets.createFromLocal(
        sources,
        {
          ...rest as { name: string; slug: string },
          dataType,
          onProgress,
          ...(stateStore && { stateStore }),
          ...(wait === true && {
            wait: waitTimeout === undefined
              ? true
              : { timeout: Number(waitTimeout) },
          }),
        },
        { signal: context.signal },
      ),
  );
  await printResult(context, dataset);
}

async function sendFiles(
  context: Context,
  name: string,
  sources: UploadSource[],
  options: Given["options"],
  stateStore?: Store,
): Promise<Uploaded> {
  const client = await context.client();
  return await withProgress(
    context,
    (onProgress) =>
      client.datasets.uploadFiles(name, sources, {
        ...options,
        onProgress,
        onError: "collect",
        dryRun: context.settings.dryRun,
        ...(stateStore && { stateStore }),
      }, { signal: context.signal }),
  );
}

async function sendRecording(
  context: Context,
  uid: string,
  paths: readonly string[],
  options: Given["options"],
): Promise<void> {
  const client = await context.client();
  const sources = await sourcesOf(paths);
  const stateStore = options.sessionUid === undefined
    ? await storeFor(context, "recording", uid, paths)
    : undefined;
  const done = await withProgress(
    context,
    (onProgress) =>
      client.fleet.uploads.uploadRecording(uid, sources, {
        ...options,
        onProgress,
        onError: "collect",
        dryRun: context.settings.dryRun,
        ...(stateStore && { stateStore: stateStore as never }),
      }, { signal: context.signal }),
  );
  await printUploaded(context, done);
}

/** Prints what was done, and fails when it is not all. */
async function printUploaded(context: Context, done: Uploaded): Promise<void> {
  const { failures, plan, ...rest } = done;
  if (plan) return await printEntries(context, { entries: plan }, undefined);
  await printResult(context, { ...rest, failures: failures.length });
  refuseFailures(context, done);
}

/**
 * Fails when files were left out.
 *
 * @param context Where to tell of them.
 * @param done What was done.
 */
export function refuseFailures(
  { terminal }: Pick<Context, "terminal">,
  { failures }: Uploaded,
): void {
  if (failures.length === 0) return;
  for (const { path, error } of failures) {
    terminal.err(`${JSON.stringify(path)}: ${error.message}\n`);
  }
  const count = failures.length === 1
    ? "1 file has"
    : `${failures.length} files have`;
  throw new CommandError(
    EXIT.incomplete,
    `${count} failed. Run the same command again to go on.`,
  );
}

/**
 * Runs work that tells how far it has come.
 *
 * @typeParam T What it gives.
 * @typeParam P What it tells.
 * @param context Where to tell.
 * @param work The work.
 * @returns What it gives.
 */
export async function withProgress<T>(
  context: Context,
  work: (onProgress: Progress["step"]) => Promise<T>,
): Promise<T> {
  const progress = new Progress(context);
  try {
    return await work((step) => progress.step(step));
  } finally {
    progress.end();
  }
}

type Store = NonNullable<
  Parameters<AsyncClient["datasets"]["uploadFiles"]>[2]
>["stateStore"];

/** Remembers an upload by what goes where, so that the same command goes on. */
async function storeFor(
  context: Context,
  kind: string,
  target: string,
  paths: readonly string[],
): Promise<Store> {
  if (context.settings.dryRun) return undefined;
  const { userFolder } = await import("../profiles.ts");
  const folder = userFolder("state", context.terminal.env);
  if (folder === undefined) return undefined;
  const { createHash } = await import("node:crypto");
  const { mkdir } = await import("node:fs/promises");
  const { findCredential } = await import("../connect.ts");
  const { baseUrl = "" } = await findCredential(
    context.settings,
    context.terminal.env,
  );
  const hash = createHash("sha256")
    .update(
      JSON.stringify([
        baseUrl,
        kind,
        target,
        paths.map((path) => resolve(path)),
      ]),
    )
    .digest("hex").slice(0, 32);
  const { stateFile } = await import("../../files/state_file.ts");
  try {
    await mkdir(join(folder, "uploads"), { recursive: true, mode: 0o700 });
  } catch {
    return undefined; // it may not be written: the upload can still be made
  }
  return stateFile(join(folder, "uploads", `${hash}.json`));
}

async function sourcesOf(paths: readonly string[]): Promise<UploadSource[]> {
  const { fromDirectory } = await import("../../files/from_directory.ts");
  const { stat } = await import("node:fs/promises");
  const sources: UploadSource[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) {
      throw usage(`Cannot read '${path}': there is no such file or folder.`);
    }
    if (found.isDirectory()) {
      sources.push(...await fromDirectory(path));
      continue;
    }
    const name = basename(path);
    const beside = await fromDirectory(dirname(path));
    sources.push(...beside.filter((source) => source.path === name));
  }
  if (sources.length === 0) {
    throw usage(`There is no file in ${paths.join(", ")}.`);
  }
  return sources;
}

function pick(
  options: Given["options"],
  inputs: readonly Input[],
): Given["options"] {
  const names = inputs.map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => names.includes(name)),
  );
}
