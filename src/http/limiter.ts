/**
 * Holds work back until a rule lets it start, first come, first served.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { SHARES_TIMERS } from "./deadline.ts";

/** When work may start. */
export interface Rule {
  /**
   * Says how long the next work has to wait.
   *
   * @param running How much work has started and not ended.
   * @returns Milliseconds; 0 lets it start now, `Infinity` when other work ends.
   */
  wait(running: number): number;
  /** Counts work that starts. */
  start?(): void;
}

/** No wait is longer, in milliseconds, so that no clock can stall the work. */
const LONGEST_WAIT = 60_000;
/** How often a Cloudflare worker looks again, in milliseconds. */
const WORKER_INTERVAL = 20;
/** How often work in a Cloudflare worker says that it goes on, in milliseconds. */
const PULSE = 500;
/** After how many missed ones it counts as ended. */
const PULSES_MISSED = 6;

/** Work in a Cloudflare worker. */
interface Pulse {
  /** When it was last seen to go on, by `performance.now()`. */
  last: number;
  /** Says that it does. */
  readonly timer: ReturnType<typeof setInterval>;
}

/**
 * Limits work by a rule.
 *
 * There is a timer only while something waits for a time to come, so that a
 * limiter never keeps a process alive by itself.
 *
 * @example At most one at a time
 * ```ts
 * import { Limiter } from "./limiter.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const limiter = Limiter.concurrent(1);
 * const { signal } = new AbortController();
 * const order: number[] = [];
 * const work = (n: number) => limiter.run(signal, () => {
 *   order.push(n);
 *   return Promise.resolve();
 * });
 * await Promise.all([work(1), work(2), work(3)]);
 * assertEquals(order, [1, 2, 3]);
 * ```
 */
export class Limiter {
  readonly #rule: Rule;
  /** Lets start those who wait, in order. */
  readonly #waiting = new Set<() => void>();
  /** Work that has started and not ended, in a Cloudflare worker. */
  readonly #pulses = new Set<Pulse>();
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Constructs a limiter.
   *
   * @param rule When work may start.
   */
  constructor(rule: Rule) {
    this.#rule = rule;
  }

  /**
   * Makes a limiter that runs some work at a time.
   *
   * @param count How much.
   * @returns The limiter.
   */
  static concurrent(count: number): Limiter {
    return new Limiter({ wait: (running) => running < count ? 0 : Infinity });
  }

  /**
   * How much work has started and not ended.
   *
   * @returns The number.
   */
  get running(): number {
    return this.#running;
  }

  /**
   * Runs work as soon as it may start.
   *
   * @typeParam T What the work gives.
   * @param signal Ends the wait, with its own reason.
   * @param work The work.
   * @returns What the work gives.
   */
  async run<T>(
    signal: AbortSignal | null | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    if (!SHARES_TIMERS) return await this.#runAlone(signal, work);
    await this.#enter(signal);
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      this.#running--;
      this.admit();
    }
  }

  #enter(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const enter = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(enter);
        reject(signal?.reason);
        this.admit();
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.add(enter);
      this.admit();
    });
  }

  /**
   * In a Cloudflare worker nobody can be woken by what another request does, and
   * nothing runs on in a request that was canceled, not even a `finally`: work has
   * to say again and again that it goes on.
   */
  async #runAlone<T>(
    signal: AbortSignal | null | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    for (;;) {
      signal?.throwIfAborted();
      this.#forgetDead();
      const wait = this.#rule.wait(this.#running);
      if (wait <= 0) break;
      await delay(Math.min(wait, WORKER_INTERVAL), signal ? { signal } : {});
    }
    this.#start();
    const pulse: Pulse = {
      last: performance.now(),
      timer: setInterval(() => pulse.last = performance.now(), PULSE),
    };
    this.#pulses.add(pulse);
    try {
      return await work();
    } finally {
      this.#end(pulse);
    }
  }

  /** Ends work that was canceled with its request. */
  #forgetDead(): void {
    const since = performance.now() - PULSES_MISSED * PULSE;
    for (const pulse of this.#pulses) {
      if (pulse.last < since) this.#end(pulse);
    }
  }

  #end(pulse: Pulse): void {
    clearInterval(pulse.timer);
    if (this.#pulses.delete(pulse)) this.#running--;
  }

  #start(): void {
    this.#running++;
    this.#rule.start?.();
  }

  /** Lets start what may; to be called when the rule has learned something. */
  admit(): void {
    clearTimeout(this.#timer);
    for (const enter of this.#waiting) {
      const wait = this.#rule.wait(this.#running);
      if (wait > 0) {
        if (wait < Infinity) {
          const sleep = Math.min(LONGEST_WAIT, Math.ceil(wait));
          this.#timer = setTimeout(() => this.admit(), sleep);
        }
        return;
      }
      this.#waiting.delete(enter);
      this.#start();
      enter();
    }
  }
}
