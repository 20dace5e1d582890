/**
 * One run of an upload of a recording: what is missing is sent and confirmed,
 * until the server itself counts every file.
 *
 * @module
 */

import { show } from "../../wire/options.ts";
import {
  type AvalaError,
  ConnectionError,
  InvalidArgumentError,
  InvalidResponseError,
  NotFoundError,
  ServerError,
} from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import { Sha256 } from "../../uploads/sha256.ts";
import type { BlobSource, UploadSource } from "../../uploads/sources.ts";
import type { UploadEngine, UploadFailure } from "../../uploads/engine.ts";
import type { Meter } from "../../uploads/progress.ts";
import type {
  ConfirmUploadOptions,
  FleetUploadConfirmation,
  FleetUploadConfirmInput,
  FleetUploadSession,
  FleetUploadState,
  FleetUploadStatus,
  FleetUploadUrl,
} from "./upload_models.ts";
import { AddressBook } from "./addresses.ts";

/** The requests to the API that an upload is made of. */
export interface RecordingCalls {
  /** Opens a session. */
  init(request: RequestOptions): Promise<FleetUploadSession>;
  /** Asks where files go. */
  urls(
    sessionUid: string,
    paths: string[],
    request: RequestOptions,
  ): Promise<FleetUploadUrl[]>;
  /** Says that files are stored. */
  confirm(
    options: ConfirmUploadOptions,
    request: RequestOptions,
  ): Promise<FleetUploadConfirmation>;
  /** Ends the session. */
  finalize(sessionUid: string, request: RequestOptions): Promise<unknown>;
  /** Reads how far the session has come. */
  status(request: RequestOptions): Promise<FleetUploadStatus>;
}

/** Files confirmed with one request. */
const BATCH = 100;
/** A list of pending paths of this length or more may be cut. */
const PENDING_LISTED = 1_000;
const MAX_FILES = 50_000;
const MAX_PATH = 1_024;
const MAX_ETAG = 128;

/**
 * Refuses files that no session takes.
 *
 * @param sources The files.
 * @throws {InvalidArgumentError} If there are none or too many, or a path is too long.
 */
export function checkManifest(sources: readonly UploadSource[]): void {
  if (sources.length === 0 || sources.length > MAX_FILES) {
    throw new InvalidArgumentError(
      `Cannot upload the recording as there must be 1 to ${MAX_FILES} files: current number is ${sources.length}`,
    );
  }
  const long = sources.find(({ path }) => path.length > MAX_PATH);
  if (long) {
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(long.path)
      } as its path must have at most ${MAX_PATH} characters: current length is ${long.path.length}`,
    );
  }
}

/**
 * Makes a hash of what is uploaded: another file, or another size, is another one.
 *
 * @param sources The files.
 * @returns SHA-256 in hex.
 */
export function fingerprintOf(sources: readonly UploadSource[]): string {
  const hash = new Sha256();
  const encoder = new TextEncoder();
  const lines = sources.map(({ path, size }) => `${path}\n${size}\n`).sort();
  for (const line of lines) hash.update(encoder.encode(line));
  return hash.hex();
}

/** An upload of the files of one recording. */
export class RecordingRun {
  readonly #engine: UploadEngine;
  readonly #calls: RecordingCalls;
  readonly #sources: ReadonlyMap<string, UploadSource & Partial<BlobSource>>;
  readonly #signal: AbortSignal;
  readonly #failures = new Map<string, UploadFailure>();
  /** Files that the server counts as confirmed, as far as is known. */
  #confirmed = 0;
  /** Stored, and not confirmed yet. */
  #waiting: FleetUploadConfirmInput[] = [];
  /** Confirmations go one after the other, so that their counts can be told apart. */
  #confirming: Promise<void> = Promise.resolve();

  /**
   * Constructs a run.
   *
   * @param engine Sends the files.
   * @param calls The requests to the API.
   * @param sources The files.
   * @param signal Ends the run.
   */
  constructor(
    engine: UploadEngine,
    calls: RecordingCalls,
    sources: readonly UploadSource[],
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#calls = calls;
    this.#sources = new Map(sources.map((source) => [source.path, source]));
    this.#signal = signal;
  }

  /**
   * The files that failed.
   *
   * @returns The failures.
   */
  get failures(): UploadFailure[] {
    return [...this.#failures.values()];
  }

  /**
   * Reads how far the session has come.
   *
   * @returns The status.
   */
  status(): Promise<FleetUploadStatus> {
    return this.#engine.again(
      (request) => this.#calls.status(request),
      this.#signal,
    );
  }

  /**
   * Opens a session. When the answer is lost, the one that was opened is looked
   * for: it has exactly these files, and nothing in it is confirmed.
   *
   * @returns The session.
   */
  open(): Promise<Pick<FleetUploadSession, "uid" | "s3Prefix">> {
    return this.#engine.again(async (request) => {
      try {
        return await this.#calls.init(request);
      } catch (error) {
        if (!isLost(error)) throw error;
        const found = await this.#calls.status(request).catch((cause) => {
          if (cause instanceof NotFoundError) return undefined;
          throw cause;
        });
        const isNew = found?.status === "initiated" &&
          found.confirmedFiles === 0 && this.#fits(found);
        // an error that may be repeated: there is no such session
        if (!isNew) throw error;
        return { uid: found.sessionUid, s3Prefix: null };
      }
    }, this.#signal);
  }

  /**
   * Sends and confirms what is missing. The server's list of pending files may be
   * cut, so what it does not list counts as confirmed only when its counts say so.
   *
   * @param state The session.
   * @param start Its status, when it is an old one.
   * @param meter Counts what is sent.
   * @returns The status in the end.
   */
  async send(
    state: FleetUploadState,
    start: FleetUploadStatus | undefined,
    meter: Meter,
  ): Promise<FleetUploadStatus> {
    let status = start;
    for (;;) {
      if (status?.confirmedFiles === this.#sources.size) return status;
      const missing = status
        ? this.#pending(status)
        : [...this.#sources.keys()];
      const before = status?.confirmedFiles ?? -1;
      this.#confirmed = Math.max(0, before);
      const todo = missing.filter((path) => !this.#failures.has(path));
      if (status && todo.length === 0) return status;
      const failed = this.#failures.size;
      await this.#sendAll(state, todo, meter);
      status = await this.status();
      if (status.sessionUid !== state.sessionUid) {
        throw new InvalidResponseError(
          `Cannot upload the recording as another session was opened for it: ${
            show(status.sessionUid)
          }`,
        );
      }
      const allFailed = this.#failures.size - failed === todo.length;
      if (status.confirmedFiles <= before && !allFailed) {
        throw new InvalidResponseError(
          `Cannot upload the recording as the server counts ${status.confirmedFiles} of ${this.#sources.size} files as confirmed after ${todo.length} more were`,
        );
      }
    }
  }

  /**
   * Ends the session. When the answer is lost, the status tells.
   *
   * @param sessionUid Unique id of the session.
   * @returns The status in the end.
   */
  async finalize(sessionUid: string): Promise<FleetUploadStatus> {
    await this.#engine.again(async (request) => {
      try {
        await this.#calls.finalize(sessionUid, request);
      } catch (error) {
        if (!isLost(error)) throw error;
        if (!isOver(await this.#calls.status(request))) throw error;
      }
    }, this.#signal);
    const status = await this.status();
    if (isOver(status)) return status;
    throw new InvalidResponseError(
      `Cannot upload the recording as its session is ${
        show(status.status)
      } after it was finalized`,
    );
  }

  /** The files that the server lists as pending; all must be ours. */
  #pending(status: FleetUploadStatus): string[] {
    const { pendingPaths, confirmedFiles, totalFiles } = status;
    const isCut = pendingPaths.length >= PENDING_LISTED;
    const left = totalFiles - confirmedFiles;
    if (!this.#fits(status) || (!isCut && pendingPaths.length !== left)) {
      throw new InvalidResponseError(
        `Cannot upload the recording as its session does not fit these files: ${confirmedFiles} of ${totalFiles} files are confirmed and ${pendingPaths.length} pending, of ${this.#sources.size} given`,
      );
    }
    return pendingPaths;
  }

  #fits({ totalFiles, totalBytes, pendingPaths }: FleetUploadStatus): boolean {
    const bytes = [...this.#sources.values()].reduce((n, s) => n + s.size, 0);
    return totalFiles === this.#sources.size && totalBytes === bytes &&
      pendingPaths.every((path) => this.#sources.has(path));
  }

  async #sendAll(
    state: FleetUploadState,
    paths: string[],
    meter: Meter,
  ): Promise<void> {
    const book = new AddressBook(
      paths,
      (some, request) => this.#calls.urls(state.sessionUid, some, request),
    );
    const files = paths.flatMap((path) => this.#sources.get(path) ?? []);
    const upload = async (source: UploadSource, signal: AbortSignal) => {
      const { path, size, blob }: UploadSource & Partial<BlobSource> = source;
      const counted = meter.file(path, size);
      const etag = await this.#engine.again(async (request) => {
        const { putUrl, s3Key, headers } = await book.take(path, request);
        if (state.s3Prefix !== null && s3Key !== `${state.s3Prefix}${path}`) {
          throw new InvalidResponseError(
            `Cannot upload ${show(path)} as its key ${
              show(s3Key)
            } is not below the session's prefix`,
          );
        }
        const answered = await this.#engine.send(
          { method: "PUT", url: putUrl, headers },
          { path, size, blob, open: () => source.stream() },
          counted,
          signal,
        );
        return etagOf(path, answered);
      }, signal);
      counted.stored(true);
      this.#waiting.push({ path, etag, sizeBytes: size });
      if (this.#waiting.length >= BATCH) await this.#confirm(state.sessionUid);
    };
    try {
      const failures = await this.#engine.each(files, upload, this.#signal);
      for (const failure of failures) this.#failures.set(failure.path, failure);
    } catch (error) {
      // what has arrived need not be sent again by a later run
      await this.#confirm(state.sessionUid).catch(() => {});
      throw error;
    }
    await this.#confirm(state.sessionUid);
  }

  /** Confirms what is waiting, behind the confirmations under way. */
  #confirm(sessionUid: string): Promise<void> {
    const files = this.#waiting.splice(0, BATCH);
    if (files.length === 0) return this.#confirming;
    // a confirmation that failed fails those behind it as well
    this.#confirming = this.#confirming.then(() =>
      this.#confirmBatch(sessionUid, files)
    );
    return this.#confirming;
  }

  async #confirmBatch(
    sessionUid: string,
    batch: FleetUploadConfirmInput[],
  ): Promise<void> {
    let files = batch;
    await this.#engine.again(async (request) => {
      try {
        await this.#calls.confirm({ sessionUid, files }, request);
      } catch (error) {
        if (!isLost(error)) throw error;
        // never twice: the server says which of them it has counted
        const status = await this.#calls.status(request);
        files = stillPending(files, status, this.#confirmed + batch.length);
        if (files.length > 0) throw error;
      }
    }, this.#signal);
    this.#confirmed += batch.length;
  }
}

function etagOf(path: string, headers: Headers): string {
  const etag = (headers.get("etag") ?? "").replace(/^W\//, "")
    .replaceAll('"', "");
  if (etag !== "" && etag.length <= MAX_ETAG) return etag;
  throw new InvalidResponseError(
    `Cannot upload ${
      show(path)
    } as the storage answered without an ETag of 1 to ${MAX_ETAG} characters: current value is ${
      show(etag)
    }`,
  );
}

/** Which files of a batch are not confirmed, after an answer was lost. */
function stillPending(
  files: FleetUploadConfirmInput[],
  { pendingPaths, confirmedFiles }: FleetUploadStatus,
  whenAll: number,
): FleetUploadConfirmInput[] {
  const pending = new Set(pendingPaths);
  const listed = files.filter(({ path }) => pending.has(path));
  if (pendingPaths.length < PENDING_LISTED) return listed;
  // the list is cut, so only the counts can tell
  if (confirmedFiles === whenAll) return [];
  if (confirmedFiles === whenAll - files.length) return files;
  throw new InvalidResponseError(
    `Cannot tell which files are confirmed as the server lists only ${pendingPaths.length} pending ones and counts ${confirmedFiles} confirmed ones: upload the recording again`,
  );
}

/** Tells whether the server may have done what it did not answer. */
function isLost(error: unknown): error is AvalaError {
  return error instanceof ConnectionError || error instanceof ServerError;
}

/**
 * Tells whether a session is over.
 *
 * @param status Its status.
 * @param status.status The state.
 * @returns `true` when all of it was uploaded.
 */
export function isOver({ status }: { status: string | null }): boolean {
  return status === "completing" || status === "completed";
}
