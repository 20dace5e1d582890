/**
 * The stream of a download: told progress, a limit for stalls, and a new
 * connection where one broke.
 *
 * @module
 */

import { Download, type DownloadProgress } from "./download.ts";
import {
  ConnectionError,
  InvalidResponseError,
  TimeoutError,
} from "../errors.ts";
import type { FileRequest } from "./request.ts";
import { type FileVersion, versionOf } from "./version.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Controller = ReadableStreamDefaultController<Bytes>;

/**
 * Makes a download of the first answer to a request.
 *
 * @param request Asks for what is missing, when the connection breaks.
 * @param first The first answer, unread.
 * @param signal Ends the stream.
 * @param onProgress Called after every chunk.
 * @param release Called once when the stream has ended, however it did.
 * @returns The download.
 */
export function toDownload(
  request: FileRequest,
  first: Response,
  signal: AbortSignal,
  onProgress: ((progress: DownloadProgress) => void) | undefined,
  release: () => void,
): Download {
  const source = new DownloadSource(request, first, onProgress, release);
  // nothing is read ahead of the reader
  const body = new ReadableStream<Bytes>({
    start: (controller) => source.start(controller, signal),
    pull: (controller) => source.pull(controller),
    cancel: () => source.end(),
  }, { highWaterMark: 0 });
  return new Download(body, source.size, first.headers.get("content-type"));
}

/** Where the stream takes its bytes from. */
class DownloadSource {
  readonly #request: FileRequest;
  readonly #version: FileVersion;
  readonly #onProgress: ((progress: DownloadProgress) => void) | undefined;
  readonly #release: () => void;
  /** Ends waits and requests when nobody wants the bytes any more. */
  readonly #ended = new AbortController();
  #reader: ReadableStreamDefaultReader<Bytes> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #forget: () => void = () => {};
  #bytes = 0;

  constructor(
    request: FileRequest,
    first: Response,
    onProgress: ((progress: DownloadProgress) => void) | undefined,
    release: () => void,
  ) {
    this.#request = request;
    this.#version = versionOf(first.headers);
    this.#reader = first.body?.getReader();
    this.#onProgress = onProgress;
    this.#release = release;
  }

  get size(): number | null {
    return this.#version.size;
  }

  /** An abort ends the stream at once, also between two reads. */
  start(controller: Controller, signal: AbortSignal): void {
    const onAbort = () => {
      this.end();
      controller.error(signal.reason);
    };
    this.#forget = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort);
  }

  /** Gives the next chunk, over as many connections as it takes. */
  async pull(controller: Controller): Promise<void> {
    const { signal } = this.#ended;
    for (;;) {
      try {
        const chunk = await this.#next();
        if (signal.aborted) return;
        if (chunk?.byteLength === 0) continue;
        if (chunk) controller.enqueue(this.#count(chunk));
        else {
          this.#checkEnd();
          this.end();
          controller.close();
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        try {
          if (!(error instanceof ConnectionError)) throw error;
          await this.#reconnect(error);
        } catch (final) {
          if (signal.aborted) return;
          this.end();
          controller.error(final);
          return;
        }
      }
    }
  }

  /** Ends everything that is under way. */
  end(): void {
    this.#ended.abort();
    this.#forget();
    clearTimeout(this.#timer);
    this.#drop();
    this.#release();
  }

  #drop(): void {
    // never awaited: a cancel can hang on Node
    this.#reader?.cancel().catch(() => {});
    this.#reader = undefined;
  }

  /** The connection has ended; the file may go on. */
  #checkEnd(): void {
    const { size } = this;
    if (size === null || this.#bytes >= size) return;
    const what = `${this.#bytes} of ${size} bytes came`;
    throw this.#failure(what, ConnectionError);
  }

  /** Reads a chunk; nothing at the end. */
  #next(): Promise<Bytes | undefined> {
    const reader = this.#reader;
    if (!reader) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const { timeout } = this.#request;
      const timer = setTimeout(
        () =>
          reject(
            this.#failure(`no bytes came for ${timeout} ms`, TimeoutError),
          ),
        timeout,
      );
      this.#timer = timer;
      reader.read().then(({ value }) => {
        clearTimeout(timer);
        resolve(value);
      }, (cause) => {
        clearTimeout(timer);
        const what = `the connection broke after ${this.#bytes} bytes`;
        reject(this.#failure(what, ConnectionError, cause));
      });
    });
  }

  #failure(
    what: string,
    Failure: typeof ConnectionError,
    cause?: unknown,
  ): ConnectionError {
    const about = { ...this.#request.about(), cause };
    return new Failure(`Cannot download the file as ${what}`, about);
  }

  #count(chunk: Bytes): Bytes {
    const { size } = this;
    this.#bytes += chunk.byteLength;
    if (size !== null && this.#bytes > size) {
      throw new InvalidResponseError(
        `Cannot download the file as more than the announced ${size} bytes came`,
        this.#request.about(),
      );
    }
    this.#request.progressed();
    this.#onProgress?.({ bytes: this.#bytes, size });
    return chunk;
  }

  async #reconnect(error: ConnectionError): Promise<void> {
    this.#drop();
    const { signal } = this.#ended;
    const response = await this.#request.resume(
      error,
      this.#version,
      this.#bytes,
      signal,
    );
    this.#reader = response.body?.getReader();
    // the end may have come while the answer was on its way
    if (signal.aborted) this.#drop();
  }
}
