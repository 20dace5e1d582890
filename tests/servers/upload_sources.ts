/**
 * Files that are made as they are read, and told when they are closed.
 *
 * @module
 */

import type { ByteStream, UploadSource } from "@avala/client";

/** A made file; it counts how often it was opened, and how often it is open. */
export interface MadeSource extends UploadSource {
  /** How often it was opened. */
  opened: number;
  /** How often it is open now. */
  open: number;
}

/** What a made file does wrong. */
export interface Mischief {
  /** Gives this many bytes more (or fewer) than its size. */
  extra?: number;
  /** Fails after this many bytes. */
  failAfter?: number;
  /** Gives nothing after this many bytes. */
  stallAfter?: number;
}

/** Makes a file of repeated bytes, without a method to slice it. */
export function made(
  path: string,
  size: number,
  { extra = 0, ...mischief }: Mischief = {},
): MadeSource {
  const source: MadeSource = {
    path,
    size,
    opened: 0,
    open: 0,
    stream: () => streamOf(source, 0, size + extra, mischief),
  };
  return source;
}

/** The same with a method to slice it. */
export function sliceable(path: string, size: number): MadeSource {
  const source = made(path, size);
  source.slice = (start, end) => streamOf(source, start, end);
  return source;
}

function streamOf(
  source: MadeSource,
  start: number,
  end: number,
  { failAfter = Infinity, stallAfter = Infinity }: Mischief = {},
): ByteStream {
  let at = start;
  source.opened++;
  source.open++;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (at >= failAfter) {
        source.open--;
        throw new Error("the disk is gone");
      }
      if (at >= stallAfter) await new Promise(() => {});
      if (at >= end) {
        source.open--;
        controller.close();
        return;
      }
      const last = Math.min(at + 65_536, end, failAfter, stallAfter);
      controller.enqueue(bytesAt(at, last - at));
      at = last;
    },
    cancel() {
      source.open--;
    },
  }, { highWaterMark: 0 });
}

/** Bytes that tell where in the file they are. */
export function bytesAt(
  offset: number,
  count: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    bytes[index] = (offset + index) % 251;
  }
  return bytes;
}

/** SHA-256 of bytes in hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(
    new Uint8Array(hash),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
