/**
 * Stacks that show who called: an error is made where a response is read, many
 * promises away from the line that asked for it.
 *
 * @module
 */

import { AvalaError } from "../errors.ts";

/** The frames of whoever made a list, where the runtime forgets them. */
export interface Origin {
  /** The stack of that moment. */
  readonly stack?: string | undefined;
}

/** The part of `Error` that not every engine has. */
const { captureStackTrace } = Error as {
  captureStackTrace?: (error: object, above: unknown) => void;
};
const IS_BUN = "Bun" in globalThis;

/**
 * Gives an error the stack of the calls that await the one it was caught in. Costs
 * nothing but where a call fails.
 *
 * @typeParam E What was caught.
 * @param error What was caught; left as it is, unless it is an error of the client.
 * @param signal The caller's signal: its reason is the caller's own.
 * @param origin Who made the list, where the runtime forgets it.
 * @returns The same error.
 */
export function fromCaller<E>(
  error: E,
  signal?: AbortSignal | null,
  origin?: Origin,
): E {
  if (!(error instanceof AvalaError) || error === signal?.reason) return error;
  if (origin?.stack) {
    const frames = origin.stack.slice(origin.stack.indexOf("\n"));
    error.stack = `${error.name}: ${error.message}${frames}`;
  } else captureStackTrace?.(error, fromCaller);
  return error;
}

/**
 * Remembers who makes a list: Bun does not know who awaits it later. It costs a
 * tenth of a microsecond there, and nothing elsewhere.
 *
 * @returns The moment, where it has to be remembered.
 */
export function originOf(): Origin | undefined {
  return IS_BUN ? new Error() : undefined;
}
