/**
 * Bytes as they arrive, and what is told of them.
 *
 * @module
 */

import { Sha256 } from "./sha256.ts";

/** Bytes as they arrive. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>> | null;

/**
 * Reads a body to its end.
 *
 * @param body The body.
 * @returns Its size and hash.
 */
export async function digest(
  body: ByteStream,
): Promise<{ size: number; sha256: string }> {
  const hash = new Sha256();
  let size = 0;
  for await (const chunk of chunksOf(body)) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.hex() };
}

/**
 * Reads a body chunk by chunk.
 *
 * @param body The body.
 * @returns The chunks; none where there is no body.
 */
export async function* chunksOf(
  body: ByteStream,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
