/**
 * Bytes as they arrive, and what is told of them.
 *
 * @module
 */

import { Sha256 } from "./sha256.ts";

/** Bytes as they arrive. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>> | null;

/** What has arrived. */
export interface Received {
  /** Size in bytes. */
  size: number;
  /** SHA-256 in hex. */
  sha256: string;
  /** The bytes, where there was room for them. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
}

/** Takes bytes piece by piece; keeps them while there is room. */
export class Receiver {
  readonly #room: number;
  readonly #hash = new Sha256();
  #bytes: Uint8Array<ArrayBuffer> | undefined = new Uint8Array();
  #size = 0;

  /**
   * Constructs a receiver.
   *
   * @param room How many bytes are kept; of more, none.
   */
  constructor(room: number) {
    this.#room = room;
  }

  /**
   * Takes a piece.
   *
   * @param piece The piece.
   */
  add(piece: Uint8Array): void {
    this.#hash.update(piece);
    const start = this.#size;
    this.#size += piece.length;
    if (this.#size > this.#room) this.#bytes = undefined;
    if (!this.#bytes) return;
    if (this.#size > this.#bytes.length) {
      const larger = new Uint8Array(
        Math.min(this.#room, Math.max(this.#size, 2 * start)),
      );
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, start);
  }

  /**
   * Ends it.
   *
   * @returns What has arrived.
   */
  end(): Received {
    return {
      size: this.#size,
      sha256: this.#hash.hex(),
      bytes: this.#bytes?.slice(0, this.#size),
    };
  }
}

/**
 * Reads a body to its end.
 *
 * @param body The body.
 * @param room How many bytes are kept.
 * @returns What has arrived.
 */
export async function receive(body: ByteStream, room = 0): Promise<Received> {
  const receiver = new Receiver(room);
  for await (const chunk of chunksOf(body)) receiver.add(chunk);
  return receiver.end();
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
