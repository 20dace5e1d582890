/**
 * The sample datasets, whose sequences and items are made when they are asked
 * for.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import {
  CREATED,
  type Maker,
  OWNER,
  type State,
  UPDATED,
} from "../../engine/state.ts";
import { DATA_SIZE, PICTURE_SIZE, SAMPLES } from "../../storage/content.ts";
import { hash32 } from "../../storage/hash.ts";
import { frameKey } from "./contents.ts";

const FRAMES = 5;
const WEATHER = ["fog", "clear", "rain"];

/** Makes sequences, and items with and without one. */
export const MAKERS: { readonly [name: string]: Maker } = {
  sequence: (index, uid, _, args) =>
    newSequence({
      uid,
      ...args,
      key: `run_${String(index + 1).padStart(2, "0")}`,
      status: index === 0 ? "completed" : "new",
      number_of_frames: FRAMES,
      metrics: { mean_speed: 3.75, "per.class": { crane: index + 1 } },
      is_workflow_terminal: index === 0,
    }),
  frame: (index, uid, state, { dataset, first }) => {
    const run = Math.floor(index / FRAMES);
    const frame = index % FRAMES;
    const sequence = state.collection("sequences").uidAt(Number(first) + run);
    const name = String(frame).padStart(6, "0");
    return newItem({
      uid,
      dataset,
      id: 90_000 + index,
      key: `run_${String(run + 1).padStart(2, "0")}/${name}.bin`,
      stored_key: frameKey(sequence, frame, "lidar.bin"),
      ...contentOf(index, uid),
      related_sequence_uid: sequence,
    });
  },
  image: (index, uid, _, { dataset, folder }) => {
    const name = `${String(index).padStart(6, "0")}.jpg`;
    return newItem({
      uid,
      dataset,
      id: 1_000_000 + index,
      key: `${folder}/${name}`,
      stored_key: `${SAMPLES}items/${uid}/${name}`,
      ...contentOf(index, uid),
    });
  },
};

/**
 * Makes a dataset of which the import has begun.
 *
 * @param state Where it is.
 * @param fields What is known of it.
 * @returns The dataset, which is in no collection yet.
 */
export function newDataset(state: State, fields: WireRecord): WireRecord {
  return {
    uid: state.newUid(),
    item_count: 0,
    status: "creating",
    is_sequence: fields.data_type !== "image",
    predefined_labels: [],
    visibility: "private",
    project_count: 0,
    size_bytes: 0,
    annotations_count: 0,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...fields,
  };
}

/**
 * Makes an item.
 *
 * @param fields What is known of it.
 * @returns The item, which is in no collection yet.
 */
export function newItem(fields: WireRecord): WireRecord {
  return {
    id: null,
    key: null,
    url: null,
    gpu_texture_url: null,
    thumbnails: null,
    video_thumbnail: null,
    metadata: null,
    export_snippet: null,
    annotations: null,
    crop_data: null,
    related_items: null,
    related_sequence_uid: null,
    is_hidden: false,
    created_at: CREATED,
    updated_at: UPDATED,
    ...fields,
  };
}

/**
 * Makes a sequence.
 *
 * @param fields What is known of it.
 * @returns The sequence, which is in no collection yet.
 */
export function newSequence(fields: WireRecord): WireRecord {
  return {
    key: null,
    custom_uuid: null,
    status: "new",
    featured_image: null,
    number_of_frames: 0,
    views: [{ view_name: "front", streamId: 7 }],
    crop_data: null,
    predefined_labels: null,
    frames: null,
    metrics: null,
    allow_lidar_calibration: true,
    lidar_calibration_enabled: true,
    camera_calibration_enabled: false,
    coc_timeline: [],
    is_hidden: false,
    device_id: "rig-04",
    camera_calibration: [{ camera_id: "front", fx: 168.71 }],
    is_workflow_terminal: false,
    sequence_status_workflow: null,
    sequence_deliverable_workflow: null,
    ...fields,
  };
}

/**
 * Adds the LiDAR dataset with its sequences, of five frames each.
 *
 * @param state Where it is.
 * @param count How many sequences it has.
 */
export function addLidar(state: State, count: number): void {
  const { uid, data_type } = addDataset(state, {
    name: "Harbor crane",
    slug: "harbor-crane",
    visibility: "public",
    data_type: "lidar",
    item_count: count * FRAMES,
    size_bytes: count * FRAMES * DATA_SIZE,
    predefined_labels: [{ label_name: "Crane", colorHex: "#0fa" }],
  });
  const first = state.collection("sequences").size;
  const ofDataset = { dataset_uid: uid, dataset_data_type: data_type };
  state.generate({
    collection: "sequences",
    maker: "sequence",
    count,
    args: ofDataset,
    shared: ofDataset,
  });
  state.generate({
    collection: "items",
    maker: "frame",
    count: count * FRAMES,
    args: { dataset: uid, first },
    shared: { dataset: uid },
  });
}

/**
 * Adds the dataset of images.
 *
 * @param state Where it is.
 * @param count How many images it has.
 */
export function addImages(state: State, count: number): void {
  const { uid } = addDataset(state, {
    name: "Street images",
    slug: "street-images",
    data_type: "image",
    item_count: count,
    size_bytes: count * PICTURE_SIZE,
  });
  generateImages(state, uid, count, "cam_front");
}

/**
 * Lets images be made for a dataset.
 *
 * @param state Where it is.
 * @param dataset Unique id of the dataset.
 * @param count How many images.
 * @param folder The folder that their keys begin with.
 */
export function generateImages(
  state: State,
  dataset: unknown,
  count: number,
  folder: string,
): void {
  state.generate({
    collection: "items",
    maker: "image",
    count,
    args: { dataset, folder },
    shared: { dataset },
  });
}

function addDataset(state: State, fields: WireRecord): WireRecord {
  return state.collection("datasets").add(newDataset(state, {
    owner_name: OWNER,
    status: "created",
    project_count: 1,
    created_at: CREATED,
    updated_at: UPDATED,
    ...fields,
  }));
}

function contentOf(index: number, uid: string): WireRecord {
  return {
    metadata: {
      weather: WEATHER[hash32(uid) % WEATHER.length],
      sensor_rig: { cameraId: "front_left", "ext.rot": [0, 0, 0.5, 1] },
      captureIndex: index,
    },
    annotations: { tool_1: { objectUuid: `o-${index}`, track_id: null } },
  };
}
