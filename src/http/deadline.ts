/**
 * Work that a time limit, a caller's signal or the end of the client can stop, and
 * the stacks of its errors: they are made many promises away from the line that
 * asked for the work.
 *
 * @module
 */

import { AvalaError } from "../errors.ts";

/** What can stop a piece of work. */
export interface Limits {
  /** All calls of the client, which also has the alarm for time limits. */
  readonly calls: ActiveCalls;
  /** A signal that stops the work; it rejects with the signal's own reason. */
  readonly signal?: AbortSignal | null | undefined;
  /** Milliseconds the work may take, or may go on without a sign of life. */
  readonly timeout?: number | undefined;
  /** Makes the error for work that took longer. */
  timeoutError?(): unknown;
  /** Drops a result that came when the work was stopped already. */
  discard?(result: unknown): void;
}

/**
 * Work that is under way.
 *
 * @typeParam L What can stop it.
 * @typeParam T What it gives.
 */
export type Work<L extends Limits, T> = (
  signal: AbortSignal,
  limits: L,
  deadline: Deadline,
) => Promise<T>;

/**
 * Runs work that ends at once when one of its limits is reached, whether or not
 * the work itself listens to its signal. Its listeners end with it.
 *
 * @example Usage
 * ```ts
 * import { ActiveCalls, withDeadline } from "./deadline.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const calls = new ActiveCalls();
 * const work = () => Promise.resolve("done");
 * assertEquals(await withDeadline({ calls, timeout: 1_000 }, work), "done");
 * ```
 *
 * @typeParam L What can stop the work.
 * @typeParam T What the work gives.
 * @param limits What can stop the work.
 * @param work The work; its signal fires when a limit is reached.
 * @returns What the work gives.
 */
export function withDeadline<L extends Limits, T>(
  limits: L,
  work: Work<L, T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const deadline = new Deadline(limits, reject);
    try {
      work(deadline.controller.signal, limits, deadline).then((result) => {
        if (deadline.isOver) limits.discard?.(result);
        deadline.settle();
        resolve(result);
      }, (error) => deadline.fail(error));
    } catch (error) {
      deadline.fail(error);
    }
  });
}

/**
 * Writes a time limit for a message; a short one may have been meant in seconds,
 * as Python counts.
 *
 * @param timeout Milliseconds.
 * @returns The text.
 */
export function showTimeout(timeout: number): string {
  const seconds = timeout < 1_000
    ? ` (for ${timeout} seconds, set 'timeout' to ${timeout * 1_000})`
    : "";
  return `${timeout} ms${seconds}`;
}

/** The limits of one piece of work: a single object, as every request pays for it. */
export class Deadline {
  /** When the work has to end, by `performance.now()`. */
  time = Infinity;
  /** Where the active calls keep it; -1 when they do not. */
  place = -1;
  /** Stops the work. */
  readonly controller: AbortController = new AbortController();
  /** What can stop the work. */
  readonly limits: Limits;
  /** The work's own timer, where no alarm can be shared. */
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly #reject: (reason: unknown) => void;

  /**
   * Constructs the limits of work that begins.
   *
   * @param limits What can stop it.
   * @param reject Ends it with an error.
   * @throws The reason of a signal that has fired, or the error of a closed client.
   */
  constructor(limits: Limits, reject: (reason: unknown) => void) {
    const { signal, calls } = limits;
    this.limits = limits;
    this.#reject = reject;
    if (signal?.aborted) throw signal.reason;
    if (limits.timeout !== undefined) {
      this.time = performance.now() + limits.timeout;
    }
    calls.add(this);
  }

  /**
   * Whether the work has ended.
   *
   * @returns `true` when it has.
   */
  get isOver(): boolean {
    return this.place < 0;
  }

  /** Gives the work its whole time anew: it has shown a sign of life. */
  extend(): void {
    const { timeout = Infinity } = this.limits;
    // the alarm may ring early for it: it is then set again
    if (!this.isOver) this.time = performance.now() + timeout;
  }

  /** Lets go of everything that could stop the work. */
  settle(): void {
    this.limits.calls.remove(this);
  }

  /**
   * Ends the work with an error.
   *
   * @param error The error.
   */
  fail(error: unknown): void {
    this.settle();
    this.#reject(error);
  }

  /**
   * Stops the work.
   *
   * @param reason What it rejects with.
   */
  stop(reason: unknown): void {
    this.fail(reason);
    this.controller.abort(reason);
  }

  /** Stops the work as its time is over. */
  expire(): void {
    this.stop(this.limits.timeoutError?.());
  }

  /** Sets a timer of its own, again when the work was given more time. */
  setTimer(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (performance.now() >= this.time - 1) this.expire();
      else this.setTimer();
    }, waitUntil(this.time));
  }
}

/**
 * Whether what one request started may go on in another: not in a Cloudflare
 * worker, where timers and promises end with the incoming request.
 */
export const SHARES_TIMERS: boolean = !("WebSocketPair" in globalThis);

/**
 * All calls of a client that are under way.
 *
 * They share one alarm, an `AbortSignal.timeout`: one for each call would hold
 * about a kilobyte until it rings. While no call needs it, nobody listens to it,
 * which lets a process end; the next call whose time is not over before it rings
 * listens to it again.
 */
export class ActiveCalls {
  // no Set: it leaves tables behind that hold ended calls until a major collection
  readonly #calls: Deadline[] = [];
  /** The calls that a caller's signal stops: Node warns of more than ten listeners. */
  readonly #signals = new Map<AbortSignal, StoppedCalls>();
  #closed: (() => unknown) | undefined;
  /** How many calls have a time limit. */
  #timed = 0;
  #alarm: AbortSignal | undefined;
  /** When the alarm rings, by `performance.now()`. */
  #rings = Infinity;
  #isHeard = false;
  readonly #onRing = () => this.#ring();

  /**
   * Ends all calls; those that come later are refused.
   *
   * @param reason Makes the error that each of them rejects with.
   */
  close(reason: () => unknown): void {
    this.#closed ??= reason;
    for (const call of [...this.#calls]) call.stop(reason());
  }

  /**
   * Registers a call.
   *
   * @param call The call.
   * @throws The error of {@linkcode close}, when the client is closed.
   */
  add(call: Deadline): void {
    if (this.#closed) throw this.#closed();
    call.place = this.#calls.push(call) - 1;
    const { signal } = call.limits;
    if (signal) this.#listen(signal, call);
    if (call.time < Infinity) {
      this.#timed++;
      this.setAlarm(call);
    }
  }

  /**
   * Forgets a call that has ended.
   *
   * @param call The call.
   */
  remove(call: Deadline): void {
    const { place } = call;
    if (place < 0) return;
    call.place = -1;
    const last = this.#calls.pop() as Deadline;
    if (last !== call) {
      last.place = place;
      this.#calls[place] = last;
    }
    const { signal, timeout } = call.limits;
    if (signal) this.#unlisten(signal, call);
    if (call.timer !== undefined) clearTimeout(call.timer);
    if (timeout !== undefined && --this.#timed === 0) this.#mute();
  }

  /**
   * Makes sure that an alarm rings before the time of a call is over.
   *
   * @param call The call.
   */
  setAlarm(call: Deadline): void {
    if (!SHARES_TIMERS) return call.setTimer();
    // an alarm that rang while nobody listened is of no more use
    if (call.time < this.#rings || this.#alarm?.aborted) this.#set(call.time);
    else if (!this.#isHeard) this.#hear();
  }

  #set(time: number): void {
    this.#mute();
    this.#alarm = AbortSignal.timeout(waitUntil(time));
    this.#rings = time;
    this.#hear();
  }

  #hear(): void {
    this.#isHeard = true;
    this.#alarm?.addEventListener("abort", this.#onRing);
  }

  #mute(): void {
    this.#isHeard = false;
    this.#alarm?.removeEventListener("abort", this.#onRing);
  }

  #ring(): void {
    // the alarm knows better than the clock, which a test may leave behind
    const now = Math.max(this.#rings, performance.now());
    this.#mute();
    this.#alarm = undefined;
    this.#rings = Infinity;
    for (const call of [...this.#calls]) if (call.time <= now) call.expire();
    let next = Infinity;
    for (const { time } of this.#calls) next = Math.min(next, time);
    if (next < Infinity) this.#set(next);
  }

  #listen(signal: AbortSignal, call: Deadline): void {
    let stopped = this.#signals.get(signal);
    if (!stopped) {
      const calls = new Set<Deadline>();
      const stop = () => {
        for (const call of [...calls]) call.stop(signal.reason);
      };
      stopped = { calls, stop };
      signal.addEventListener("abort", stop);
      this.#signals.set(signal, stopped);
    }
    stopped.calls.add(call);
  }

  #unlisten(signal: AbortSignal, call: Deadline): void {
    const stopped = this.#signals.get(signal);
    if (!stopped?.calls.delete(call) || stopped.calls.size > 0) return;
    signal.removeEventListener("abort", stopped.stop);
    this.#signals.delete(signal);
  }
}

/** The calls that one signal stops, and what listens to it. */
interface StoppedCalls {
  readonly calls: Set<Deadline>;
  readonly stop: () => void;
}

/** Whole milliseconds until a time, rounded up. */
function waitUntil(time: number): number {
  return Math.max(0, Math.ceil(time - performance.now()));
}

/** The frames of whoever made a list, where the runtime forgets them. */
export interface Origin {
  /** The stack of that moment. */
  readonly stack?: string | undefined;
}

/** The part of `Error` that not every engine has. */
const { captureStackTrace } = Error as {
  captureStackTrace?: (error: object, above: unknown) => void;
};
const IS_BUN = "Bun" in globalThis;

/**
 * Gives an error the stack of the calls that await the one it was caught in. Costs
 * nothing but where a call fails.
 *
 * @typeParam E What was caught.
 * @param error What was caught; left as it is, unless it is an error of the client.
 * @param signal The caller's signal: its reason is the caller's own.
 * @param origin Who made the list, where the runtime forgets it.
 * @returns The same error.
 */
export function fromCaller<E>(
  error: E,
  signal?: AbortSignal | null,
  origin?: Origin,
): E {
  if (!(error instanceof AvalaError) || error === signal?.reason) return error;
  if (origin?.stack) {
    const frames = origin.stack.slice(origin.stack.indexOf("\n"));
    error.stack = `${error.name}: ${error.message}${frames}`;
  } else captureStackTrace?.(error, fromCaller);
  return error;
}

/**
 * Remembers who makes a list: Bun does not know who awaits it later. It costs a
 * tenth of a microsecond there, and nothing elsewhere.
 *
 * @returns The moment, where it has to be remembered.
 */
export function originOf(): Origin | undefined {
  return IS_BUN ? new Error() : undefined;
}
