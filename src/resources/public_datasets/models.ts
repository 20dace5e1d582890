/**
 * Revisions of public datasets, as the service tells of them, and what can be asked.
 *
 * @module
 */

import type { DownloadProgress } from "../../downloads/download.ts";
import { type Decode, model, type Open } from "../../wire/codec.ts";
import {
  type Check,
  integerUpTo,
  nonEmptyString,
  optional,
  type OptionTable,
  positiveInteger,
} from "../../wire/options.ts";

/** State of a revision. */
export type DatasetRevisionState = Open<"published">;

/** Whether the rights of a revision are declared. */
export type DatasetRightsStatus = Open<"declared">;

/** What everybody may do with a revision. */
export type DatasetRightsAccess = Open<"open_download">;

/** Who holds the bytes of an object. */
export type DatasetObjectProvider = Open<
  | "aws_s3"
  | "gcs"
  | "azure_blob"
  | "cloudflare_r2"
  | "avala_proxy"
  | "avala_edge"
>;

/** A way to bytes that the caller permits beside the usual ones. */
export type DatasetObjectTransport = Open<"avala-edge-v1">;

/** Where objects of a revision come from. */
export interface DatasetRevisionOrigin {
  /** Name of the origin, unique in the revision. */
  name: string;
  /** Kind of the origin, such as `avala`. */
  kind: string;
  /** What it is, for who looks for it there. */
  canonicalRef: string;
  /** Its revision; may be empty. */
  externalRevision: string;
}

/** A summary of all objects of a revision. */
export interface DatasetRevisionManifest {
  /** Version of the format: 1. */
  schemaVersion: number;
  /** SHA-256 of the manifest, 64 lowercase hex digits. */
  sha256: string;
  /** Number of objects. */
  objectCount: number;
  /** Bytes of all objects. */
  totalSizeBytes: number;
  /** Where the objects come from. */
  origins: DatasetRevisionOrigin[];
  /** Path of the list of objects, below the base URL. */
  objectsPath: string;
}

/** What everybody may do with a revision. */
export interface DatasetRevisionRights {
  /** Whether they are declared. */
  status: DatasetRightsStatus;
  /** What everybody may do. */
  access: DatasetRightsAccess;
  /** Name of the license. */
  name: string;
  /** Address of the license. */
  url: string;
  /** SHA-256 of the license's text. */
  documentSha256: string;
  /** SHA-256 of the attestation. */
  attestationSha256: string;
}

/** A revision of a public dataset. It never changes. */
export interface DatasetRevision {
  /** Version of the format: 1. */
  schemaVersion: number;
  /** What was asked for: `owner/dataset@selector`, or the canonical reference. */
  requestedReference: string;
  /** `owner/dataset@digest`. */
  displayReference: string;
  /** `avala://datasets/uid@digest`: the one to keep, as an alias may move. */
  canonicalReference: string;
  /** Unique id of the dataset. */
  datasetUid: string;
  /** Unique id of the revision. */
  revisionUid: string;
  /** Digest of the revision, 64 lowercase hex digits. */
  revisionSha256: string;
  /** State of the revision. */
  state: DatasetRevisionState;
  /** Summary of its objects. */
  manifest: DatasetRevisionManifest;
  /** What everybody may do with it. */
  rights: DatasetRevisionRights;
}

/** One object of a revision: a file. */
export interface DatasetRevisionObject {
  /** Unique id of the object. */
  objectUid: string;
  /** Path of the file in the dataset, with forward slashes. */
  logicalPath: string;
  /** What the object is, such as `episode`. */
  role: string;
  /** Its number among the objects of this role, from 0. */
  ordinal: number;
  /** Number of the episode that it belongs to; null on episodes themselves. */
  episodeOrdinal: number | null;
  /** Media type. */
  contentType: string;
  /** Name of the origin that it comes from. */
  origin: string;
  /** Size in bytes. */
  sizeBytes: number;
  /** SHA-256 of the bytes, 64 lowercase hex digits. */
  sha256: string;
  /** Path that gives the address of its bytes, below the base URL. */
  accessPath: string;
}

/** Some of the objects of a revision. The cursors are values, not links. */
export interface DatasetRevisionObjectPage {
  /** Version of the format: 1. */
  schemaVersion: number;
  /** Canonical reference of the revision. */
  canonicalReference: string;
  /** Digest of the revision. */
  revisionSha256: string;
  /** SHA-256 of the manifest. */
  manifestSha256: string;
  /** Where to go on, to be given as `cursor`; null at the end. */
  nextCursor: string | null;
  /** Where the objects before these start; null at the start. */
  previousCursor: string | null;
  /** The objects, by role, ordinal and path. */
  results: DatasetRevisionObject[];
}

/** An address of an object's bytes. It is good for some minutes. */
export interface DatasetObjectAccess {
  /** Version of the format: 1. */
  schemaVersion: number;
  /** Canonical reference of the revision. */
  canonicalReference: string;
  /** Unique id of the dataset. */
  datasetUid: string;
  /** Digest of the revision. */
  revisionSha256: string;
  /** SHA-256 of the manifest. */
  manifestSha256: string;
  /** Unique id of the object. */
  objectUid: string;
  /** HTTP method to ask with: `GET`. */
  method: string;
  /** Who holds the bytes. */
  provider: DatasetObjectProvider;
  /** Presigned address of the bytes: a secret. */
  url: string;
  /** When the address expires, ISO-8601. */
  expiresAt: string;
  /** Size in bytes. */
  sizeBytes: number;
  /** SHA-256 of the bytes. */
  sha256: string;
  /** Whether parts of the bytes can be asked for. */
  rangeSupported: boolean;
}

/** Options of {@linkcode AsyncPublicDatasets.listObjects}. */
export interface ListRevisionObjectsOptions {
  /**
   * Objects in one response, at most 100.
   *
   * @default {chosen by the server}
   */
  limit?: number | undefined;
  /** Only objects of this role, such as `episode`. */
  role?: string | undefined;
  /** Only the object of the role that has this number. */
  ordinal?: number | undefined;
  /** Only the objects of the role that have these numbers: 1 to 100, without `ordinal` and `cursor`. */
  ordinals?: number[] | undefined;
  /** Where to go on: the `nextCursor` of an earlier response. */
  cursor?: string | undefined;
}

/** Options of {@linkcode AsyncPublicDatasets.getObjectAccess} and {@linkcode AsyncPublicDatasets.requestObjectAccess}. */
export interface ObjectAccessOptions {
  /** Permits addresses of another kind: `avala-edge-v1` those of Avala's own servers. */
  transport?: DatasetObjectTransport | undefined;
}

/** Options of {@linkcode AsyncPublicDatasets.load}. */
export interface LoadDatasetOptions {
  /**
   * Alias or digest of the revision, where the reference names none.
   *
   * @default {"main"}
   */
  revision?: string | undefined;
}

/** Options of {@linkcode AsyncPublicDatasets.downloadObject}. */
export interface DownloadObjectOptions {
  /** Called after every chunk. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * How many bytes `bytes()`, `text()` and `json()` of the download may read into
   * memory. Its stream has no such limit.
   *
   * @default {67_108_864}
   */
  maxBytes?: number | undefined;
}

const ordinal: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : "an integer from 0";

const ordinals: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.length <= 100 &&
    !value.some(ordinal)
    ? undefined
    : "an array of 1 to 100 integers from 0";

/** The options of {@linkcode AsyncPublicDatasets.listObjects}. */
export const LIST: OptionTable<ListRevisionObjectsOptions> = {
  limit: { check: integerUpTo(100) },
  role: { check: nonEmptyString },
  ordinal: { check: ordinal },
  ordinals: { check: ordinals, repeat: true },
  cursor: { check: nonEmptyString },
};

/** The options of {@linkcode AsyncPublicDatasets.getObjectAccess}. */
export const ACCESS: OptionTable<ObjectAccessOptions> = { transport: optional };

/** The options of {@linkcode AsyncPublicDatasets.load}. */
export const LOAD: OptionTable<LoadDatasetOptions> = {
  revision: { check: nonEmptyString, local: true },
};

/** The options of {@linkcode AsyncPublicDatasets.downloadObject}. */
export const DOWNLOAD: OptionTable<DownloadObjectOptions> = {
  onProgress: { local: true },
  maxBytes: { check: positiveInteger, local: true },
};

/** Decodes a revision. */
export const decodeRevision: Decode<DatasetRevision> = model<DatasetRevision>({
  schemaVersion: null,
  requestedReference: null,
  displayReference: null,
  canonicalReference: null,
  datasetUid: null,
  revisionUid: null,
  revisionSha256: null,
  state: null,
  manifest: model<DatasetRevisionManifest>({
    schemaVersion: null,
    sha256: null,
    objectCount: null,
    totalSizeBytes: null,
    origins: [
      model<DatasetRevisionOrigin>({
        name: null,
        kind: null,
        canonicalRef: null,
        externalRevision: null,
      }),
    ],
    objectsPath: null,
  }),
  rights: model<DatasetRevisionRights>({
    status: null,
    access: null,
    name: null,
    url: null,
    documentSha256: null,
    attestationSha256: null,
  }),
});

/** Decodes some of the objects of a revision. */
export const decodeObjects: Decode<DatasetRevisionObjectPage> = model<
  DatasetRevisionObjectPage
>({
  schemaVersion: null,
  canonicalReference: null,
  revisionSha256: null,
  manifestSha256: null,
  nextCursor: null,
  previousCursor: null,
  results: [
    model<DatasetRevisionObject>({
      objectUid: null,
      logicalPath: null,
      role: null,
      ordinal: null,
      episodeOrdinal: null,
      contentType: null,
      origin: null,
      sizeBytes: null,
      sha256: null,
      accessPath: null,
    }),
  ],
});

/** Decodes the address of an object's bytes. */
export const decodeAccess: Decode<DatasetObjectAccess> = model<
  DatasetObjectAccess
>({
  schemaVersion: null,
  canonicalReference: null,
  datasetUid: null,
  revisionSha256: null,
  manifestSha256: null,
  objectUid: null,
  method: null,
  provider: null,
  url: null,
  expiresAt: null,
  sizeBytes: null,
  sha256: null,
  rangeSupported: null,
});
