/**
 * How many requests are served in a window of time.
 *
 * @module
 */

import { type EmulatedResponse, failure } from "./responses.ts";

/** Refuses more requests in a window than this. */
export interface RateLimit {
  /** How many requests a window has. */
  limit: number;
  /** How long it is, in milliseconds. */
  windowMs: number;
}

const UNLIMITED: RateLimit = { limit: 100, windowMs: 60_000 };

/** Counts requests. */
export class RateWindow {
  readonly #limit: RateLimit | undefined;
  readonly #now: () => number;
  #end = 0;
  #count = 0;

  /**
   * Constructs a window that begins with the first request.
   *
   * @param limit The limit; without one nothing is refused.
   * @param now The clock, in milliseconds since 1970.
   */
  constructor(limit: RateLimit | undefined, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /**
   * Counts a request.
   *
   * @returns The response to refuse it with, if it is one too many.
   */
  count(): EmulatedResponse | undefined {
    const { windowMs } = this.#limit ?? UNLIMITED;
    const now = this.#now();
    if (now >= this.#end) {
      const end = now + windowMs;
      // the header has no finer unit than a second
      this.#end = windowMs < 1_000 ? end : Math.round(end / 1_000) * 1_000;
      this.#count = 0;
    }
    this.#count++;
    if (!this.#limit || this.#count <= this.#limit.limit) return undefined;
    const wait = Math.max(1, Math.ceil((this.#end - now) / 1_000));
    return {
      ...failure(429, `Request was throttled. Try again in ${wait} s.`),
      headers: { "retry-after": String(wait) },
    };
  }

  /**
   * Tells what is left of the window.
   *
   * @returns The headers of a response.
   */
  headers(): { [name: string]: string } {
    const { limit } = this.#limit ?? UNLIMITED;
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - this.#count)),
      "x-ratelimit-reset": String(Math.ceil(this.#end / 1_000)),
    };
  }
}
