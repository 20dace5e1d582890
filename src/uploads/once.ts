/**
 * Steps that must not be done twice: whoever does not know looks, and asks again
 * only for what is not done.
 *
 * @module
 */

import {
  AvalaError,
  ConnectionError,
  InvalidResponseError,
} from "../errors.ts";
import type { Step, UploadEngine } from "./engine.ts";

/**
 * What is done once.
 *
 * @typeParam T What it gives.
 */
export interface Once<T> {
  /**
   * Asks for it.
   *
   * @param step Sends the request.
   * @returns What it gives.
   */
  act(step: Step): Promise<T>;
  /**
   * Looks whether it is done.
   *
   * @param step Sends the request.
   * @returns What it has given, or undefined when it is not done.
   */
  look(step: Step): Promise<T | undefined>;
}

/**
 * Does a step once. After a response that was lost it may be done or not, until a
 * look tells; a look that fails tells nothing.
 *
 * @typeParam T What the step gives.
 * @param engine Tries again.
 * @param once The step.
 * @param signal Ends it.
 * @returns What the step gives, or has given.
 * @throws {AvalaError} If it fails for good.
 */
export async function doOnce<T>(
  engine: UploadEngine,
  { act, look }: Once<T>,
  signal: AbortSignal,
): Promise<T> {
  let isUnsure = false;
  return await engine.step(async (step) => {
    // it may have been done in the meantime, by a server that is slow
    const done = isUnsure ? await look(step) : undefined;
    if (done !== undefined) return done;
    try {
      return await act(step);
    } catch (error) {
      // a refusal may come of what an earlier attempt has done
      isUnsure ||= mayBeDone(error);
      const done = isUnsure && error instanceof AvalaError
        ? await look(step)
        : undefined;
      if (done !== undefined) return done;
      throw error;
    }
  }, signal);
}

/** Tells whether the server may have done what its response does not tell of. */
function mayBeDone(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (error instanceof InvalidResponseError) {
    // no redirect: a success that is not what was promised
    return (error.statusCode ?? 200) < 300;
  }
  const status = error instanceof AvalaError ? error.statusCode : null;
  return status === 408 || (status ?? 0) >= 500;
}
