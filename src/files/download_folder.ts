/**
 * A folder that files of a server are saved in.
 *
 * @module
 */

import { lstat, mkdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import process from "node:process";
import { InvalidArgumentError } from "../errors.ts";
import { show } from "../wire/options.ts";
import { reapFolder } from "./leftovers.ts";
import { codeOf, refused } from "./paths.ts";

/**
 * A folder that nothing is saved outside of, whatever links are in it. What killed
 * runs have left where something is to be saved is removed.
 */
export class DownloadFolder {
  /** Its path, without links. */
  readonly path: string;
  /** The folders in which files can be saved. */
  readonly #ready = new Set<string>();

  /**
   * Constructs a folder.
   *
   * @param path Its path, without links.
   */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes a folder, with all folders above it.
   *
   * @param path Its path.
   * @returns The folder.
   * @throws {InvalidArgumentError} If it can't be made.
   */
  static async make(path: string): Promise<DownloadFolder> {
    try {
      await mkdir(path, { recursive: true });
      return new DownloadFolder(await realpath(path));
    } catch (cause) {
      throw codeOf(cause) === "EEXIST"
        ? new InvalidArgumentError(
          `Cannot save files in ${show(path)} as that is no folder`,
        )
        : refused(`save files in ${show(path)}`, cause);
    }
  }

  /**
   * Makes the folders above a file.
   *
   * @param path Path of the file inside the folder, with forward slashes.
   * @returns The whole path of the file.
   * @throws {InvalidArgumentError} If a link leads out of the folder, or a folder can't be made.
   */
  async prepare(path: string): Promise<string> {
    const target = join(this.path, path);
    const parent = dirname(target);
    if (this.#ready.has(parent)) return target;
    let folder = this.path;
    for (const name of path.split("/").slice(0, -1)) {
      folder = join(folder, name);
      await this.#makeFolder(folder, path);
    }
    await reapFolder(parent);
    this.#ready.add(parent);
    return target;
  }

  async #makeFolder(folder: string, path: string): Promise<void> {
    const what = `save ${show(path)} in ${show(this.path)}`;
    try {
      await mkdir(folder).catch((error) => {
        if (codeOf(error) !== "EEXIST") throw error;
      });
      if ((await lstat(folder)).isDirectory()) return;
      const target = await realpath(folder).catch(() => "");
      const root = this.path.endsWith(sep) ? this.path : this.path + sep;
      if (!target.startsWith(root)) {
        throw new InvalidArgumentError(
          `Cannot ${what} as ${
            show(folder)
          } is a link that does not lead to a folder inside: remove it, or choose another folder`,
        );
      }
      if ((await stat(target)).isDirectory()) return;
      throw new InvalidArgumentError(
        `Cannot ${what} as ${show(folder)} is no folder: remove it`,
      );
    } catch (cause) {
      if (cause instanceof InvalidArgumentError) throw cause;
      throw refused(what, cause);
    }
  }
}

/**
 * Tells whether a file system takes names for one that differ by case alone. It
 * asks for something that is there by a name in other case.
 *
 * @param path Path of a file or folder, which need not be there.
 * @returns Whether names are folded; that of the usual file system where nothing can tell.
 */
export async function foldsNames(path: string): Promise<boolean> {
  // Apple's systems fold unicode forms even where they heed case
  if (process.platform === "darwin") return true;
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const other = join(dirname(at), otherCase(basename(at)));
    if (other === at) continue;
    const [here, there] = await Promise.all([
      stat(at, { bigint: true }).catch(() => undefined),
      stat(other, { bigint: true }).catch(() => undefined),
    ]);
    if (!here) continue;
    return here.ino === there?.ino && here.dev === there.dev;
  }
  return process.platform === "win32";
}

function otherCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}
