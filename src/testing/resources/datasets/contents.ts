/**
 * Datasets as webhooks show them, and their items and sequences as responses do,
 * with the addresses of their files.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { EmulatedRequest } from "../../engine/router.ts";
import { HEIGHT, SAMPLES, WIDTH } from "../../storage/content.ts";

/**
 * Shows an item as lists do.
 *
 * @param item The item; `stored_key` is the key of its file.
 * @param request The request.
 * @returns What responses show of it.
 */
export function showItem(
  { stored_key, ...item }: WireRecord,
  { url, state: { bucket } }: EmulatedRequest,
): WireRecord {
  // the dataset is named with one item alone
  const shown = { ...item, dataset_owner_name: null, dataset_slug: null };
  if (typeof stored_key !== "string") return shown;
  const thumbnail = stored_key.startsWith(SAMPLES)
    ? `${SAMPLES}thumbnails/${item.uid}.jpg`
    : stored_key;
  return {
    ...shown,
    url: bucket.address(url, stored_key),
    thumbnails: [bucket.address(url, thumbnail)],
  };
}

/**
 * Shows an item with the names of its dataset.
 *
 * @param item The item.
 * @param request The request.
 * @returns What responses show of it.
 */
export function showItemOf(
  item: WireRecord,
  request: EmulatedRequest,
): WireRecord {
  const dataset = request.state.collection("datasets").get(item.dataset);
  return {
    ...showItem(item, request),
    dataset_owner_name: dataset?.owner_name ?? null,
    dataset_slug: dataset?.slug ?? null,
  };
}

/**
 * Shows a sequence as lists do.
 *
 * @param sequence The sequence.
 * @param request The request.
 * @returns What responses show of it.
 */
export function showSequence(
  { frames, ...sequence }: WireRecord,
  { url, state: { bucket } }: EmulatedRequest,
): WireRecord {
  if (frames) return sequence;
  const cover = frameKey(sequence.uid, 0, "front.jpg");
  return { ...sequence, featured_image: bucket.address(url, cover) };
}

/**
 * Shows a sequence with its frames: its own, or as many as it has.
 *
 * @param sequence The sequence.
 * @param request The request.
 * @returns What responses show of it.
 */
export function showSequenceWithFrames(
  sequence: WireRecord,
  request: EmulatedRequest,
): WireRecord {
  const { uid, number_of_frames } = sequence;
  const { url, state: { bucket } } = request;
  const frames = sequence.frames ??
    Array.from({ length: Number(number_of_frames) }, (_, index) => ({
      key: String(index).padStart(6, "0"),
      model: "pinhole",
      xi: null,
      alpha: null,
      device_position: { x: 12.5 + index, y: -3.25, z: 0 },
      device_heading: { x: 0, y: 0, z: 0.7071, w: 0.7071 },
      images: ["front", "rear"].map((camera) => ({
        image_url: bucket.address(url, frameKey(uid, index, `${camera}.jpg`)),
        camera,
        position: { x: camera === "front" ? 0.1 : -1.9, y: 0, z: 1.6 },
        heading: { x: 0, y: 0, z: 0, w: 1 },
        width: WIDTH,
        height: HEIGHT,
        fx: 168.71,
        fy: 168.58,
        cx: WIDTH / 2,
        cy: HEIGHT / 2,
      })),
      lidar_url: bucket.address(url, frameKey(uid, index, "lidar.bin")),
    }));
  return { ...showSequence(sequence, request), frames };
}

/**
 * Names the sample file of a frame.
 *
 * @param sequence Unique id of the sequence.
 * @param index Index of the frame.
 * @param name Name of the file.
 * @returns Its key.
 */
export function frameKey(
  sequence: unknown,
  index: number,
  name: string,
): string {
  return `${SAMPLES}frames/${sequence}/${index}/${name}`;
}

/**
 * Shows a dataset as webhooks do.
 *
 * @param dataset The dataset.
 * @returns What they are told of it.
 */
export function eventOf(dataset: WireRecord): WireRecord {
  const { uid, name, owner_name, slug, data_type, item_count } = dataset;
  const { created_at, updated_at } = dataset;
  return {
    uid,
    name,
    owner: owner_name,
    slug,
    data_type,
    item_count,
    created_at,
    updated_at,
  };
}
