/**
 * Uploads of recordings: their models and options, and the calls of the API.
 *
 * @module
 */

import type { Call, RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import {
  STATE_STORE,
  UPLOAD,
  type UploadFailure,
  type UploadOptions,
} from "../../uploads/options.ts";
import type { PlannedUpload, StateStore } from "../../uploads/state_store.ts";
import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import {
  body,
  type Check,
  local,
  nonEmptyArray,
  nonEmptyString,
  optional,
  type OptionTable,
  positiveInteger,
  requiredList,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";

/** State of an upload session. */
export type UploadSessionStatus = Open<
  "initiated" | "uploading" | "completing" | "completed" | "abandoned"
>;

/** An upload session of a recording. */
export interface FleetUploadSession {
  /** Unique id of the session. */
  uid: string;
  /** Files of the session. */
  totalFiles: number;
  /** Their bytes. */
  totalBytes: number;
  /** Files confirmed so far. */
  confirmedFiles: number;
  /** Their bytes. */
  confirmedBytes: number;
  /** Prefix of the keys of all files. */
  s3Prefix: string | null;
  /** State. */
  status: UploadSessionStatus | null;
}

const decodeSession: Decode<FleetUploadSession> = model<
  FleetUploadSession
>({
  uid: null,
  totalFiles: 0,
  totalBytes: 0,
  confirmedFiles: 0,
  confirmedBytes: 0,
  s3Prefix: null,
  status: null,
});

/** Presigned address of one file. */
export interface FleetUploadUrl {
  /** Path as given in the manifest. */
  path: string;
  /** Presigned address for a PUT. Its query is a secret. */
  putUrl: string;
  /** Key of the object. */
  s3Key: string;
  /** Headers to send, names as they are. */
  headers: JsonObject;
}

/** Presigned addresses of files. */
export interface FleetUploadUrls {
  /** The addresses. */
  urls: FleetUploadUrl[];
}

const decodeUrls: Decode<FleetUploadUrls> = model<FleetUploadUrls>({
  urls: [
    model<FleetUploadUrl>({
      path: null,
      putUrl: null,
      s3Key: null,
      headers: {},
    }),
  ],
});

/** Response to a confirmation; two generations of servers send different counters. */
export interface FleetUploadConfirmation {
  /** Files confirmed by this call. */
  confirmed: number;
  /** Files confirmed in all (older servers). */
  totalConfirmed: number;
  /** Files of the session. */
  totalFiles: number;
  /** Unique id of the session (newer servers). */
  sessionUid: string | null;
  /** Bytes of the session (newer servers). */
  totalBytes: number | null;
  /** Files confirmed in all (newer servers). */
  confirmedFiles: number | null;
  /** Bytes confirmed in all (newer servers). */
  confirmedBytes: number | null;
}

const decodeConfirmation: Decode<FleetUploadConfirmation> = model<
  FleetUploadConfirmation
>({
  confirmed: 0,
  totalConfirmed: 0,
  totalFiles: 0,
  sessionUid: null,
  totalBytes: null,
  confirmedFiles: null,
  confirmedBytes: null,
});

/** How far an upload session has come. */
export interface FleetUploadStatus {
  /** Unique id of the session. */
  sessionUid: string;
  /** State. */
  status: UploadSessionStatus;
  /** Files of the session. */
  totalFiles: number;
  /** Files confirmed so far. */
  confirmedFiles: number;
  /** Bytes of the session. */
  totalBytes: number;
  /** Bytes confirmed so far. */
  confirmedBytes: number;
  /** Files not confirmed yet, at most 1,000 of them: a longer list is cut. */
  pendingPaths: string[];
}

const decodeStatus: Decode<FleetUploadStatus> = model<FleetUploadStatus>(
  {
    sessionUid: null,
    status: null,
    totalFiles: 0,
    confirmedFiles: 0,
    totalBytes: 0,
    confirmedBytes: 0,
    pendingPaths: [],
  },
);

/** One file of a manifest. */
export interface FleetUploadFileInput {
  /** Relative path with forward slashes, at most 1,024 characters. */
  path: string;
  /** Size in bytes. */
  sizeBytes: number;
}

/** One file to confirm. */
export interface FleetUploadConfirmInput extends FleetUploadFileInput {
  /** ETag of the storage's response, without quotes. */
  etag: string;
}

/** Options of {@linkcode AsyncFleetUploads.initUpload}. */
export interface InitUploadOptions {
  /** The files; the service takes 50,000. */
  files: FleetUploadFileInput[];
  /** Unique id of the storage configuration to use; Avala's storage by default. */
  storageConfigUid?: string | undefined;
}

/**
 * Checks for a size in bytes.
 *
 * @param value The value given.
 * @returns What is wanted, when the value is not that.
 */
export const byteCount: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : "a number of bytes from 0";

const FILE: OptionTable<FleetUploadFileInput> = {
  path: requiredText,
  sizeBytes: { required: true, check: byteCount },
};

const INIT: OptionTable<InitUploadOptions> = {
  files: { required: true, check: nonEmptyArray, fields: FILE },
  storageConfigUid: optional,
};

/** Options of {@linkcode AsyncFleetUploads.getUploadUrls}. */
export interface GetUploadUrlsOptions {
  /** Unique id of the session. */
  sessionUid: string;
  /** Paths of the manifest, 100 at a time. */
  filePaths: string[];
  /**
   * Seconds that the addresses live.
   *
   * @default {3600}
   */
  ttlSeconds?: number | undefined;
}

const URLS: OptionTable<GetUploadUrlsOptions> = {
  sessionUid: requiredText,
  filePaths: requiredList,
  ttlSeconds: { default: 3_600, check: positiveInteger },
};

/** Options of {@linkcode AsyncFleetUploads.confirmUpload}. */
export interface ConfirmUploadOptions {
  /** Unique id of the session. */
  sessionUid: string;
  /** The files, 100 at a time. */
  files: FleetUploadConfirmInput[];
}

const CONFIRM: OptionTable<ConfirmUploadOptions> = {
  sessionUid: requiredText,
  files: {
    required: true,
    check: nonEmptyArray,
    fields: { ...FILE, etag: requiredText },
  },
};

/** Options of {@linkcode AsyncFleetUploads.finalizeUpload}. */
export interface FinalizeUploadOptions {
  /** Unique id of the session. */
  sessionUid: string;
}

const FINALIZE: OptionTable<FinalizeUploadOptions> = {
  sessionUid: requiredText,
};

/** What must be known to go on with an upload later. Plain JSON. */
export interface FleetUploadState {
  /** Unique id of the session; empty while one is opened, and not known yet. */
  sessionUid: string;
  /** Unique id of the recording. */
  recordingUid: string;
  /** SHA-256 over the paths, sizes and modification times of all files. */
  fingerprint: string;
  /** Prefix of the keys of all files, if the server told it. */
  s3Prefix: string | null;
  /** Files that are stored, and may not be confirmed yet. */
  stored?: FleetUploadConfirmInput[];
}

/** Keeps the state of uploads, so that a later run goes on where this one ended. */
export type FleetUploadStateStore = StateStore<FleetUploadState>;

/** Options of {@linkcode AsyncFleetUploads.uploadRecording}. */
export interface UploadRecordingOptions extends UploadOptions {
  /** Unique id of the storage configuration to use; Avala's storage by default. */
  storageConfigUid?: string | undefined;
  /** Remembers the session, so that a later run sends only what is missing. */
  stateStore?: FleetUploadStateStore | undefined;
  /**
   * Send nothing that writes, and give the plan instead.
   *
   * @default {false}
   */
  dryRun?: boolean | undefined;
  /**
   * Unique id of a session to go on with, when there is no store. It must have been
   * opened for exactly these files.
   */
  sessionUid?: string | undefined;
  /**
   * Seconds that presigned addresses live.
   *
   * @default {3600}
   */
  ttlSeconds?: number | undefined;
}

/** The options of {@linkcode AsyncFleetUploads.uploadRecording}; none goes on the wire as it is. */
export const UPLOAD_RECORDING: OptionTable<UploadRecordingOptions> = {
  ...UPLOAD,
  storageConfigUid: local,
  stateStore: STATE_STORE,
  dryRun: local,
  sessionUid: { check: nonEmptyString, local: true },
  ttlSeconds: { check: positiveInteger, local: true },
};

/** What {@linkcode AsyncFleetUploads.uploadRecording} has done. */
export interface RecordingUpload extends FleetUploadSession {
  /** Files that this run has sent. */
  sentFiles: number;
  /** Bytes that this run has sent. */
  sentBytes: number;
  /** Files that an earlier run has sent, and that were not sent again. */
  skipped: number;
  /** Files that failed, with `onError: "collect"`; the session is still open then. */
  failures: UploadFailure[];
  /** What would be done with each file, with `dryRun`. */
  plan?: PlannedUpload[];
}

/**
 * Opens an upload session.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The session.
 */
export async function openSession(
  api: Transport,
  recordingUid: string,
  options: InitUploadOptions,
  request?: RequestOptions,
): Promise<FleetUploadSession> {
  const where = path(
    "fleet.uploads.initUpload",
    "/fleet/recordings/{recordingUid}/upload/init/",
    { recordingUid },
  );
  const call: Call = { method: "POST", path: where, ...body(INIT, options) };
  return decodeSession(await api.send(call, "object", request));
}

/**
 * Asks where files are to be sent.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The addresses; a path without one has failed.
 */
export async function requestUrls(
  api: Transport,
  recordingUid: string,
  options: GetUploadUrlsOptions,
  request?: RequestOptions,
): Promise<FleetUploadUrls> {
  const where = path(
    "fleet.uploads.getUploadUrls",
    "/fleet/recordings/{recordingUid}/upload/urls/",
    { recordingUid },
  );
  const call: Call = {
    method: "POST",
    path: where,
    ...body(URLS, options, true),
  };
  return decodeUrls(await api.send(call, "object", request));
}

/**
 * Says that files are stored.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The server's counts.
 */
export async function confirmFiles(
  api: Transport,
  recordingUid: string,
  options: ConfirmUploadOptions,
  request?: RequestOptions,
): Promise<FleetUploadConfirmation> {
  const where = path(
    "fleet.uploads.confirmUpload",
    "/fleet/recordings/{recordingUid}/upload/confirm/",
    { recordingUid },
  );
  const call: Call = { method: "POST", path: where, ...body(CONFIRM, options) };
  return decodeConfirmation(await api.send(call, "object", request));
}

/**
 * Ends a session and starts the processing.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The JSON of the response as it is, or null when it is empty.
 */
export async function finalizeSession(
  api: Transport,
  recordingUid: string,
  options: FinalizeUploadOptions,
  request?: RequestOptions,
): Promise<unknown> {
  const where = path(
    "fleet.uploads.finalizeUpload",
    "/fleet/recordings/{recordingUid}/upload/finalize/",
    { recordingUid },
  );
  const call: Call = {
    method: "POST",
    path: where,
    ...body(FINALIZE, options),
  };
  return await api.send(call, "json", request);
}

/**
 * Reads how far the upload of a recording has come.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param request Request options.
 * @returns The status.
 */
export async function readStatus(
  api: Transport,
  recordingUid: string,
  request?: RequestOptions,
): Promise<FleetUploadStatus> {
  const where = path(
    "fleet.uploads.getUploadStatus",
    "/fleet/recordings/{recordingUid}/upload/status/",
    { recordingUid },
  );
  const call: Call = { method: "GET", path: where };
  return decodeStatus(await api.send(call, "object", request));
}
