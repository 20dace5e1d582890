/**
 * Pictures as small files that every decoder reads.
 *
 * @module
 */

/** Red, green and blue, from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A picture of blocks, 8 × 8 pixels each. */
export interface Picture {
  /** How many blocks a row has. */
  columns: number;
  /** How many rows there are. */
  rows: number;
  /** The color of a block. */
  colorAt: (column: number, row: number) => Color;
}

/**
 * Writes a picture as JPEG: only the mean of each block differs, so that it needs
 * no transform.
 *
 * @param picture The picture.
 * @param size Size of the file in bytes, filled with a comment.
 * @returns The file.
 */
export function jpeg(
  { columns, rows, colorAt }: Picture,
  size: number,
): Uint8Array<ArrayBuffer> {
  const bits = new BitWriter();
  let before: Color = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const means = toYCbCr(colorAt(column, row));
      for (const [component, mean] of means.entries()) {
        // of the code's own making: four bits tell how many follow
        const difference = mean - before[component]!;
        const length = 32 - Math.clz32(Math.abs(difference));
        bits.add(length, 4);
        bits.add(
          difference < 0 ? difference + 2 ** length - 1 : difference,
          length,
        );
        // the end of the block: it has no detail
        bits.add(0, 1);
      }
      before = means;
    }
  }
  const scan = bits.end();
  const [width, height] = [columns * 8, rows * 8];
  const head = [
    0xff,
    0xd8,
    ...segment(0xe0, [...latin("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    // a mean is eight times as large after the transform, and stored as one eighth
    ...segment(0xdb, [0, 8, ...new Array(63).fill(1)]),
    ...segment(0xc0, [
      8,
      ...uint16(height),
      ...uint16(width),
      3,
      ...[1, 2, 3].flatMap((component) => [component, 0x11, 0]),
    ]),
    // lengths 0 to 11 have codes of four bits, the end of a block one bit
    ...segment(0xc4, [
      0,
      ...[0, 0, 0, 12, ...new Array(12).fill(0)],
      ...Array.from({ length: 12 }, (_, length) => length),
    ]),
    ...segment(0xc4, [0x10, 1, ...new Array(15).fill(0), 0]),
  ];
  const start = segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
  const used = head.length + start.length + scan.length + 2;
  const comment = segment(0xfe, new Array(size - used - 4).fill(0x20));
  return Uint8Array.from([...head, ...comment, ...start, ...scan, 0xff, 0xd9]);
}

/**
 * Writes a picture as PNG, a block as one pixel, without compression.
 *
 * @param picture The picture.
 * @param size Size of the file in bytes, filled with a text.
 * @returns The file.
 */
export function png(
  { columns, rows, colorAt }: Picture,
  size: number,
): Uint8Array<ArrayBuffer> {
  const pixels = Array.from({ length: rows }, (_, row) => [
    0,
    ...Array.from({ length: columns }, (_, column) => colorAt(column, row))
      .flat(),
  ]).flat();
  const length = uint16(pixels.length).reverse();
  const check = uint16(pixels.length ^ 0xffff).reverse();
  const parts = [
    0x89,
    ...latin("PNG\r\n\x1a\n"),
    ...chunk("IHDR", [...uint32(columns), ...uint32(rows), 8, 2, 0, 0, 0]),
    ...chunk("IDAT", [
      0x78,
      0x01,
      0x01,
      ...length,
      ...check,
      ...pixels,
      ...uint32(adler32(pixels)),
    ]),
  ];
  const end = chunk("IEND", []);
  const title = latin("Comment\0");
  const rest = size - parts.length - end.length - title.length - 12;
  const text = chunk("tEXt", [...title, ...new Array(rest).fill(0x20)]);
  return Uint8Array.from([...parts, ...text, ...end]);
}

function toYCbCr([red, green, blue]: Color): Color {
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [
    Math.round(luma) - 128,
    Math.round((blue - luma) * 0.564),
    Math.round((red - luma) * 0.713),
  ];
}

/** Bits as a scan of JPEG has them: the first one is the highest, no marker in between. */
class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  add(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#held = this.#held << 1 | value >> bit & 1;
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#held);
      if (this.#held === 0xff) this.#bytes.push(0);
      this.#held = this.#count = 0;
    }
  }

  end(): number[] {
    while (this.#count > 0) this.add(1, 1);
    return this.#bytes;
  }
}

function segment(marker: number, data: readonly number[]): number[] {
  return [0xff, marker, ...uint16(data.length + 2), ...data];
}

function chunk(name: string, data: readonly number[]): number[] {
  const named = [...latin(name), ...data];
  return [...uint32(data.length), ...named, ...uint32(crc32(named))];
}

function latin(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

function uint16(value: number): number[] {
  return [value >> 8 & 0xff, value & 0xff];
}

function uint32(value: number): number[] {
  return [...uint16(value >>> 16), ...uint16(value)];
}

function crc32(bytes: readonly number[]): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

function adler32(bytes: readonly number[]): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high << 16 | low;
}
