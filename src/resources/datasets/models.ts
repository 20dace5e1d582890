/**
 * The models of datasets.
 *
 * @module
 */

import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";

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
