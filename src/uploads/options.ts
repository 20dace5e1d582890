/**
 * What every method that uploads files has in common.
 *
 * @module
 */

import type { AvalaError } from "../errors.ts";
import {
  type Check,
  local,
  type Option,
  type OptionTable,
  positiveInteger,
} from "../wire/options.ts";
import type { UploadProgress } from "./progress.ts";

/** Options of every method that uploads files. */
export interface UploadOptions {
  /**
   * How many files are sent at a time. The service takes 10 uploads at a time, so
   * no client sends more, however many methods upload at once.
   *
   * @default {8}
   */
  concurrency?: number | undefined;
  /** Called after every chunk and every file; what it throws has no effect. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * What happens when a file fails for good: `"throw"` stops the others and
   * rejects with its error, `"collect"` goes on and gives the failures back.
   *
   * @default {"throw"}
   */
  onError?: "throw" | "collect" | undefined;
}

/** A file that was not uploaded. */
export interface UploadFailure {
  /** Path of the file. */
  path: string;
  /** Why it failed. */
  error: AvalaError;
}

const throwOrCollect: Check = (value) =>
  value === "throw" || value === "collect" ? undefined : '"throw" or "collect"';

/** The options of every method that uploads files; none goes on the wire. */
export const UPLOAD: OptionTable<UploadOptions> = {
  concurrency: { check: positiveInteger, local: true },
  onProgress: local,
  onError: { check: throwOrCollect, local: true },
};

const withLoadAndSave: Check = (value) => {
  const { load, save } = (value ?? {}) as { load?: unknown; save?: unknown };
  return typeof load === "function" && typeof save === "function"
    ? undefined
    : "a store with the methods 'load' and 'save'";
};

/** The option that takes a store of states. */
export const STATE_STORE: Option = { check: withLoadAndSave, local: true };
