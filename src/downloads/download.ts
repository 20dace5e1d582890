/**
 * Files behind presigned URLs, as streams.
 *
 * @module
 */

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
  /**
   * Gives the file's address anew when its signature has expired, at the start
   * or in the middle: read again what carried the address.
   */
  renew?: (() => string | Promise<string>) | undefined;
}

/**
 * A file on its way. Its body can be read once: as a stream, or by one of the
 * methods.
 *
 * A connection that breaks or stalls is made anew, and the file goes on where it
 * stopped, if the server can do so and names the version of the file
 * (`ETag` or `Last-Modified`). What arrives is the whole file as it was at the
 * start, or an error.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const emulator = new AvalaEmulator();
 * const { fetch } = emulator;
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const dataset = (await client.datasets.list()).items[0];
 * const job = await client.exports.create({ dataset: dataset?.uid });
 * await client.exports.wait(job.uid, { interval: 500 });
 *
 * emulator.fault({ path: "/download", truncate: true });
 * const download = await client.exports.download(job.uid);
 * const bytes = await download.bytes();
 * assertEquals(bytes.length, download.size);
 * ```
 */
export class Download {
  /** The bytes. The stream fails when they do not arrive whole. */
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
   * @throws {InvalidResponseError} If the file changes on its way.
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
   * @throws {InvalidResponseError} If the file changes on its way.
   */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /**
   * Reads all bytes as JSON.
   *
   * @returns The parsed JSON.
   * @throws {ConnectionError} If the file does not arrive whole.
   * @throws {InvalidResponseError} If the file changes on its way.
   * @throws {SyntaxError} If it is no JSON.
   */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}
