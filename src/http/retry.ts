/**
 * When a failed request is sent again, and after which wait.
 *
 * @module
 */

import { AvalaError, ConnectionError } from "../errors.ts";

/** Full jitter from half a second to eight, in the terms of `@std/async/retry`. */
export const BACKOFF = {
  minTimeout: 500,
  maxTimeout: 8_000,
  multiplier: 2,
  jitter: 1,
} as const;

/**
 * Makes the wait before a file is asked for again.
 *
 * @param attempt Which attempt has failed, from 1.
 * @returns Milliseconds, any number up to a bound that doubles.
 */
export function backoff(attempt: number): number {
  const { minTimeout, maxTimeout, multiplier } = BACKOFF;
  const bound = minTimeout * multiplier ** (attempt - 1);
  return Math.random() * Math.min(maxTimeout, bound);
}

/** The server failed, or asked to come later: another attempt may succeed. */
const RETRIED_STATUSES = [408, 429, 500, 502, 503, 504];
/** The server says that it did not process the request. */
const UNPROCESSED_STATUSES: readonly (number | null)[] = [429, 503];
/** A longer `Retry-After`, in seconds, is not waited out. */
export const MAX_RETRY_AFTER = 60;

/**
 * Decides whether a failed request may be sent again.
 *
 * A request that must not be repeated is sent again only when the server said
 * that it did not process it: a lost answer is not a lost request.
 *
 * @param error Why the attempt failed.
 * @param repeatable Whether the request may be sent again when its answer was lost.
 * @param retryAfter Seconds the server asked to wait, or null.
 * @param brokenOff Whether the answer seems to have lost its end.
 * @returns `true` when another attempt is safe and may help.
 */
export function isRetriable(
  error: unknown,
  repeatable: boolean,
  retryAfter: number | null,
  brokenOff = false,
): boolean {
  if (!(error instanceof AvalaError)) return false;
  if ((retryAfter ?? 0) > MAX_RETRY_AFTER) return false;
  if (error instanceof ConnectionError || brokenOff) return repeatable;
  const statuses = repeatable ? RETRIED_STATUSES : UNPROCESSED_STATUSES;
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

/** The three forms of a date that HTTP allows. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/**
 * Reads a `Retry-After` header: whole seconds or an HTTP date, nothing else.
 *
 * @example Usage
 * ```ts
 * import { parseRetryAfter } from "./retry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseRetryAfter("120"), 120);
 * assertEquals(parseRetryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 0), 60);
 * assertEquals(parseRetryAfter("soon"), null);
 * ```
 *
 * @param value The header's value, or null.
 * @param now The time to count from, in milliseconds since 1970.
 * @returns Seconds from now, 0 for a time that has passed, or null.
 */
export function parseRetryAfter(
  value: string | null,
  now: number = Date.now(),
): number | null {
  const text = value?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return Number(text);
  if (!HTTP_DATE.test(text)) return null;
  // the asctime form names no zone, and means GMT all the same
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : Math.max(0, (time - now) / 1_000);
}

/**
 * Reads when to come again, a date by the clock of the server that wrote it.
 *
 * @param headers Headers of an answer.
 * @returns Seconds from now, or null.
 */
export function retryAfterOf(headers: Headers): number | null {
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  return parseRetryAfter(headers.get("retry-after"), now);
}
