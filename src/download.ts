/**
 * Files behind presigned URLs, as streams.
 *
 * @module
 */

import { ConnectionError } from "./errors.ts";

type Chunk = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;

/** How far a download has come. */
export interface DownloadProgress {
  /** Bytes received. */
  bytes: number;
  /** Bytes in all, or null when the server did not say. */
  size: number | null;
}

/** Options of a download. */
export interface DownloadOptions {
  /** Called after every chunk. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * A file on its way. Its body can be read once: as a stream, or by one of the
 * methods.
 */
export class Download {
  /** The bytes. The stream fails when the connection breaks or bytes are missing. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Size in bytes, or null when the server did not say. */
  readonly size: number | null;
  /** Media type, or null when the server did not say. */
  readonly contentType: string | null;

  /**
   * Constructs a download.
   *
   * @param body The bytes.
   * @param size Size in bytes, or null.
   * @param contentType Media type, or null.
   */
  constructor(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    size: number | null,
    contentType: string | null,
  ) {
    this.body = body;
    this.size = size;
    this.contentType = contentType;
  }

  /**
   * Reads all bytes.
   *
   * @returns The bytes.
   * @throws {ConnectionError} If the file does not arrive whole.
   */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // no `Response` around the body: browsers hide its own error behind another
    const chunks: Uint8Array[] = [];
    let size = 0;
    const reader = this.body.getReader();
    for (
      let read = await reader.read();
      !read.done;
      read = await reader.read()
    ) {
      chunks.push(read.value);
      size += read.value.length;
    }
    const bytes = new Uint8Array(size);
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  }

  /**
   * Reads all bytes as UTF-8 text.
   *
   * @returns The text.
   * @throws {ConnectionError} If the file does not arrive whole.
   */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /**
   * Reads all bytes as JSON.
   *
   * @returns The parsed JSON.
   * @throws {ConnectionError} If the file does not arrive whole.
   * @throws {SyntaxError} If it is no JSON.
   */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/**
 * Wraps an answer's body: progress is told, a stall ends the stream after a time
 * limit, and the length is checked at the end.
 *
 * @param response The answer.
 * @param timeout Milliseconds that may pass between two chunks.
 * @param signal Ends the stream.
 * @param secrets Values that no error may show.
 * @param options Options of the download.
 * @param release Called once when the stream has ended, however it did.
 * @returns The download.
 */
export function toDownload(
  response: Response,
  timeout: number,
  signal: AbortSignal,
  secrets: () => string[],
  options: DownloadOptions,
  release: () => void,
): Download {
  const { headers } = response;
  // an encoded body has another length than its header says
  const length = headers.get("content-encoding")
    ? null
    : headers.get("content-length");
  const size = length !== null && /^\d+$/.test(length) ? Number(length) : null;
  const reader = response.body?.getReader();
  let bytes = 0;
  let fail: (reason: unknown) => void = () => {};
  const broken = (what: string, cause?: unknown) =>
    new ConnectionError(`Cannot download the file as ${what}`, {
      cause,
      secrets: secrets(),
    });
  const onAbort = () => {
    fail(signal.reason);
    reader?.cancel().catch(() => {});
  };
  const end = () => {
    signal.removeEventListener("abort", onAbort);
    release();
  };

  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      // an abort between two reads ends the stream as well
      fail = (reason) => {
        end();
        controller.error(reason);
      };
      signal.addEventListener("abort", onAbort);
    },
    async pull(controller) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const failIdle = fail;
      try {
        const chunk = await new Promise<Chunk>((resolve, reject) => {
          fail = reject;
          if (signal.aborted) return reject(signal.reason);
          timer = setTimeout(
            () => reject(broken(`no bytes came for ${timeout} ms`)),
            timeout,
          );
          const nothing = { done: true } as Chunk;
          const next = reader ? reader.read() : Promise.resolve(nothing);
          next.then(
            resolve,
            (cause) =>
              reject(
                broken(`the connection broke after ${bytes} bytes`, cause),
              ),
          );
        });
        if (!chunk.done) {
          bytes += chunk.value.byteLength;
          options.onProgress?.({ bytes, size });
          controller.enqueue(chunk.value);
          return;
        }
        if (size !== null && bytes !== size) {
          throw broken(`${bytes} of ${size} bytes came`);
        }
        end();
        controller.close();
      } catch (error) {
        end();
        reader?.cancel().catch(() => {});
        controller.error(error);
      } finally {
        fail = failIdle;
        clearTimeout(timer);
      }
    },
    cancel(reason) {
      end();
      reader?.cancel(reason).catch(() => {});
    },
  }, { highWaterMark: 0 });
  return new Download(body, size, headers.get("content-type"));
}
