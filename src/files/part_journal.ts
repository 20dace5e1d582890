/**
 * The journal beside a part of a file: which bytes of which version are there.
 *
 * Bytes are put on the disk before the line that tells of them, so that a crash of
 * the machine leaves no line without its bytes.
 *
 * @module
 */

import { AvalaError } from "../errors.ts";
import { Journal, readJournal } from "./journal.ts";
import { type ByteRange, RangeSet } from "./ranges.ts";

/** A version of a file. */
export interface PartVersion {
  /** Its size in bytes. */
  readonly size: number;
  /** Its entity tag, or null. */
  readonly etag: string | null;
  /** When it last changed, as the server says it, or null. */
  readonly modified: string | null;
}

/** Keeps which bytes are there. */
export class PartJournal {
  /** What is there, as far as the journal tells. */
  readonly done: RangeSet;
  readonly #journal: Journal;
  readonly #sync: () => Promise<void>;
  #waiting: ByteRange[] = [];
  #writing: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  private constructor(
    journal: Journal,
    done: RangeSet,
    sync: () => Promise<void>,
  ) {
    this.#journal = journal;
    this.done = done;
    this.#sync = sync;
  }

  /**
   * Reads which bytes an earlier run has got.
   *
   * @param path Path of the journal.
   * @param version The version of the file that is wanted.
   * @returns What is there; nothing when it is that of another version, or can't be read.
   */
  static async read(
    path: string,
    version: PartVersion,
  ): Promise<{ done: RangeSet; length: number } | undefined> {
    const done = new RangeSet();
    let isSame = false;
    const length = await readJournal(path, (entry, line) => {
      const { start, end, size, etag, modified } = entry;
      if (line === 1) {
        isSame = size === version.size && etag === version.etag &&
          modified === version.modified;
      } else if (typeof start === "number" && typeof end === "number") {
        done.add({ start, end });
      }
    }, "").catch((error) => {
      // it is beside a part that is no use without it
      if (error instanceof AvalaError) return undefined;
      throw error;
    });
    return isSame && length ? { done, length } : undefined;
  }

  /**
   * Goes on with a journal.
   *
   * @param path Its path.
   * @param known What was read of it.
   * @param known.done What is there.
   * @param known.length The length of the journal.
   * @param sync Puts the bytes of the part on the disk.
   * @returns The journal.
   * @throws {InvalidArgumentError} If it can't be written.
   */
  static async resume(
    path: string,
    { done, length }: { done: RangeSet; length: number },
    sync: () => Promise<void>,
  ): Promise<PartJournal> {
    return new PartJournal(await Journal.open(path, length), done, sync);
  }

  /**
   * Begins a journal.
   *
   * @param path Its path.
   * @param version The version of the file.
   * @param sync Puts the bytes of the part on the disk.
   * @returns The journal.
   * @throws {AvalaError} If it can't be written.
   */
  static async begin(
    path: string,
    version: PartVersion,
    sync: () => Promise<void>,
  ): Promise<PartJournal> {
    const journal = await Journal.open(path, 0);
    const { size, etag, modified } = version;
    await journal.append({ size, etag, modified });
    return new PartJournal(journal, new RangeSet(), sync);
  }

  /**
   * Notes that bytes are written. It does not wait for the disk.
   *
   * @param range Which bytes.
   * @throws {AvalaError} If what was noted before could not be written.
   */
  add(range: ByteRange): void {
    if (this.#failure) throw this.#failure.error;
    this.#waiting.push(range);
    this.#writing ??= this.#write();
  }

  /**
   * Waits until all that was noted is on the disk, and closes the journal.
   *
   * @returns Nothing.
   */
  async close(): Promise<void> {
    await this.#writing;
    await this.#journal.close();
  }

  /** Writes what was noted, and what is noted meanwhile; a failure comes out later. */
  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const ranges = this.#waiting.splice(0);
        await this.#sync();
        const lines = ranges.map(({ start, end }) =>
          this.#journal.append({ start, end })
        );
        await Promise.all(lines);
        for (const range of ranges) this.done.add(range);
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#writing = undefined;
  }
}
