/**
 * Streams into files.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import {
  type FileHandle,
  link,
  open,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { show } from "../wire/options.ts";
import { AvalaError, InvalidArgumentError } from "../errors.ts";
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

/** What a file system answers that has no hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/**
 * Saves a download as a file, without ever holding it whole in memory.
 *
 * The bytes go into a file with a temporary name (`.avala-….part`) in the same
 * folder, which gets its name when it is whole. So there is either the whole file
 * or none (with `overwrite` the new one or the old one). When the download fails
 * or is aborted, the temporary file is removed. A symbolic link at the target is
 * replaced, not followed.
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
    if (codeOf(cause) !== "ENOENT") throw refused(what, cause);
  });
  if (existing?.isDirectory()) {
    throw new InvalidArgumentError(`Cannot ${what} as that is a folder`);
  }
  if (existing && !overwrite) throw exists(what);
  const temporary = join(
    dirname(path),
    `.avala-${crypto.randomUUID()}.part`,
  );
  // what replaces a file is readable by nobody else than the file was
  const mode = (existing?.mode ?? 0o666) & 0o777;
  const handle = await open(temporary, "wx", mode).catch((cause) => {
    throw refused(what, cause);
  });
  const hash = sha256 ? createHash("sha256") : undefined;
  try {
    const bytes = await fill(handle, what, body, hash);
    await publish(temporary, path, what, overwrite);
    return { path, bytes, sha256: hash?.digest("hex") ?? null };
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Writes all bytes and closes the file, however that ends. */
async function fill(
  handle: FileHandle,
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
      await write(handle, chunk.value).catch((cause) => {
        throw failed(what, cause);
      });
      bytes += chunk.value.byteLength;
    }
    // on the disk before it has its name, so that a crash leaves no empty file
    await handle.sync().catch((cause) => {
      throw failed(what, cause);
    });
    return bytes;
  } catch (error) {
    reader?.cancel(error).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** A single write may take a part of the bytes only. */
async function write(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const length = bytes.byteLength - offset;
    offset += (await handle.write(bytes, offset, length)).bytesWritten;
  }
}

/** Gives the whole file its name, in one step. */
async function publish(
  temporary: string,
  path: string,
  what: string,
  overwrite: boolean,
): Promise<void> {
  try {
    if (!overwrite) await reserve(temporary, path);
    else await rename(temporary, path);
  } catch (cause) {
    throw codeOf(cause) === "EEXIST" ? exists(what) : failed(what, cause);
  }
}

/** Unlike a rename, a link never replaces a file that has come meanwhile. */
async function reserve(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? "")) throw error;
    await (await open(path, "wx")).close();
    await rename(temporary, path).catch(async (cause) => {
      await unlink(path);
      throw cause;
    });
    return;
  }
  await unlink(temporary);
}

function exists(what: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot ${what} as there is a file already: give { overwrite: true } to replace it`,
  );
}

function failed(what: string, cause: unknown): AvalaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AvalaError(`Cannot ${what} as writing failed: ${reason}`, {
    cause,
  });
}
