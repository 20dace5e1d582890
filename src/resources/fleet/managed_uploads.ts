/**
 * Managed uploads of recordings: their models and options, and the calls of the API.
 *
 * @module
 */

import type { Call, RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import type { WaitOptions } from "../../http/waiting.ts";
import type { UploadOptions } from "../../uploads/options.ts";
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
  type OptionTable,
  positiveInteger,
  query,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { byteCount } from "./recording_uploads.ts";

/** The protocol of managed uploads. */
export const MANAGED_PROTOCOL = "fleet-managed-mcap-v1";

/** One attempt at storing a file. */
export interface ManagedUploadGeneration {
  /** Unique id of the attempt. */
  generationUid: string;
  /** Its number. */
  number: number;
  /** Its state. */
  state: string;
}

/** One file of a managed upload. */
export interface ManagedUploadFile {
  /** Unique id of the file. */
  fileUid: string;
  /** Path of the file. */
  path: string;
  /** Size in bytes. */
  sizeBytes: number;
  /** SHA-256, lowercase hex. */
  contentSha256: string;
  /** Media type. */
  contentType: string | null;
  /** Encoding of the content. */
  contentEncoding: string | null;
  /** Bytes of a part. */
  partSize: number;
  /** Number of parts. */
  partCount: number;
  /** Whether the server has checked the stored file. */
  verified: boolean;
  /** The attempt that is open, if there is one. */
  generation: ManagedUploadGeneration | null;
}

/** State of the publication of a managed upload. */
export type ManagedFinalizationState = Open<
  "pending" | "running" | "retry_wait" | "succeeded" | "failed"
>;

/** The publication of a managed upload. */
export interface ManagedUploadFinalization {
  /** Unique id of the publication. */
  uid: string;
  /** State. */
  state: ManagedFinalizationState;
  /** Step that it is at. */
  stage: string | null;
  /** Attempts so far. */
  attempts: number;
  /** Attempts that failed. */
  failures: number;
  /** Code of a failure. */
  code: string | null;
  /** When the next attempt may start, ISO-8601. */
  availableAt: string | null;
  /** Unique id of what was published. */
  publicationUid: string | null;
  /** Unique id of the dataset made from the recording. */
  datasetUid: string | null;
}

const decodeManagedFinalization: Decode<ManagedUploadFinalization> = model<
  ManagedUploadFinalization
>({
  uid: null,
  state: null,
  stage: null,
  attempts: 0,
  failures: 0,
  code: null,
  availableAt: null,
  publicationUid: null,
  datasetUid: null,
});

/** State of a managed upload. */
export interface ManagedUploadStatus {
  /** The protocol. */
  protocol: string;
  /** Unique id of the session, as the caller made it. */
  sessionUid: string;
  /** Unique id of the recording. */
  recordingUid: string;
  /** State. */
  status: Open<"initiated" | "uploading" | "completing" | "completed">;
  /** Files of the session. */
  totalFiles: number;
  /** Their bytes. */
  totalBytes: number;
  /** Files confirmed so far. */
  confirmedFiles: number;
  /** Their bytes. */
  confirmedBytes: number;
  /** The files. */
  files: ManagedUploadFile[];
  /** The publication, once it was asked for. */
  finalization: ManagedUploadFinalization | null;
}

const decodeManagedStatus: Decode<ManagedUploadStatus> = model<
  ManagedUploadStatus
>({
  protocol: null,
  sessionUid: null,
  recordingUid: null,
  status: null,
  totalFiles: 0,
  totalBytes: 0,
  confirmedFiles: 0,
  confirmedBytes: 0,
  files: [
    model<ManagedUploadFile>({
      fileUid: null,
      path: null,
      sizeBytes: null,
      contentSha256: null,
      contentType: null,
      contentEncoding: null,
      partSize: null,
      partCount: null,
      verified: false,
      generation: model<ManagedUploadGeneration>({
        generationUid: null,
        number: null,
        state: null,
      }),
    }),
  ],
  finalization: decodeManagedFinalization,
});

/** A part that the storage has. */
export interface ManagedUploadPart {
  /** Number of the part, from 1. */
  partNumber: number;
  /** Bytes. */
  size: number;
}

/** Parts stored so far. */
export interface ManagedUploadPartProgress {
  /** At most 100 parts. */
  parts: ManagedUploadPart[];
  /** Value for `after` to go on with, as it is; null at the end. */
  nextCursor: unknown;
}

const decodePartProgress: Decode<ManagedUploadPartProgress> = model<
  ManagedUploadPartProgress
>({
  parts: [model<ManagedUploadPart>({ partNumber: null, size: null })],
  nextCursor: null,
});

/** Permission to send one part. */
export interface ManagedUploadPartGrant {
  /** Unique id of the permission. */
  grantUid: string;
  /** Number of the part, from 1. */
  partNumber: number;
  /** Offset of the part in bytes. */
  offset: number;
  /** Size of the part in bytes. */
  sizeBytes: number;
  /** Presigned address for a PUT. Its query is a secret. */
  url: string;
  /** Headers to send, names as they are. */
  headers: JsonObject;
  /** When the permission ends, ISO-8601; at most 300 s away. */
  expiresAt: string;
}

/** Permissions to send parts. */
export interface ManagedUploadPartGrants {
  /** The permissions. */
  parts: ManagedUploadPartGrant[];
}

const decodeGrants: Decode<ManagedUploadPartGrants> = model<
  ManagedUploadPartGrants
>({
  parts: [
    model<ManagedUploadPartGrant>({
      grantUid: null,
      partNumber: null,
      offset: null,
      sizeBytes: null,
      url: null,
      headers: {},
      expiresAt: null,
    }),
  ],
});

/** Response to the end of a managed upload. */
export interface ManagedUploadFinalizeResult {
  /** The publication. */
  finalization: ManagedUploadFinalization | null;
}

const decodeFinalizeResult: Decode<ManagedUploadFinalizeResult> = model<
  ManagedUploadFinalizeResult
>({ finalization: decodeManagedFinalization });

/** One file to admit. */
export interface ManagedUploadFileInput {
  /** Path of the file; it ends with `.mcap`. */
  path: string;
  /** Size in bytes. */
  sizeBytes: number;
  /** SHA-256, lowercase hex. */
  contentSha256: string;
}

/** Options of {@linkcode AsyncFleetUploads.managedAdmit}. */
export interface ManagedAdmitOptions {
  /** A UUID of yours: with it, the call can be repeated. */
  sessionUid: string;
  /** 1 to 64 files. */
  files: ManagedUploadFileInput[];
  /**
   * The protocol.
   *
   * @default {"fleet-managed-mcap-v1"}
   */
  protocol?: string | undefined;
}

const protocol = { default: MANAGED_PROTOCOL };

const ADMIT: OptionTable<ManagedAdmitOptions> = {
  protocol,
  sessionUid: requiredText,
  files: {
    required: true,
    check: nonEmptyArray,
    fields: {
      path: requiredText,
      sizeBytes: { required: true, check: byteCount },
      contentSha256: requiredText,
    },
  },
};

/** Options of {@linkcode AsyncFleetUploads.managedStatus}. */
export interface ManagedStatusOptions {
  /** The protocol: `"fleet-managed-mcap-v1"`. */
  protocol: string;
  /** Unique id of the session, as the caller made it. */
  sessionUid: string;
}

const MANAGED_STATUS: OptionTable<ManagedStatusOptions> = {
  protocol: requiredText,
  sessionUid: requiredText,
};

/** Options of {@linkcode AsyncFleetUploads.managedMultipartInit}. */
export interface ManagedMultipartInitOptions {
  /** Unique id of the file. */
  fileUid: string;
}

const MULTIPART_INIT: OptionTable<ManagedMultipartInitOptions> = {
  fileUid: requiredText,
};

/** Options of {@linkcode AsyncFleetUploads.managedMultipartProgress}. */
export interface ManagedMultipartProgressOptions {
  /** Unique id of the file. */
  fileUid: string;
  /** Unique id of the attempt. */
  generationUid: string;
  /**
   * The part to go on after: the `nextCursor` of an earlier response.
   *
   * @default {the start}
   */
  after?: number | undefined;
}

const MULTIPART_PROGRESS: OptionTable<ManagedMultipartProgressOptions> = {
  fileUid: requiredText,
  generationUid: requiredText,
  after: {},
};

/** Options of {@linkcode AsyncFleetUploads.managedMultipartParts}. */
export interface ManagedMultipartPartsOptions {
  /** Unique id of the file. */
  fileUid: string;
  /** Unique id of the attempt. */
  generationUid: string;
  /** Numbers of the parts, from 1. */
  numbers: number[];
}

const MULTIPART_PARTS: OptionTable<ManagedMultipartPartsOptions> = {
  fileUid: requiredText,
  generationUid: requiredText,
  numbers: { required: true, check: nonEmptyArray },
};

/** One file to finalize. */
export interface ManagedUploadFinalizeInput {
  /** Unique id of the file. */
  fileUid: string;
  /** Unique id of the attempt that stored it. */
  generationUid: string;
}

/** Options of {@linkcode AsyncFleetUploads.managedFinalize}. */
export interface ManagedFinalizeOptions {
  /** All files of the session. */
  files: ManagedUploadFinalizeInput[];
}

const MANAGED_FINALIZE: OptionTable<ManagedFinalizeOptions> = {
  files: {
    required: true,
    check: nonEmptyArray,
    fields: { fileUid: requiredText, generationUid: requiredText },
  },
};

/** Options of {@linkcode AsyncFleetUploads.uploadManagedRecording}. */
export interface UploadManagedRecordingOptions
  extends Omit<UploadOptions, "onError"> {
  /**
   * A UUID of yours. With the same one, a later run sends only what is missing.
   *
   * @default {crypto.randomUUID()}
   */
  sessionUid?: string | undefined;
  /**
   * How many parts are sent at a time, 1 to 4.
   *
   * @default {2}
   */
  concurrency?: number | undefined;
  /**
   * Wait until the recording is published; give options to say how long.
   *
   * @default {false}
   */
  wait?: boolean | WaitOptions<ManagedUploadStatus> | undefined;
}

const oneToFour: Check = (value) =>
  positiveInteger(value) === undefined && (value as number) <= 4
    ? undefined
    : "an integer from 1 to 4";

/** The options of {@linkcode AsyncFleetUploads.uploadManagedRecording}; none goes on the wire as it is. */
export const UPLOAD_MANAGED: OptionTable<UploadManagedRecordingOptions> = {
  concurrency: { check: oneToFour, local: true },
  onProgress: local,
  sessionUid: { check: nonEmptyString, local: true },
  wait: local,
};

/**
 * Opens a managed session.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The state of the session.
 */
export async function admit(
  api: Transport,
  recordingUid: string,
  options: ManagedAdmitOptions,
  request?: RequestOptions,
): Promise<ManagedUploadStatus> {
  const where = path(
    "fleet.uploads.managedAdmit",
    "/fleet/recordings/{recordingUid}/managed-upload/admit/",
    { recordingUid },
  );
  const call: Call = {
    method: "POST",
    path: where,
    ...body(ADMIT, options, true),
  };
  return decodeManagedStatus(await api.send(call, "object", request));
}

/**
 * Reads the state of a managed session.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The state of the session.
 */
export async function readManagedStatus(
  api: Transport,
  recordingUid: string,
  options: ManagedStatusOptions,
  request?: RequestOptions,
): Promise<ManagedUploadStatus> {
  const where = path(
    "fleet.uploads.managedStatus",
    "/fleet/recordings/{recordingUid}/managed-upload/status/",
    { recordingUid },
  );
  const call: Call = {
    method: "GET",
    path: where,
    ...query(MANAGED_STATUS, options),
  };
  return decodeManagedStatus(await api.send(call, "object", request));
}

/**
 * Opens an attempt at storing a file.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The JSON of the response, or null when it is empty.
 */
export async function openGeneration(
  api: Transport,
  recordingUid: string,
  options: ManagedMultipartInitOptions,
  request?: RequestOptions,
): Promise<unknown> {
  const where = path(
    "fleet.uploads.managedMultipartInit",
    "/fleet/recordings/{recordingUid}/managed-upload/multipart/init/",
    { recordingUid },
  );
  const call: Call = {
    method: "POST",
    path: where,
    ...body(MULTIPART_INIT, options),
  };
  return await api.send(call, "json", request);
}

/**
 * Reads which parts of a file are stored, at most 100 at a time.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The parts.
 */
export async function readProgress(
  api: Transport,
  recordingUid: string,
  options: ManagedMultipartProgressOptions,
  request?: RequestOptions,
): Promise<ManagedUploadPartProgress> {
  const where = path(
    "fleet.uploads.managedMultipartProgress",
    "/fleet/recordings/{recordingUid}/managed-upload/multipart/progress/",
    { recordingUid },
  );
  const call: Call = {
    method: "GET",
    path: where,
    ...query(MULTIPART_PROGRESS, options),
  };
  return decodePartProgress(await api.send(call, "object", request));
}

/**
 * Asks where parts of a file are to be sent.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The addresses.
 */
export async function requestGrants(
  api: Transport,
  recordingUid: string,
  options: ManagedMultipartPartsOptions,
  request?: RequestOptions,
): Promise<ManagedUploadPartGrants> {
  const where = path(
    "fleet.uploads.managedMultipartParts",
    "/fleet/recordings/{recordingUid}/managed-upload/multipart/parts/",
    { recordingUid },
  );
  const call: Call = {
    method: "POST",
    path: where,
    ...body(MULTIPART_PARTS, options, true),
  };
  return decodeGrants(await api.send(call, "object", request));
}

/**
 * Says that all parts of all files are stored, and starts the publication.
 *
 * @param api Sends the request.
 * @param recordingUid Unique id of the recording.
 * @param options The options.
 * @param request Request options.
 * @returns The publication.
 */
export async function finalizeManaged(
  api: Transport,
  recordingUid: string,
  options: ManagedFinalizeOptions,
  request?: RequestOptions,
): Promise<ManagedUploadFinalizeResult> {
  const where = path(
    "fleet.uploads.managedFinalize",
    "/fleet/recordings/{recordingUid}/managed-upload/finalize/",
    { recordingUid },
  );
  const call: Call = {
    method: "POST",
    path: where,
    ...body(MANAGED_FINALIZE, options, true),
  };
  return decodeFinalizeResult(await api.send(call, "object", request));
}
