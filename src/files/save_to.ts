/**
 * Streams into files.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { DownloadProgress } from "../downloads/download.ts";
import { InvalidArgumentError, InvalidResponseError } from "../errors.ts";
import { fromCaller } from "../http/deadline.ts";
import { notify } from "../http/hooks.ts";
import { positiveInteger, show } from "../wire/options.ts";
import { fillPart, isSliceable, type Saveable } from "./fill_part.ts";
import { alreadyThere, PartFile, type PartTarget } from "./part_file.ts";
import { checkOptions, codeOf, refused, toPath } from "./paths.ts";

export type { Saveable } from "./fill_part.ts";

/** Options of {@linkcode saveTo}. */
export interface SaveOptions {
  /**
   * Whether a file that is there already is replaced.
   *
   * @default {false}
   */
  overwrite?: boolean | undefined;
  /**
   * Whether to go on where an earlier call ended that failed or was killed, and to
   * leave what a later call can go on with. What there is of another version of the
   * file is dropped.
   *
   * @default {false}
   */
  resume?: boolean | undefined;
  /**
   * Over how many connections a file of 16 MiB or more comes, when the server gives
   * parts of it.
   *
   * @default {1}
   */
  connections?: number | undefined;
  /**
   * Whether to compute the SHA-256 of the bytes; or the one, in hexadecimal digits,
   * that they must have.
   *
   * @default {false}
   */
  sha256?: boolean | string | undefined;
  /** Called after every chunk; what it throws has no effect. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A file that was saved. */
export interface SavedFile {
  /** Its path. */
  path: string;
  /** How many bytes it has. */
  bytes: number;
  /** SHA-256 of the bytes in lowercase hexadecimal digits, or null when not asked for. */
  sha256: string | null;
}

/** A smaller file comes over one connection. */
const MIN_SIZE = 16_777_216;

/**
 * Saves a download as a file, without ever holding it whole in memory.
 *
 * The bytes go into a file with a temporary name (`.avala-….part`) in the same
 * folder, which gets its name when it is whole. So there is either the whole file
 * or none (with `overwrite` the new one or the old one, with the permissions of the
 * old one). When the download fails or is aborted, the temporary file is removed;
 * that of a process that was killed is removed by the next call in the same folder.
 * A symbolic link at the target is replaced, not followed.
 *
 * With `resume` the temporary file is left, together with a journal of which bytes
 * of which version are there, and the next call with `resume` asks only for the
 * rest. It is removed with the first call without `resume`, or after a week. With
 * `connections` a large file comes in parts over several connections, where the
 * server gives parts of a file and names its version.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { saveTo } from "@avala/client/files";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator({ pollsUntilExported: 1 });
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const dataset = (await client.datasets.list()).items[0];
 * const { uid } = await client.exports.create({ dataset: dataset?.uid });
 * await client.exports.wait(uid);
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/export.json`;
 * const saved = await saveTo(path, await client.exports.download(uid));
 * assertEquals((await Deno.stat(path)).size, saved.bytes);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path Path or `file:` URL of the file.
 * @param download What to save; its body is read, or canceled when that can't be.
 * @param options Options.
 * @returns The path and the number of bytes.
 * @throws {InvalidArgumentError} If there is a file already, or none can be there.
 * @throws {AvalaError} If the download or writing fails.
 */
export async function saveTo(
  path: string | URL,
  download: Saveable,
  options: SaveOptions = {},
): Promise<SavedFile> {
  try {
    checkArguments(download, options);
    const target = toPath(path, "save the download");
    return await save(target, download, options);
  } catch (error) {
    // a download that is not read holds its connection
    if (!download?.body?.locked) download?.body?.cancel().catch(() => {});
    throw fromCaller(error);
  }
}

const isBoolean = (value: unknown) =>
  typeof value === "boolean" ? undefined : "a boolean";

/** What each option must be. */
const CHECKS: {
  [Name in keyof Required<SaveOptions>]: (value: unknown) => string | undefined;
} = {
  overwrite: isBoolean,
  resume: isBoolean,
  connections: positiveInteger,
  sha256: (value) =>
    typeof value === "boolean" ||
      typeof value === "string" && /^[0-9a-f]{64}$/i.test(value)
      ? undefined
      : "a boolean or 64 hexadecimal digits",
  onProgress: (value) => typeof value === "function" ? undefined : "a function",
};

function checkArguments(download: Saveable, options: SaveOptions): void {
  const body = typeof download === "object" ? download?.body : undefined;
  if (body !== null && typeof body?.getReader !== "function") {
    throw new InvalidArgumentError(
      `Cannot save the download as it must have a body: current value is ${
        show(download)
      }`,
    );
  }
  if (body?.locked) {
    throw new InvalidArgumentError(
      "Cannot save the download as its body is being read already",
    );
  }
  checkOptions("saveTo", options, CHECKS);
}

async function save(
  path: string,
  download: Saveable,
  options: SaveOptions,
): Promise<SavedFile> {
  const { overwrite = false } = options;
  const what = `save the download as ${show(path)}`;
  const existing = await stat(path).catch((cause) => {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw refused(what, cause);
  });
  if (existing?.isDirectory()) {
    throw new InvalidArgumentError(`Cannot ${what} as that is a folder`);
  }
  if (existing && !overwrite) throw alreadyThere(what);
  // what replaces a file has the permissions of that file
  const mode = existing && existing.mode & 0o777;
  return await savePart({ path, what, mode }, download, options, true);
}

/**
 * Saves a download as a file that may be there.
 *
 * @param target The file.
 * @param download What to save.
 * @param options Options, checked.
 * @param sync Whether its bytes are put on the disk before it has its name.
 * @returns The path and the number of bytes.
 * @throws {AvalaError} If the download or writing fails.
 */
export async function savePart(
  target: PartTarget,
  download: Saveable,
  options: SaveOptions,
  sync: boolean,
): Promise<SavedFile> {
  const { overwrite = false, resume = false, sha256 = false } = options;
  const { path, what } = target;
  const sliceable = isSliceable(download) ? download : undefined;
  const size = sliceable?.size ?? null;
  const part = resume && sliceable
    ? await PartFile.resume(target, {
      size: sliceable.size,
      etag: sliceable.etag,
      modified: sliceable.lastModified,
    })
    : await PartFile.create(target);
  const hash = sha256 ? createHash("sha256") : undefined;
  let bytes = part.done.bytes;
  try {
    const filled = await fillPart(part, download, {
      what,
      connections: (size ?? 0) < MIN_SIZE ? 1 : options.connections ?? 1,
      hash,
      onBytes: (count) => {
        bytes += count;
        // what came in parts comes again where the server then gives none
        const told = Math.min(bytes, size ?? bytes);
        notify(options.onProgress, () => ({ bytes: told, size }));
      },
    });
    const digest = await digestOf(part, hash, filled);
    if (typeof sha256 === "string" && sha256.toLowerCase() !== digest) {
      throw new InvalidResponseError(
        `Cannot ${what} as its bytes have another SHA-256 than they must: ${digest} instead of ${sha256.toLowerCase()}`,
      );
    }
    await part.publish(overwrite, sync);
    return { path, bytes: filled.bytes, sha256: digest };
  } catch (error) {
    // bytes of another version are of no use
    await part.abandon(!(error instanceof InvalidResponseError));
    throw error;
  }
}

async function digestOf(
  part: PartFile,
  hash: Hash | undefined,
  { bytes, hashed }: { bytes: number; hashed: number },
): Promise<string | null> {
  if (!hash) return null;
  if (hashed < bytes) await part.hash(hash, hashed);
  return hash.digest("hex");
}
