/**
 * The one reader of bodies: into one growing buffer, up to a limit.
 *
 * @module
 */

/** How much room is made before the first byte, at most. */
const FIRST_ROOM = 65_536;
/** How much room is made at once for a size that a header claims, in bytes. */
const CLAIMED_ROOM = 2 ** 26;

/**
 * Reads a body. Its chunks are copied, as a runtime may hand out small views on
 * large buffers; kept, they would hold far more memory than they have bytes.
 *
 * @param body The body.
 * @param limit How many bytes are read at most.
 * @param size How many bytes are expected, if that is known.
 * @returns The bytes, or undefined when there are more than the limit.
 */
export async function readBytes(
  body: ReadableStream<Uint8Array>,
  limit: number,
  size: number = 0,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes = new Uint8Array(Math.min(Math.max(size, 1_024), FIRST_ROOM));
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    const end = length + value.byteLength;
    if (end > limit) {
      // never awaited: a cancel can hang on Node
      reader.cancel().catch(() => {});
      return undefined;
    }
    if (end > bytes.byteLength) {
      const room = Math.max(end, bytes.byteLength * 2);
      // a size that is only claimed must not fill the memory
      const claimed = Math.min(size, Math.max(room, CLAIMED_ROOM));
      const larger = new Uint8Array(end <= size ? claimed : room);
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(value, length);
    length = end;
  }
}
