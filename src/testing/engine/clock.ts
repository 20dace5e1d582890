/**
 * The emulator's clock, which can be set forward.
 *
 * @module
 */

/** A clock that goes on by itself, and further when it is told to. */
export class Clock {
  readonly #source: () => number;
  readonly #sleepers = new Set<() => void>();
  #advanced = 0;

  /**
   * Constructs a clock.
   *
   * @param source The time without what it was set forward, in milliseconds since 1970.
   */
  constructor(source: () => number) {
    this.#source = source;
  }

  /**
   * By how much it was set forward.
   *
   * @returns The milliseconds.
   */
  get advanced(): number {
    return this.#advanced;
  }

  /**
   * Reads the clock.
   *
   * @returns Milliseconds since 1970.
   */
  now(): number {
    return this.#source() + this.#advanced;
  }

  /**
   * Sets the clock forward, and wakes who has slept long enough.
   *
   * @param milliseconds By how much.
   */
  advance(milliseconds: number): void {
    this.#advanced += milliseconds;
    for (const look of [...this.#sleepers]) look();
  }

  /**
   * Waits; an abort ends it at once with the signal's reason.
   *
   * @param milliseconds How long.
   * @param signal Ends the wait.
   * @returns A promise that is fulfilled when the time has gone by, or was skipped.
   */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const start = performance.now() + this.#advanced;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      let timer: ReturnType<typeof setTimeout>;
      const end = () => {
        clearTimeout(timer);
        this.#sleepers.delete(look);
        signal.removeEventListener("abort", stop);
      };
      const stop = () => {
        end();
        reject(signal.reason);
      };
      const look = () => {
        clearTimeout(timer);
        const slept = performance.now() + this.#advanced - start;
        timer = setTimeout(() => {
          end();
          resolve();
        }, Math.max(0, milliseconds - slept));
      };
      this.#sleepers.add(look);
      signal.addEventListener("abort", stop, { once: true });
      look();
    });
  }
}
