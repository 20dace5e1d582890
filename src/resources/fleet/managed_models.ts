/**
 * The models and options of managed uploads of recordings.
 *
 * @module
 */

import {
  nonEmptyArray,
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
import type { UploadOptions } from "../../uploads/engine.ts";
import type { WaitOptions } from "../../http/waiting.ts";
import { byteCount } from "./upload_models.ts";

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

/** Decodes a {@linkcode ManagedUploadStatus}. */
export const decodeManagedStatus: Decode<ManagedUploadStatus> = model<
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

/** Decodes a {@linkcode ManagedUploadPartProgress}. */
export const decodePartProgress: Decode<ManagedUploadPartProgress> = model<
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

/** Decodes {@linkcode ManagedUploadPartGrants}. */
export const decodeGrants: Decode<ManagedUploadPartGrants> = model<
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

/** Answer to the end of a managed upload. */
export interface ManagedUploadFinalizeResult {
  /** The publication. */
  finalization: ManagedUploadFinalization | null;
}

/** Decodes a {@linkcode ManagedUploadFinalizeResult}. */
export const decodeFinalizeResult: Decode<ManagedUploadFinalizeResult> = model<
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

/** Table of {@linkcode ManagedAdmitOptions}. */
export const ADMIT: Parameters<ManagedAdmitOptions> = {
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

/** Table of {@linkcode ManagedStatusOptions}. */
export const MANAGED_STATUS: Parameters<ManagedStatusOptions> = {
  protocol: requiredText,
  sessionUid: requiredText,
};

/** Options of {@linkcode AsyncFleetUploads.managedMultipartInit}. */
export interface ManagedMultipartInitOptions {
  /** Unique id of the file. */
  fileUid: string;
}

/** Table of {@linkcode ManagedMultipartInitOptions}. */
export const MULTIPART_INIT: Parameters<ManagedMultipartInitOptions> = {
  fileUid: requiredText,
};

/** Options of {@linkcode AsyncFleetUploads.managedMultipartProgress}. */
export interface ManagedMultipartProgressOptions {
  /** Unique id of the file. */
  fileUid: string;
  /** Unique id of the attempt. */
  generationUid: string;
  /**
   * The part to go on after: the `nextCursor` of an earlier answer.
   *
   * @default {the start}
   */
  after?: number | undefined;
}

/** Table of {@linkcode ManagedMultipartProgressOptions}. */
export const MULTIPART_PROGRESS: Parameters<ManagedMultipartProgressOptions> = {
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

/** Table of {@linkcode ManagedMultipartPartsOptions}. */
export const MULTIPART_PARTS: Parameters<ManagedMultipartPartsOptions> = {
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

/** Table of {@linkcode ManagedFinalizeOptions}. */
export const MANAGED_FINALIZE: Parameters<ManagedFinalizeOptions> = {
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

/** Table of the options of {@linkcode UploadManagedRecordingOptions} that are checked first. */
export const MANAGED_RECORDING: Parameters<
  Pick<UploadManagedRecordingOptions, "sessionUid" | "concurrency">
> = {
  sessionUid: {},
  concurrency: {
    check: (value) =>
      positiveInteger(value) === undefined && Number(value) <= 4
        ? undefined
        : "an integer from 1 to 4",
  },
};
