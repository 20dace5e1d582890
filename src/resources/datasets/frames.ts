/**
 * Frames and camera rigs, picked out of the raw frame documents of a sequence.
 *
 * @module
 */

import { isJsonObject, type JsonObject, type Open } from "../../wire/codec.ts";
import type { DatasetDataType, DatasetSequence } from "./models.ts";

/** A position in 3D, in meters. */
export interface Vec3 {
  /** Meters along x. */
  x: number;
  /** Meters along y. */
  y: number;
  /** Meters along z. */
  z: number;
}

/** A rotation as a quaternion. */
export interface Quat {
  /** First imaginary part. */
  x: number;
  /** Second imaginary part. */
  y: number;
  /** Third imaginary part. */
  z: number;
  /** Scalar part. */
  w: number;
}

/** Projection model of a camera. */
export type CameraModel = Open<"pinhole" | "doublesphere">;

/** Intrinsics and pose that frames, images and cameras share. */
export interface Camera {
  /** Position of the camera. */
  position: Vec3 | null;
  /** Orientation of the camera. */
  heading: Quat | null;
  /** Width of the image in pixels. */
  width: number | null;
  /** Height of the image in pixels. */
  height: number | null;
  /** Focal length along x in pixels. */
  fx: number | null;
  /** Focal length along y in pixels. */
  fy: number | null;
  /** Principal point along x in pixels. */
  cx: number | null;
  /** Principal point along y in pixels. */
  cy: number | null;
  /** Projection model. */
  model: CameraModel | null;
  /** Parameter of the double-sphere model. */
  xi: number | null;
  /** Parameter of the double-sphere model. */
  alpha: number | null;
}

/** One camera view inside a frame. */
export interface FrameImage extends Camera {
  /** Address of the image; may carry a signature: a secret. */
  imageUrl: string | null;
  /** Older spelling of `model`. */
  cameraModel: CameraModel | null;
}

/** One frame of a sequence. */
export interface DatasetFrame {
  /** The index that was asked for, from 0. */
  frameIndex: number;
  /** Key of the frame. */
  key: string | null;
  /** Projection model that the images share. */
  model: CameraModel | null;
  /** Older spelling of `model`. */
  cameraModel: CameraModel | null;
  /** Parameter of the double-sphere model. */
  xi: number | null;
  /** Parameter of the double-sphere model. */
  alpha: number | null;
  /** Position of the capture device. */
  devicePosition: Vec3 | null;
  /** Orientation of the capture device. */
  deviceHeading: Quat | null;
  /** Camera views. */
  images: FrameImage[];
  /** The whole frame document as it was received, nothing renamed. */
  raw: JsonObject;
}

/** One camera of a rig. */
export interface CameraCalibration extends Camera {
  /** Name of the camera. */
  cameraId: string | null;
}

/** Why there is no rig. */
export type CalibrationUnavailableReason = Open<
  | "unsupported_dataset_type"
  | "no_frames"
  | "no_camera_rig_configured"
  | "frame_camera_metadata_missing"
  | "dataset_type_unavailable"
>;

/** The camera rig of a sequence, derived from its first frame. */
export interface DatasetCalibration {
  /** Unique id of the sequence, as the response gives it. */
  sequenceUid: string;
  /** Cameras of the rig. */
  cameras: CameraCalibration[];
  /** Calibration of the whole dataset; the service never fills it. */
  datasetLevelCameraCalibration: JsonObject | null;
  /** Kind of media in the dataset. */
  datasetDataType: DatasetDataType | null;
  /** Whether a rig could be derived. */
  status: Open<"available" | "unavailable"> | null;
  /** Why not. */
  unavailableReason: CalibrationUnavailableReason | null;
  /** `frame_0` when derived, else null. */
  source: string | null;
  /** Frames in the sequence. */
  frameCount: number;
  /** Cameras found. */
  cameraCount: number;
}

/**
 * Picks a frame out of its document.
 *
 * @param document The frame document.
 * @param frameIndex Its index in the sequence.
 * @returns The frame.
 */
export function toFrame(
  document: JsonObject,
  frameIndex: number,
): DatasetFrame {
  const read = reader(document);
  return {
    frameIndex,
    key: read("key"),
    model: read("model", "camera_model"),
    cameraModel: read("camera_model", "model"),
    xi: read("xi"),
    alpha: read("alpha"),
    devicePosition: object(document.device_position),
    deviceHeading: object(document.device_heading),
    images: imagesOf(document).map((image) => {
      const readImage = reader(image);
      return {
        imageUrl: readImage("image_url"),
        ...toCamera(image),
        model: readImage("model", "camera_model"),
        cameraModel: readImage("camera_model", "model"),
      };
    }),
    raw: document,
  };
}

/**
 * Derives the camera rig of a sequence from its first frame.
 *
 * @param sequence The sequence with its frames.
 * @returns The rig, or why there is none.
 */
export function toCalibration(sequence: DatasetSequence): DatasetCalibration {
  const frames = framesOf(sequence);
  const first = frames[0] ?? {};
  const readFrame = reader(first);
  const cameras = imagesOf(first).map((image): CameraCalibration => {
    const read = reader(image);
    const camera = toCamera(image);
    return {
      cameraId: read("camera", "camera_id", "sensor_id"),
      ...camera,
      model: read("model", "camera_model") ??
        readFrame("model", "camera_model"),
      xi: camera.xi ?? readFrame("xi"),
      alpha: camera.alpha ?? readFrame("alpha"),
    };
  });
  const unavailableReason = reasonOf(sequence, frames, cameras);
  // the rig of a kind of dataset that has none is no rig
  const found = unavailableReason === null ? cameras : [];
  return {
    sequenceUid: sequence.uid,
    cameras: found,
    datasetLevelCameraCalibration: null,
    datasetDataType: sequence.datasetDataType,
    status: unavailableReason === null ? "available" : "unavailable",
    unavailableReason,
    source: unavailableReason === null ? "frame_0" : null,
    frameCount: frames.length,
    cameraCount: found.length,
  };
}

function reasonOf(
  sequence: DatasetSequence,
  frames: JsonObject[],
  cameras: CameraCalibration[],
): CalibrationUnavailableReason | null {
  const { datasetDataType, cameraCalibration } = sequence;
  if (datasetDataType !== null && datasetDataType !== "lidar") {
    return "unsupported_dataset_type";
  }
  if (frames.length === 0) return "no_frames";
  if (cameras.length > 0) return null;
  if (datasetDataType === null) return "dataset_type_unavailable";
  const configured = Array.isArray(cameraCalibration)
    ? cameraCalibration.length > 0
    : isJsonObject(cameraCalibration) &&
      Object.keys(cameraCalibration).length > 0;
  return configured
    ? "frame_camera_metadata_missing"
    : "no_camera_rig_configured";
}

/**
 * Gives the frame documents of a sequence.
 *
 * @param sequence The sequence.
 * @returns Its documents; what is no object counts as an empty one.
 */
export function framesOf(sequence: DatasetSequence): JsonObject[] {
  const { frames } = sequence;
  if (!Array.isArray(frames)) return [];
  return frames.map((frame) => isJsonObject(frame) ? frame : {});
}

function imagesOf(document: JsonObject): JsonObject[] {
  const { images } = document;
  return Array.isArray(images) ? images.filter(isJsonObject) : [];
}

function toCamera(image: JsonObject): Camera {
  const read = reader(image);
  return {
    position: object(image.position),
    heading: object(image.heading),
    width: read("width"),
    height: read("height"),
    fx: read("fx"),
    fy: read("fy"),
    cx: read("cx"),
    cy: read("cy"),
    model: read("model"),
    xi: read("xi"),
    alpha: read("alpha"),
  };
}

/** Reads the first of several keys that is set; zero counts as set. */
function reader(document: JsonObject): <T>(...keys: string[]) => T | null {
  return <T>(...keys: string[]) => {
    for (const key of keys) {
      const value = document[key];
      if (value !== undefined && value !== null && value !== "") {
        return value as T;
      }
    }
    return null;
  };
}

function object<T>(value: unknown): T | null {
  return isJsonObject(value) ? value as T : null;
}
