/**
 * Bytes that are on the disk, not in the system's memory alone.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";

/**
 * Writes all bytes: a single write may take a part of them only.
 *
 * @param handle The file.
 * @param bytes The bytes.
 * @param position Where they go; behind the last ones that were written by default.
 * @returns Nothing.
 */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number | null = null,
): Promise<void> {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const length = bytes.byteLength - offset;
    const at = position === null ? null : position + offset;
    offset += (await handle.write(bytes, offset, length, at)).bytesWritten;
  }
}

/**
 * Puts the names in a folder on the disk, so that a crash does not undo a rename.
 * Not every system can do so (Windows can't); then it does nothing.
 *
 * @param folder Path of the folder.
 * @returns Nothing.
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  if (!handle) return;
  try {
    await handle.sync();
  } catch {
    // the files themselves are on the disk
  } finally {
    await handle.close();
  }
}
