/**
 * The bytes of a file as a stream: told progress, a limit for stalls, and a new
 * connection where one broke.
 *
 * @module
 */

import {
  ConnectionError,
  type FailedAttempt,
  InvalidResponseError,
  TimeoutError,
} from "../errors.ts";
import { withDeadline } from "../http/deadline.ts";
import { discard } from "../http/response.ts";
import type { FileRequest } from "./request.ts";
import type { FileVersion, Range } from "./version.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Controller = ReadableStreamDefaultController<Bytes>;

/** Which bytes a stream gives, and who is told of them. */
export interface StreamOptions {
  /** Asks for what is missing. */
  readonly request: FileRequest;
  /** The version of the file. */
  readonly version: FileVersion;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last byte; without it, the stream goes to the end of the file. */
  readonly end?: number | undefined;
  /** The response with these bytes, unread, if there is one already. */
  readonly first?: Response;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Told the number of bytes of every chunk. */
  readonly onBytes?: (count: number) => void;
  /** Called once when the stream has ended, however it did. */
  readonly release: () => void;
}

/**
 * Makes the stream of a file or of a part of it.
 *
 * @param options Which bytes it gives.
 * @returns The stream; nothing is read ahead of the reader.
 */
export function fileStream(options: StreamOptions): ReadableStream<Bytes> {
  const source = new FileSource(options);
  return new ReadableStream<Bytes>({
    start: (controller) => source.start(controller),
    pull: (controller) => source.pull(controller),
    cancel: () => source.end(),
  }, { highWaterMark: 0 });
}

/** Where the stream takes its bytes from. */
class FileSource {
  readonly #options: StreamOptions;
  /** Ends waits and requests when nobody wants the bytes any more. */
  readonly #ended = new AbortController();
  #reader: ReadableStreamDefaultReader<Bytes> | undefined;
  #isOpen: boolean;
  #position: number;
  /** Attempts that have failed since the last byte came. */
  #history: FailedAttempt[] = [];
  #forget: () => void = () => {};

  constructor(options: StreamOptions) {
    const { start, first } = options;
    this.#options = options;
    this.#position = start;
    this.#isOpen = first !== undefined;
    this.#reader = first?.body?.getReader();
  }

  /** An abort ends the stream at once, also between two reads. */
  start(controller: Controller): void {
    const { signal } = this.#options;
    const onAbort = () => {
      this.end();
      controller.error(signal.reason);
    };
    // it may have fired before anybody listened
    if (signal.aborted) return onAbort();
    this.#forget = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort);
  }

  /** Gives the next chunk, over as many connections as it takes. */
  async pull(controller: Controller): Promise<void> {
    const { signal } = this.#ended;
    try {
      for (;;) {
        const chunk = await this.#next();
        if (signal.aborted) return;
        if (chunk === undefined) {
          this.end();
          return controller.close();
        }
        if (chunk.byteLength === 0) continue;
        this.#count(chunk);
        return controller.enqueue(chunk);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.end();
      controller.error(error);
    }
  }

  /** Ends everything that is under way. */
  end(): void {
    if (this.#ended.signal.aborted) return;
    // nobody sees the reason; one of the platform's own would gather a stack
    this.#ended.abort("ended");
    this.#forget();
    this.#drop();
    this.#options.release();
  }

  #drop(): void {
    // never awaited: a cancel can hang on Node
    this.#reader?.cancel().catch(() => {});
    this.#reader = undefined;
  }

  /** The next chunk; undefined at the end. */
  async #next(): Promise<Bytes | undefined> {
    for (;;) {
      try {
        if (!this.#isOpen) await this.#open();
        const chunk = await this.#read();
        if (chunk === undefined) this.#checkEnd();
        return chunk;
      } catch (error) {
        // what `open` throws is final; what breaks afterwards goes on
        if (!this.#isOpen || !(error instanceof ConnectionError)) throw error;
        this.#isOpen = false;
        this.#drop();
        const { statusCode } = error;
        const attempt = this.#history.length + 1;
        this.#history.push({ attempt, statusCode, error, waitMs: null });
      }
    }
  }

  async #open(): Promise<void> {
    const { request, version, end } = this.#options;
    const { signal } = this.#ended;
    const range: Range = { start: this.#position, end, version };
    const response = await request.open(range, signal, this.#history);
    // the end may have come while the response was on its way
    if (signal.aborted) return discard(response);
    this.#reader = response.body?.getReader();
    this.#isOpen = true;
  }

  /** Reads a chunk; undefined where the connection has ended. */
  async #read(): Promise<Bytes | undefined> {
    const reader = this.#reader;
    if (!reader) return undefined;
    const { request: { internals, timeout } } = this.#options;
    const timeoutError = () =>
      this.#failure(`no bytes came for ${timeout} ms`, TimeoutError);
    const { value } = await withDeadline(
      { calls: internals.calls, timeout, timeoutError },
      () =>
        reader.read().catch((cause) => {
          const what = `the connection broke after ${this.#position} bytes`;
          throw this.#failure(what, ConnectionError, cause);
        }),
    );
    return value;
  }

  /** The connection has ended; the file may go on. */
  #checkEnd(): void {
    const { version } = this.#options;
    const { end = version.size } = this.#options;
    if (end === null || this.#position >= end) return;
    const what = `${this.#position} of ${end} bytes came`;
    throw this.#failure(what, ConnectionError);
  }

  #failure(
    what: string,
    Failure: typeof ConnectionError,
    cause?: unknown,
  ): ConnectionError {
    const { request } = this.#options;
    const about = request.about(this.#history);
    return new Failure(`Cannot ${request.action} as ${what}`, {
      ...about,
      cause,
    });
  }

  #count({ byteLength }: Bytes): void {
    const { version, request, onBytes } = this.#options;
    const { end = version.size } = this.#options;
    this.#position += byteLength;
    if (end !== null && this.#position > end) {
      throw new InvalidResponseError(
        `Cannot ${request.action} as more than the announced ${end} bytes came`,
        request.about(this.#history),
      );
    }
    this.#history = [];
    onBytes?.(byteLength);
  }
}
