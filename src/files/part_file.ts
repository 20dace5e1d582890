/**
 * A file that has its name only when it is whole.
 *
 * @module
 */

import { type FileHandle, link, open, rename, unlink } from "node:fs/promises";
import { AvalaError, InvalidArgumentError } from "../errors.ts";
import { writeAll } from "./durable.ts";
import { reapLeftovers, temporaryPath } from "./leftovers.ts";
import { codeOf, reasonOf, refused } from "./paths.ts";

/** What a file system says that has no hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];
const CHUNK = 1_048_576;

/** Bytes on their way into a file. */
export class PartFile {
  readonly #target: string;
  readonly #what: string;
  readonly #mode: number | undefined;
  #path: string;
  #handle: FileHandle;

  private constructor(
    target: string,
    what: string,
    mode: number | undefined,
    path: string,
    handle: FileHandle,
  ) {
    this.#target = target;
    this.#what = what;
    this.#mode = mode;
    this.#path = path;
    this.#handle = handle;
  }

  /**
   * Begins a file under a temporary name in the same folder. What killed runs left
   * there is removed.
   *
   * @param target Path that it is to have.
   * @param what What can't be done when it fails.
   * @param mode Permissions that it is to have exactly; those of all new files by default.
   * @returns The file, empty.
   * @throws {InvalidArgumentError} If there can be no file.
   */
  static async create(
    target: string,
    what: string,
    mode: number | undefined,
  ): Promise<PartFile> {
    await reapLeftovers(target);
    const path = temporaryPath(target);
    const handle = await openNew(path, what, mode);
    return new PartFile(target, what, mode, path, handle);
  }

  /**
   * Appends bytes.
   *
   * @param bytes The bytes.
   * @returns Nothing.
   * @throws {AvalaError} If they can't be written.
   */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#handle, bytes);
    } catch (cause) {
      throw failed(this.#what, cause);
    }
  }

  /**
   * Gives the whole file its name, in one step, and closes it.
   *
   * @param overwrite Whether a file with that name is replaced.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If there is one that is not.
   * @throws {AvalaError} If it can't have the name.
   */
  async publish(overwrite: boolean): Promise<void> {
    try {
      // on the disk before it has its name, so that a crash leaves no empty file
      await this.#handle.sync();
      await this.#name(overwrite).catch(async (error) => {
        if (codeOf(error) !== "ENOENT") throw error;
        await this.#restore();
        await this.#name(overwrite);
      });
    } catch (cause) {
      throw codeOf(cause) === "EEXIST"
        ? alreadyThere(this.#what)
        : failed(this.#what, cause);
    }
    await this.#handle.close();
  }

  /**
   * Gives the file up and closes it.
   *
   * @returns Nothing.
   */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await unlink(this.#path).catch(() => {});
  }

  async #name(overwrite: boolean): Promise<void> {
    if (overwrite) await rename(this.#path, this.#target);
    else await reserve(this.#path, this.#target);
  }

  /** Another process took the file for a leftover: its bytes are there while it is open. */
  async #restore(): Promise<void> {
    const from = this.#handle;
    const path = temporaryPath(this.#target);
    const handle = await openNew(path, this.#what, this.#mode);
    this.#path = path;
    this.#handle = handle;
    try {
      const chunk = new Uint8Array(CHUNK);
      for (let offset = 0;;) {
        const { bytesRead } = await from.read(chunk, 0, CHUNK, offset);
        if (bytesRead === 0) break;
        await writeAll(handle, chunk.subarray(0, bytesRead));
        offset += bytesRead;
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

/** Unlike a rename, a link never replaces a file that has come meanwhile. */
async function reserve(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? "")) throw error;
    await (await open(target, "wx")).close();
    await rename(path, target).catch(async (cause) => {
      await unlink(target);
      throw cause;
    });
    return;
  }
  await unlink(path).catch(() => {});
}

async function openNew(
  path: string,
  what: string,
  mode: number | undefined,
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

function failed(what: string, cause: unknown): AvalaError {
  if (cause instanceof AvalaError) return cause;
  return new AvalaError(
    `Cannot ${what} as writing failed: ${reasonOf(cause)}`,
    { cause },
  );
}
