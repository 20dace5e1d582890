/**
 * Uploads of recordings.
 *
 * @module
 */

import { segment, toBody } from "../../wire/options.ts";
import { InvalidArgumentError, NotFoundError } from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import { collectSources, type UploadFiles } from "../../uploads/sources.ts";
import type { Transport } from "../../http/transport.ts";
import { UploadEngine } from "../../uploads/engine.ts";
import { Meter } from "../../uploads/progress.ts";
import {
  CONFIRM,
  type ConfirmUploadOptions,
  decodeConfirmation,
  decodeSession,
  decodeStatus,
  decodeUrls,
  FINALIZE,
  type FinalizeUploadOptions,
  type FleetUploadConfirmation,
  type FleetUploadSession,
  type FleetUploadState,
  type FleetUploadStatus,
  type FleetUploadUrls,
  type GetUploadUrlsOptions,
  INIT,
  type InitUploadOptions,
  RECORDING,
  type RecordingUpload,
  type UploadRecordingOptions,
  URLS,
} from "./upload_models.ts";
import { ManagedUploads } from "./managed_uploads.ts";
import {
  checkManifest,
  fingerprintOf,
  isOver,
  type RecordingCalls,
  RecordingRun,
} from "./upload_recording.ts";

export { ManagedUploads } from "./managed_uploads.ts";
export type {
  ConfirmUploadOptions,
  FinalizeUploadOptions,
  FleetUploadConfirmation,
  FleetUploadConfirmInput,
  FleetUploadFileInput,
  FleetUploadSession,
  FleetUploadState,
  FleetUploadStateStore,
  FleetUploadStatus,
  FleetUploadUrl,
  FleetUploadUrls,
  GetUploadUrlsOptions,
  InitUploadOptions,
  RecordingUpload,
  UploadRecordingOptions,
  UploadSessionStatus,
} from "./upload_models.ts";
export type {
  ManagedAdmitOptions,
  ManagedFinalizationState,
  ManagedFinalizeOptions,
  ManagedMultipartInitOptions,
  ManagedMultipartPartsOptions,
  ManagedMultipartProgressOptions,
  ManagedStatusOptions,
  ManagedUploadFile,
  ManagedUploadFileInput,
  ManagedUploadFinalization,
  ManagedUploadFinalizeInput,
  ManagedUploadFinalizeResult,
  ManagedUploadGeneration,
  ManagedUploadPart,
  ManagedUploadPartGrant,
  ManagedUploadPartGrants,
  ManagedUploadPartProgress,
  ManagedUploadStatus,
  UploadManagedRecordingOptions,
} from "./managed_models.ts";

/** Uploads of recordings. */
export class AsyncFleetUploads extends ManagedUploads {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    super(transport);
    this.#transport = transport;
  }

  /**
   * Opens an upload session. It is never sent twice, unless the server says that
   * it did not process it.
   *
   * @param recordingUid Unique id of the recording.
   * @param options The files, and where they are stored.
   * @param request Request options.
   * @returns The session.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async initUpload(
    recordingUid: string,
    options: InitUploadOptions,
    request?: RequestOptions,
  ): Promise<FleetUploadSession> {
    return await this.#transport.object(decodeSession, {
      method: "POST",
      path: pathOf(recordingUid, "init"),
      body: toBody(INIT, options),
    }, request);
  }

  /**
   * Asks where files are to be sent.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session and paths.
   * @param request Request options.
   * @returns The addresses; a path without one has failed.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async getUploadUrls(
    recordingUid: string,
    options: GetUploadUrlsOptions,
    request?: RequestOptions,
  ): Promise<FleetUploadUrls> {
    return await this.#transport.object(decodeUrls, {
      method: "POST",
      path: pathOf(recordingUid, "urls"),
      body: toBody(URLS, options),
      idempotent: true,
    }, request);
  }

  /**
   * Says that files are stored. It is never sent twice, unless the server says that
   * it did not process it.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session, and the files with their ETags.
   * @param request Request options.
   * @returns The server's counts.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async confirmUpload(
    recordingUid: string,
    options: ConfirmUploadOptions,
    request?: RequestOptions,
  ): Promise<FleetUploadConfirmation> {
    return await this.#transport.object(decodeConfirmation, {
      method: "POST",
      path: pathOf(recordingUid, "confirm"),
      body: toBody(CONFIRM, options),
    }, request);
  }

  /**
   * Ends a session and starts the processing. It is never sent twice, unless the
   * server says that it did not process it.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session.
   * @param request Request options.
   * @returns The JSON of the answer as it is, or null when it is empty: servers differ.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async finalizeUpload(
    recordingUid: string,
    options: FinalizeUploadOptions,
    request?: RequestOptions,
  ): Promise<unknown> {
    return await this.#transport.send({
      method: "POST",
      path: pathOf(recordingUid, "finalize"),
      body: toBody(FINALIZE, options),
      promised: "json",
    }, request);
  }

  /**
   * Reads how far the upload of a recording has come.
   *
   * @param recordingUid Unique id of the recording.
   * @param request Request options.
   * @returns The status; its list of pending paths holds 1,000 at most.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If the recording has no session.
   * @throws {AvalaError} If the request fails.
   */
  async getUploadStatus(
    recordingUid: string,
    request?: RequestOptions,
  ): Promise<FleetUploadStatus> {
    return await this.#transport.object(
      decodeStatus,
      { method: "GET", path: pathOf(recordingUid, "status") },
      request,
    );
  }

  /**
   * Uploads the files of a recording, as streams, some at a time: sends them,
   * confirms them by the hundred, and ends the session when the server counts every
   * file. With a `stateStore` (or `sessionUid`), a later run sends only what the
   * server has not confirmed.
   *
   * @example Going on where an earlier run ended
   * ```ts
   * import { AsyncClient, type FleetUploadState } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * // a file or a database in an application
   * const states = new Map<string, FleetUploadState | null>();
   * const stateStore = {
   *   load: (key: string) => states.get(key),
   *   save: (key: string, state: FleetUploadState | null) =>
   *     void states.set(key, state),
   * };
   * const files = [{ path: "cam/1.jpg", blob: new Blob(["one"]) }];
   * const done = await client.fleet.uploads.uploadRecording("r-1", files, {
   *   stateStore,
   * });
   * assertEquals([done.status, done.sentFiles], ["completing", 1]);
   * ```
   *
   * @param recordingUid Unique id of the recording.
   * @param files The files.
   * @param options Where they are stored, how to go on, concurrency and progress.
   * @param request Request options: `signal` ends all of it, `maxRetries` is that
   * of one file (7 by default), `timeout` that of one request to the API and the
   * time that may pass without a byte going out.
   * @returns The session; look at `failures` when they are collected.
   * @throws {InvalidArgumentError} If an argument is wrong, or a file gives another number of bytes than its size.
   * @throws {InvalidResponseError} If the server's counts don't fit these files.
   * @throws {AvalaError} If a request fails for good.
   */
  async uploadRecording(
    recordingUid: string,
    files: UploadFiles,
    options: UploadRecordingOptions = {},
    request: RequestOptions = {},
  ): Promise<RecordingUpload> {
    const key = `avala-fleet-upload:${segment("recordingUid", recordingUid)}`;
    toBody(RECORDING, options);
    const { storageConfigUid, ttlSeconds, stateStore } = options;
    const engine = new UploadEngine(this.#transport, options, request);
    return await this.#transport.run(async (signal) => {
      const sources = await collectSources(files);
      checkManifest(sources);
      const calls: RecordingCalls = {
        init: (every) => {
          const files = sources.map(({ path, size }) => ({
            path,
            sizeBytes: size,
          }));
          return this.initUpload(
            recordingUid,
            { files, storageConfigUid },
            every,
          );
        },
        urls: async (sessionUid, filePaths, every) => {
          const asked = { sessionUid, filePaths, ttlSeconds };
          return (await this.getUploadUrls(recordingUid, asked, every)).urls;
        },
        confirm: (confirmed, every) =>
          this.confirmUpload(recordingUid, confirmed, every),
        finalize: (sessionUid, every) =>
          this.finalizeUpload(recordingUid, { sessionUid }, every),
        status: (every) => this.getUploadStatus(recordingUid, every),
      };
      const run = new RecordingRun(engine, calls, sources, signal);
      const fingerprint = fingerprintOf(sources);
      const known = await stateStore?.load(key);
      const fits = known?.fingerprint === fingerprint &&
        known.recordingUid === recordingUid;
      let state: FleetUploadState | undefined = fits ? known : undefined;
      if (!state && options.sessionUid !== undefined) {
        const { sessionUid } = options;
        state = { sessionUid, recordingUid, fingerprint, s3Prefix: null };
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
      if (!state) {
        const { uid, s3Prefix } = await run.open();
        state = { sessionUid: uid, recordingUid, fingerprint, s3Prefix };
        await stateStore?.save(key, state);
      }
      const meter = new Meter(sources.map(({ size }) => size), {
        bytes: status?.confirmedBytes ?? 0,
        files: status?.confirmedFiles ?? 0,
      }, options.onProgress);
      if (!status || !isOver(status)) {
        status = await run.send(state, status, meter);
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
        failures: run.failures,
      };
    }, request.signal);
  }
}

function orNone(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  throw error;
}

function pathOf(recordingUid: string, what: string): string {
  const recording = segment("recordingUid", recordingUid);
  return `/fleet/recordings/${recording}/upload/${what}/`;
}
