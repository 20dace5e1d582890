/**
 * What the sample datasets hold: sequences with frames, and items.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const RUNS = 3;
const FRAMES = 5;
const IMAGES = 250;

/**
 * Adds the sequences and items of the sample datasets.
 *
 * @param state Where they are.
 * @param lidar The dataset with sequences.
 * @param images The dataset of images.
 */
export function seedContents(
  state: State,
  lidar: WireRecord,
  images: WireRecord,
): void {
  const items = state.collection("items");
  for (let run = 1; run <= RUNS; run++) {
    const { uid } = state.collection("sequences").add(
      sequence(state, lidar, run),
    );
    for (let frame = 0; frame < FRAMES; frame++) {
      const index = (run - 1) * FRAMES + frame;
      items.add({
        ...item(state, lidar, index),
        id: 91_000 + index,
        key: `run_0${run}/${String(frame).padStart(6, "0")}.bin`,
        url: `https://media.example.net/${run}/${frame}.bin`,
        related_sequence_uid: uid,
      });
    }
  }
  for (let index = 0; index < IMAGES; index++) {
    items.add(item(state, images, index));
  }
}

function sequence(state: State, dataset: WireRecord, run: number): WireRecord {
  const frames = Array.from({ length: FRAMES }, (_, index) => ({
    key: String(index).padStart(6, "0"),
    model: "pinhole",
    xi: null,
    alpha: null,
    device_position: { x: 12.5 + index, y: -3.25, z: 0 },
    device_heading: { x: 0, y: 0, z: 0.7071, w: 0.7071 },
    images: ["front", "rear"].map((camera) => ({
      image_url: `https://media.example.net/${run}/${camera}/${index}.jpg`,
      camera,
      position: { x: camera === "front" ? 0.1 : -1.9, y: 0, z: 1.6 },
      heading: { x: 0, y: 0, z: 0, w: 1 },
      width: 1920,
      height: 1200,
      fx: 1012.25,
      fy: 1011.5,
      cx: 960,
      cy: 600,
    })),
    lidar_url: `https://media.example.net/${run}/${index}.bin`,
  }));
  return {
    uid: state.newUid(),
    key: `run_0${run}`,
    custom_uuid: null,
    status: run === 1 ? "completed" : "new",
    featured_image: null,
    number_of_frames: frames.length,
    views: [{ view_name: "front", streamId: 7 }],
    crop_data: null,
    predefined_labels: null,
    frames,
    metrics: { mean_speed: 3.75, "per.class": { crane: run } },
    dataset_uid: dataset.uid,
    allow_lidar_calibration: true,
    lidar_calibration_enabled: true,
    camera_calibration_enabled: false,
    coc_timeline: [],
    is_hidden: false,
    dataset_data_type: dataset.data_type,
    device_id: "rig-04",
    camera_calibration: [{ camera_id: "front", fx: 1012.25 }],
    is_workflow_terminal: run === 1,
    sequence_status_workflow: null,
    sequence_deliverable_workflow: null,
  };
}

function item(state: State, dataset: WireRecord, index: number): WireRecord {
  const name = String(index).padStart(6, "0");
  return {
    id: 90_000 + index,
    uid: state.newUid(),
    key: `cam_front/${name}.jpg`,
    dataset: dataset.uid,
    url: `https://media.example.net/${name}.jpg`,
    gpu_texture_url: null,
    thumbnails: [`https://media.example.net/${name}.webp`],
    video_thumbnail: null,
    metadata: {
      weather: index % 3 ? "clear" : "fog",
      sensor_rig: { cameraId: "front_left", "ext.rot": [0, 0, 0.5, 1] },
      captureIndex: index,
    },
    export_snippet: null,
    annotations: { tool_1: { objectUuid: `o-${index}`, track_id: null } },
    crop_data: null,
    related_items: null,
    related_sequence_uid: null,
    is_hidden: false,
    created_at: CREATED,
    updated_at: UPDATED,
  };
}
