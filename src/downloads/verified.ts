/**
 * Bytes that are checked on their way.
 *
 * @module
 */

import { Sha256 } from "../uploads/sha256.ts";
import { InvalidResponseError } from "../errors.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a file must be. */
export interface Expected {
  /** What can't be done when it is not, for messages: `download the file`. */
  readonly action: string;
  /** Its size in bytes. */
  readonly size: number;
  /** SHA-256 of its bytes, 64 lowercase hex digits. */
  readonly sha256: string;
  /** What may explain other bytes, for messages. */
  readonly hint?: string;
}

/**
 * Checks the size and the SHA-256 of a file while it is read.
 *
 * @param body The bytes.
 * @param expected What they must be.
 * @returns The same bytes; the stream fails at once when there are too many, and at the end when they are others.
 */
export function verified(
  body: ReadableStream<Bytes>,
  { action, size, sha256, hint = "" }: Expected,
): ReadableStream<Bytes> {
  const reader = body.getReader();
  const hash = new Sha256();
  let bytes = 0;
  const broken = (why: string) =>
    new InvalidResponseError(`Cannot ${action} as ${why}${hint}`);
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (!done) {
        bytes += value.byteLength;
        if (bytes > size) {
          // never awaited: a cancel can hang on Node
          reader.cancel().catch(() => {});
          throw broken(`more bytes came than its ${size}`);
        }
        hash.update(value);
        return controller.enqueue(value);
      }
      if (bytes < size) throw broken(`${bytes} bytes came instead of ${size}`);
      if (hash.hex() !== sha256) {
        throw broken("its bytes have another SHA-256 than they must");
      }
      controller.close();
    },
    async cancel(reason) {
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
