/**
 * What a download of many files has to do.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "../errors.ts";
import {
  type DownloadedFile,
  JOURNAL_NAME,
  type KnownFiles,
} from "./dataset_journal.ts";
import { foldsNames } from "./download_folder.ts";
import { chunksOf, openPlain } from "./plain_file.ts";
import { placeFiles } from "./safe_path.ts";

/** A file on the server, as a listing tells of it. */
export interface RemoteFile {
  /** What tells it from all others. */
  readonly uid: string;
  /** Its key, the path that it is to have. */
  readonly key: string | null;
  /** Where its bytes are, as far as the listing tells. */
  readonly url: string | null;
  /** Its size in bytes, as far as the listing tells. */
  readonly size: number | null;
  /** When it last changed, as far as the listing tells. */
  readonly updatedAt: string | null;
  /** Its SHA-256, as far as the listing tells. */
  readonly sha256: string | null;
}

/** A file that has a path in the folder. */
export interface PlacedFile {
  /** The file on the server. */
  readonly remote: RemoteFile;
  /** Its key. */
  readonly key: string;
  /** Its path in the folder, with forward slashes. */
  readonly path: string;
  /** What an earlier run has downloaded, if it is still there as a whole. */
  readonly known: DownloadedFile | undefined;
  /** Permissions of the file that is there, if there is one. */
  readonly mode: number | undefined;
}

/** What has to be done. */
export interface DownloadPlan {
  /** Files to download. */
  readonly missing: PlacedFile[];
  /** Files that are there already. */
  readonly present: PlacedFile[];
  /** Files that can have no path in the folder. */
  readonly refused: { key: string; error: InvalidArgumentError }[];
}

/** How many files are looked at at a time. */
const LOOKS = 32;

/**
 * Compares a listing with a folder.
 *
 * @param files The listing.
 * @param folder Path of the folder, which need not be there.
 * @param known What its journal tells.
 * @param isWindows Whether names follow the rules of Windows.
 * @param signal Ends it.
 * @returns What has to be done, in the order of the listing.
 */
export async function planDownload(
  files: readonly RemoteFile[],
  folder: string,
  known: KnownFiles,
  isWindows: boolean,
  signal: AbortSignal,
): Promise<DownloadPlan> {
  const rules = {
    isWindows,
    foldsNames: await foldsNames(join(folder, JOURNAL_NAME)),
  };
  const paths = new Map<string, string>();
  for (const { key, path } of known.files.values()) paths.set(key, path);
  const places = placeFiles(files, rules, paths, [JOURNAL_NAME]);
  const plan: DownloadPlan = { missing: [], present: [], refused: [] };
  for (let index = 0; index < files.length; index += LOOKS) {
    signal.throwIfAborted();
    const some = files.slice(index, index + LOOKS);
    const looked = await Promise.all(some.map((remote) => {
      const place = places.get(remote.uid);
      if (typeof place === "string") {
        return lookAt(remote, place, folder, known);
      }
      const error = place ??
        new InvalidArgumentError(`Cannot place the file "${remote.uid}"`);
      plan.refused.push({ key: remote.key || remote.uid, error });
      return undefined;
    }));
    for (const file of looked) {
      if (!file) continue;
      const isPresent = file.known && isSame(file.remote, file.known);
      (isPresent ? plan.present : plan.missing).push(file);
    }
  }
  return plan;
}

async function lookAt(
  remote: RemoteFile,
  path: string,
  folder: string,
  { files, length }: KnownFiles,
): Promise<PlacedFile> {
  const key = remote.key ?? path;
  // nothing was ever downloaded into a folder without a journal
  const noted = files.get(key);
  const info = length === undefined
    ? undefined
    : await lstat(join(folder, path)).catch(() => undefined);
  const isThere = noted?.path === path && info?.isFile() &&
    info.size === noted.size;
  const mode = info?.isFile() ? info.mode & 0o777 : undefined;
  return { remote, key, path, known: isThere ? noted : undefined, mode };
}

/** Tells whether a listing tells of the version that is there. */
function isSame(remote: RemoteFile, known: DownloadedFile): boolean {
  return remote.updatedAt === known.updatedAt &&
    (remote.size === null || remote.size === known.size) &&
    (remote.sha256 === null || known.sha256 === null ||
      remote.sha256 === known.sha256);
}

/**
 * Hashes a file.
 *
 * @param path Its path.
 * @returns Its SHA-256, or null when it can't be read.
 */
export async function hashFile(path: string): Promise<string | null> {
  const handle = await openPlain(path).catch(() => undefined);
  if (!handle) return null;
  try {
    const hash = createHash("sha256");
    for await (const chunk of chunksOf(handle, 0)) hash.update(chunk);
    return hash.digest("hex");
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
