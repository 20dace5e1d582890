/**
 * A gate that lets work pass when a rule permits it, first come, first served.
 *
 * @module
 */

/** When work may pass a gate. */
export interface Rule {
  /**
   * Says how long the next work has to wait.
   *
   * @param running How much work has passed and not ended.
   * @returns Milliseconds; 0 lets it pass now, `Infinity` when other work ends.
   */
  wait(running: number): number;
  /** Counts work that passes. */
  pass?(): void;
}

/**
 * Holds work back until its rule lets it pass.
 *
 * There is a timer only while something waits for a time to come, so that a gate
 * never keeps a process alive by itself.
 *
 * @example At most one at a time
 * ```ts
 * import { Gate } from "./limiter.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gate = new Gate({ wait: (running) => running < 1 ? 0 : Infinity });
 * const { signal } = new AbortController();
 * const order: number[] = [];
 * const work = (n: number) => gate.run(signal, () => {
 *   order.push(n);
 *   return Promise.resolve();
 * });
 * await Promise.all([work(1), work(2), work(3)]);
 * assertEquals(order, [1, 2, 3]);
 * ```
 */
export class Gate {
  readonly #rule: Rule;
  /** Lets in those who wait, in order. */
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Constructs a gate.
   *
   * @param rule When work may pass.
   */
  constructor(rule: Rule) {
    this.#rule = rule;
  }

  /**
   * How much work has passed and not ended.
   *
   * @returns The number.
   */
  get running(): number {
    return this.#running;
  }

  /**
   * Runs work as soon as it may pass.
   *
   * @typeParam T What the work gives.
   * @param signal Ends the wait, with its own reason.
   * @param work The work.
   * @returns What the work gives.
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#running--;
      this.admit();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(enter);
        reject(signal.reason);
        this.admit();
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(enter);
      this.admit();
    });
  }

  /** Lets pass what may; to be called when the rule has learned something. */
  admit(): void {
    clearTimeout(this.#timer);
    for (const enter of this.#waiting) {
      const wait = this.#rule.wait(this.#running);
      if (wait > 0) {
        if (wait < Infinity) {
          this.#timer = setTimeout(() => this.admit(), Math.ceil(wait));
        }
        return;
      }
      this.#waiting.delete(enter);
      this.#running++;
      this.#rule.pass?.();
      enter();
    }
  }
}
