/**
 * Uploads of recordings.
 *
 * @module
 */

import type { RequestOptions } from "../../http/request.ts";
import type { UploadFiles } from "../../uploads/sources.ts";
import { segment } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type {
  ManagedAdmitOptions,
  ManagedFinalizeOptions,
  ManagedMultipartInitOptions,
  ManagedMultipartPartsOptions,
  ManagedMultipartProgressOptions,
  ManagedStatusOptions,
  ManagedUploadFinalizeResult,
  ManagedUploadPartGrants,
  ManagedUploadPartProgress,
  ManagedUploadStatus,
  UploadManagedRecordingOptions,
} from "./managed_uploads.ts";
import type {
  ConfirmUploadOptions,
  FinalizeUploadOptions,
  FleetUploadConfirmation,
  FleetUploadSession,
  FleetUploadStatus,
  FleetUploadUrls,
  GetUploadUrlsOptions,
  InitUploadOptions,
  RecordingUpload,
  UploadRecordingOptions,
} from "./recording_uploads.ts";

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
} from "./recording_uploads.ts";
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
} from "./managed_uploads.ts";

export type { PlannedUpload, StateStore } from "../../uploads/state_store.ts";

/** Uploads of recordings. */
export class AsyncFleetUploads extends Resource {
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
    const { openSession } = await import("./recording_uploads.ts");
    return await openSession(this.transport, recordingUid, options, request);
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
    const { requestUrls } = await import("./recording_uploads.ts");
    return await requestUrls(this.transport, recordingUid, options, request);
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
    const { confirmFiles } = await import("./recording_uploads.ts");
    return await confirmFiles(this.transport, recordingUid, options, request);
  }

  /**
   * Ends a session and starts the processing. It is never sent twice, unless the
   * server says that it did not process it.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session.
   * @param request Request options.
   * @returns The JSON of the response as it is, or null when it is empty: servers differ.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async finalizeUpload(
    recordingUid: string,
    options: FinalizeUploadOptions,
    request?: RequestOptions,
  ): Promise<unknown> {
    const { finalizeSession } = await import("./recording_uploads.ts");
    return await finalizeSession(
      this.transport,
      recordingUid,
      options,
      request,
    );
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
    const { readStatus } = await import("./recording_uploads.ts");
    return await readStatus(this.transport, recordingUid, request);
  }

  /**
   * Uploads the files of a recording, as streams, some at a time: sends them,
   * confirms them by the hundred and every few seconds, and ends the session when the server counts every
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
    const method = "fleet.uploads.uploadRecording";
    segment(method, "recordingUid", recordingUid);
    const { uploadRecording } = await import("./upload_recording.ts");
    const { transport } = this;
    return await uploadRecording(
      transport,
      recordingUid,
      files,
      options,
      request,
    );
  }

  /**
   * Opens a managed session. The same session id and files give the same session.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session id and files with their hashes.
   * @param request Request options.
   * @returns The state of the session.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedAdmit(
    recordingUid: string,
    options: ManagedAdmitOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadStatus> {
    const { admit } = await import("./managed_uploads.ts");
    return await admit(this.transport, recordingUid, options, request);
  }

  /**
   * Reads the state of a managed session.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session id.
   * @param request Request options.
   * @returns The state of the session.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such session.
   * @throws {AvalaError} If the request fails.
   */
  async managedStatus(
    recordingUid: string,
    options: ManagedStatusOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadStatus> {
    const { readManagedStatus } = await import("./managed_uploads.ts");
    return await readManagedStatus(
      this.transport,
      recordingUid,
      options,
      request,
    );
  }

  /**
   * Opens an attempt at storing a file. It is never sent twice, unless the server
   * says that it did not process it; after a lost response,
   * {@linkcode AsyncFleetUploads.managedStatus} tells the attempt.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Which file.
   * @param request Request options.
   * @returns The JSON of the response, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedMultipartInit(
    recordingUid: string,
    options: ManagedMultipartInitOptions,
    request?: RequestOptions,
  ): Promise<unknown> {
    const { openGeneration } = await import("./managed_uploads.ts");
    return await openGeneration(this.transport, recordingUid, options, request);
  }

  /**
   * Reads which parts of a file are stored, at most 100 at a time.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Which file and attempt, and where to go on.
   * @param request Request options.
   * @returns The parts.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedMultipartProgress(
    recordingUid: string,
    options: ManagedMultipartProgressOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadPartProgress> {
    const { readProgress } = await import("./managed_uploads.ts");
    return await readProgress(this.transport, recordingUid, options, request);
  }

  /**
   * Asks where parts of a file are to be sent; the addresses live at most 300 s.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Which file, attempt and parts.
   * @param request Request options.
   * @returns The addresses.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedMultipartParts(
    recordingUid: string,
    options: ManagedMultipartPartsOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadPartGrants> {
    const { requestGrants } = await import("./managed_uploads.ts");
    return await requestGrants(this.transport, recordingUid, options, request);
  }

  /**
   * Says that all parts of all files are stored, and starts the publication.
   *
   * @param recordingUid Unique id of the recording.
   * @param options All files with their attempts.
   * @param request Request options.
   * @returns The publication.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedFinalize(
    recordingUid: string,
    options: ManagedFinalizeOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadFinalizeResult> {
    const { finalizeManaged } = await import("./managed_uploads.ts");
    return await finalizeManaged(
      this.transport,
      recordingUid,
      options,
      request,
    );
  }

  /**
   * Uploads a recording of 1 to 64 `.mcap` files, each at most 8 GiB: hashes them,
   * sends the parts that are missing, and starts the publication. Each file is
   * read twice.
   *
   * @param recordingUid Unique id of the recording.
   * @param files The files.
   * @param options Session, concurrency, progress, and whether to wait.
   * @param request Request options, as for {@linkcode AsyncFleetUploads.uploadRecording}.
   * @returns The state of the session.
   * @throws {InvalidArgumentError} If an argument is wrong, or a file gives another number of bytes than its size.
   * @throws {WaitTimeoutError} If the publication takes longer than the wait.
   * @throws {WaitFailedError} If the publication has failed and `throwOnFailure` is set.
   * @throws {AvalaError} If a request fails for good.
   */
  async uploadManagedRecording(
    recordingUid: string,
    files: UploadFiles,
    options: UploadManagedRecordingOptions = {},
    request: RequestOptions = {},
  ): Promise<ManagedUploadStatus> {
    const method = "fleet.uploads.uploadManagedRecording";
    segment(method, "recordingUid", recordingUid);
    const { uploadManaged } = await import("./upload_managed.ts");
    const { transport } = this;
    return await uploadManaged(
      transport,
      recordingUid,
      files,
      options,
      request,
    );
  }
}
