/**
 * A file as a stream that holds it open no longer than it is read.
 *
 * @module
 */

import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { ByteStream } from "../uploads/sources.ts";
import { codeOf, refused } from "./paths.ts";
import { openPlain } from "./plain_file.ts";

/** How many bytes are read at a time. */
const CHUNK = 65_536;

/** A file as it was when it was listed. */
export interface ListedFile {
  /** Its path. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** What the system said of it. */
  readonly info: BigIntStats;
}

/**
 * Lists a file: opens it for a moment, to see that it can be read.
 *
 * @param path Its path, which must not be a symbolic link.
 * @returns The file.
 * @throws {InvalidArgumentError} If it can't be read, or is no file.
 */
export async function listFile(path: string): Promise<ListedFile> {
  // not by `access`: Deno wants a permission for it that has nothing to do with files
  const handle = await openFile(path);
  try {
    const info = await handle.stat({ bigint: true });
    // a pipe or a device has no size, and may never end
    if (!info.isFile()) throw notAFile(path);
    return { path, size: Number(info.size), info };
  } finally {
    await handle.close();
  }
}

/**
 * Makes the error for what is neither a file nor a folder.
 *
 * @param path Its path.
 * @returns The error.
 */
export function notAFile(path: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot read ${show(path)} as it is neither a file nor a folder`,
  );
}

/**
 * Reads a part of a file, lazily.
 *
 * @param file The file, which must still be the one that was listed.
 * @param start Offset of the first byte.
 * @param end Offset behind the last byte.
 * @returns The bytes.
 * @throws {InvalidArgumentError} If the part is not inside the file.
 */
export function readFile(
  file: ListedFile,
  start: number,
  end: number,
): ByteStream {
  const { path, size } = file;
  const isPart = Number.isSafeInteger(start) && Number.isSafeInteger(end) &&
    0 <= start && start <= end && end <= size;
  if (!isPart) {
    throw new InvalidArgumentError(
      `Cannot read bytes ${start} to ${end} of ${
        show(path)
      } as they must be inside its ${size} bytes`,
    );
  }
  const chunks = readChunks(file, start, end);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    // waits for a read that is under way, then closes the file
    async cancel() {
      await chunks.return();
    },
  }, { highWaterMark: 0 });
}

async function* readChunks(
  file: ListedFile,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const handle = await openFile(file.path);
  try {
    await checkSame(handle, file);
    let offset = start;
    while (offset < end) {
      const length = Math.min(CHUNK, end - offset);
      const chunk = new Uint8Array(length);
      const { bytesRead } = await handle.read(chunk, 0, length, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      yield bytesRead === length ? chunk : chunk.subarray(0, bytesRead);
    }
    // also when it was written to meanwhile
    await checkSame(handle, file);
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await openPlain(path);
  } catch (cause) {
    if (codeOf(cause) === "ELOOP") throw replaced(path, cause);
    throw refused(`read ${show(path)}`, cause);
  }
}

async function checkSame(
  handle: FileHandle,
  { path, info }: ListedFile,
): Promise<void> {
  const now = await handle.stat({ bigint: true });
  if (!now.isFile() || now.dev !== info.dev || now.ino !== info.ino) {
    throw replaced(path);
  }
  const what = `Cannot read ${show(path)} as`;
  if (now.size !== info.size) {
    throw new InvalidArgumentError(
      `${what} its size has changed since it was listed: from ${info.size} to ${now.size} bytes`,
    );
  }
  if (now.mtimeNs !== info.mtimeNs) {
    throw new InvalidArgumentError(
      `${what} it has changed since it was listed: from ${info.mtime.toISOString()} to ${now.mtime.toISOString()}`,
    );
  }
}

function replaced(path: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot read ${
      show(path)
    } as something else has taken its place since it was listed`,
    { cause },
  );
}
