/**
 * The models of datasets.
 *
 * @module
 */

import { type Decode, type JsonObject, model, type Open } from "../codec.ts";

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
  /** Who may read the dataset; named by the Avala docs only. */
  visibility: DatasetVisibility | null;
  /** Projects using the dataset; named by the Avala docs only. */
  projectCount: number | null;
  /** Stored size in bytes; named by the Avala docs only. */
  sizeBytes: number | null;
  /** Annotations stored for the dataset; named by the Avala docs only. */
  annotationsCount: number | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Decodes a {@linkcode Dataset}. */
export const decodeDataset: Decode<Dataset> = model<Dataset>({
  uid: "uid",
  name: "name",
  slug: "slug",
  itemCount: { wire: "item_count", default: 0 },
  status: "status",
  dataType: "data_type",
  isSequence: "is_sequence",
  predefinedLabels: "predefined_labels",
  ownerName: "owner_name",
  visibility: "visibility",
  projectCount: "project_count",
  sizeBytes: "size_bytes",
  annotationsCount: "annotations_count",
  createdAt: "created_at",
  updatedAt: "updated_at",
});

/** One media item of a dataset. */
export interface DatasetItem {
  /** Numeric database id. */
  id: number | null;
  /** Unique id of the item. */
  uid: string;
  /** Storage key or file path of the item. */
  key: string | null;
  /** Uid of the dataset the item belongs to. */
  dataset: string | null;
  /** Owner of the dataset; only on detail responses. */
  datasetOwnerName: string | null;
  /** Slug of the dataset; only on detail responses. */
  datasetSlug: string | null;
  /** Address of the media; may be a presigned, expiring URL, so treat its query string as a secret. */
  url: string | null;
  /** Address of the GPU-compressed texture, when one was built. */
  gpuTextureUrl: string | null;
  /** Addresses of still thumbnails. */
  thumbnails: string[] | null;
  /** Address of an animated preview. */
  videoThumbnail: string | null;
  /** User metadata, untouched. */
  metadata: JsonObject | null;
  /** What an export would contain for this item. */
  exportSnippet: JsonObject | null;
  /** Annotation JSON keyed by the server. */
  annotations: JsonObject | null;
  /** Crop description. */
  cropData: JsonObject | null;
  /** Other items captured together with this one. */
  relatedItems: JsonObject[] | null;
  /** Uid of the sequence this item is part of. */
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
  id: "id",
  uid: "uid",
  key: "key",
  dataset: "dataset",
  datasetOwnerName: "dataset_owner_name",
  datasetSlug: "dataset_slug",
  url: "url",
  gpuTextureUrl: "gpu_texture_url",
  thumbnails: "thumbnails",
  videoThumbnail: "video_thumbnail",
  metadata: "metadata",
  exportSnippet: "export_snippet",
  annotations: "annotations",
  cropData: "crop_data",
  relatedItems: "related_items",
  relatedSequenceUid: "related_sequence_uid",
  isHidden: { wire: "is_hidden", default: false },
  createdAt: "created_at",
  updatedAt: "updated_at",
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
  /** Uid of the dataset. */
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
  uid: "uid",
  key: "key",
  customUuid: "custom_uuid",
  status: "status",
  featuredImage: "featured_image",
  numberOfFrames: "number_of_frames",
  views: "views",
  cropData: "crop_data",
  predefinedLabels: "predefined_labels",
  frames: "frames",
  metrics: "metrics",
  datasetUid: "dataset_uid",
  allowLidarCalibration: "allow_lidar_calibration",
  lidarCalibrationEnabled: "lidar_calibration_enabled",
  cameraCalibrationEnabled: "camera_calibration_enabled",
  cocTimeline: "coc_timeline",
  isHidden: { wire: "is_hidden", default: false },
  datasetDataType: "dataset_data_type",
  deviceId: "device_id",
  cameraCalibration: "camera_calibration",
  isWorkflowTerminal: "is_workflow_terminal",
  sequenceStatusWorkflow: "sequence_status_workflow",
  sequenceDeliverableWorkflow: "sequence_deliverable_workflow",
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

/** Decodes a {@linkcode SequenceHealth}. */
export const decodeSequenceHealth: Decode<SequenceHealth> = model<
  SequenceHealth
>({
  uid: "uid",
  key: "key",
  status: "status",
  frameCount: { wire: "frame_count", default: 0 },
  hasLidarCalibration: { wire: "has_lidar_calibration", default: false },
  hasCameraCalibration: { wire: "has_camera_calibration", default: false },
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
  datasetUid: "dataset_uid",
  datasetSlug: "dataset_slug",
  datasetStatus: "dataset_status",
  itemCount: { wire: "item_count", default: 0 },
  sequenceCount: { wire: "sequence_count", default: 0 },
  totalFrames: { wire: "total_frames", default: 0 },
  s3Prefix: "s3_prefix",
  gcStoragePrefix: "gc_storage_prefix",
  lastUpdatedAt: "last_updated_at",
  sequences: { wire: "sequences", default: [], model: decodeSequenceHealth },
  ingestOk: { wire: "ingest_ok", default: false },
  issues: { wire: "issues", default: [] },
  dataType: "data_type",
  isSequence: "is_sequence",
});
