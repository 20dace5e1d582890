/**
 * Temporary files, and what is left of them when a process is killed.
 *
 * Whether a process still writes to such a file can't always be told: it may run on
 * another machine, or asking may not be permitted. So who writes to one must bear
 * its loss, by writing the file anew.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { lstat, readdir, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { isRunning } from "./running.ts";

/** The name tells the target, the process and one file of it; the first two are missing in version 0.1.0. */
const NAME = /^\.avala-(?:([0-9a-f]{12})-(\d+)-)?[0-9a-f]{8}[0-9a-f-]*\.part$/;

/** What a later run can go on with. */
const RESUMABLE = /^\.avala-([0-9a-f]{12})-resume\.(?:part|jsonl)$/;

const DAY = 86_400_000;
/** Someone may come back to a large download after the weekend. */
const WEEK = 7 * DAY;
/** The coarsest clock of a file system (FAT). */
const CLOCK_STEP = 2_000;
/** A folder is looked through for a fifth of the time at most, however many files are saved into it. */
const REST = 4;
const MAX_FOLDERS = 1_000;

/** When a folder may be looked through again, by its path. */
const rests = new Map<string, number>();

/**
 * Names a temporary file beside the file that it is to become.
 *
 * @param target Path of that file.
 * @returns A path that is used by nobody else.
 */
export function temporaryPath(target: string): string {
  const id = crypto.randomUUID();
  return join(
    dirname(target),
    `.avala-${tagOf(target)}-${process.pid}-${id}.part`,
  );
}

/**
 * Names what a later run of the same target can go on with.
 *
 * @param target Path of the file that it is to become.
 * @returns The paths of the part and its journal.
 */
export function resumablePaths(
  target: string,
): { part: string; journal: string } {
  const stem = join(dirname(target), `.avala-${tagOf(target)}-resume`);
  return { part: `${stem}.part`, journal: `${stem}.jsonl` };
}

/**
 * Tells whether a file would be taken for a temporary one.
 *
 * @param path Path of the file.
 * @returns Whether it has the name of one.
 */
export function isTemporary(path: string): boolean {
  const name = basename(path);
  return NAME.test(name) || RESUMABLE.test(name);
}

/**
 * Removes the temporary files in a folder whose process was killed.
 *
 * A process of this machine that has ended is the proof. Where it can't be asked
 * for, files of the same target count as left over, and all others after a day
 * without a change; those that a later run could go on with after a week. It fails
 * silently: a file that can't be removed is no reason not to write another one.
 *
 * @param target Path of a file in that folder that is about to be written.
 * @param resumes Whether it goes on with what an earlier run has left of it.
 * @returns Nothing.
 */
export async function reapLeftovers(
  target: string,
  resumes: boolean,
): Promise<void> {
  const folder = dirname(target);
  const start = performance.now();
  if (start < (rests.get(folder) ?? 0)) return;
  if (rests.size >= MAX_FOLDERS) rests.clear();
  rests.set(folder, Infinity);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const [found, tag, pid] = NAME.exec(name) ?? [];
    const [kept, keptTag] = RESUMABLE.exec(name) ?? [];
    const isLeft = found
      ? await isLeftOver(path, tag === tagOf(target), pid)
      : kept &&
        (keptTag === tagOf(target) ? !resumes : await isOlder(path, WEEK));
    if (isLeft) await unlink(path).catch(() => {});
  }
  const end = performance.now();
  rests.set(folder, end + REST * (end - start));
}

async function isLeftOver(
  path: string,
  isSame: boolean,
  pid: string | undefined,
): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (!info?.isFile()) return false;
  if (Date.now() - info.mtimeMs > DAY) return true;
  if (pid === undefined) return false;
  // in a container every process may have the same number
  if (Number(pid) === process.pid) {
    return info.mtimeMs < performance.timeOrigin - CLOCK_STEP;
  }
  return !(isRunning(Number(pid)) ?? !isSame);
}

async function isOlder(path: string, age: number): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info?.isFile() === true && Date.now() - info.mtimeMs > age;
}

function tagOf(target: string): string {
  return createHash("sha256").update(basename(target)).digest("hex")
    .slice(0, 12);
}
