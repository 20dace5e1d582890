/**
 * The bytes behind sample objects: the same ones whenever they are asked for.
 *
 * @module
 */

/** Names of the messages' channels, and their schemas. */
export const CHANNELS: readonly [topic: string, schema: string][] = [
  ["/camera/front", "sensor_msgs/msg/CompressedImage"],
  ["/lidar/top", "sensor_msgs/msg/PointCloud2"],
  ["/tf", "tf2_msgs/msg/TFMessage"],
];
/** What the sample files say of themselves. */
export const MCAP = { library: "avala-emulator", profile: "ros2" } as const;

const MAGIC = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a];
const HEADER = 0x01;
const FOOTER = 0x02;
const METADATA = 0x0c;
const DATA_END = 0x0f;

/**
 * Makes the bytes of an object.
 *
 * @param role Its role.
 * @param ordinal Its number among the objects of the role.
 * @returns The bytes.
 */
export function contentOf(
  role: unknown,
  ordinal: number,
): Uint8Array<ArrayBuffer> {
  if (role === "episode") return mcapFile(ordinal);
  if (role === "thumbnail") return toBytes(picture(`Run ${ordinal + 1}`));
  return toBytes(JSON.stringify({
    cameras: [{ camera_id: "front", fx: 1012.25, fy: 1011.5 }],
  }));
}

/**
 * Draws a picture.
 *
 * @param title What stands in it.
 * @returns The picture, SVG.
 */
export function picture(title: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90">` +
    `<rect width="160" height="90" fill="#246"/>` +
    `<text x="8" y="50" fill="#fff">${title}</text></svg>`;
}

/**
 * Makes a valid MCAP file without messages.
 *
 * @param index Which one.
 * @returns The file.
 */
export function mcapFile(index: number): Uint8Array<ArrayBuffer> {
  const run = `run_${String(index + 1).padStart(2, "0")}`;
  const pairs = [...text("run"), ...text(run)];
  return Uint8Array.from([
    ...MAGIC,
    ...record(HEADER, [...text(MCAP.profile), ...text(MCAP.library)]),
    ...record(METADATA, [...text("run"), ...length(pairs.length), ...pairs]),
    ...record(DATA_END, [0, 0, 0, 0]),
    ...record(FOOTER, Array(20).fill(0)),
    ...MAGIC,
  ]);
}

function record(opcode: number, content: readonly number[]): number[] {
  return [opcode, ...length(content.length), 0, 0, 0, 0, ...content];
}

function text(value: string): number[] {
  const bytes = toBytes(value);
  return [...length(bytes.length), ...bytes];
}

/** Four bytes, the lowest first. */
function length(count: number): number[] {
  return [count & 255, count >> 8 & 255, count >> 16 & 255, count >> 24 & 255];
}

function toBytes(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}
