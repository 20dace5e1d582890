/**
 * What an emulator keeps of itself.
 *
 * @module
 */

import { isJsonObject } from "../wire/codec.ts";
import type { SavedState } from "./engine/state.ts";

/**
 * Everything that an emulator knows, as plain data: it survives `structuredClone`
 * and JSON.
 */
export interface EmulatorSnapshot {
  /** The form of the state. */
  readonly version: 1;
  /** The state; what is in it is the emulator's own business. */
  readonly state: unknown;
}

/**
 * Reads a snapshot.
 *
 * @param snapshot What should be one.
 * @returns The state in it.
 * @throws {TypeError} If it is none.
 */
export function readSnapshot(snapshot: EmulatorSnapshot): SavedState {
  const { version, state } = isJsonObject(snapshot)
    ? snapshot as { version?: unknown; state?: unknown }
    : {};
  const { blocks, collections, files, random, advanced, uids } =
    isJsonObject(state) ? state : {};
  const isWhole = version === 1 && Array.isArray(blocks) &&
    isJsonObject(collections) && Array.isArray(files) &&
    [random, advanced, uids].every(Number.isFinite);
  if (isWhole) return state as unknown as SavedState;
  throw new TypeError(
    "Cannot restore the emulator as the snapshot must be one of 'snapshot()'" +
      (version === undefined ? "" : `: its version is ${version}`),
  );
}
