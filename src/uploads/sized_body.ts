/**
 * Bodies that are streamed with their length known up front: presigned storage
 * takes no chunked bodies.
 *
 * @module
 */

import type { AvalaError } from "../errors.ts";
import {
  type ByteReader,
  type ByteStream,
  readerOf,
  unreadable,
} from "./sources.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What is sent: the bytes of a file, perhaps with some before and behind them. */
export interface Payload {
  /** The file, for messages. */
  readonly path: string;
  /** The file whose part it is, if it is one. */
  readonly file?: string;
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
export interface OpenBody {
  /** What `fetch` needs to send it. */
  readonly init: RequestInit & { headers: { [name: string]: string } };
  /**
   * Tells why the body could not be read to its end, once that is known.
   *
   * @returns The error, if there is one.
   */
  fault(): AvalaError | undefined;
  /**
   * Tells whether the body was read to its end.
   *
   * @returns `false` when there is more to send.
   */
  isSent(): boolean;
  /** Counts the bytes that were not counted as they went out: they have arrived. */
  complete(): void;
  /** Closes the body, if it is still open. */
  close(): void;
}

/** Up to this size a file is one or two chunks, and cheaper sent as bytes. */
const SMALL = 131_072;

/**
 * Makes a body whose length is known, in the way the runtime wants it.
 *
 * Bun, Node and workers send a stream under the `Content-Length` it is given,
 * Deno under the size of a `Blob`. Browsers set the length of blobs only.
 *
 * @param payload What is sent.
 * @param onBytes Told the number of bytes of the file that went out.
 * @param signal Closes the file, whether or not the runtime reads on.
 * @returns The body.
 */
export async function sizedBody(
  payload: Payload,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<OpenBody> {
  const { head = EMPTY, tail = EMPTY, blob } = payload;
  const size = head.length + payload.size + tail.length;
  const isSmall = payload.size <= SMALL;
  const isCounted = !isSmall && keepsLength();
  if (blob && !isCounted && size > 0) {
    // without its type, which would become a header that nobody signed
    const body = size !== blob.size
      ? new Blob([head, blob, tail])
      : blob.type === ""
      ? blob
      : blob.slice(0, size);
    // Bun loses files on disk out of blobs of blobs
    if (body.size === size) {
      return {
        init: { body, headers: {} },
        fault: () => undefined,
        isSent: () => true,
        complete: () => onBytes(payload.size),
        close: () => {},
      };
    }
  }
  const { stream, fault, isSent, close } = read(
    payload,
    head,
    tail,
    isCounted ? onBytes : () => {},
  );
  // whether or not the runtime reads on; the signal lives as long as the attempt
  signal.addEventListener("abort", close);
  if (!isCounted) {
    const body = await gather(stream, size, isSmall);
    return {
      init: { body, headers: {} },
      fault,
      isSent,
      complete: () => onBytes(payload.size),
      close,
    };
  }
  const { FixedLengthStream } = globalThis as Hosts;
  const isDeno = "Deno" in globalThis;
  const init: OpenBody["init"] & { duplex: "half" } = {
    body: isDeno
      ? new SizedBlob(stream, size)
      : FixedLengthStream
      ? through(stream, new FixedLengthStream(size))
      : stream,
    headers: isDeno ? {} : { "content-length": String(size) },
    duplex: "half",
  };
  return { init, fault, isSent, complete: () => {}, close };
}

/** Pipes a stream; that it failed is told by its reader, not by the pipe. */
function through(
  stream: ByteStream,
  { readable, writable }: ReadableWritablePair<Bytes, Bytes>,
): ByteStream {
  stream.pipeTo(writable).catch(() => {});
  return readable;
}

/** Reads a stream to its end; one that fails gives nothing, and has told its fault. */
async function gather(
  stream: ByteStream,
  size: number,
  isSmall: boolean,
): Promise<Bytes | Blob> {
  try {
    if (!isSmall) return await new Response(stream).blob();
    const bytes = new Uint8Array(size);
    const reader = stream.getReader();
    let at = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes.set(value, at);
      at += value.length;
    }
    return bytes;
  } catch {
    return EMPTY;
  }
}

const EMPTY: Bytes = new Uint8Array(0);

/** What workers put on the global object. */
interface Hosts {
  FixedLengthStream?: new (
    size: number,
  ) => ReadableWritablePair<Bytes, Bytes>;
}

/**
 * Tells whether the runtime lets a caller set `Content-Length`; browsers do not.
 *
 * @returns `true` when bytes can be counted as they go out.
 */
export function keepsLength(): boolean {
  if (lengthKept === undefined) {
    const headers = { "content-length": "1" };
    const { headers: kept } = new Request("https://length.invalid/", {
      method: "PUT",
      headers,
    });
    lengthKept = kept.has("content-length");
  }
  return lengthKept;
}

let lengthKept: boolean | undefined;

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

/** How much of a blob is read at a time, in bytes. */
const SLICE = 2 ** 19;

/** Reads a blob slice by slice, which all runtimes do faster than its stream. */
class BlobReader implements ByteReader {
  readonly #blob: Blob;
  #position = 0;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  async read(): Promise<{ done: boolean; value?: Bytes }> {
    const start = this.#position;
    if (start >= this.#blob.size) return { done: true };
    this.#position += SLICE;
    const slice = this.#blob.slice(start, this.#position);
    return { done: false, value: new Uint8Array(await slice.arrayBuffer()) };
  }

  cancel(): Promise<void> {
    return Promise.resolve();
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
): Pick<OpenBody, "fault" | "isSent" | "close"> & { stream: ByteStream } {
  const { path, size, blob } = payload;
  let reader: ByteReader | undefined;
  let fault: AvalaError | undefined;
  let held: Bytes = head;
  let count = 0;
  let closed = false;
  let sent = false;
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
      if (closed) return;
      reader ??= blob ? new BlobReader(blob) : readerOf(payload.open());
      for (;;) {
        const { done, value } = await reader.read();
        if (closed) return;
        if (done) break;
        if (!value?.length) continue;
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
      closed = sent = true;
      if (held.length > 0) controller.enqueue(held);
      if (held !== head) onBytes(held.length);
      if (tail.length > 0) controller.enqueue(tail);
      controller.close();
    } catch (cause) {
      fault = unreadable(path, cause);
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
  return { stream, fault: () => fault, isSent: () => sent, close };
}
