/**
 * The models and options of uploads of recordings.
 *
 * @module
 */

import {
  type Check,
  nonEmptyArray,
  nonEmptyString,
  optional,
  type Parameters,
  positiveInteger,
  requiredText,
} from "../../wire/options.ts";
import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import type { UploadFailure, UploadOptions } from "../../uploads/engine.ts";

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

/** Decodes a {@linkcode FleetUploadSession}. */
export const decodeSession: Decode<FleetUploadSession> = model<
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

/** Decodes {@linkcode FleetUploadUrls}. */
export const decodeUrls: Decode<FleetUploadUrls> = model<FleetUploadUrls>({
  urls: [
    model<FleetUploadUrl>({
      path: null,
      putUrl: null,
      s3Key: null,
      headers: {},
    }),
  ],
});

/** Answer to a confirmation; two generations of servers send different counters. */
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

/** Decodes a {@linkcode FleetUploadConfirmation}. */
export const decodeConfirmation: Decode<FleetUploadConfirmation> = model<
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

/** Decodes a {@linkcode FleetUploadStatus}. */
export const decodeStatus: Decode<FleetUploadStatus> = model<FleetUploadStatus>(
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
  /** ETag of the storage's answer, without quotes. */
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

const FILE: Parameters<FleetUploadFileInput> = {
  path: requiredText,
  sizeBytes: { required: true, check: byteCount },
};

/** Table of {@linkcode InitUploadOptions}. */
export const INIT: Parameters<InitUploadOptions> = {
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

/** Table of {@linkcode GetUploadUrlsOptions}. */
export const URLS: Parameters<GetUploadUrlsOptions> = {
  sessionUid: requiredText,
  filePaths: { required: true, check: nonEmptyArray },
  ttlSeconds: { default: 3_600, check: positiveInteger },
};

/** Options of {@linkcode AsyncFleetUploads.confirmUpload}. */
export interface ConfirmUploadOptions {
  /** Unique id of the session. */
  sessionUid: string;
  /** The files, 100 at a time. */
  files: FleetUploadConfirmInput[];
}

/** Table of {@linkcode ConfirmUploadOptions}. */
export const CONFIRM: Parameters<ConfirmUploadOptions> = {
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

/** Table of {@linkcode FinalizeUploadOptions}. */
export const FINALIZE: Parameters<FinalizeUploadOptions> = {
  sessionUid: requiredText,
};

/** What must be known to go on with an upload later. Plain JSON. */
export interface FleetUploadState {
  /** Unique id of the session. */
  sessionUid: string;
  /** Unique id of the recording. */
  recordingUid: string;
  /** SHA-256 over the paths and sizes of all files. */
  fingerprint: string;
  /** Prefix of the keys of all files, if the server told it. */
  s3Prefix: string | null;
}

/** Keeps the state of uploads, so that a later run goes on where this one ended. */
export interface FleetUploadStateStore {
  /**
   * Reads a state.
   *
   * @param key Names the upload.
   * @returns What was saved last, or nothing.
   */
  load(
    key: string,
  ):
    | FleetUploadState
    | null
    | undefined
    | Promise<FleetUploadState | null | undefined>;
  /**
   * Saves a state.
   *
   * @param key Names the upload.
   * @param state The state; null when the upload is finished.
   * @returns Nothing, or a promise that is fulfilled when it is saved.
   */
  save(key: string, state: FleetUploadState | null): void | Promise<void>;
}

/** Options of {@linkcode AsyncFleetUploads.uploadRecording}. */
export interface UploadRecordingOptions extends UploadOptions {
  /** Unique id of the storage configuration to use; Avala's storage by default. */
  storageConfigUid?: string | undefined;
  /** Remembers the session, so that a later run sends only what is missing. */
  stateStore?: FleetUploadStateStore | undefined;
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

/** Table of the options of {@linkcode UploadRecordingOptions} that are checked first. */
export const RECORDING: Parameters<
  Pick<UploadRecordingOptions, "sessionUid" | "ttlSeconds">
> = {
  sessionUid: { check: nonEmptyString },
  ttlSeconds: { check: positiveInteger },
};

/** What {@linkcode AsyncFleetUploads.uploadRecording} has done. */
export interface RecordingUpload extends FleetUploadSession {
  /** Files that this run has sent. */
  sentFiles: number;
  /** Bytes that this run has sent. */
  sentBytes: number;
  /** Files that failed, with `onError: "collect"`; the session is still open then. */
  failures: UploadFailure[];
}
