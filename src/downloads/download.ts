/**
 * Files behind presigned URLs, as streams.
 *
 * @module
 */

import { readBytes } from "../http/body.ts";
import { fromCaller } from "../http/deadline.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { FileVersion } from "./version.ts";

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
  /** Entity tag of this version of the file, or null when the server did not say. */
  readonly etag: string | null;
  /** When the file last changed, an HTTP date, or null when the server did not say. */
  readonly lastModified: string | null;
  /** Whether parts of the file can be asked for, as its version is known. */
  readonly canSlice: boolean;
  readonly #open: OpenPart;
  readonly #maxBytes: number;

  /**
   * Constructs a download.
   *
   * @param body The bytes.
   * @param version The version of the file.
   * @param contentType Media type, or null.
   * @param open Opens a part of the file.
   * @param maxBytes How many bytes may be read into memory.
   */
  constructor(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    version: FileVersion,
    contentType: string | null,
    open: OpenPart,
    maxBytes = Infinity,
  ) {
    this.body = body;
    this.size = version.size;
    this.contentType = contentType;
    this.etag = version.etag;
    this.lastModified = version.modified;
    this.canSlice = version.size !== null && version.validator !== null;
    this.#open = open;
    this.#maxBytes = maxBytes;
  }

  /**
   * Opens a part of the file over a connection of its own: of the same version, or
   * the stream fails. `body` is not touched by it.
   *
   * @param start Offset of the first byte.
   * @param end Offset behind the last byte.
   * @returns The bytes. Each part must be read to its end, or canceled.
   * @throws {InvalidArgumentError} If the part is not inside the file, or the version of the file is not known.
   */
  async slice(
    start: number,
    end: number,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const size = this.canSlice ? this.size ?? 0 : 0;
    const isInside = Number.isSafeInteger(start) &&
      Number.isSafeInteger(end) && 0 <= start && start < end && end <= size;
    if (!isInside) {
      throw new InvalidArgumentError(
        `Cannot open bytes ${start} to ${end} of the file as they must be inside its ${size} bytes of known version`,
      );
    }
    return await this.#open(start, end);
  }

  /**
   * Gives the download up: its connection ends, and what was not read is lost. A
   * download that is neither read nor given up holds its connection.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { assertEquals } from "@std/assert";
   *
   * await using client = new AsyncClient({
   *   apiKey: "avk_example",
   *   storageHosts: ["media.example.net"],
   *   fetch: () => Promise.resolve(new Response("a long film")),
   * });
   * await using film = await client.download("https://media.example.net/1.mp4");
   * assertEquals(film.contentType, "text/plain;charset=UTF-8");
   * // nobody reads it: `await using` gives it up
   * ```
   *
   * @returns A promise that is fulfilled at once.
   */
  cancel(): Promise<void> {
    // a body that is being read belongs to its reader
    if (!this.body.locked) this.body.cancel().catch(() => {});
    return Promise.resolve();
  }

  /**
   * Gives the download up at the end of an `await using` block.
   *
   * @returns A promise that is fulfilled at once.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel();
  }

  /**
   * Reads all bytes.
   *
   * @returns The bytes.
   * @throws {InvalidArgumentError} If there are more than `maxBytes` of its options.
   * @throws {ConnectionError} If the file does not arrive whole.
   * @throws {InvalidResponseError} If the file changes on its way.
   */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // no `Response` around the body: browsers hide its own error behind another
    const bytes = await this.#read();
    if (!bytes) {
      throw new InvalidArgumentError(
        `Cannot read the file into memory as it has more than the ${this.#maxBytes} bytes that 'maxBytes' allows: read 'body', or save it`,
      );
    }
    // alone in its buffer, as some want the buffer itself
    return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
  }

  async #read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return await readBytes(this.body, this.#maxBytes, this.size ?? 0);
    } catch (error) {
      throw fromCaller(error);
    }
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

/** Opens a part of a file. */
type OpenPart = (
  start: number,
  end: number,
) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
