/**
 * Paces requests by the rate-limit headers of the responses.
 *
 * @module
 */

import { Limiter } from "./limiter.ts";
import { MAX_RETRY_AFTER, retryAfterOf } from "./retry_after.ts";

/** A window that ends later than this is taken for nonsense, in milliseconds. */
const MAX_WINDOW = 600_000;
/** A lower `X-RateLimit-Reset` counts seconds from now instead of from 1970. */
const SMALLEST_DATE = 1_000_000_000;
/** Two ends of windows that are nearer than this are the same, in milliseconds. */
const SAME_WINDOW = 500;

/**
 * Paces the requests of a client, so that the server has no reason for a 429.
 *
 * Until a response names the limit, requests go one at a time. Then as many go as
 * the window has left; the others wait for its end. A 429 all the same holds back
 * every request for as long as it asks for.
 *
 * @example Usage
 * ```ts
 * import { Throttle } from "./throttle.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const throttle = new Throttle();
 * const { signal } = new AbortController();
 * const body = await throttle.run(signal, () => {
 *   const response = new Response("{}", {
 *     headers: { "x-ratelimit-limit": "100", "x-ratelimit-remaining": "99" },
 *   });
 *   throttle.learn(response);
 *   return response.json();
 * });
 * assertEquals(body, {});
 * ```
 */
export class Throttle {
  readonly #limiter = new Limiter({
    wait: (running) => this.#wait(running),
    start: () => this.#left--,
  });
  /** Requests allowed in a window, once known. */
  #limit: number | undefined;
  /** Requests that may still go in this window. */
  #left = 0;
  /** When this window ends, once a response has told. */
  #end: number | undefined;
  /** When the window before ended. */
  #lastEnd = -Infinity;
  #pausedUntil = 0;

  /**
   * Runs one attempt as soon as the limit permits it.
   *
   * @typeParam T What the attempt gives.
   * @param signal Ends the wait, with its own reason.
   * @param attempt Sends the request.
   * @returns What the attempt gives.
   */
  run<T>(
    signal: AbortSignal | null | undefined,
    attempt: () => Promise<T>,
  ): Promise<T> {
    return this.#limiter.run(signal, attempt);
  }

  /**
   * Learns from a response; called while its attempt is running.
   *
   * @param response The response.
   */
  learn({ status, headers }: Response): void {
    const now = performance.now();
    if (status === 429) this.#pause(headers, now);
    const limit = toCount(headers.get("x-ratelimit-limit"));
    const remaining = toCount(headers.get("x-ratelimit-remaining"));
    const end = toTime(headers, now);
    if (remaining !== undefined) {
      this.#count(remaining, end, now);
      this.#limit = limit ?? this.#limit ?? remaining + 1;
    } else if (this.#limit === undefined && status < 429) {
      // this server names no limit; an error page of a gateway does not count
      this.#left = Infinity;
    }
    this.#limiter.admit();
  }

  #pause(headers: Headers, now: number): void {
    const seconds = retryAfterOf(headers) ?? 0;
    // longer waits are no client's to sit out: its calls fail instead
    if (seconds > MAX_RETRY_AFTER) return;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + seconds * 1_000);
  }

  #count(remaining: number, end: number | undefined, now: number): void {
    // a response of the window before says nothing about this one
    if (end !== undefined && end < this.#lastEnd + SAME_WINDOW) return;
    // the server may not have seen the other requests that are on their way
    const sure = Math.max(0, remaining - (this.#limiter.running - 1));
    if (end === undefined || end <= now) {
      this.#left = sure;
      return;
    }
    const isNewWindow = this.#end === undefined ||
      end > this.#end + SAME_WINDOW;
    this.#left = isNewWindow ? sure : Math.min(this.#left, remaining);
    this.#end = Math.max(this.#end ?? 0, end);
  }

  #wait(running: number): number {
    const now = performance.now();
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    if (this.#end !== undefined && now >= this.#end) {
      this.#lastEnd = this.#end;
      this.#end = undefined;
      this.#left = (this.#limit ?? 0) - running;
    }
    if (this.#left > 0) return 0;
    if (this.#end !== undefined) return this.#end - now;
    // nothing is known of this window: one request at a time finds out
    return running === 0 ? 0 : Infinity;
  }
}

function toCount(value: string | null): number | undefined {
  const text = value?.trim() ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Reads when the window ends, by `performance.now()`, which nobody can set back. */
function toTime(headers: Headers, now: number): number | undefined {
  const text = headers.get("x-ratelimit-reset")?.trim() ?? "";
  if (!/^\d{1,12}(?:\.\d{1,6})?$/.test(text)) return undefined;
  const seconds = Number(text);
  const wait = seconds < SMALLEST_DATE
    ? seconds * 1_000
    : seconds * 1_000 - serverTime(headers);
  if (wait > MAX_WINDOW) return undefined;
  // a little later, as clocks differ by less than a header can tell
  return now + wait + Math.min(1_000, Math.max(0, wait * 0.02));
}

/** The time by the clock of the server, in milliseconds since 1970. */
function serverTime(headers: Headers): number {
  const now = Date.now();
  const difference = Date.parse(headers.get("date") ?? "") - now;
  // the header is cut to whole seconds, and the response took its time
  return difference < -1_500 || difference > 250 ? now + difference : now;
}
