/**
 * Files that did not make it.
 *
 * @module
 */

import type { AvalaError } from "../errors.ts";
import type { Context } from "./command.ts";
import { CommandError, EXIT } from "./exits.ts";

/** What uploads and downloads of many files give back. */
export interface Transferred {
  /** The files that failed, and why. */
  readonly failures: readonly { path: string; error: AvalaError }[];
  /** What would be done, after a dry run. */
  readonly plan?: readonly unknown[];
}

/**
 * Fails when files were left out.
 *
 * @param context Where to tell of them.
 * @param done What was done.
 */
export function refuseFailures(
  { terminal }: Pick<Context, "terminal">,
  { failures }: Transferred,
): void {
  if (failures.length === 0) return;
  for (const { path, error } of failures) {
    terminal.err(`${JSON.stringify(path)}: ${error.message}\n`);
  }
  const count = failures.length === 1
    ? "1 file has"
    : `${failures.length} files have`;
  throw new CommandError(
    EXIT.incomplete,
    `${count} failed. Run the same command again to go on.`,
  );
}
