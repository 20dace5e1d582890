/**
 * Parts of a file.
 *
 * @module
 */

/** A part of a file. */
export interface ByteRange {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind its last byte. */
  readonly end: number;
}

/**
 * The parts of a file that are there.
 *
 * @example Usage
 * ```ts
 * import { RangeSet } from "./ranges.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const done = new RangeSet();
 * done.add({ start: 4, end: 6 });
 * done.add({ start: 0, end: 4 });
 * assertEquals(done.gaps(10), [{ start: 6, end: 10 }]);
 * ```
 */
export class RangeSet {
  /** In order, and apart from each other. */
  #ranges: ByteRange[] = [];

  /**
   * How many bytes are there.
   *
   * @returns The number.
   */
  get bytes(): number {
    return this.#ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /**
   * Offset behind the last byte that is there.
   *
   * @returns The offset.
   */
  get end(): number {
    return this.#ranges.at(-1)?.end ?? 0;
  }

  /**
   * Adds a part.
   *
   * @param range The part.
   */
  add(range: ByteRange): void {
    let { start, end } = range;
    if (start >= end) return;
    const apart = this.#ranges.filter((other) => {
      if (other.end < start || other.start > end) return true;
      start = Math.min(start, other.start);
      end = Math.max(end, other.end);
      return false;
    });
    const index = apart.findIndex((other) => other.start > start);
    apart.splice(index < 0 ? apart.length : index, 0, { start, end });
    this.#ranges = apart;
  }

  /**
   * Tells what is missing.
   *
   * @param size Size of the file.
   * @returns The parts that are not there, in order.
   */
  gaps(size: number): ByteRange[] {
    const gaps: ByteRange[] = [];
    let start = 0;
    for (const range of this.#ranges) {
      if (range.start > start) gaps.push({ start, end: range.start });
      start = range.end;
    }
    if (start < size) gaps.push({ start, end: size });
    return gaps;
  }
}

/**
 * Cuts parts into smaller ones.
 *
 * @param ranges The parts.
 * @param length How long they may be.
 * @returns The smaller parts, in order.
 */
export function split(
  ranges: readonly ByteRange[],
  length: number,
): ByteRange[] {
  return ranges.flatMap(({ start, end }) =>
    Array.from({ length: Math.ceil((end - start) / length) }, (_, index) => {
      const from = start + index * length;
      return { start: from, end: Math.min(end, from + length) };
    })
  );
}
