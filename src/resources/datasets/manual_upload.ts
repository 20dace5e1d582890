/**
 * Uploads into datasets: their models and options, and the calls of the API.
 *
 * @module
 */

import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import type { WaitOptions } from "../../http/waiting.ts";
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
  optional,
  type OptionTable,
  positiveInteger,
  query,
  requiredList,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import {
  type Dataset,
  type DatasetDataType,
  type DatasetVisibility,
  decodeDataset,
} from "./models.ts";

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

const decodeTarget: Decode<ManualUploadTarget> = model<
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

const decodePartUrls: Decode<ManualUploadPartUrls> = model<
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

const decodeQuota: Decode<UploadQuota> = model<UploadQuota>({
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

const decodeMimes: Decode<AllowedMimes> = model<AllowedMimes>({
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

const TARGET: OptionTable<CreateManualUploadUrlOptions> = {
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

export const CREATE_FROM_UPLOAD: OptionTable<CreateFromManualUploadOptions> = {
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

const QUOTA: OptionTable<ManualUploadQuotaOptions> = {
  organizationUid: optional,
};

/** Options of {@linkcode AsyncDatasets.manualUploadPartUrls}. */
export interface ManualUploadPartUrlsOptions {
  /** Numbers of the parts, from 1. */
  partNumbers: number[];
}

const PART_URLS: OptionTable<ManualUploadPartUrlsOptions> = {
  partNumbers: requiredList,
};

/** Options of {@linkcode AsyncDatasets.uploadFiles}. */
export interface UploadFilesOptions extends UploadOptions {
  /** Unique id of the organization to upload for. */
  organizationUid?: string | undefined;
  /** Id that groups the files of one upload. */
  datasetUploadUid?: string | undefined;
  /**
   * 2 asks for PUT and MULTIPART targets, 1 for forms; the response decides.
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
  /**
   * Remembers what is stored, so that a later run sends only what is missing or has
   * changed since (size, modification time). It forgets the upload when
   * {@linkcode AsyncDatasets.createFromLocal} has made the dataset.
   */
  stateStore?: StateStore | undefined;
  /**
   * Send nothing that writes, and give the plan instead.
   *
   * @default {false}
   */
  dryRun?: boolean | undefined;
}

/** The options of {@linkcode AsyncDatasets.uploadFiles}; none goes on the wire as it is. */
export const UPLOAD_FILES: OptionTable<UploadFilesOptions> = {
  ...UPLOAD,
  organizationUid: local,
  datasetUploadUid: local,
  uploadProtocolVersion: { check: positiveInteger, local: true },
  preflight: local,
  stateStore: STATE_STORE,
  dryRun: local,
};

/** What {@linkcode AsyncDatasets.uploadFiles} has done. */
export interface UploadFilesResult {
  /** Files that were sent. */
  files: number;
  /** Bytes of these files. */
  bytes: number;
  /** Files that were stored already, and were not sent again. */
  skipped: number;
  /** Files that failed, with `onError: "collect"`. */
  failures: UploadFailure[];
  /** What would be done with each file, with `dryRun`. */
  plan?: PlannedUpload[];
}

/** Options of {@linkcode AsyncDatasets.createFromLocal}. */
export interface CreateFromLocalOptions
  extends
    CreateFromManualUploadOptions,
    Omit<UploadFilesOptions, "onError" | "dryRun"> {
  /**
   * Wait until the dataset is imported; give options to say how long.
   *
   * @default {false}
   */
  wait?: boolean | WaitOptions<Dataset> | undefined;
}

const { onError: _onError, dryRun: _dryRun, ...UPLOAD_LOCAL } = UPLOAD_FILES;

/** The options of {@linkcode AsyncDatasets.createFromLocal}. */
export const CREATE_FROM_LOCAL: OptionTable<CreateFromLocalOptions> = {
  ...UPLOAD_LOCAL,
  ...CREATE_FROM_UPLOAD,
  wait: local,
};

/**
 * Asks where a file is to be sent.
 *
 * @param api Sends the request.
 * @param options The dataset, and the path and size of the file.
 * @param request Request options.
 * @returns Where and how to send the file.
 */
export async function requestTarget(
  api: Transport,
  options: CreateManualUploadUrlOptions,
  request?: RequestOptions,
): Promise<ManualUploadTarget> {
  const where = path(
    "datasets.createManualUploadUrl",
    "/datasets/manual-upload/file-upload-url/",
  );
  const input = body(TARGET, options, true);
  const call = { method: "POST", path: where, ...input } as const;
  return decodeTarget(await api.send(call, "object", request));
}

/**
 * Asks where parts of a large file are to be sent.
 *
 * @param api Sends the request.
 * @param uploadUid Id of the upload.
 * @param options Numbers of the parts.
 * @param request Request options.
 * @returns The addresses.
 */
export async function requestPartUrls(
  api: Transport,
  uploadUid: string,
  options: ManualUploadPartUrlsOptions,
  request?: RequestOptions,
): Promise<ManualUploadPartUrls> {
  const where = path(
    "datasets.manualUploadPartUrls",
    "/datasets/manual-upload/uploads/{uploadUid}/parts/",
    { uploadUid },
  );
  const input = body(PART_URLS, options, true);
  const call = { method: "POST", path: where, ...input } as const;
  return decodePartUrls(await api.send(call, "object", request));
}

/**
 * Says that all parts of a large file are stored.
 *
 * @param api Sends the request.
 * @param uploadUid Id of the upload.
 * @param request Request options.
 * @returns The JSON of the response, or null when it is empty.
 */
export async function completeUpload(
  api: Transport,
  uploadUid: string,
  request?: RequestOptions,
): Promise<unknown> {
  const where = path(
    "datasets.completeManualUpload",
    "/datasets/manual-upload/uploads/{uploadUid}/complete/",
    { uploadUid },
  );
  const input = { body: () => ({}), idempotent: true };
  const call = { method: "POST", path: where, ...input } as const;
  return await api.send(call, "json", request);
}

/**
 * Reads the quota for uploads.
 *
 * @param api Sends the request.
 * @param options Whose quota.
 * @param request Request options.
 * @returns The quota.
 */
export async function readQuota(
  api: Transport,
  options: ManualUploadQuotaOptions,
  request?: RequestOptions,
): Promise<UploadQuota> {
  const where = path(
    "datasets.manualUploadQuota",
    "/datasets/manual-upload/quota/",
  );
  const call = {
    method: "GET",
    path: where,
    ...query(QUOTA, options),
  } as const;
  return decodeQuota(await api.send(call, "object", request));
}

/**
 * Reads which types of files uploads accept.
 *
 * @param api Sends the request.
 * @param request Request options.
 * @returns The types.
 */
export async function readAllowedMimes(
  api: Transport,
  request?: RequestOptions,
): Promise<AllowedMimes> {
  const where = path(
    "datasets.manualUploadAllowedMimes",
    "/datasets/manual-upload/allowed-mimes/",
  );
  const call = { method: "GET", path: where } as const;
  return decodeMimes(await api.send(call, "object", request));
}

/**
 * Creates a dataset from files that were uploaded under its name.
 *
 * @param api Sends the request.
 * @param options Name, slug and kind of media.
 * @param request Request options.
 * @returns The dataset.
 */
export async function createFromUpload(
  api: Transport,
  options: CreateFromManualUploadOptions,
  request?: RequestOptions,
): Promise<Dataset> {
  const where = path(
    "datasets.createFromManualUpload",
    "/datasets/manual-upload/",
  );
  const input = body(CREATE_FROM_UPLOAD, options);
  const call = { method: "POST", path: where, ...input } as const;
  return decodeDataset(await api.send(call, "object", request));
}
