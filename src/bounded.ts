/**
 * Work that a time limit, a caller's signal or the end of the client can stop.
 *
 * @module
 */

/** Tells running work to stop, with the reason it rejects with. */
type Stop = (reason: unknown) => void;

/** How long a client lives: what is under way, and whether it was closed. */
export class Lifetime {
  readonly #running = new Set<Stop>();
  #ended: (() => unknown) | undefined;

  /**
   * Ends the lifetime: what is under way stops, what comes later is refused.
   *
   * @param reason Makes the error that each of them rejects with.
   */
  end(reason: () => unknown): void {
    this.#ended ??= reason;
    for (const stop of [...this.#running]) stop(reason());
  }

  /**
   * Registers work that is under way.
   *
   * @param stop How to stop it.
   * @throws What {@linkcode end} was given, when the lifetime is over.
   */
  enter(stop: Stop): void {
    if (this.#ended) throw this.#ended();
    this.#running.add(stop);
  }

  /**
   * Forgets work that has ended.
   *
   * @param stop What was registered.
   */
  leave(stop: Stop): void {
    this.#running.delete(stop);
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
 * The timer and the listener end with the work, which shares neither: in a worker,
 * the timers of a request end with the request. That is why this is no
 * `AbortSignal.timeout`: such a signal is held until it fires, and a listener on
 * it keeps a Deno process alive; and no `AbortSignal.any`, which leaks on
 * signals that outlive the call.
 *
 * @example Usage
 * ```ts
 * import { bounded } from "./bounded.ts";
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
    const { timeout, timeoutError, signal, lifetime } = bounds;
    if (signal?.aborted) throw signal.reason;

    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      lifetime?.leave(stop);
    };
    const stop = (reason: unknown) => {
      settle();
      reject(reason);
      controller.abort(reason);
    };
    const onAbort = () => stop(signal?.reason);

    lifetime?.enter(stop);
    signal?.addEventListener("abort", onAbort);
    if (timeout !== undefined) {
      timer = setTimeout(() => stop(timeoutError?.()), timeout);
    }
    const fail = (error: unknown) => {
      settle();
      reject(error);
    };
    try {
      work(controller.signal).then((value) => {
        settle();
        resolve(value);
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}
