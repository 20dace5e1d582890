/**
 * Many files of a server into a folder.
 *
 * @module
 */

import process from "node:process";
import type { Download } from "../downloads/download.ts";
import {
  AvalaError,
  ClientClosedError,
  InvalidResponseError,
} from "../errors.ts";
import type { RequestOptions } from "../http/request.ts";
import { show } from "../wire/options.ts";
import {
  type DownloadedFile,
  openFiles,
  readFiles,
} from "./dataset_journal.ts";
import { DownloadFolder } from "./download_folder.ts";
import { DownloadMeter, type FilesProgress } from "./download_meter.ts";
import {
  type DownloadPlan,
  hashFile,
  type PlacedFile,
  planDownload,
  type RemoteFile,
} from "./download_plan.ts";
import type { Journal } from "./journal.ts";
import { savePart } from "./save_to.ts";

/** A server's files. */
export interface RemoteFiles {
  /** What they are together: `owner/slug` of a dataset. */
  readonly name: string;
  /**
   * Lists them.
   *
   * @returns The files.
   */
  list(): Promise<RemoteFile[]>;
  /**
   * Opens a file.
   *
   * @param file The file.
   * @param request Request options.
   * @returns Its bytes, and what the server says of it by now.
   */
  open(
    file: RemoteFile,
    request: RequestOptions,
  ): Promise<{ download: Download; file: RemoteFile }>;
}

/** How files are downloaded. */
export interface DownloadFilesOptions {
  /** How many files at a time. */
  readonly concurrency: number;
  /** Over how many connections a large file comes. */
  readonly connections: number;
  /** Whether failures are collected. */
  readonly collect: boolean;
  /** Whether nothing is to be written. */
  readonly dryRun: boolean;
  /** Whether files that are there are compared by their SHA-256. */
  readonly verify: boolean;
  /** Told of every step. */
  readonly onProgress: ((progress: FilesProgress) => void) | undefined;
  /** Options of all requests. */
  readonly request: RequestOptions;
}

/** A file that was not downloaded. */
export interface DownloadFailure {
  /** Key of the file. */
  path: string;
  /** Why it failed. */
  error: AvalaError;
}

/** What a download would do with a file. */
export interface PlannedDownload {
  /** Path of the file in the folder. */
  path: string;
  /** Its size in bytes, or null when the listing does not tell it. */
  size: number | null;
  /** Whether it would be downloaded, or is there already. */
  action: "fetch" | "skip";
}

/** What a download of many files has done. */
export interface DownloadedFiles {
  /** Files that were downloaded. */
  files: number;
  /** Bytes of these files. */
  bytes: number;
  /** Files that were there already. */
  skipped: number;
  /** Files that failed, with `onError: "collect"`. */
  failures: DownloadFailure[];
  /** What would be done, with `dryRun`. */
  plan?: PlannedDownload[];
}

/** A file that a later run can go on with, should this one be killed. */
const LARGE = 16_777_216;

/**
 * Downloads files into a folder: those that are missing or have changed.
 *
 * @param remote The files.
 * @param path Path of the folder.
 * @param options How.
 * @param signal Ends it.
 * @returns What was done.
 * @throws {AvalaError} If a file fails, unless failures are collected.
 */
export async function downloadFiles(
  remote: RemoteFiles,
  path: string,
  options: DownloadFilesOptions,
  signal: AbortSignal,
): Promise<DownloadedFiles> {
  const known = await readFiles(path, remote.name);
  const isWindows = process.platform === "win32";
  const plan = await planDownload(
    await remote.list(),
    path,
    known,
    isWindows,
    signal,
  );
  const [refused] = plan.refused;
  if (refused && !options.collect) throw refused.error;
  if (options.verify) await verify(plan, path, options, signal);
  const failures = plan.refused.map(({ key, error }) => ({ path: key, error }));
  if (options.dryRun) {
    const skipped = plan.present.length;
    return { files: 0, bytes: 0, skipped, failures, plan: toPlan(plan) };
  }
  const folder = await DownloadFolder.make(path);
  const journal = await openFiles(folder.path, remote.name, known);
  try {
    const run = new FilesRun(remote, folder, journal, options, plan);
    failures.push(...await run.run(plan.missing, signal));
    const { files, bytes, skipped } = run.meter;
    return { files, bytes, skipped, failures };
  } finally {
    await journal.close();
  }
}

function toPlan({ missing, present }: DownloadPlan): PlannedDownload[] {
  return [
    ...missing.map(({ path, remote: { size } }) => ({
      path,
      size,
      action: "fetch" as const,
    })),
    ...present.map(({ path, known }) => ({
      path,
      size: known?.size ?? null,
      action: "skip" as const,
    })),
  ];
}

/** Takes files whose bytes are not those that they had from what is there. */
async function verify(
  plan: DownloadPlan,
  folder: string,
  { concurrency }: DownloadFilesOptions,
  signal: AbortSignal,
): Promise<void> {
  const present = plan.present.splice(0);
  const other = new Set<PlacedFile>();
  await inParallel(present, concurrency, async (file) => {
    signal.throwIfAborted();
    const wanted = file.remote.sha256 ?? file.known?.sha256;
    if (!wanted) return;
    if (await hashFile(`${folder}/${file.path}`) !== wanted) other.add(file);
  });
  for (const file of present) {
    if (!other.has(file)) plan.present.push(file);
    else plan.missing.push({ ...file, known: undefined });
  }
}

/** Workers take what comes next, until there is nothing left or one fails. */
async function inParallel<T>(
  items: readonly T[],
  count: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from(
    { length: Math.min(count, items.length) },
    worker,
  );
  // none is left running when this is over
  for (const result of await Promise.allSettled(workers)) {
    if (result.status === "rejected") throw result.reason;
  }
}

/** One run over the files that are missing. */
class FilesRun {
  readonly meter: DownloadMeter;
  readonly #remote: RemoteFiles;
  readonly #folder: DownloadFolder;
  readonly #journal: Journal;
  readonly #options: DownloadFilesOptions;

  constructor(
    remote: RemoteFiles,
    folder: DownloadFolder,
    journal: Journal,
    options: DownloadFilesOptions,
    { missing, present, refused }: DownloadPlan,
  ) {
    this.#remote = remote;
    this.#folder = folder;
    this.#journal = journal;
    this.#options = options;
    const total = missing.length + present.length + refused.length;
    this.meter = new DownloadMeter(total, options.onProgress);
    for (const { key, known } of present) {
      this.meter.skip(key, known?.size ?? 0);
    }
    for (const { remote: { size } } of missing) this.meter.expect(size);
  }

  /** Downloads files; the first failure ends all, unless failures are collected. */
  async run(
    missing: readonly PlacedFile[],
    signal: AbortSignal,
  ): Promise<DownloadFailure[]> {
    const { concurrency, collect } = this.#options;
    const failures: DownloadFailure[] = [];
    const running = new AbortController();
    const onAbort = () => running.abort(signal.reason);
    signal.addEventListener("abort", onAbort);
    try {
      signal.throwIfAborted();
      await inParallel(missing, concurrency, async (file) => {
        try {
          await this.#save(file, running.signal);
        } catch (error) {
          const isCollected = collect && error instanceof AvalaError &&
            !(error instanceof ClientClosedError) && !running.signal.aborted;
          if (isCollected) {
            failures.push({ path: file.key, error });
            return;
          }
          // what is under way ends with the same error
          running.abort(error);
          throw running.signal.reason;
        }
      });
      return failures;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #save(placed: PlacedFile, signal: AbortSignal): Promise<void> {
    const { connections, request, verify } = this.#options;
    const { key, path, known, mode, remote } = placed;
    const target = await this.#folder.prepare(path);
    const { download, file } = await this.#remote.open(remote, {
      ...request,
      signal,
    });
    const { size, etag } = download;
    const meter = this.meter.begin(key, remote.size, size);
    try {
      const note = (bytes: number, sha256: string | null) =>
        this.#note({
          key,
          path,
          size: bytes,
          updatedAt: file.updatedAt,
          etag,
          sha256,
        });
      if (known && isSameVersion(known, download, file)) {
        await download.cancel();
        await note(known.size, known.sha256);
        return meter.wasThere(known.size);
      }
      if (size !== null && file.size !== null && size !== file.size) {
        throw new InvalidResponseError(
          `Cannot download ${
            show(key)
          } as its storage has ${size} bytes of it instead of the ${file.size} of its listing: download again when it is whole`,
        );
      }
      const isLarge = (size ?? 0) >= LARGE;
      const saved = await savePart(
        { path: target, what: `download ${show(key)}`, mode, isSwept: true },
        download,
        {
          overwrite: true,
          resume: isLarge,
          connections: isLarge ? connections : 1,
          sha256: file.sha256 ?? verify,
          onProgress: ({ bytes }) => meter.progress(bytes),
        },
        isLarge,
      );
      await note(saved.bytes, saved.sha256);
      meter.done(saved.bytes);
    } catch (error) {
      await download.cancel();
      meter.failed();
      throw error;
    }
  }

  async #note(file: DownloadedFile): Promise<void> {
    await this.#journal.append({ ...file });
  }
}

/** The listing has changed, the bytes have not: as when someone annotates an image. */
function isSameVersion(
  known: DownloadedFile,
  { size, etag }: Download,
  { sha256 }: RemoteFile,
): boolean {
  const isOther = sha256 !== null && known.sha256 !== null &&
    sha256 !== known.sha256;
  return !isOther && known.size === size && known.etag === etag &&
    etag?.startsWith('"') === true;
}
