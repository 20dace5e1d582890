/**
 * A file in parts.
 *
 * @module
 */

import { InvalidResponseError } from "../errors.ts";
import { show } from "../wire/options.ts";
import type { Step, UploadEngine } from "./engine.ts";
import type { FileMeter } from "./progress.ts";
import {
  type BlobSource,
  type ByteReader,
  type ByteStream,
  readerOf,
  type UploadSource,
} from "./sources.ts";
import type { StorageTarget } from "./storage_request.ts";
import type { Payload } from "./sized_body.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A part of a file. */
export interface FilePart {
  /** Its number, from 1. */
  readonly number: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind its last byte. */
  readonly end: number;
  /** Path of its file. */
  readonly path: string;
}

/**
 * Cuts a file into parts of one size, of which the last may be smaller.
 *
 * @example Usage
 * ```ts
 * import { partsOf } from "./parts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const ends = partsOf({ path: "a", size: 5 }, 2).map(({ end }) => end);
 * assertEquals(ends, [2, 4, 5]);
 * ```
 *
 * @param file The file.
 * @param file.path Its path.
 * @param file.size Its size.
 * @param partSize Bytes of a part.
 * @returns The parts; an empty file has one.
 */
export function partsOf(
  { path, size }: { path: string; size: number },
  partSize: number,
): FilePart[] {
  const count = Math.max(1, Math.ceil(size / partSize));
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    start: index * partSize,
    end: Math.min(size, (index + 1) * partSize),
    path,
  }));
}

/** Parts of a file that are to be stored. */
export interface PartsUpload {
  /** The file. */
  readonly source: UploadSource;
  /** Bytes of a part, as the server says. */
  readonly partSize: number | null;
  /** Number of parts, as the server says. */
  readonly partCount: number | null;
  /** Sizes of the parts that are stored, by number. */
  readonly stored: ReadonlyMap<number, number>;
  /** How many parts are sent at a time. */
  readonly concurrency?: number | undefined;
  /** How many addresses are asked for at a time, where not each part asks for its own. */
  readonly batch?: number;
  /**
   * Asks where parts go.
   *
   * @param parts The parts.
   * @param step Sends the request.
   * @returns Where each goes, by number.
   */
  addresses(
    parts: readonly FilePart[],
    step: Step,
  ): Promise<ReadonlyMap<number, Pick<StorageTarget, "url" | "headers">>>;
}

/**
 * Sends the parts of a file that are not stored, each again with a fresh address
 * until it is.
 *
 * @param engine Sends them.
 * @param upload The file, and what is known of its parts.
 * @param meter Counts the bytes.
 * @param signal Ends it.
 * @returns How many parts were sent.
 * @throws {InvalidResponseError} If the parts of the server do not make up the file.
 * @throws {AvalaError} If a part fails for good.
 */
export async function sendMissingParts(
  engine: UploadEngine,
  upload: PartsUpload,
  meter: FileMeter,
  signal: AbortSignal,
): Promise<number> {
  const { source, stored } = upload;
  const parts = checkParts(upload);
  const isStored = ({ number, start, end }: FilePart) =>
    stored.get(number) === end - start;
  for (const part of parts.filter(isStored)) meter.add(part.end - part.start);
  const missing = parts.filter((part) => !isStored(part));
  const reader = new PartReader(source);
  const concurrency = reader.isParallel ? upload.concurrency : 1;
  const batch = upload.batch ?? missing.length;
  try {
    for (let at = 0; at < missing.length; at += batch) {
      const some = missing.slice(at, at + batch);
      const known = upload.batch
        ? await engine.step((step) => upload.addresses(some, step), signal)
        : undefined;
      const send = (part: FilePart, inner: AbortSignal) =>
        engine.step(async (step) => {
          // the first attempt has its address from the batch
          const given = step.attempt === 1 ? known : undefined;
          const urls = given ?? await upload.addresses([part], step);
          const { url, headers } = urls.get(part.number) ?? {};
          const target: StorageTarget = { method: "PUT", url, headers };
          await step.send(target, reader.payload(part), meter);
        }, inner);
      const failures = await engine.forEach(some, send, signal, {
        concurrency,
      });
      if (failures[0]) throw failures[0].error;
    }
  } finally {
    reader.close();
  }
  return missing.length;
}

function checkParts(
  { source, partSize, partCount }: PartsUpload,
): FilePart[] {
  const parts = Number.isSafeInteger(partSize) && (partSize ?? 0) > 0
    ? partsOf(source, partSize ?? 0)
    : [];
  if (parts.length > 0 && parts.length === partCount) return parts;
  throw new InvalidResponseError(
    `Cannot upload ${
      show(source.path)
    } as the server wants ${partCount} parts of ${partSize} bytes for ${source.size} bytes`,
  );
}

/** Opens the parts of a file. */
export class PartReader {
  /** Whether parts can be opened in any order, several at a time. */
  readonly isParallel: boolean;
  readonly #source: UploadSource & Partial<BlobSource>;
  #reader: ByteReader | undefined;
  #position = 0;
  #rest: Bytes | undefined;

  /**
   * Constructs a reader.
   *
   * @param source The file.
   */
  constructor(source: UploadSource) {
    this.#source = source;
    this.isParallel = typeof source.slice === "function";
  }

  /**
   * Makes a part ready to be sent.
   *
   * @param part The part.
   * @returns What is sent.
   */
  payload({ path, number, start, end }: FilePart): Payload {
    return {
      path: `${path} (part ${number})`,
      file: path,
      size: end - start,
      open: () =>
        this.#source.slice?.(start, end) ?? this.#openInOrder(start, end),
      blob: this.#source.blob?.slice(start, end),
    };
  }

  /** Closes the file, if it is still open. */
  close(): void {
    this.#reader?.cancel().catch(() => {});
    this.#reader = undefined;
    this.#rest = undefined;
  }

  /**
   * Gives a part of a file that can only be read from its start: what was read
   * last goes on, anything else starts again.
   */
  #openInOrder(start: number, end: number): ByteStream {
    if (!this.#reader || this.#position !== start) {
      this.close();
      this.#position = 0;
      this.#reader = readerOf(this.#source.stream());
    }
    const isLast = end === this.#source.size;
    const pull = async (
      controller: ReadableStreamDefaultController<Bytes>,
    ): Promise<void> => {
      for (;;) {
        // behind the last part nothing may come, which only a read can tell
        if (this.#position >= end && !isLast) return controller.close();
        const chunk = await this.#next();
        if (!chunk) return controller.close();
        const from = Math.max(0, start - this.#position);
        const room = isLast ? chunk.length : end - this.#position;
        const to = Math.min(chunk.length, room);
        this.#position += to;
        if (to < chunk.length) this.#rest = chunk.subarray(to);
        if (from < to) return controller.enqueue(chunk.subarray(from, to));
      }
    };
    return new ReadableStream<Bytes>({
      pull,
      // a part that failed is read again, from the start of the file
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
  }

  async #next(): Promise<Bytes | undefined> {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest) return rest;
    const { done, value } = await this.#reader?.read() ??
      { done: true, value: undefined };
    return done ? undefined : value;
  }
}
