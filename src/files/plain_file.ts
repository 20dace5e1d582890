/**
 * Files that are opened as what they are.
 *
 * @module
 */

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

// Windows has neither of the last two
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * Opens a file without following a link, or waiting for the other end of a pipe,
 * where the system can do so.
 *
 * @param path Path of the file.
 * @param flags How to open it; to read it by default.
 * @returns The file; whether it is one, its `stat` tells.
 */
export async function openPlain(
  path: string,
  flags: number = O_RDONLY,
): Promise<FileHandle> {
  return await open(path, flags | O_NOFOLLOW | O_NONBLOCK);
}

/** How many bytes are read at a time. */
const CHUNK = 262_144;

/**
 * Reads a file to its end.
 *
 * @param handle The file.
 * @param start Offset of the first byte.
 * @returns The bytes; each chunk is written over by the next.
 */
export async function* chunksOf(
  handle: FileHandle,
  start: number,
): AsyncGenerator<Uint8Array, void> {
  const chunk = new Uint8Array(CHUNK);
  for (let offset = start;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
