/**
 * Bodies that are streamed with their length known up front: presigned storage
 * takes no chunked bodies.
 *
 * @module
 */

import { show } from "./arguments.ts";
import { type AvalaError, InvalidArgumentError } from "./errors.ts";
import type { ByteStream } from "./sources.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What is sent: the bytes of a file, perhaps with some before and behind them. */
export interface Payload {
  /** The file, for messages. */
  readonly path: string;
  /** How many bytes of it are sent. */
  readonly size: number;
  /** Opens these bytes. */
  readonly open: () => ByteStream;
  /** These bytes as a blob, where the file is one. */
  readonly blob?: Blob | undefined;
  /** What is sent before them. */
  readonly head?: Uint8Array<ArrayBuffer>;
  /** What is sent behind them. */
  readonly tail?: Uint8Array<ArrayBuffer>;
}

/** A body on its way. */
export interface SizedBody {
  /** What `fetch` needs to send it. */
  readonly init: RequestInit & { headers: { [name: string]: string } };
  /**
   * Tells why the file could not be read to its end, once that is known.
   *
   * @returns The error, if there is one.
   */
  fault(): AvalaError | undefined;
  /** Closes the file, if it is still open. */
  close(): void;
}

/**
 * Makes a body whose length is known, in the way the runtime wants it.
 *
 * Bun, Node and workers send a stream under the `Content-Length` it is given,
 * Deno under the size of a `Blob`. Browsers set the length of blobs only.
 *
 * @param payload What is sent.
 * @param onBytes Told the number of bytes of the file that went out.
 * @returns The body.
 */
export async function sizedBody(
  payload: Payload,
  onBytes: (count: number) => void,
): Promise<SizedBody> {
  const { head = EMPTY, tail = EMPTY, blob } = payload;
  const size = head.length + payload.size + tail.length;
  if (blob?.size === payload.size && !keepsLength()) {
    const whole = new Blob([head, blob, tail]);
    return {
      init: { body: whole, headers: {} },
      fault: () => undefined,
      close: () => onBytes(payload.size),
    };
  }
  const { stream, fault, close } = read(payload, head, tail, onBytes);
  if (size === 0) {
    // an empty stream would be sent in chunks; it must prove to be empty first
    const opened = stream.getReader();
    await opened.read().catch(() => {});
    return { init: { body: EMPTY, headers: {} }, fault, close };
  }
  const init: RequestInit & { duplex?: "half" } = { duplex: "half" };
  const length = { "content-length": String(size) };
  const { FixedLengthStream } = globalThis as Hosts;
  if ("Deno" in globalThis) {
    init.body = new SizedBlob(stream, size);
    return { init: { ...init, headers: {} }, fault, close };
  }
  if (!keepsLength()) {
    init.body = await new Response(stream).blob().catch(() => EMPTY);
    return { init: { ...init, headers: {} }, fault, close };
  }
  init.body = FixedLengthStream
    ? stream.pipeThrough(new FixedLengthStream(size))
    : stream;
  return { init: { ...init, headers: length }, fault, close };
}

const EMPTY: Bytes = new Uint8Array(0);

/** What workers put on the global object. */
interface Hosts {
  FixedLengthStream?: new (
    size: number,
  ) => ReadableWritablePair<Bytes, Bytes>;
}

/** Tells whether the runtime lets a caller set `Content-Length`; browsers do not. */
function keepsLength(): boolean {
  const headers = { "content-length": "1" };
  return new Request("https://length.invalid/", { method: "PUT", headers })
    .headers.has("content-length");
}

/**
 * A stream in the shape of a blob: Deno sends chunks for a stream whatever its
 * headers say, but reads a blob as a stream and sends its size.
 */
class SizedBlob extends Blob {
  readonly #stream: ByteStream;
  readonly #size: number;

  constructor(stream: ByteStream, size: number) {
    super();
    this.#stream = stream;
    this.#size = size;
  }

  override get size(): number {
    return this.#size;
  }

  override stream(): ByteStream {
    return this.#stream;
  }
}

/**
 * Reads head, file and tail as one stream. The last bytes are held back until
 * the file has ended, so that one of another size never arrives whole.
 */
function read(
  payload: Payload,
  head: Bytes,
  tail: Bytes,
  onBytes: (count: number) => void,
): { stream: ByteStream; fault(): AvalaError | undefined; close(): void } {
  const { path, size } = payload;
  let reader: ReadableStreamDefaultReader<Bytes> | undefined;
  let fault: AvalaError | undefined;
  let held: Bytes = head;
  let count = 0;
  let closed = false;
  let sink: ReadableStreamDefaultController<Bytes> | undefined;
  const close = () => {
    if (closed) return;
    closed = true;
    reader?.cancel().catch(() => {});
    // whoever still reads must not wait for ever
    sink?.error(
      fault ?? new DOMException("The upload has ended", "AbortError"),
    );
  };

  const pull = async (
    controller: ReadableStreamDefaultController<Bytes>,
  ): Promise<void> => {
    try {
      reader ??= payload.open().getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (closed) return;
        if (done) break;
        if (!(value instanceof Uint8Array)) {
          throw new TypeError("its stream gives no bytes");
        }
        if (value.length === 0) continue;
        const ready = held;
        held = value;
        count += value.length;
        if (count > size) break;
        if (ready.length === 0) continue;
        controller.enqueue(ready);
        if (ready !== head) onBytes(ready.length);
        return;
      }
      if (count !== size) {
        throw new RangeError(
          `its stream gives ${
            count > size ? "more bytes than" : `${count} bytes instead of`
          } the ${size} of its size`,
        );
      }
      closed = true;
      if (held.length > 0) controller.enqueue(held);
      if (held !== head) onBytes(held.length);
      if (tail.length > 0) controller.enqueue(tail);
      controller.close();
    } catch (cause) {
      fault = new InvalidArgumentError(
        `Cannot upload ${show(path)} as ${
          cause instanceof Error ? cause.message : "its stream has failed"
        }`,
        { cause },
      );
      close();
    }
  };
  const stream: ByteStream = new ReadableStream<Bytes>({
    start(controller) {
      sink = controller;
    },
    pull,
    cancel: close,
  }, { highWaterMark: 0 });
  return { stream, fault: () => fault, close };
}
