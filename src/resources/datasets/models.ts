/**
 * The models and options of datasets.
 *
 * @module
 */

import type { WaitOptions } from "../../http/waiting.ts";
import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import {
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  requiredText,
} from "../../wire/options.ts";

/** Ingest state of a dataset; `created` means that it is ready. */
export type DatasetStatus = Open<"creating" | "created">;

/** Kind of media in a dataset. */
export type DatasetDataType = Open<
  "image" | "video" | "lidar" | "mcap" | "splat" | "image_3d"
>;

/** Who may read a dataset. */
export type DatasetVisibility = Open<"private" | "public" | "unlisted">;

/** Workflow state of a sequence; more names are possible. */
export type SequenceStatus = Open<"new" | "completed">;

/** A collection of media items. */
export interface Dataset {
  /** Unique id of the dataset. */
  uid: string;
  /** Display name. */
  name: string;
  /** URL name, unique under its owner. */
  slug: string;
  /** Number of items in the dataset. */
  itemCount: number;
  /** Ingest state; `created` means the dataset is ready. */
  status: DatasetStatus | null;
  /** Kind of media held. */
  dataType: DatasetDataType | null;
  /** True when items are grouped into sequences (derived by the server from the data type). */
  isSequence: boolean | null;
  /** Label presets attached to the dataset; entries are server JSON. */
  predefinedLabels: JsonObject[] | null;
  /** User name or organization slug that owns the dataset; the first path segment of slug-addressed routes. */
  ownerName: string | null;
  /** Who may read the dataset. Documented, but not used by the official SDKs. */
  visibility: DatasetVisibility | null;
  /** Projects using the dataset. Documented, but not used by the official SDKs. */
  projectCount: number | null;
  /** Stored size in bytes. Documented, but not used by the official SDKs. */
  sizeBytes: number | null;
  /** Annotations stored for the dataset. Documented, but not used by the official SDKs. */
  annotationsCount: number | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Decodes a {@linkcode Dataset}. */
export const decodeDataset: Decode<Dataset> = model<Dataset>({
  uid: null,
  name: null,
  slug: null,
  itemCount: 0,
  status: null,
  dataType: null,
  isSequence: null,
  predefinedLabels: null,
  ownerName: null,
  visibility: null,
  projectCount: null,
  sizeBytes: null,
  annotationsCount: null,
  createdAt: null,
  updatedAt: null,
});

/** One media item of a dataset. */
export interface DatasetItem {
  /** Numeric database id. */
  id: number | null;
  /** Unique id of the item. */
  uid: string;
  /** Storage key or file path of the item. */
  key: string | null;
  /** Unique id of the dataset the item belongs to. */
  dataset: string | null;
  /** Owner of the dataset; only on detail responses. */
  datasetOwnerName: string | null;
  /** Slug of the dataset; only on detail responses. */
  datasetSlug: string | null;
  /** Address of the media; its query may be a signature that expires: a secret. */
  url: string | null;
  /** Address of the GPU-compressed texture, when one was built. */
  gpuTextureUrl: string | null;
  /** Addresses of still thumbnails. */
  thumbnails: string[] | null;
  /** Address of an animated preview. */
  videoThumbnail: string | null;
  /** Your own metadata, untouched. */
  metadata: JsonObject | null;
  /** What an export would contain for this item. */
  exportSnippet: JsonObject | null;
  /** Annotation JSON keyed by the server. */
  annotations: JsonObject | null;
  /** Crop description. */
  cropData: JsonObject | null;
  /** Other items captured together with this one. */
  relatedItems: JsonObject[] | null;
  /** Unique id of the sequence this item is part of. */
  relatedSequenceUid: string | null;
  /** Hidden items are kept but left out of the normal views. */
  isHidden: boolean;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Decodes a {@linkcode DatasetItem}. */
export const decodeItem: Decode<DatasetItem> = model<DatasetItem>({
  id: null,
  uid: null,
  key: null,
  dataset: null,
  datasetOwnerName: null,
  datasetSlug: null,
  url: null,
  gpuTextureUrl: null,
  thumbnails: null,
  videoThumbnail: null,
  metadata: null,
  exportSnippet: null,
  annotations: null,
  cropData: null,
  relatedItems: null,
  relatedSequenceUid: null,
  isHidden: false,
  createdAt: null,
  updatedAt: null,
});

/** An ordered run of frames in a dataset. */
export interface DatasetSequence {
  /** Unique id of the sequence. */
  uid: string;
  /** Storage key of the sequence. */
  key: string | null;
  /** Caller-chosen id. */
  customUuid: string | null;
  /** Workflow state of the sequence; open set of names. */
  status: SequenceStatus | null;
  /** Address of the cover image. */
  featuredImage: string | null;
  /** Frame count. */
  numberOfFrames: number | null;
  /** Camera views; server JSON. */
  views: JsonObject[] | null;
  /** Crop description. */
  cropData: JsonObject | null;
  /** Label presets. */
  predefinedLabels: JsonObject[] | null;
  /** Raw frame documents; only on detail responses; keys inside stay as on the wire (snake_case). */
  frames: JsonObject[] | null;
  /** Computed metrics. */
  metrics: JsonObject | null;
  /** Unique id of the dataset. */
  datasetUid: string | null;
  /** Whether lidar calibration may be edited. */
  allowLidarCalibration: boolean | null;
  /** Lidar calibration switched on. */
  lidarCalibrationEnabled: boolean | null;
  /** Camera calibration switched on. */
  cameraCalibrationEnabled: boolean | null;
  /** Chain-of-custody entries; server JSON. */
  cocTimeline: JsonObject[] | null;
  /** Hidden sequences are left out of the normal views; only on list responses. */
  isHidden: boolean;
  /** Data type of the dataset; decides whether calibration can exist. */
  datasetDataType: DatasetDataType | null;
  /** Capture device. */
  deviceId: string | null;
  /** Rig configured on the sequence; server JSON (a list in what was seen). */
  cameraCalibration: unknown;
  /** True when no further workflow step exists. */
  isWorkflowTerminal: boolean | null;
  /** Workflow description; server JSON. */
  sequenceStatusWorkflow: unknown;
  /** Deliverable workflow description; server JSON. */
  sequenceDeliverableWorkflow: unknown;
}

/** Decodes a {@linkcode DatasetSequence}. */
export const decodeSequence: Decode<DatasetSequence> = model<DatasetSequence>({
  uid: null,
  key: null,
  customUuid: null,
  status: null,
  featuredImage: null,
  numberOfFrames: null,
  views: null,
  cropData: null,
  predefinedLabels: null,
  frames: null,
  metrics: null,
  datasetUid: null,
  allowLidarCalibration: null,
  lidarCalibrationEnabled: null,
  cameraCalibrationEnabled: null,
  cocTimeline: null,
  isHidden: false,
  datasetDataType: null,
  deviceId: null,
  cameraCalibration: null,
  isWorkflowTerminal: null,
  sequenceStatusWorkflow: null,
  sequenceDeliverableWorkflow: null,
});

/** Per-sequence part of a dataset health snapshot. */
export interface SequenceHealth {
  /** Unique id of the sequence. */
  uid: string;
  /** Storage key. */
  key: string | null;
  /** Workflow state. */
  status: string | null;
  /** Frames. */
  frameCount: number;
  /** Whether LiDAR calibration is there. */
  hasLidarCalibration: boolean;
  /** Whether camera calibration is there. */
  hasCameraCalibration: boolean;
}

const decodeSequenceHealth = model<SequenceHealth>({
  uid: null,
  key: null,
  status: null,
  frameCount: 0,
  hasLidarCalibration: false,
  hasCameraCalibration: false,
});

/** Read-only health snapshot of a dataset. */
export interface DatasetHealth {
  /** Unique id of the dataset. */
  datasetUid: string;
  /** URL name of the dataset. */
  datasetSlug: string;
  /** Ingest state. */
  datasetStatus: DatasetStatus | null;
  /** Number of items. */
  itemCount: number;
  /** Number of sequences. */
  sequenceCount: number;
  /** Number of frames in all sequences. */
  totalFrames: number;
  /** Storage prefix; null for anybody but the owner and staff. */
  s3Prefix: string | null;
  /** Storage prefix; null for anybody but the owner and staff. */
  gcStoragePrefix: string | null;
  /** When the dataset last changed, ISO-8601. */
  lastUpdatedAt: string | null;
  /** Health of each sequence. */
  sequences: SequenceHealth[];
  /** True when nothing was found wrong. */
  ingestOk: boolean;
  /** Human-readable findings. */
  issues: string[];
  /** Data type of the dataset. */
  dataType: DatasetDataType | null;
  /** Whether items are grouped into sequences. */
  isSequence: boolean | null;
}

/** Decodes a {@linkcode DatasetHealth}. */
export const decodeHealth: Decode<DatasetHealth> = model<DatasetHealth>({
  datasetUid: null,
  datasetSlug: null,
  datasetStatus: null,
  itemCount: 0,
  sequenceCount: 0,
  totalFrames: 0,
  s3Prefix: null,
  gcStoragePrefix: null,
  lastUpdatedAt: null,
  sequences: [decodeSequenceHealth],
  ingestOk: false,
  issues: [],
  dataType: null,
  isSequence: null,
});

/** Filters of {@linkcode AsyncDatasets.list}. */
export interface ListDatasetsOptions extends PageOptions {
  /** Only datasets with this kind of media. */
  dataType?: DatasetDataType | undefined;
  /** Only datasets whose name contains this text, upper and lower case alike. */
  name?: string | undefined;
  /** Only datasets in this state. */
  status?: DatasetStatus | undefined;
  /** Only datasets with this visibility, of those that you may see. */
  visibility?: DatasetVisibility | undefined;
}

/** Options of {@linkcode AsyncDatasets.create}. */
export interface CreateDatasetOptions {
  /** Display name. */
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
  /** Where the files are: provider, bucket, credentials, …; sent as it is. */
  providerConfig?: JsonObject | undefined;
  /** User name or organization slug of the owner. */
  ownerName?: string | undefined;
  /** Numeric id of the owning organization. */
  organizationId?: number | undefined;
  /** Unique id of the owning organization. */
  organizationUid?: string | undefined;
  /** Format of GPU-compressed textures. */
  gpuTextureFormat?: string | undefined;
  /** Your own metadata; sent as it is. */
  metadata?: JsonObject | undefined;
  /** Numeric id of an industry. */
  industry?: number | undefined;
  /** Numeric id of a license. */
  license?: number | undefined;
}

/** Options of {@linkcode AsyncDatasets.wait}. */
export interface WaitDatasetOptions extends WaitOptions<Dataset> {
  /**
   * The state to wait for.
   *
   * @default {"created"}
   */
  status?: DatasetStatus | undefined;
}

/** Options of {@linkcode AsyncDatasets.transfer}: exactly one of them. */
export interface TransferDatasetOptions {
  /** Unique id of the organization that is to own the dataset. */
  organizationUid?: string | undefined;
  /** User that is to own the dataset; the service accepts the caller only. */
  ownerUsername?: string | undefined;
}

/** The option table of {@linkcode ListDatasetsOptions}. */
export const LIST: OptionTable<ListDatasetsOptions> = {
  dataType: optional,
  name: optional,
  status: optional,
  visibility: optional,
  ...PAGE,
};

/** The option table of {@linkcode CreateDatasetOptions}. */
export const CREATE: OptionTable<CreateDatasetOptions> = {
  name: requiredText,
  slug: requiredText,
  dataType: requiredText,
  visibility: { default: "private" },
  createMetadata: { default: true },
  providerConfig: optional,
  ownerName: optional,
  organizationId: optional,
  organizationUid: optional,
  gpuTextureFormat: optional,
  metadata: optional,
  industry: optional,
  license: optional,
};

/** The option table of {@linkcode TransferDatasetOptions}. */
export const TRANSFER: OptionTable<TransferDatasetOptions> = {
  organizationUid: optional,
  ownerUsername: optional,
};
