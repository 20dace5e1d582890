/**
 * A download into a file: as one stream, or in parts over several connections.
 *
 * @module
 */

import type { Hash } from "node:crypto";
import { AvalaError, InvalidArgumentError } from "../errors.ts";
import { show } from "../wire/options.ts";
import type { PartFile } from "./part_file.ts";
import { type ByteRange, split } from "./ranges.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Reader = ReadableStreamDefaultReader<Bytes>;

/** What can be saved: a `Download`, a `Response`, or anything with such a body. */
export interface Saveable {
  /** The bytes, unread. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

/** A file of which parts can be asked for, as of a `Download`. */
export interface Sliceable extends Saveable {
  /** Size in bytes. */
  readonly size: number;
  /** Entity tag of this version of the file, or null. */
  readonly etag: string | null;
  /** When the file last changed, or null. */
  readonly lastModified: string | null;
  /**
   * Opens a part over a connection of its own.
   *
   * @param start Offset of the first byte.
   * @param end Offset behind the last byte.
   * @returns The bytes.
   */
  slice(start: number, end: number): Promise<ReadableStream<Bytes>>;
}

/** How a file is filled. */
export interface FillOptions {
  /** What can't be done when it fails. */
  readonly what: string;
  /** How many connections there may be. */
  readonly connections: number;
  /** Takes the bytes that come in order from the start. */
  readonly hash: Hash | undefined;
  /** Told the number of bytes of every chunk. */
  readonly onBytes: (count: number) => void;
}

/** A part that one connection gets at a time, within bounds: two for each connection. */
const MIN_PART = 8_388_608;
const MAX_PART = 67_108_864;
/** How many bytes are gathered before they are written. */
const WRITE = 131_072;
/** How many bytes may be written before they are noted. */
const NOTE = 4_194_304;

/**
 * Tells whether parts of a file can be asked for.
 *
 * @param download The file.
 * @returns Whether it is one of known size and version.
 */
export function isSliceable(download: Saveable): download is Sliceable {
  return "canSlice" in download && download.canSlice === true;
}

/**
 * Writes what is missing of a file.
 *
 * @param part The file.
 * @param download Where the bytes come from.
 * @param options How.
 * @returns How many bytes it has then, and how many of them were hashed, from its start.
 * @throws {AvalaError} If the download or writing fails.
 */
export async function fillPart(
  part: PartFile,
  download: Saveable,
  options: FillOptions,
): Promise<{ bytes: number; hashed: number }> {
  const filling = new Filling(part, download, options);
  const bytes = await filling.run();
  return { bytes, hashed: options.hash ? filling.hashed : bytes };
}

/** One file being filled. */
class Filling {
  /** How many bytes from the start were hashed. */
  hashed = 0;
  readonly #part: PartFile;
  readonly #download: Saveable;
  readonly #options: FillOptions;
  readonly #readers = new Set<Reader>();
  /** What no connection has taken yet, in order. */
  #waiting: ByteRange[] = [];
  /** How many connections there are beside the stream that was open already. */
  #others = 0;
  #failure: { error: unknown } | undefined;
  /** Tells whether the server gives parts; Node 20 has no `Promise.withResolvers`. */
  #tellParts!: (givesParts: boolean) => void;
  /** Whether it does, once that is known. */
  readonly #givesParts = new Promise<boolean>((resolve) => {
    this.#tellParts = resolve;
  });

  constructor(part: PartFile, download: Saveable, options: FillOptions) {
    this.#part = part;
    this.#download = download;
    this.#options = options;
  }

  /** Fills the file, and tells its size. */
  async run(): Promise<number> {
    const download = this.#download;
    const { connections } = this.#options;
    const isOneStream = connections === 1 && !this.#part.isResumable;
    if (isOneStream || !isSliceable(download)) {
      return await this.#guard(this.#readAll());
    }
    const { size } = download;
    const gaps = this.#part.done.gaps(size);
    const missing = gaps.reduce((sum, { start, end }) => sum + end - start, 0);
    const length = Math.ceil(missing / (2 * connections));
    this.#waiting = split(
      gaps,
      Math.min(MAX_PART, Math.max(MIN_PART, length)),
    );
    // the stream that is open already begins at the start of the file
    const fromStart = this.#waiting[0]?.start === 0;
    this.#others = Math.min(
      this.#waiting.length,
      fromStart ? connections - 1 : connections,
    );
    const first = fromStart
      ? this.#readStart(download)
      : this.#insteadOfParts(download);
    const others = Array.from(
      { length: this.#others },
      () => this.#guard(this.#readParts(download)),
    );
    await Promise.allSettled([this.#guard(first), ...others]);
    this.#checkFailure();
    return size;
  }

  /** The first failure ends all connections. */
  async #guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#failure ??= { error };
      this.#tellParts(true);
      for (const reader of this.#readers) this.#drop(reader);
      throw this.#failure.error;
    }
  }

  /** Reads a stream of which nothing is known but its bytes. */
  async #readAll(): Promise<number> {
    const { body } = this.#download;
    let position = 0;
    if (!body) return position;
    const reader = this.#open(body);
    // copied, as a chunk of one byte may be a view of a large buffer
    const gathered = new Uint8Array(WRITE);
    let size = 0;
    const flush = async () => {
      if (size > 0) await this.#write(gathered.subarray(0, size), position);
      position += size;
      size = 0;
    };
    for (;;) {
      const chunk = await this.#readOrEnd(reader);
      if (!chunk || size + chunk.byteLength > WRITE) await flush();
      if (!chunk) return position;
      if (chunk.byteLength > WRITE) {
        await this.#write(chunk, position);
        position += chunk.byteLength;
        continue;
      }
      gathered.set(chunk, size);
      size += chunk.byteLength;
    }
  }

  /** Reads the stream from the start of the file, as far as no other connection has got. */
  async #readStart(download: Sliceable): Promise<void> {
    let range = this.#waiting.shift();
    if (!download.body || !range) return;
    const reader = this.#open(download.body);
    let position = range.start;
    let noted = position;
    try {
      while (range) {
        let rest = await this.#read(reader, position);
        while (range && rest.byteLength > 0) {
          const own = rest.subarray(0, range.end - position);
          await this.#write(own, position);
          position += own.byteLength;
          rest = rest.subarray(own.byteLength);
          const isEnd = position === range.end;
          if (isEnd || position - noted >= NOTE) {
            this.#part.note({ start: noted, end: position });
            noted = position;
          }
          if (isEnd) range = await this.#next(position, download.size);
        }
      }
    } finally {
      this.#part.note({ start: noted, end: position });
      this.#drop(reader);
    }
    // others may have left gaps in an earlier run
    await this.#readParts(download);
  }

  /** What follows in the stream, unless another connection has taken it. */
  async #next(position: number, size: number): Promise<ByteRange | undefined> {
    if (this.#waiting[0]?.start === position) return this.#waiting.shift();
    // who has taken it may be about to learn that the server gives no parts
    if (this.#others === 0 || await this.#givesParts) return undefined;
    this.#waiting = [];
    return position < size ? { start: position, end: size } : undefined;
  }

  /** Reads parts until none is left, the last ones first: the stream comes from the start. */
  async #readParts(download: Sliceable): Promise<void> {
    for (let range; (range = this.#waiting.pop()) !== undefined;) {
      const { start, end }: ByteRange = range;
      const reader = this.#open(await download.slice(start, end));
      let position = start;
      let noted = start;
      try {
        while (position < end) {
          const chunk = await this.#read(reader, position);
          this.#tellParts(true);
          await this.#write(chunk, position);
          position += chunk.byteLength;
          if (position - noted < NOTE) continue;
          this.#part.note({ start: noted, end: position });
          noted = position;
        }
      } catch (error) {
        if (position > start || !isWhole(error)) throw error;
        this.#tellParts(false);
        // unless others got theirs, the stream brings all of it
        if (this.#others === 0 || await this.#givesParts) throw error;
        return;
      } finally {
        this.#part.note({ start: noted, end: position });
        this.#drop(reader);
      }
    }
  }

  /** The start of the file is there: the stream is of use only when the server gives no parts. */
  async #insteadOfParts(download: Sliceable): Promise<void> {
    const { body, size } = download;
    if (this.#others === 0 || await this.#givesParts) {
      body?.cancel().catch(() => {});
      return;
    }
    this.#waiting = [{ start: 0, end: size }];
    await this.#readStart(download);
  }

  #open(body: ReadableStream<Bytes>): Reader {
    const reader = body.getReader();
    this.#readers.add(reader);
    if (this.#failure) this.#drop(reader);
    return reader;
  }

  #drop(reader: Reader): void {
    // never awaited: a cancel can hang
    reader.cancel().catch(() => {});
    this.#readers.delete(reader);
  }

  /** Reads a chunk of a file whose end is not reached yet. */
  async #read(reader: Reader, position: number): Promise<Bytes> {
    const chunk = await this.#readOrEnd(reader);
    if (chunk) return chunk;
    // a connection that was given up looks like one that has come to its end
    this.#checkFailure();
    throw new AvalaError(
      `Cannot ${this.#options.what} as the download ended after ${position} bytes`,
    );
  }

  async #readOrEnd(reader: Reader): Promise<Bytes | undefined> {
    const { value } = await reader.read();
    if (value === undefined || ArrayBuffer.isView(value)) return value;
    throw new InvalidArgumentError(
      `Cannot ${this.#options.what} as its body must be a stream of bytes: current chunk is ${
        show(value)
      }`,
    );
  }

  async #write(bytes: Bytes, position: number): Promise<void> {
    const { hash, onBytes } = this.#options;
    if (position === this.hashed) {
      hash?.update(bytes);
      this.hashed += bytes.byteLength;
    }
    await this.#part.write(bytes, position);
    onBytes(bytes.byteLength);
  }

  #checkFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/** Tells whether the server responded with the whole file instead of a part. */
function isWhole(error: unknown): boolean {
  return error instanceof AvalaError && error.statusCode === 200;
}
