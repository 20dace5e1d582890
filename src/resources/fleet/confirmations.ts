/**
 * Tells the server which files of a recording are stored, each of them once.
 *
 * @module
 */

import { AvalaError, InvalidResponseError } from "../../errors.ts";
import type { UploadEngine } from "../../uploads/engine.ts";
import { doOnce } from "../../uploads/once.ts";
import {
  confirmFiles,
  type FleetUploadConfirmInput,
  type FleetUploadStatus,
  readStatus,
} from "./recording_uploads.ts";

/** Files confirmed with one request. */
const BATCH = 100;
/** A list of pending paths of this length or more may be cut. */
const PENDING_LISTED = 1_000;
/** Milliseconds after which stored files are confirmed, however few they are. */
const CONFIRM_AFTER = 3_000;
/** Milliseconds for the last confirmation, when an upload ends early. */
const LAST_CONFIRMATION = 5_000;

/**
 * Tells whether a list of pending files may be cut.
 *
 * @param status The status that holds it.
 * @returns `true` when what it does not list may be pending all the same.
 */
export function isCut({ pendingPaths }: FleetUploadStatus): boolean {
  return pendingPaths.length >= PENDING_LISTED;
}

/** Confirms the files of a session: by the hundred, and by time. */
export class Confirmations {
  readonly #engine: UploadEngine;
  readonly #recordingUid: string;
  readonly #sessionUid: string;
  readonly #signal: AbortSignal;
  /** Stored, and not known to be confirmed. */
  readonly #unconfirmed = new Map<string, FleetUploadConfirmInput>();
  /** Of these, the files that were not in a confirmation yet. */
  #waiting: FleetUploadConfirmInput[] = [];
  /** Files that the server counts as confirmed, as far as is known. */
  #confirmed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Confirmations go one after the other, so that their counts can be told apart. */
  #confirming: Promise<void> = Promise.resolve();

  /**
   * Constructs the confirmations of a session.
   *
   * @param engine Tries again.
   * @param recordingUid Unique id of the recording.
   * @param sessionUid Unique id of the session.
   * @param signal Ends them.
   */
  constructor(
    engine: UploadEngine,
    recordingUid: string,
    sessionUid: string,
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#recordingUid = recordingUid;
    this.#sessionUid = sessionUid;
    this.#signal = signal;
  }

  /**
   * The files that are stored, and not known to be confirmed.
   *
   * @returns The files.
   */
  get files(): FleetUploadConfirmInput[] {
    return [...this.#unconfirmed.values()];
  }

  /**
   * Says how many files the server counts, before more of them are stored.
   *
   * @param confirmed The number.
   */
  begin(confirmed: number): void {
    this.#confirmed = confirmed;
  }

  /**
   * Confirms what an earlier run has stored. What the server refuses, or does not
   * list as pending, has to be sent again, or is confirmed already.
   *
   * @param files The files.
   * @param status The status of the session.
   * @returns Whether there was anything to confirm.
   */
  async resume(
    files: readonly FleetUploadConfirmInput[],
    status: FleetUploadStatus,
  ): Promise<boolean> {
    const pending = new Set(status.pendingPaths);
    const some = files.filter(({ path }) => pending.has(path));
    this.begin(status.confirmedFiles);
    for (const batch of batchesOf(some)) {
      await this.#send(batch, this.#signal).catch(orRefused);
    }
    return some.length > 0;
  }

  /**
   * Notes that a file is stored.
   *
   * @param file The file.
   */
  add(file: FleetUploadConfirmInput): void {
    this.#unconfirmed.set(file.path, file);
    this.#waiting.push(file);
    this.#timer ??= setTimeout(() => {
      // whoever waits for a confirmation next gets its error
      this.#confirm().catch(() => {});
    }, CONFIRM_AFTER);
  }

  /**
   * Confirms what is waiting when it is a whole batch.
   *
   * @returns A promise that is fulfilled when no whole batch is waiting.
   */
  async confirmBatch(): Promise<void> {
    if (this.#waiting.length >= BATCH) await this.#confirm();
  }

  /**
   * Confirms all that is waiting.
   *
   * @returns A promise that is fulfilled when all is confirmed.
   */
  async confirmAll(): Promise<void> {
    do await this.#confirm(); while (this.#waiting.length > 0);
  }

  /** Confirms what has arrived when the upload ends early, whatever ended it. */
  async confirmLast(): Promise<void> {
    clearTimeout(this.#timer);
    const signal = AbortSignal.timeout(LAST_CONFIRMATION);
    await this.#confirming.catch(() => {});
    const waiting = this.#waiting.splice(0);
    let unsure = this.files.filter((file) => !waiting.includes(file));
    if (unsure.length > 0) {
      const whenAll = this.#confirmed + unsure.length;
      const status = await this.#engine.step(
        ({ api, request }) => readStatus(api, this.#recordingUid, request),
        signal,
      );
      unsure = stillPending(unsure, status, whenAll);
      this.#confirmed = status.confirmedFiles;
    }
    for (const batch of batchesOf([...unsure, ...waiting])) {
      await this.#send(batch, signal);
    }
  }

  /** Confirms a batch of what is waiting, behind the confirmations under way. */
  #confirm(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, BATCH);
    if (batch.length === 0) return this.#confirming;
    // one that failed fails those behind it as well
    this.#confirming = this.#confirming.then(() =>
      this.#send(batch, this.#signal)
    );
    // whoever waits for it next gets the error
    this.#confirming.catch(() => {});
    return this.#confirming;
  }

  /** Sends a batch; the server says which files of it were counted already. */
  async #send(
    batch: FleetUploadConfirmInput[],
    signal: AbortSignal,
  ): Promise<void> {
    const uid = this.#recordingUid;
    const sessionUid = this.#sessionUid;
    let files = batch;
    await doOnce(this.#engine, {
      act: async ({ api, request }) => {
        await confirmFiles(api, uid, { sessionUid, files }, request);
        return true;
      },
      look: async ({ api, request }) => {
        const status = await readStatus(api, uid, request);
        files = stillPending(files, status, this.#confirmed + batch.length);
        return files.length === 0 || undefined;
      },
    }, signal);
    this.#confirmed += batch.length;
    for (const { path } of batch) this.#unconfirmed.delete(path);
  }
}

function batchesOf<T>(files: readonly T[]): T[][] {
  const count = Math.ceil(files.length / BATCH);
  return Array.from(
    { length: count },
    (_, index) => files.slice(index * BATCH, (index + 1) * BATCH),
  );
}

/** Lets a refusal pass: the files are sent again. */
function orRefused(error: unknown): void {
  const status = error instanceof AvalaError ? error.statusCode : null;
  if (status === null || ![400, 404, 409, 422].includes(status)) throw error;
}

/** Which files of a batch are not confirmed, after a response was lost. */
function stillPending(
  files: FleetUploadConfirmInput[],
  status: FleetUploadStatus,
  whenAll: number,
): FleetUploadConfirmInput[] {
  const { pendingPaths, confirmedFiles } = status;
  const pending = new Set(pendingPaths);
  const listed = files.filter(({ path }) => pending.has(path));
  if (!isCut(status)) return listed;
  // the list is cut, so only the counts can tell
  if (confirmedFiles === whenAll) return [];
  if (confirmedFiles === whenAll - files.length) return files;
  throw new InvalidResponseError(
    `Cannot tell which files are confirmed as the server lists only ${pendingPaths.length} pending ones and counts ${confirmedFiles} confirmed ones: upload the recording again`,
  );
}
