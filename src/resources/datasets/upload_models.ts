/**
 * The models and options of uploads into datasets.
 *
 * @module
 */

import {
  type Check,
  nonEmptyArray,
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
import type { Dataset, DatasetDataType, DatasetVisibility } from "./models.ts";
import type { WaitOptions } from "../../http/waiting.ts";

/** How the bytes of a file are sent. */
export type ManualUploadMethod = Open<"POST" | "PUT" | "MULTIPART">;

/** A part that is already stored. */
export interface ManualUploadedPart {
  /** Number of the part, from 1. */
  partNumber: number;
  /** Bytes. */
  size: number;
}

/** Where and how to send one file. */
export interface ManualUploadTarget {
  /** How to send the bytes; `POST` is a multipart form. */
  method: ManualUploadMethod;
  /** Presigned address (POST and PUT). Its query is a secret. */
  url: string | null;
  /** Form fields to send before the file, names as they are (POST). */
  fields: JsonObject;
  /** Headers to send, names as they are (PUT). */
  headers: JsonObject;
  /** Id of the reservation (protocol 2). */
  uploadUid: string | null;
  /** True when the server already holds this file: nothing needs to be sent. */
  complete: boolean | null;
  /** Bytes per part (MULTIPART). */
  partSize: number | null;
  /** Number of parts (MULTIPART). */
  partCount: number | null;
  /** Parts that are already stored (MULTIPART). */
  uploadedParts: ManualUploadedPart[];
}

/** Decodes a {@linkcode ManualUploadTarget}. */
export const decodeTarget: Decode<ManualUploadTarget> = model<
  ManualUploadTarget
>({
  method: "POST",
  url: null,
  fields: {},
  headers: {},
  uploadUid: null,
  complete: null,
  partSize: null,
  partCount: null,
  uploadedParts: [
    model<ManualUploadedPart>({ partNumber: null, size: null }),
  ],
});

/** Presigned address of one part. */
export interface ManualUploadPartUrl {
  /** Number of the part, from 1. */
  partNumber: number;
  /** Presigned address for a PUT. Its query is a secret. */
  url: string;
  /** Headers to send, names as they are. */
  headers: JsonObject;
}

/** Presigned addresses of parts. */
export interface ManualUploadPartUrls {
  /** The addresses. */
  parts: ManualUploadPartUrl[];
}

/** Decodes {@linkcode ManualUploadPartUrls}. */
export const decodePartUrls: Decode<ManualUploadPartUrls> = model<
  ManualUploadPartUrls
>({
  parts: [
    model<ManualUploadPartUrl>({ partNumber: null, url: null, headers: {} }),
  ],
});

/** Quota of the storage for uploads. */
export interface UploadQuota {
  /** Bytes used, open reservations included. */
  used: number;
  /** Bytes allowed. */
  limit: number;
}

/** Decodes an {@linkcode UploadQuota}. */
export const decodeQuota: Decode<UploadQuota> = model<UploadQuota>({
  used: null,
  limit: null,
});

/** Types of files that uploads accept. */
export interface AllowedMimes {
  /** Accepted media types. */
  mimeTypes: string[];
  /** Prefix of every accepted video type. */
  videoPrefix: string | null;
}

/** Decodes {@linkcode AllowedMimes}. */
export const decodeMimes: Decode<AllowedMimes> = model<AllowedMimes>({
  mimeTypes: [],
  videoPrefix: null,
});

/** Options of {@linkcode AsyncDatasets.createManualUploadUrl}. */
export interface CreateManualUploadUrlOptions {
  /** Name of the dataset that the files are for; it need not exist yet. */
  datasetName: string;
  /** Path of the file in the dataset. */
  filePathInDataset: string;
  /** Size of the file in bytes. */
  contentLength: number;
  /** Unique id of the organization to upload for. */
  organizationUid?: string | undefined;
  /** Id that groups the files of one upload. */
  datasetUploadUid?: string | undefined;
  /**
   * 2 asks for PUT and MULTIPART targets.
   *
   * @default {1 (chosen by the server): a form POST}
   */
  uploadProtocolVersion?: number | undefined;
}

const byteCount: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : "a number of bytes from 0";

/** Table of {@linkcode CreateManualUploadUrlOptions}. */
export const TARGET: Parameters<CreateManualUploadUrlOptions> = {
  datasetName: requiredText,
  filePathInDataset: requiredText,
  contentLength: { required: true, check: byteCount },
  organizationUid: optional,
  datasetUploadUid: optional,
  uploadProtocolVersion: { check: positiveInteger },
};

/** Options of {@linkcode AsyncDatasets.createFromManualUpload}. */
export interface CreateFromManualUploadOptions {
  /** Display name; must equal the `datasetName` of the uploads. */
  name: string;
  /** URL name, unique under its owner. */
  slug: string;
  /** Kind of media. */
  dataType: DatasetDataType;
  /**
   * Who may read the dataset.
   *
   * @default {"private"}
   */
  visibility?: DatasetVisibility | undefined;
  /**
   * Have the server write metadata files.
   *
   * @default {true}
   */
  createMetadata?: boolean | undefined;
  /** User name or organization slug of the owner. */
  ownerName?: string | undefined;
  /** Your own metadata; sent as it is. */
  metadata?: JsonObject | undefined;
  /** Numeric id of an industry. */
  industry?: number | undefined;
  /** Numeric id of a license. */
  license?: number | undefined;
  /** Unique id of the owning organization. */
  organizationUid?: string | undefined;
  /** Id that groups the files of one upload. */
  datasetUploadUid?: string | undefined;
}

/** Table of {@linkcode CreateFromManualUploadOptions}. */
export const CREATE_FROM_UPLOAD: Parameters<CreateFromManualUploadOptions> = {
  name: requiredText,
  slug: requiredText,
  dataType: requiredText,
  visibility: { default: "private" },
  createMetadata: { default: true },
  ownerName: optional,
  metadata: optional,
  industry: optional,
  license: optional,
  organizationUid: optional,
  datasetUploadUid: optional,
};

/** Options of {@linkcode AsyncDatasets.manualUploadQuota}. */
export interface ManualUploadQuotaOptions {
  /** Unique id of the organization whose quota is asked. */
  organizationUid?: string | undefined;
}

/** Table of {@linkcode ManualUploadQuotaOptions}. */
export const QUOTA: Parameters<ManualUploadQuotaOptions> = {
  organizationUid: optional,
};

/** Options of {@linkcode AsyncDatasets.manualUploadPartUrls}. */
export interface ManualUploadPartUrlsOptions {
  /** Numbers of the parts, from 1. */
  partNumbers: number[];
}

/** Table of {@linkcode ManualUploadPartUrlsOptions}. */
export const PART_URLS: Parameters<ManualUploadPartUrlsOptions> = {
  partNumbers: { required: true, check: nonEmptyArray },
};

/** Options of {@linkcode AsyncDatasets.uploadFiles}. */
export interface UploadFilesOptions extends UploadOptions {
  /** Unique id of the organization to upload for. */
  organizationUid?: string | undefined;
  /** Id that groups the files of one upload. */
  datasetUploadUid?: string | undefined;
  /**
   * 2 asks for PUT and MULTIPART targets, 1 for forms; the answer decides.
   *
   * @default {2}
   */
  uploadProtocolVersion?: number | undefined;
  /**
   * Ask for the quota and the accepted types first, so that a hopeless upload
   * fails before it starts.
   *
   * @default {true}
   */
  preflight?: boolean | undefined;
}

/** What {@linkcode AsyncDatasets.uploadFiles} has done. */
export interface UploadFilesResult {
  /** Files that were sent; files that the server held already are not counted. */
  files: number;
  /** Bytes of these files. */
  bytes: number;
  /** Files that failed, with `onError: "collect"`. */
  failures: UploadFailure[];
}

/** Options of {@linkcode AsyncDatasets.createFromLocal}. */
export interface CreateFromLocalOptions
  extends CreateFromManualUploadOptions, Omit<UploadFilesOptions, "onError"> {
  /**
   * Wait until the dataset is imported; give options to say how long.
   *
   * @default {false}
   */
  wait?: boolean | WaitOptions<Dataset> | undefined;
}

/** Options of {@linkcode AsyncDatasets.transfer}: exactly one of them. */
export interface TransferDatasetOptions {
  /** Unique id of the organization that is to own the dataset. */
  organizationUid?: string | undefined;
  /** User that is to own the dataset; the service accepts the caller only. */
  ownerUsername?: string | undefined;
}

/** Table of {@linkcode TransferDatasetOptions}. */
export const TRANSFER: Parameters<TransferDatasetOptions> = {
  organizationUid: optional,
  ownerUsername: optional,
};
