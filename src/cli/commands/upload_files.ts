/**
 * The work of the commands that upload.
 *
 * @module
 */

import { basename } from "jsr:@std/path@^1.1.4/basename";
import { dirname } from "jsr:@std/path@^1.1.4/dirname";
import { join } from "jsr:@std/path@^1.1.4/join";
import { resolve } from "jsr:@std/path@^1.1.4/resolve";
import type { AsyncClient } from "../../client.ts";
import type { UploadSource } from "../../uploads/sources.ts";
import type { Context, Given, Input } from "../command.ts";
import { usage } from "../exits.ts";
import { refuseFailures, type Transferred } from "../failures.ts";
import { optionsLike } from "../inputs.ts";
import { printEntries, printResult } from "../print.ts";
import { withProgress } from "../progress.ts";

/**
 * Sends files that become a dataset later.
 *
 * @param context What the command works with.
 * @param name Name that the dataset is to get.
 * @param paths The files, and folders with files.
 * @param options The options of the command.
 */
export async function sendLoose(
  context: Context,
  name: string,
  paths: readonly string[],
  options: Given["options"],
): Promise<void> {
  const sources = await sourcesOf(paths);
  await printUploaded(
    context,
    await sendFiles(context, name, sources, options),
  );
}

/**
 * Sends the files of a recording into storage that the service manages.
 *
 * @param context What the command works with.
 * @param uid Unique id of the recording.
 * @param paths The files, and folders with files.
 * @param options The options of the command.
 */
export async function sendManaged(
  context: Context,
  uid: string,
  paths: readonly string[],
  options: Given["options"],
): Promise<void> {
  const client = await context.client();
  const sources = await sourcesOf(paths);
  const result = await withProgress(
    context,
    (onProgress) =>
      client.fleet.uploads.uploadManagedRecording(
        uid,
        sources,
        { ...options, onProgress },
        { signal: context.signal },
      ),
  );
  await printResult(context, result);
}

/**
 * Sends files and makes a dataset of them.
 *
 * @param context What the command works with.
 * @param paths The files, and folders with files.
 * @param options The options of the command.
 */
export async function makeDataset(
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
): Promise<Transferred> {
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

/**
 * Sends the files of a recording.
 *
 * @param context What the command works with.
 * @param uid Unique id of the recording.
 * @param paths The files, and folders with files.
 * @param options The options of the command.
 */
export async function sendRecording(
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
async function printUploaded(
  context: Context,
  done: Transferred,
): Promise<void> {
  const { failures, plan, ...rest } = done;
  if (plan) return await printEntries(context, { entries: plan }, undefined);
  await printResult(context, { ...rest, failures: failures.length });
  refuseFailures(context, done);
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
