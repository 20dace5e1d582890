/**
 * The one way to try again: which failures are worth another attempt, after which
 * wait, and when the client gives up.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { retry } from "jsr:@std/async@^1.5.0/retry";
import { AvalaError, ConnectionError, type FailedAttempt } from "../errors.ts";
import { seemsBrokenOff } from "./error_response.ts";
import type { RetryBudget } from "./internals.ts";
import { MAX_RETRY_AFTER } from "./retry_after.ts";

/** Bounds of the backoff, in milliseconds: it doubles from the first to the last. */
const MIN_BACKOFF = 500;
const MAX_BACKOFF = 8_000;
/** The server failed, or asked to come later: another attempt may succeed. */
const TRANSIENT_STATUSES = [408, 429, 500, 502, 503, 504];
/** The server says that it did not process the request. */
const UNPROCESSED_STATUSES: readonly (number | null)[] = [429, 503];

/**
 * Decides whether a failed request may be sent again.
 *
 * A request that must not be repeated is sent again only when the server said
 * that it did not process it: a lost response is not a lost request.
 *
 * @param error Why the attempt failed.
 * @param repeatable Whether the request may be sent again when its response was lost.
 * @returns `true` when another attempt is safe and may help.
 */
export function isTransient(error: AvalaError, repeatable: boolean): boolean {
  if ((error.retryAfter ?? 0) > MAX_RETRY_AFTER) return false;
  if (error instanceof ConnectionError || seemsBrokenOff(error)) {
    return repeatable;
  }
  const statuses = repeatable ? TRANSIENT_STATUSES : UNPROCESSED_STATUSES;
  return error.statusCode !== null && statuses.includes(error.statusCode);
}

/**
 * Tells whether the server may have done what a failed request asked for.
 *
 * @param error Why the attempt failed.
 * @returns `false` when the server said that it did nothing.
 */
export function mayHaveWorked(error: AvalaError): boolean {
  return !UNPROCESSED_STATUSES.includes(error.statusCode);
}

/** How something is tried again. */
export interface RetryPolicy {
  /** How many attempts may be made in all. */
  readonly maxAttempts: number;
  /** Pays for the attempts behind the first. */
  readonly budget: RetryBudget;
  /** Tells whether another attempt is safe and may help. */
  isRetriable(error: AvalaError): boolean;
  /** Told of a failed attempt that another one will follow. */
  onRetry?(failed: FailedAttempt): void;
}

/**
 * Makes attempts until one succeeds or another would not help. What comes out of
 * a failure is the last attempt's own error, with the history of all.
 *
 * @typeParam T What an attempt gives.
 * @param attempt Makes an attempt.
 * @param policy Which failures are worth another one.
 * @param signal Ends the waits, with its own reason.
 * @param history Attempts that have failed already, the last of which decides first; those that fail now join them.
 * @returns What the first attempt to succeed gives.
 */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal,
  history: FailedAttempt[] = [],
): Promise<T> {
  let pending = history.pop();
  let wait = 0;
  let spent = 0;
  const next = async () => {
    const failed = pending;
    pending = undefined;
    if (failed) throw failed.error;
    if (wait > 0) await delay(wait, { signal });
    const result = await attempt();
    policy.budget.refund(spent);
    return result;
  };
  const isRetriable = (error: unknown) => {
    if (signal.aborted || !(error instanceof AvalaError)) return false;
    const number = history.length + 1;
    // no to the last one: its error comes out as it is, never a RetryError
    const cost = number < policy.maxAttempts && policy.isRetriable(error)
      ? policy.budget.spend(error)
      : undefined;
    if (cost !== undefined) {
      spent = cost;
      wait = (error.retryAfter ?? 0) * 1_000 + backoff(number);
    }
    const waitMs = cost === undefined ? null : wait;
    const { statusCode } = error;
    const failed = { attempt: number, statusCode, error, waitMs };
    history.push(failed);
    error.history = history;
    if (cost !== undefined) policy.onRetry?.(failed);
    return cost !== undefined;
  };
  // the waits are drawn above, so that a hook can tell them beforehand
  return await retry(next, {
    minTimeout: 0,
    maxAttempts: Math.max(2, policy.maxAttempts + 1),
    isRetriable,
    signal,
  });
}

/** Full jitter: any time up to a bound that doubles with every failure. */
function backoff(failures: number): number {
  const bound = MIN_BACKOFF * 2 ** (failures - 1);
  return Math.random() * Math.min(MAX_BACKOFF, bound);
}
