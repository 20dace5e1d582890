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
/** A folder is looked through for a twentieth of the time at most, however many files are saved into it. */
const REST = 20;
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
  const tag = tagOf(target);
  await sweep(folder, (path, part) => {
    if (part.isTemporary) return isLeftOver(path, part.tag === tag, part.pid);
    return part.tag === tag ? Promise.resolve(!resumes) : isOlder(path, WEEK);
  });
  const end = performance.now();
  rests.set(folder, end + REST * (end - start));
}

/**
 * Removes the temporary files in a folder that nobody else writes to, unless their
 * process is known to run.
 *
 * @param folder Path of the folder.
 * @returns Nothing.
 */
export async function reapFolder(folder: string): Promise<void> {
  await sweep(
    folder,
    (path, { isTemporary, pid }) =>
      isTemporary ? isLeftOver(path, true, pid) : isOlder(path, WEEK),
  );
}

/** What the name of a temporary file tells. */
interface PartName {
  /** Whether no later run can go on with it. */
  readonly isTemporary: boolean;
  /** Tells its target. */
  readonly tag: string | undefined;
  /** Its process. */
  readonly pid: string | undefined;
}

async function sweep(
  folder: string,
  isLeft: (path: string, part: PartName) => Promise<boolean>,
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [found, tag, pid] = NAME.exec(name) ?? [];
    const [kept, keptTag] = RESUMABLE.exec(name) ?? [];
    if (!found && !kept) continue;
    const path = join(folder, name);
    const isTemporary = found !== undefined;
    const part = { isTemporary, tag: isTemporary ? tag : keptTag, pid };
    if (await isLeft(path, part)) await unlink(path).catch(() => {});
  }
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
