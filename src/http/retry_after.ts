/**
 * When a server asks to come again.
 *
 * @module
 */

/** A longer `Retry-After`, in seconds, is not waited out. */
export const MAX_RETRY_AFTER = 60;
/** The three forms of a date that HTTP allows. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/**
 * Reads a `Retry-After` header: whole seconds or an HTTP date, nothing else.
 *
 * @example Usage
 * ```ts
 * import { parseRetryAfter } from "./retry_after.ts";
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
  if (/^\d+$/.test(text)) return Number(text);
  if (!HTTP_DATE.test(text)) return null;
  // the asctime form names no zone, and means GMT all the same
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : Math.max(0, (time - now) / 1_000);
}

/**
 * Reads when to come again, a date by the clock of the server that wrote it.
 *
 * @param headers Headers of a response.
 * @returns Seconds from now, or null.
 */
export function retryAfterOf(headers: Headers): number | null {
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  return parseRetryAfter(headers.get("retry-after"), now);
}
