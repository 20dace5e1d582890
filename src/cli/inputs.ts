/**
 * Inputs that commands of several requests share with the methods.
 *
 * @module
 */

import { OPERATIONS } from "../catalog/operations.ts";
import type { Input } from "./command.ts";

/** Options that the command line fills itself, or has for every command. */
const OWN = ["dryRun", "onError", "throwOnFailure"];

/**
 * Takes the options of an operation over into a command.
 *
 * @param id The operation.
 * @param without Names that the command has no use for.
 * @returns The options.
 */
export function optionsLike(
  id: string,
  without: readonly string[] = [],
): Input[] {
  const operation = OPERATIONS.find((operation) => operation.id === id);
  return (operation?.options ?? [])
    .filter(({ name }) => !OWN.includes(name) && !without.includes(name));
}

/** A folder whose files are uploaded. */
export const FOLDER: Input = {
  name: "folder",
  words: "The folder with the files.",
  type: "string",
  kind: "path",
  required: true,
};

/** Files and folders to upload. */
export const FILES: Input = {
  name: "files",
  words: "The files, and folders with files.",
  type: "array",
  kind: "path",
  rest: true,
  required: true,
};

/** How long to wait. */
export const WAIT_TIMEOUT: Input = {
  name: "waitTimeout",
  words: "How long to wait with --wait: seconds, or a time such as 30s or 2m.",
  type: "number",
  kind: "duration",
};
