/**
 * A file that has its name only when it is whole.
 *
 * @module
 */

import type { Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import { AvalaError, InvalidArgumentError } from "../errors.ts";
import { writeAll } from "./durable.ts";
import { reapLeftovers, resumablePaths, temporaryPath } from "./leftovers.ts";
import { moveTo } from "./move.ts";
import { PartJournal, type PartVersion } from "./part_journal.ts";
import { codeOf, reasonOf, refused } from "./paths.ts";
import { chunksOf, openPlain } from "./plain_file.ts";
import { type ByteRange, RangeSet } from "./ranges.ts";

/** A file that is to be there. */
export interface PartTarget {
  /** The path that it is to have. */
  readonly path: string;
  /** What can't be done when it fails. */
  readonly what: string;
  /** Permissions that it is to have exactly; those of all new files by default. */
  readonly mode: number | undefined;
  /** Whether what killed runs have left beside it is removed already. */
  readonly isSwept?: boolean;
}

/** A part that runs of the same target share. */
interface SharedPart {
  /** Path of the part. */
  readonly part: string;
  /** Path of its journal. */
  readonly journal: string;
  /** The journal. */
  readonly lines: PartJournal;
}

/** Bytes on their way into a file. */
export class PartFile {
  readonly #target: PartTarget;
  readonly #shared: SharedPart | undefined;
  #path: string;
  #handle: FileHandle;

  private constructor(
    target: PartTarget,
    path: string,
    handle: FileHandle,
    shared?: SharedPart,
  ) {
    this.#target = target;
    this.#path = path;
    this.#handle = handle;
    this.#shared = shared;
  }

  /**
   * Begins a file under a temporary name in the same folder. What killed runs left
   * there is removed.
   *
   * @param target The file.
   * @returns The file, empty.
   * @throws {InvalidArgumentError} If there can be no file.
   */
  static async create(target: PartTarget): Promise<PartFile> {
    if (!target.isSwept) await reapLeftovers(target.path, false);
    const path = temporaryPath(target.path);
    return new PartFile(target, path, await openNew(path, target));
  }

  /**
   * Goes on with a file that an earlier run has left, or begins one that a later
   * run can go on with.
   *
   * @param target The file.
   * @param version The version of the file that is wanted; what is there of another one is removed.
   * @returns The file.
   * @throws {InvalidArgumentError} If there can be no file.
   */
  static async resume(
    target: PartTarget,
    version: PartVersion,
  ): Promise<PartFile> {
    if (!target.isSwept) await reapLeftovers(target.path, true);
    const paths = resumablePaths(target.path);
    const known = await PartJournal.read(paths.journal, version);
    let handle = known && await openKnown(paths.part, known.done.end);
    const sync = async () => await handle?.datasync();
    try {
      let journal: PartJournal;
      if (known && handle) {
        if (target.mode !== undefined) {
          await handle.chmod(target.mode).catch(() => {});
        }
        journal = await PartJournal.resume(paths.journal, known, sync);
      } else {
        await unlink(paths.journal).catch(() => {});
        await unlink(paths.part).catch(() => {});
        handle = await openNew(paths.part, target);
        journal = await PartJournal.begin(paths.journal, version, sync);
      }
      const shared = { ...paths, lines: journal };
      return new PartFile(target, paths.part, handle, shared);
    } catch (error) {
      await handle?.close();
      throw error;
    }
  }

  /**
   * Whether a later run can go on with it.
   *
   * @returns `false` for one that nobody else finds.
   */
  get isResumable(): boolean {
    return this.#shared !== undefined;
  }

  /**
   * What is there already.
   *
   * @returns The parts.
   */
  get done(): RangeSet {
    return this.#shared?.lines.done ?? new RangeSet();
  }

  /**
   * Writes bytes.
   *
   * @param bytes The bytes.
   * @param position Where they go; behind the last ones by default.
   * @returns Nothing.
   * @throws {AvalaError} If they can't be written.
   */
  async write(bytes: Uint8Array, position?: number): Promise<void> {
    try {
      await writeAll(this.#handle, bytes, position);
    } catch (cause) {
      throw failed(this.#target, cause);
    }
  }

  /**
   * Notes that bytes are written, for a later run.
   *
   * @param range Which bytes.
   * @throws {AvalaError} If it can't be noted.
   */
  note(range: ByteRange): void {
    if (range.start < range.end) this.#shared?.lines.add(range);
  }

  /**
   * Hashes what is written.
   *
   * @param hash Takes the bytes.
   * @param start Offset of the first byte.
   * @returns Nothing.
   * @throws {AvalaError} If it can't be read.
   */
  async hash(hash: Hash, start: number): Promise<void> {
    try {
      for await (const chunk of chunksOf(this.#handle, start)) {
        hash.update(chunk);
      }
    } catch (cause) {
      throw failed(this.#target, cause);
    }
  }

  /**
   * Gives the whole file its name, in one step, and closes it.
   *
   * @param overwrite Whether a file with that name is replaced.
   * @param sync Whether its bytes are put on the disk first, so that a crash of the machine leaves no empty file.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If there is one that is not.
   * @throws {AvalaError} If it can't have the name.
   */
  async publish(overwrite: boolean, sync: boolean = true): Promise<void> {
    const { path } = this.#target;
    try {
      if (sync) await this.#handle.sync();
      await this.#shared?.lines.close();
      const isOurs = !this.#shared || await this.#claim(this.#shared.part);
      if (!isOurs) await this.#restore();
      await moveTo(this.#path, path, overwrite).catch(async (error) => {
        if (codeOf(error) !== "ENOENT") throw error;
        await this.#restore();
        await moveTo(this.#path, path, overwrite);
      });
      await this.#dropJournal(isOurs);
    } catch (cause) {
      throw codeOf(cause) === "EEXIST"
        ? alreadyThere(this.#target.what)
        : failed(this.#target, cause);
    }
    await this.#handle.close();
  }

  /**
   * Closes the file without giving it its name.
   *
   * @param keep Whether a later run is to go on with it, if it can.
   * @returns Nothing.
   */
  async abandon(keep: boolean): Promise<void> {
    await this.#shared?.lines.close().catch(() => {});
    await this.#handle.close().catch(() => {});
    if (keep && this.#shared) {
      const { part } = this.#shared;
      if (this.#path === part) return;
      // it could not have its name
      return await moveTo(this.#path, part, false).catch(() => {});
    }
    await unlink(this.#path).catch(() => {});
    if (this.#shared) await unlink(this.#shared.journal).catch(() => {});
  }

  /**
   * Removes the journal. A run whose part another one has published may have made
   * it anew: it is of no use without a part.
   */
  async #dropJournal(isOurs: boolean): Promise<void> {
    if (!this.#shared) return;
    const { part, journal } = this.#shared;
    const isUsed = !isOurs && await stat(part).then(() => true, () => false);
    if (!isUsed) await unlink(journal).catch(() => {});
  }

  /**
   * Takes the part out of the reach of other runs of the same target, which share
   * its name.
   *
   * @returns `false` when there is no such part, or another run's.
   */
  async #claim(shared: string): Promise<boolean> {
    const claimed = temporaryPath(this.#target.path);
    try {
      await rename(shared, claimed);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
    const [ours, there] = await Promise.all([
      this.#handle.stat({ bigint: true }),
      stat(claimed, { bigint: true }),
    ]);
    if (ours.ino === there.ino && ours.dev === there.dev) {
      this.#path = claimed;
      return true;
    }
    await moveTo(claimed, shared, false).catch(() => unlink(claimed));
    return false;
  }

  /** Writes the file anew that another process has removed: its bytes are there while it is open. */
  async #restore(): Promise<void> {
    const from = this.#handle;
    const path = temporaryPath(this.#target.path);
    const handle = await openNew(path, this.#target);
    this.#path = path;
    this.#handle = handle;
    try {
      for await (const chunk of chunksOf(from, 0)) {
        await writeAll(handle, chunk);
      }
      await handle.sync();
    } finally {
      await from.close();
    }
  }
}

/**
 * Makes the error for a file that is not to be replaced.
 *
 * @param what What can't be done.
 * @returns The error.
 */
export function alreadyThere(what: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot ${what} as there is a file already: give { overwrite: true } to replace it`,
  );
}

/** Opens the part of an earlier run, if it has the bytes that its journal tells of. */
async function openKnown(
  path: string,
  size: number,
): Promise<FileHandle | undefined> {
  const handle = await openPlain(path, constants.O_RDWR).catch(() => undefined);
  const info = await handle?.stat();
  if (info?.isFile() && info.size >= size) return handle;
  await handle?.close();
  return undefined;
}

async function openNew(
  path: string,
  { what, mode }: PartTarget,
): Promise<FileHandle> {
  try {
    const handle = await open(path, "wx+", mode ?? 0o666);
    // the system takes bits away that the process withholds from new files
    if (mode !== undefined) await handle.chmod(mode).catch(() => {});
    return handle;
  } catch (cause) {
    throw refused(what, cause);
  }
}

function failed({ what }: PartTarget, cause: unknown): AvalaError {
  if (cause instanceof AvalaError) return cause;
  return new AvalaError(
    `Cannot ${what} as writing failed: ${reasonOf(cause)}`,
    { cause },
  );
}
