/**
 * Sample files: small, valid, and the same each time, as they are made from
 * their key alone.
 *
 * @module
 */

import { hash32, randomNumbers } from "./hash.ts";
import { jpeg, type Picture, png } from "./images.ts";
import { mediaTypeOf } from "./media_types.ts";

/** What the keys of sample files begin with. */
export const SAMPLES = "samples/";
/** Size of every sample picture in bytes. */
export const PICTURE_SIZE = 4_096;
/** Size of every other sample file in bytes. */
export const DATA_SIZE = 16_384;

/** Width of sample pictures in pixels. */
export const WIDTH = 320;
/** Height of sample pictures in pixels. */
export const HEIGHT = 200;

/**
 * Makes a sample file.
 *
 * @param key Its key.
 * @returns The bytes; undefined for a key that is none of a sample.
 */
export function sampleFile(key: string): Uint8Array<ArrayBuffer> | undefined {
  if (!key.startsWith(SAMPLES)) return undefined;
  const type = mediaTypeOf(key);
  if (type === "image/png") return png(scene(key), PICTURE_SIZE);
  if (type.startsWith("image/")) return jpeg(scene(key), PICTURE_SIZE);
  return pointCloud(key);
}

/**
 * Tells how large a sample file is.
 *
 * @param key Its key.
 * @returns Its size in bytes.
 */
export function sampleSize(key: string): number {
  return mediaTypeOf(key).startsWith("image/") ? PICTURE_SIZE : DATA_SIZE;
}

/** Boxes on a quay below the sky, in blocks of 8 × 8 pixels. */
function scene(key: string): Picture {
  const random = randomNumbers(hash32(key));
  const pick = (from: number, to: number) => from + random() % (to - from);
  const [columns, rows] = [WIDTH / 8, HEIGHT / 8];
  const horizon = pick(10, 16);
  const sky = [pick(90, 190), pick(140, 200), pick(190, 255)] as const;
  const boxes = Array.from({ length: 5 }, () => {
    const [width, height] = [pick(3, 9), pick(2, 8)];
    const left = pick(0, columns - width);
    const color = [pick(40, 255), pick(40, 255), pick(40, 255)] as const;
    return { left, right: left + width, top: horizon - height + 3, color };
  });
  return {
    columns,
    rows,
    colorAt: (x, y) => {
      const box = boxes.find(({ left, right, top }) =>
        x >= left && x < right && y >= top && y < horizon + 3
      );
      if (box) return box.color;
      if (y >= horizon) return [110 - 2 * y, 112 - 2 * y, 118 - 2 * y];
      return [sky[0] + 2 * y, sky[1] + 2 * y, sky[2]];
    },
  };
}

/** Points as four floats each: x, y, z and intensity, as KITTI has them. */
function pointCloud(key: string): Uint8Array<ArrayBuffer> {
  const random = randomNumbers(hash32(key));
  const points = new DataView(new ArrayBuffer(DATA_SIZE));
  for (let at = 0; at < DATA_SIZE; at += 16) {
    const angle = random() / 2 ** 32 * 2 * Math.PI;
    const distance = 2 + random() % 4_000 / 100;
    points.setFloat32(at, distance * Math.cos(angle), true);
    points.setFloat32(at + 4, distance * Math.sin(angle), true);
    points.setFloat32(at + 8, random() % 300 / 100, true);
    points.setFloat32(at + 12, random() % 256 / 255, true);
  }
  return new Uint8Array(points.buffer);
}
