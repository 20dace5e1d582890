/**
 * Time limits of many calls by one timer.
 *
 * @module
 */

/** Called when the time is over. */
type Ring = () => void;

/**
 * How many microtasks a timer waits for the next call. A loop of calls goes from
 * one to the next within a few; the process can't end in between.
 */
const IDLE_TURNS = 16;

/** Time limits of the same length, by milliseconds. */
const limits = new Map<number, TimeLimit>();

/**
 * Calls with limits of the same length run out in the order of their start: one
 * timer, set for the oldest, serves them all. Setting one for every call would
 * cost more than all else that the client does.
 */
class TimeLimit {
  readonly #timeout: number;
  /** When the time of each call is over, the oldest call first. */
  readonly #ends = new Map<Ring, number>();
  /** The call that the timer is set for. */
  #first: Ring | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isIdle = false;

  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  start(ring: Ring): void {
    this.#ends.set(ring, performance.now() + this.#timeout);
    this.#timer ?? this.#set(ring, this.#timeout);
  }

  end(ring: Ring): void {
    this.#ends.delete(ring);
    if (this.#ends.size > 0 || this.#isIdle) return;
    this.#isIdle = true;
    this.#rest();
  }

  #set(ring: Ring, milliseconds: number): void {
    this.#first = ring;
    this.#timer = setTimeout(() => this.#ring(), milliseconds);
  }

  #ring(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [ring, end] of this.#ends) {
      // the timer is right about its own call, whatever a clock says: a test may
      // have replaced either
      if (end > now && ring !== this.#first) {
        this.#set(ring, end - now);
        return;
      }
      this.#ends.delete(ring);
      ring();
    }
    this.#first = undefined;
  }

  /** Ends the timer, unless another call comes at once. */
  async #rest(): Promise<void> {
    for (let turn = 0; turn < IDLE_TURNS; turn++) await null;
    this.#isIdle = false;
    if (this.#ends.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    limits.delete(this.#timeout);
  }
}

/**
 * Calls back when the time is over, unless the limit has ended before.
 *
 * @example Usage
 * ```ts
 * import { startTimeLimit } from "./time_limit.ts";
 *
 * const end = startTimeLimit(1_000, () => console.log("too late"));
 * await Promise.resolve("work");
 * end();
 * ```
 *
 * @param timeout Milliseconds.
 * @param ring Called once when the time is over.
 * @returns A function that ends the limit; it may be called at any time.
 */
export function startTimeLimit(timeout: number, ring: Ring): () => void {
  let limit = limits.get(timeout);
  if (!limit) limits.set(timeout, limit = new TimeLimit(timeout));
  limit.start(ring);
  return () => limit.end(ring);
}
