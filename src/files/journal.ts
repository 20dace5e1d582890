/**
 * A journal: a file to which lines are appended, and which a process that is killed
 * leaves readable.
 *
 * Each line is a JSON array of a checksum and an entry. What follows the last whole
 * line is what a killed process was about to write, and counts as not written. A
 * line that is broken in front of a whole one means that something else wrote to the
 * file.
 *
 * A line is handed to the system as a whole, so nothing of it is lost when the
 * process ends. It is not put on the disk at once, as that takes longer than the
 * download of a small file: after a crash of the machine lines may be missing at the
 * end, or tell of files whose bytes are. So who reads a journal looks at the size of
 * what it tells of, and who writes one puts bytes on the disk before their line
 * where sizes can't tell.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { JsonObject } from "../wire/codec.ts";
import { isJsonObject } from "../wire/codec.ts";
import { AvalaError, InvalidArgumentError } from "../errors.ts";
import { show } from "../wire/options.ts";
import { writeAll } from "./durable.ts";
import { codeOf, reasonOf, refused } from "./paths.ts";
import { openPlain } from "./plain_file.ts";

const CHUNK = 65_536;
/** A longer line is none of ours. */
const MAX_LINE = 65_536;
const SUM_LENGTH = 8;
/** Where the entry begins: behind `["01234567",`. */
const HEAD_LENGTH = SUM_LENGTH + 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A journal that lines are appended to. */
export class Journal {
  readonly #path: string;
  readonly #handle: FileHandle;
  #waiting = "";
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /**
   * Opens a journal to append to it.
   *
   * @param path Its path.
   * @param end Length of what is there of it, as {@linkcode readJournal} gives it; 0 for a new one.
   * @returns The journal.
   * @throws {InvalidArgumentError} If it can't be written.
   */
  static async open(path: string, end: number): Promise<Journal> {
    const { O_WRONLY, O_APPEND, O_CREAT } = constants;
    let handle: FileHandle | undefined;
    try {
      handle = await openPlain(path, O_WRONLY | O_APPEND | O_CREAT);
      await handle.truncate(end);
      return new Journal(path, handle);
    } catch (cause) {
      await handle?.close();
      throw refused(`keep the journal ${show(path)}`, cause);
    }
  }

  /**
   * Appends an entry. Entries that come while others are written go together.
   *
   * @param entry The entry.
   * @returns Nothing; the end of the process does no harm to it by then.
   * @throws {AvalaError} If it can't be written; then no other can be.
   */
  append(entry: JsonObject): Promise<void> {
    this.#waiting += lineOf(entry);
    // a write that failed fails all others: it may have left a part of a line
    this.#next ??= this.#last.then(() => this.#write());
    return this.#next;
  }

  /**
   * Closes the journal, when all of it is written.
   *
   * @returns Nothing.
   */
  async close(): Promise<void> {
    await (this.#next ?? this.#last).catch(() => {});
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = "";
    this.#last = this.#next ?? this.#last;
    this.#next = undefined;
    try {
      await writeAll(this.#handle, encoder.encode(lines));
    } catch (cause) {
      throw new AvalaError(
        `Cannot keep the journal ${show(this.#path)} as writing failed: ${
          reasonOf(cause)
        }`,
        { cause },
      );
    }
  }
}

/**
 * Reads a journal.
 *
 * @param path Its path.
 * @param onEntry Called with each entry and the number of its line, from 1.
 * @param wayOut What the user can do when it is broken.
 * @returns The length of what is whole of it; undefined when there is none.
 * @throws {InvalidArgumentError} If it can't be read, or is broken.
 */
export async function readJournal(
  path: string,
  onEntry: (entry: JsonObject, line: number) => void,
  wayOut: string,
): Promise<number | undefined> {
  const what = `go on with the journal ${show(path)}`;
  let handle: FileHandle;
  try {
    handle = await openPlain(path);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    if (codeOf(cause) === "ELOOP") throw broken("it is a link");
    throw refused(what, cause);
  }
  try {
    if (!(await handle.stat()).isFile()) throw broken("it is no file");
    let number = 0;
    let end = 0;
    let torn: number | undefined;
    for await (const { line, length, isLast } of linesOf(handle)) {
      number++;
      const entry = isLast ? undefined : entryOf(line);
      if (!entry) {
        if (end === 0 && !isLast) throw broken("it holds something else");
        torn ??= number;
      } else if (torn !== undefined) throw broken(`its line ${torn} is broken`);
      else {
        onEntry(entry, number);
        end += length;
      }
    }
    return end;
  } catch (cause) {
    throw cause instanceof AvalaError ? cause : refused(what, cause);
  } finally {
    await handle.close();
  }

  function broken(why: string): InvalidArgumentError {
    return new InvalidArgumentError(`Cannot ${what} as ${why}: ${wayOut}`);
  }
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, SUM_LENGTH);
}

function lineOf(entry: JsonObject): string {
  const text = JSON.stringify(entry);
  return `["${sumOf(text)}",${text}]\n`;
}

function entryOf(line: Uint8Array): JsonObject | undefined {
  if (line.length <= HEAD_LENGTH) return undefined;
  const whole = decoder.decode(line);
  const text = whole.slice(HEAD_LENGTH, -1);
  if (whole !== `["${sumOf(text)}",${text}]`) return undefined;
  const entry: unknown = JSON.parse(text);
  return isJsonObject(entry) ? entry : undefined;
}

interface Line {
  /** The bytes before the end of the line; the first ones of a line that is too long. */
  readonly line: Uint8Array;
  /** Its length with the end of the line. */
  readonly length: number;
  /** Whether the end of the line is missing. */
  readonly isLast: boolean;
}

async function* linesOf(handle: FileHandle): AsyncGenerator<Line, void> {
  const chunk = new Uint8Array(CHUNK);
  let kept = new Uint8Array(0);
  let skipped = 0;
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, null);
    if (bytesRead === 0) break;
    const bytes = new Uint8Array(kept.length + bytesRead);
    bytes.set(kept);
    bytes.set(chunk.subarray(0, bytesRead), kept.length);
    let start = 0;
    for (
      let at = bytes.indexOf(10);
      at >= 0;
      at = bytes.indexOf(10, start)
    ) {
      const line = bytes.subarray(start, at);
      yield { line, length: line.length + 1 + skipped, isLast: false };
      skipped = 0;
      start = at + 1;
    }
    kept = bytes.slice(start);
    if (kept.length > MAX_LINE) {
      // no entry is that long, and its sum is that of no part of it
      skipped += kept.length - 1;
      kept = kept.slice(-1);
    }
  }
  if (kept.length + skipped > 0) {
    yield { line: kept, length: kept.length + skipped, isLast: true };
  }
}
