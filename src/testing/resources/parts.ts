/**
 * Files that are uploaded in parts.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import type { State } from "../engine/state.ts";
import type { PresignedGrant } from "../storage/bucket.ts";

/**
 * Numbers the parts of a file.
 *
 * @param file The file, with its `part_count`.
 * @returns The numbers, from 1.
 */
export function partNumbers({ part_count }: WireRecord): number[] {
  return Array.from({ length: Number(part_count) }, (_, index) => index + 1);
}

/**
 * Grants one part of a file.
 *
 * @param whole The grant of the file; its key is what the keys of parts begin with.
 * @param file The file, with its `part_size`.
 * @param number The part's number.
 * @returns The grant.
 */
export function partGrant(
  whole: PresignedGrant,
  file: WireRecord,
  number: number,
): PresignedGrant {
  const partSize = Number(file.part_size);
  return {
    ...whole,
    key: `${whole.key}${number}`,
    size: Math.min(partSize, whole.size - (number - 1) * partSize),
    headers: { "x-amz-meta-part": String(number) },
  };
}

/**
 * Lists the parts of a file that have arrived.
 *
 * @param whole The grant of the file.
 * @param file The file.
 * @param state Where it is.
 * @returns The parts: number and size.
 */
export function storedParts(
  whole: PresignedGrant,
  file: WireRecord,
  state: State,
): { part_number: number; size: number }[] {
  return partNumbers(file).flatMap((part_number) => {
    const part = state.bucket.get(partGrant(whole, file, part_number).key);
    return part ? [{ part_number, size: part.size }] : [];
  });
}

/**
 * Lists the parts of a file that have not arrived.
 *
 * @param whole The grant of the file.
 * @param file The file.
 * @param state Where it is.
 * @returns Their numbers.
 */
export function missingParts(
  whole: PresignedGrant,
  file: WireRecord,
  state: State,
): number[] {
  return partNumbers(file).filter((number) =>
    !state.bucket.get(partGrant(whole, file, number).key)
  );
}
