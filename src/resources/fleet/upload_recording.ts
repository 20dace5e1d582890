/**
 * An upload of a recording: what is missing is sent and confirmed, until the server
 * itself counts every file.
 *
 * @module
 */

import {
  InvalidArgumentError,
  InvalidResponseError,
  NotFoundError,
} from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import { type Step, UploadEngine } from "../../uploads/engine.ts";
import { doOnce } from "../../uploads/once.ts";
import type { UploadFailure } from "../../uploads/options.ts";
import { Meter } from "../../uploads/progress.ts";
import { Sha256 } from "../../uploads/sha256.ts";
import {
  type BlobSource,
  collectSources,
  type UploadFiles,
  type UploadSource,
} from "../../uploads/sources.ts";
import { StateSaver } from "../../uploads/state_saver.ts";
import { isJsonObject } from "../../wire/codec.ts";
import { show, toBody } from "../../wire/options.ts";
import { AddressBook } from "./addresses.ts";
import { Confirmations, isCut } from "./confirmations.ts";
import {
  finalizeSession,
  type FleetUploadSession,
  type FleetUploadState,
  type FleetUploadStatus,
  openSession,
  readStatus,
  type RecordingUpload,
  requestUrls,
  UPLOAD_RECORDING,
  type UploadRecordingOptions,
} from "./recording_uploads.ts";

const OPERATION = "fleet.uploads.uploadRecording";
const MAX_FILES = 50_000;
const MAX_PATH = 1_024;
const MAX_ETAG = 128;

/**
 * Uploads the files of a recording.
 *
 * @param transport Sends the requests.
 * @param recordingUid Unique id of the recording.
 * @param files The files.
 * @param options The caller's options.
 * @param request Request options.
 * @returns The session, and what was done.
 */
export async function uploadRecording(
  transport: Transport,
  recordingUid: string,
  files: UploadFiles,
  options: UploadRecordingOptions,
  request: RequestOptions,
): Promise<RecordingUpload> {
  toBody(OPERATION, UPLOAD_RECORDING, options);
  const { stateStore } = options;
  const key = `avala-fleet-upload:${recordingUid}`;
  const engine = new UploadEngine(transport, OPERATION, options, request);
  return await transport.run(async (signal) => {
    const sources = await collectSources(files);
    checkManifest(sources);
    const run = new RecordingRun(
      engine,
      recordingUid,
      sources,
      options,
      signal,
    );
    const fingerprint = fingerprintOf(sources);
    const about = { recordingUid, fingerprint, s3Prefix: null };
    const known = toState(await stateStore?.load(key));
    const fits = known?.fingerprint === fingerprint &&
      known.recordingUid === recordingUid;
    let state: FleetUploadState | undefined = fits ? known : undefined;
    if (state?.sessionUid === "") {
      // an earlier run does not know whether it has opened one
      const found = await run.findOpened();
      state = found && { ...about, sessionUid: found.uid };
    }
    if (!state && options.sessionUid !== undefined) {
      const { sessionUid } = options;
      state = { ...about, sessionUid };
    }
    let status = state && await run.status().catch(orNone);
    if (
      status?.sessionUid !== state?.sessionUid ||
      status?.status === "abandoned"
    ) {
      if (state && !fits) {
        throw new InvalidArgumentError(
          `Cannot upload the recording as its session is not the one of 'sessionUid': current value is "${state.sessionUid}"`,
        );
      }
      state = undefined;
      status = undefined;
    }
    if (options.dryRun) return planOf(sources, state, status);
    if (!state) {
      await stateStore?.save(key, { ...about, sessionUid: "" });
      const { uid, s3Prefix } = await run.open();
      state = { ...about, sessionUid: uid, s3Prefix };
      await stateStore?.save(key, state);
    }
    const confirmations = new Confirmations(
      engine,
      recordingUid,
      state.sessionUid,
      signal,
    );
    if (status && !isOver(status)) {
      const { stored = [] } = state;
      const isLater = await confirmations.resume(stored, status);
      if (isLater) status = await run.status();
    }
    const { stored: _stored, ...session } = state;
    const saver = stateStore && new StateSaver(stateStore, key, () => ({
      ...session,
      stored: confirmations.files,
    }));
    const meter = new Meter(sources.map(({ size }) => size), {
      bytes: status?.confirmedBytes ?? 0,
      files: status?.confirmedFiles ?? 0,
    }, options.onProgress);
    if (!status || !isOver(status)) {
      status = await run.send(state, status, meter, confirmations, saver);
      if (status.confirmedFiles === sources.length) {
        status = await run.finalize(state.sessionUid);
      }
    }
    if (isOver(status)) await stateStore?.save(key, null);
    const { sessionUid, pendingPaths: _, ...counts } = status;
    return {
      uid: sessionUid,
      s3Prefix: state.s3Prefix,
      ...counts,
      sentFiles: meter.sentFiles,
      sentBytes: meter.sentBytes,
      skipped: meter.skipped,
      failures: run.failures,
    };
  }, request.signal);
}

/** Reads a state that was kept; what is none of ours counts as nothing. */
function toState(state: unknown): FleetUploadState | undefined {
  if (!isJsonObject(state) || typeof state.sessionUid !== "string") return;
  const { stored } = state;
  const known = Array.isArray(stored) ? stored.filter(isStoredFile) : [];
  return { ...state as object as FleetUploadState, stored: known };
}

function isStoredFile(file: unknown): boolean {
  return isJsonObject(file) && typeof file.path === "string" &&
    typeof file.etag === "string" && typeof file.sizeBytes === "number";
}

/** What a run would do; a list of pending files that is cut may hide some of them. */
function planOf(
  sources: readonly UploadSource[],
  state: FleetUploadState | undefined,
  status: FleetUploadStatus | undefined,
): RecordingUpload {
  const pending = new Set(status?.pendingPaths);
  const isKnown = status !== undefined && !isCut(status);
  const plan = sources.map(({ path, size }) => {
    const isStored = isKnown && (isOver(status) || !pending.has(path));
    return { path, size, action: isStored ? "skip" as const : "send" as const };
  });
  return {
    uid: status?.sessionUid ?? "",
    s3Prefix: state?.s3Prefix ?? null,
    status: status?.status ?? null,
    totalFiles: sources.length,
    totalBytes: sources.reduce((sum, { size }) => sum + size, 0),
    confirmedFiles: status?.confirmedFiles ?? 0,
    confirmedBytes: status?.confirmedBytes ?? 0,
    sentFiles: 0,
    sentBytes: 0,
    skipped: plan.filter(({ action }) => action === "skip").length,
    failures: [],
    plan,
  };
}

/** Refuses files that no session takes. */
function checkManifest(sources: readonly UploadSource[]): void {
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

/** Another file, another size or a later modification makes another recording. */
function fingerprintOf(sources: readonly UploadSource[]): string {
  const hash = new Sha256();
  const encoder = new TextEncoder();
  const lines = sources.map(({ path, size, lastModified = "" }) =>
    `${path}\n${size}\n${lastModified}\n`
  );
  for (const line of lines.sort()) hash.update(encoder.encode(line));
  return hash.hex();
}

function orNone(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  throw error;
}

/** What is known of a session that was opened. */
type Opened = Pick<FleetUploadSession, "uid" | "s3Prefix">;

/** An upload of the files of one recording. */
class RecordingRun {
  readonly #engine: UploadEngine;
  readonly #recordingUid: string;
  readonly #sources: ReadonlyMap<string, UploadSource & Partial<BlobSource>>;
  readonly #options: UploadRecordingOptions;
  readonly #signal: AbortSignal;
  readonly #failures = new Map<string, UploadFailure>();

  constructor(
    engine: UploadEngine,
    recordingUid: string,
    sources: readonly UploadSource[],
    options: UploadRecordingOptions,
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#recordingUid = recordingUid;
    this.#sources = new Map(sources.map((source) => [source.path, source]));
    this.#options = options;
    this.#signal = signal;
  }

  /** The files that failed. */
  get failures(): UploadFailure[] {
    return [...this.#failures.values()];
  }

  /** Reads how far the session has come. */
  status(signal: AbortSignal = this.#signal): Promise<FleetUploadStatus> {
    return this.#engine.step(
      ({ api, request }) => readStatus(api, this.#recordingUid, request),
      signal,
    );
  }

  /**
   * Opens a session. One whose response was lost is known by its files, and nothing
   * in it is confirmed.
   */
  open(): Promise<Opened> {
    const { storageConfigUid } = this.#options;
    const uid = this.#recordingUid;
    const files = [...this.#sources.values()].map(({ path, size }) => ({
      path,
      sizeBytes: size,
    }));
    return doOnce<Opened>(this.#engine, {
      act: async ({ api, request }) => {
        const options = { files, storageConfigUid };
        const session = await openSession(api, uid, options, request);
        if (session.uid) return session;
        throw new InvalidResponseError(
          "Cannot upload the recording as the server gives no id for its session",
        );
      },
      look: (step) => this.#findOpened(step),
    }, this.#signal);
  }

  /** Looks for a session that an earlier run may have opened. */
  findOpened(): Promise<Opened | undefined> {
    return this.#engine.step((step) => this.#findOpened(step), this.#signal);
  }

  async #findOpened({ api, request }: Step): Promise<Opened | undefined> {
    const uid = this.#recordingUid;
    const found = await readStatus(api, uid, request).catch(orNone);
    const isNew = found?.status === "initiated" &&
      found.confirmedFiles === 0 && this.#fits(found);
    return isNew ? { uid: found.sessionUid, s3Prefix: null } : undefined;
  }

  /**
   * Sends and confirms what is missing. The server's list of pending files may be
   * cut, so what it does not list counts as confirmed only when its counts say so.
   */
  async send(
    state: FleetUploadState,
    start: FleetUploadStatus | undefined,
    meter: Meter,
    confirmations: Confirmations,
    saver: StateSaver<FleetUploadState> | undefined,
  ): Promise<FleetUploadStatus> {
    let status = start;
    for (;;) {
      if (status?.confirmedFiles === this.#sources.size) return status;
      const missing = status
        ? this.#pending(status)
        : [...this.#sources.keys()];
      const before = status?.confirmedFiles ?? -1;
      confirmations.begin(Math.max(0, before));
      const todo = missing.filter((path) => !this.#failures.has(path));
      if (status && todo.length === 0) return status;
      const failed = this.#failures.size;
      await this.#sendAll(state, todo, meter, confirmations, saver);
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

  /** Ends the session. */
  async finalize(sessionUid: string): Promise<FleetUploadStatus> {
    const uid = this.#recordingUid;
    await doOnce(this.#engine, {
      act: async ({ api, request }) => {
        await finalizeSession(api, uid, { sessionUid }, request);
        return true;
      },
      look: async ({ api, request }) =>
        isOver(await readStatus(api, uid, request)) || undefined,
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
    const left = totalFiles - confirmedFiles;
    if (
      !this.#fits(status) || (!isCut(status) && pendingPaths.length !== left)
    ) {
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
    { sessionUid, s3Prefix }: FleetUploadState,
    paths: string[],
    meter: Meter,
    confirmations: Confirmations,
    saver: StateSaver<FleetUploadState> | undefined,
  ): Promise<void> {
    const { ttlSeconds } = this.#options;
    const book = new AddressBook(paths, async (some, { api, request }) => {
      const asked = { sessionUid, filePaths: some, ttlSeconds };
      const uid = this.#recordingUid;
      return (await requestUrls(api, uid, asked, request)).urls;
    });
    const files = paths.flatMap((path) => this.#sources.get(path) ?? []);
    const upload = async (source: UploadSource, signal: AbortSignal) => {
      const { path, size, blob }: UploadSource & Partial<BlobSource> = source;
      const counted = meter.file(path, size);
      const etag = await this.#engine.step(async (step) => {
        const { putUrl, s3Key, headers } = await book.take(path, step);
        if (s3Prefix !== null && s3Key !== `${s3Prefix}${path}`) {
          throw new InvalidResponseError(
            `Cannot upload ${show(path)} as its key ${
              show(s3Key)
            } is not below the session's prefix`,
          );
        }
        const stored = await step.send(
          { method: "PUT", url: putUrl, headers },
          { path, size, blob, open: () => source.stream() },
          counted,
        );
        return etagOf(path, stored);
      }, signal);
      counted.stored(true);
      return etag;
    };
    const done = async ({ path, size }: UploadSource, etag: string) => {
      confirmations.add({ path, etag, sizeBytes: size });
      // a run that is killed then has sent no more in vain than was under way
      await Promise.all([saver?.save(), confirmations.confirmBatch()]);
    };
    try {
      const all = this.#signal;
      const failures = await this.#engine.forEach(files, upload, all, { done });
      for (const failure of failures) this.#failures.set(failure.path, failure);
      await confirmations.confirmAll();
    } catch (error) {
      // what has arrived need not be sent again by a later run
      await confirmations.confirmLast().catch(() => {});
      throw error;
    }
  }
}

function etagOf(path: string, headers: Headers): string {
  const etag = (headers.get("etag") ?? "").replace(/^W\//, "")
    .replaceAll('"', "");
  if (etag !== "" && etag.length <= MAX_ETAG) return etag;
  throw new InvalidResponseError(
    `Cannot upload ${
      show(path)
    } as the storage responded without an ETag of 1 to ${MAX_ETAG} characters: current value is ${
      show(etag)
    }`,
  );
}

/** Tells whether all of a session was uploaded. */
function isOver({ status }: { status: string | null }): boolean {
  return status === "completing" || status === "completed";
}
