/**
 * A file as a stream that holds it open no longer than it is read.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";
import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { ByteStream } from "../uploads/sources.ts";
import { refused } from "./paths.ts";

/** How many bytes are read at a time. */
const CHUNK = 65_536;

/**
 * Reads a part of a file, lazily.
 *
 * @param file Path of the file.
 * @param size The size that it must still have.
 * @param start Offset of the first byte.
 * @param end Offset behind the last byte.
 * @returns The bytes.
 * @throws {InvalidArgumentError} If the part is not inside the file.
 */
export function readFile(
  file: string,
  size: number,
  start: number,
  end: number,
): ByteStream {
  const isPart = Number.isSafeInteger(start) && Number.isSafeInteger(end) &&
    0 <= start && start <= end && end <= size;
  if (!isPart) {
    throw new InvalidArgumentError(
      `Cannot read bytes ${start} to ${end} of ${
        show(file)
      } as they must be inside its ${size} bytes`,
    );
  }
  const chunks = readChunks(file, size, start, end);
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
  file: string,
  size: number,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const handle = await open(file, "r").catch((cause) => {
    throw refused(`read ${show(file)}`, cause);
  });
  try {
    await checkSize(handle, file, size);
    let offset = start;
    while (offset < end) {
      const length = Math.min(CHUNK, end - offset);
      const chunk = new Uint8Array(length);
      const { bytesRead } = await handle.read(chunk, 0, length, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      yield bytesRead === length ? chunk : chunk.subarray(0, bytesRead);
    }
    // also when it has grown meanwhile
    await checkSize(handle, file, size);
  } finally {
    await handle.close();
  }
}

async function checkSize(
  handle: FileHandle,
  file: string,
  size: number,
): Promise<void> {
  const now = (await handle.stat()).size;
  if (now === size) return;
  throw new InvalidArgumentError(
    `Cannot read ${
      show(file)
    } as its size has changed since it was listed: from ${size} to ${now} bytes`,
  );
}
