/**
 * Work that a time limit, a caller's signal or the end of the client can stop.
 *
 * @module
 */

/**
 * How long a client lives: what is under way, and whether it was closed.
 *
 * All work shares one timer, as one for each is a good part of what a request
 * costs. Only in a Cloudflare worker each needs its own: there, timers end with the
 * incoming request that started them.
 */
export class Lifetime {
  // no Set: it leaves tables behind that hold ended work until a major collection
  readonly #running: Run[] = [];
  #ended: (() => unknown) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How much of the work has a deadline. */
  #timed = 0;
  /** The deadline that the timer waits for. */
  #next = Infinity;

  /**
   * Ends the lifetime: what is under way stops, what comes later is refused.
   *
   * @param reason Makes the error that each of them rejects with.
   */
  end(reason: () => unknown): void {
    this.#ended ??= reason;
    for (const run of [...this.#running]) run.stop(reason());
  }

  /**
   * Registers work that is under way.
   *
   * @param run The work.
   * @throws What {@linkcode end} was given, when the lifetime is over.
   */
  enter(run: Run): void {
    if (this.#ended) throw this.#ended();
    run.place = this.#running.push(run) - 1;
    if (run.deadline < Infinity) this.#timed++;
    if (run.deadline < this.#next) this.#watch(run.deadline);
  }

  /**
   * Forgets work that has ended.
   *
   * @param run What was registered.
   */
  leave(run: Run): void {
    const { place } = run;
    if (place < 0) return;
    run.place = -1;
    const last = this.#running.pop() as Run;
    if (last !== run) {
      last.place = place;
      this.#running[place] = last;
    }
    // a download that is open for long must not keep the timer of a short call
    if (run.deadline < Infinity && --this.#timed === 0) this.#watch(Infinity);
  }

  #watch(deadline: number): void {
    clearTimeout(this.#timer);
    this.#next = deadline;
    if (deadline < Infinity) {
      const wait = Math.max(0, deadline - performance.now());
      this.#timer = setTimeout(() => this.#expire(), wait);
    }
  }

  #expire(): void {
    // the timer knows better than the clock, which a test may leave behind
    const now = this.#next;
    for (const run of [...this.#running]) if (run.deadline <= now) run.expire();
    let next = Infinity;
    for (const { deadline } of this.#running) next = Math.min(next, deadline);
    this.#watch(next);
  }
}

/** What can stop a piece of work. */
export interface Bounds {
  /** Milliseconds the work may take. */
  readonly timeout?: number | undefined;
  /** Makes the error for a work that took longer. */
  readonly timeoutError?: (() => unknown) | undefined;
  /** A signal that stops the work; it rejects with the signal's own reason. */
  readonly signal?: AbortSignal | null | undefined;
  /** The lifetime that the work is part of. */
  readonly lifetime?: Lifetime | undefined;
}

/**
 * Runs work that ends at once when one of its bounds is reached, whether or not
 * the work itself listens to its signal.
 *
 * The listener ends with the work, and the timer with the last work that needs it.
 * That is why this is no `AbortSignal.timeout`: such a signal is held until it
 * fires, and a listener on it keeps a Deno process alive; and no
 * `AbortSignal.any`, which leaks on signals that outlive the call.
 *
 * @example Usage
 * ```ts
 * import { bounded } from "./deadline.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const work = () => Promise.resolve("done");
 * assertEquals(await bounded({ timeout: 1_000 }, work), "done");
 * ```
 *
 * @typeParam T What the work gives.
 * @param bounds What can stop the work.
 * @param work The work; its signal fires when a bound is reached.
 * @returns What the work gives.
 */
export function bounded<T>(
  bounds: Bounds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const run = new Run(bounds, reject);
    try {
      work(run.controller.signal).then((value) => {
        run.settle();
        resolve(value);
      }, (error) => run.fail(error));
    } catch (error) {
      run.fail(error);
    }
  });
}

/** Work that is under way: one object, as every request pays for it. */
class Run implements EventListenerObject {
  /** When it has to end, if it shares the timer of its lifetime. */
  readonly deadline: number = Infinity;
  /** Where its lifetime keeps it; -1 when it does not. */
  place = -1;
  readonly controller = new AbortController();
  readonly #bounds: Bounds;
  readonly #reject: (reason: unknown) => void;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bounds: Bounds, reject: (reason: unknown) => void) {
    this.#bounds = bounds;
    this.#reject = reject;
    const { signal, lifetime, timeout } = bounds;
    if (signal?.aborted) throw signal.reason;
    if (timeout !== undefined && lifetime && SHARES_TIMERS) {
      this.deadline = performance.now() + timeout;
    }
    lifetime?.enter(this);
    signal?.addEventListener("abort", this);
    if (timeout !== undefined && this.deadline === Infinity) {
      this.#timer = setTimeout(() => this.expire(), timeout);
    }
  }

  /** Lets go of everything that could stop the work. */
  settle(): void {
    clearTimeout(this.#timer);
    const { signal, lifetime } = this.#bounds;
    signal?.removeEventListener("abort", this);
    lifetime?.leave(this);
  }

  fail(error: unknown): void {
    this.settle();
    this.#reject(error);
  }

  stop(reason: unknown): void {
    this.fail(reason);
    this.controller.abort(reason);
  }

  /** Stops the work as its time is over. */
  expire(): void {
    this.stop(this.#bounds.timeoutError?.());
  }

  /** The caller's signal has fired. */
  handleEvent(): void {
    this.stop(this.#bounds.signal?.reason);
  }
}

/** Whether one request's timer fires for another: not in a Cloudflare worker. */
const SHARES_TIMERS = !("WebSocketPair" in globalThis);
