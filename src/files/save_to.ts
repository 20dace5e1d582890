/**
 * Streams into files.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { stat } from "node:fs/promises";
import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import { alreadyThere, PartFile } from "./part_file.ts";
import { codeOf, refused, toPath } from "./paths.ts";

/** What can be saved: a `Download`, a `Response`, or anything with such a body. */
export interface Saveable {
  /** The bytes, unread. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

/** Options of {@linkcode saveTo}. */
export interface SaveOptions {
  /**
   * Whether a file that is there already is replaced.
   *
   * @default {false}
   */
  overwrite?: boolean | undefined;
  /**
   * Whether to compute the SHA-256 of the bytes on their way.
   *
   * @default {false}
   */
  sha256?: boolean | undefined;
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
    throw error;
  }
}

function checkArguments(download: Saveable, options: SaveOptions): void {
  const body = typeof download === "object" ? download?.body : undefined;
  if (body !== null && typeof body?.getReader !== "function") {
    throw new InvalidArgumentError(
      `Cannot save the download as it must have a body: current value is ${
        show(download)
      } (is an 'await' missing?)`,
    );
  }
  if (body?.locked) {
    throw new InvalidArgumentError(
      "Cannot save the download as its body is being read already",
    );
  }
  for (const name of ["overwrite", "sha256"] as const) {
    const value = options[name];
    if (value === undefined || typeof value === "boolean") continue;
    throw new InvalidArgumentError(
      `Cannot save the download as '${name}' must be a boolean: current value is ${
        show(value)
      }`,
    );
  }
}

async function save(
  path: string,
  { body }: Saveable,
  { overwrite = false, sha256 = false }: SaveOptions,
): Promise<SavedFile> {
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
  const part = await PartFile.create(path, what, mode);
  const hash = sha256 ? createHash("sha256") : undefined;
  try {
    const bytes = await fill(part, what, body, hash);
    await part.publish(overwrite);
    return { path, bytes, sha256: hash?.digest("hex") ?? null };
  } catch (error) {
    await part.discard();
    throw error;
  }
}

/** Writes all bytes. */
async function fill(
  part: PartFile,
  what: string,
  body: Saveable["body"],
  hash: Hash | undefined,
): Promise<number> {
  const reader = body?.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) break;
      if (!ArrayBuffer.isView(chunk.value)) {
        throw new InvalidArgumentError(
          `Cannot ${what} as its body must be a stream of bytes: current chunk is ${
            show(chunk.value)
          }`,
        );
      }
      hash?.update(chunk.value);
      await part.write(chunk.value);
      bytes += chunk.value.byteLength;
    }
    return bytes;
  } catch (error) {
    reader?.cancel(error).catch(() => {});
    throw error;
  }
}
