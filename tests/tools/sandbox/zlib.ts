/**
 * Stands in for `node:zlib`: the format without the compression.
 *
 * @module
 */

const LONGEST = 65_535;

/** Wraps bytes, or a text, as a `.gz` file does. */
export function gzipSync(data: string | Uint8Array): Uint8Array {
  const bytes = typeof data === "string"
    ? new TextEncoder().encode(data)
    : data;
  const file = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
  for (let start = 0; start === 0 || start < bytes.length; start += LONGEST) {
    const block = bytes.subarray(start, start + LONGEST);
    const { length } = block;
    file.push(start + LONGEST >= bytes.length ? 1 : 0);
    file.push(length & 255, length >> 8, ~length & 255, (~length >> 8) & 255);
    for (const byte of block) file.push(byte);
  }
  for (const number of [checksum(bytes), bytes.length]) {
    for (const shift of [0, 8, 16, 24]) file.push((number >>> shift) & 255);
  }
  return Uint8Array.from(file);
}

function checksum(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
  }
  return ~sum;
}
