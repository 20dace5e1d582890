/**
 * Waiting for something on the server to reach its final state.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { poll } from "jsr:@std/async@^1.5.0/poll";
import { WaitFailedError, WaitTimeoutError } from "../errors.ts";
import {
  type Check,
  local,
  type Option,
  type OptionTable,
  toBody,
} from "../wire/options.ts";
import { fromCaller, showTimeout, withDeadline } from "./deadline.ts";
import { internalsOf } from "./internals.ts";
import type { RequestOptions } from "./request.ts";
import type { Transport } from "./transport.ts";

/**
 * Options of every method that waits.
 *
 * @typeParam T The model that is waited for.
 */
export interface WaitOptions<T> {
  /**
   * Milliseconds between two reads of the state. Each method has a least value.
   *
   * @default {half a second, then twice as long each time, up to what the method names}
   */
  interval?: number | undefined;
  /**
   * Milliseconds to wait in all; 0 reads the state once.
   *
   * @default {named by the method}
   */
  timeout?: number | undefined;
  /** Called with every state that is not final. */
  onPoll?: ((state: T) => void) | undefined;
  /**
   * Reject with a {@linkcode WaitFailedError} when the final state is a failure,
   * instead of giving it back.
   *
   * @default {false}
   */
  throwOnFailure?: boolean | undefined;
}

/**
 * What is waited for.
 *
 * @typeParam T The model.
 */
export interface WaitTarget<T> {
  /** The method of the client, for messages: `exports.wait`. */
  readonly method: string;
  /** Options that the method has beside those of every wait. */
  readonly table?: { readonly [name: string]: Option };
  /** What it is, for messages: `export "e-1"`. */
  readonly name: string;
  /** Reads the state. */
  readonly read: (options: RequestOptions) => Promise<T>;
  /** Tells whether a state is final, and of which kind. */
  readonly outcome: (state: T) => "success" | "failure" | "pending";
  /** The most milliseconds between two reads by default. */
  readonly interval: number;
  /** The least of them. */
  readonly minInterval: number;
  /** Milliseconds to wait in all by default. */
  readonly timeout: number;
}

/**
 * Reads a state again and again until it is final.
 *
 * @typeParam T The model.
 * @param transport Ends the wait when it is closed.
 * @param target What is waited for.
 * @param options The caller's options.
 * @param request Options of every read.
 * @returns The final state.
 * @throws {InvalidArgumentError} If an option is wrong.
 * @throws {WaitTimeoutError} If the state is not final in time.
 * @throws {WaitFailedError} If the final state is a failure and `throwOnFailure` is set.
 */
export async function waitFor<T>(
  transport: Transport,
  target: WaitTarget<T>,
  options: WaitOptions<T> = {},
  request: RequestOptions = {},
): Promise<T> {
  const { method, minInterval, name } = target;
  toBody(method, { ...WAIT, ...target.table }, options);
  const { interval, timeout = target.timeout, onPoll } = options;
  let last: T | null = null;
  const limits = {
    calls: internalsOf(transport).calls,
    signal: request.signal,
    timeout: timeout || undefined,
    timeoutError: () =>
      new WaitTimeoutError(
        `Cannot wait for ${name} any longer as it is not final after ${
          showTimeout(timeout)
        }`,
        last,
      ),
  };
  // what takes a second must not take ten
  let pause = interval === undefined ? 0 : Math.max(interval, minInterval);
  let isFirst = true;
  const read = async (signal: AbortSignal) => {
    if (!isFirst) {
      if (interval === undefined) {
        pause = Math.min(pause * 2 || FIRST_PAUSE, target.interval);
      }
      await delay(pause, { signal });
    }
    isFirst = false;
    const state = last = await target.read({ ...request, signal });
    // awaited, as nobody else would hear of what an async one throws
    if (target.outcome(state) === "pending") await onPoll?.(state);
    return state;
  };
  const isDone = (state: T) => {
    if (target.outcome(state) !== "pending") return true;
    if (timeout === 0) throw limits.timeoutError();
    return false;
  };
  let state: T;
  try {
    state = await withDeadline(
      limits,
      (signal) => poll(() => read(signal), isDone, { interval: 0, signal }),
    );
  } catch (error) {
    throw fromCaller(error, request.signal);
  }
  if (options.throwOnFailure && target.outcome(state) === "failure") {
    throw new WaitFailedError(`Cannot use ${name} as it has failed`, state);
  }
  return state;
}

/** Milliseconds before the second read, when no interval is given. */
const FIRST_PAUSE = 500;

const milliseconds: Check = (value) =>
  typeof value === "number" && value >= 0 && value < 2 ** 31
    ? undefined
    : "a number of milliseconds from 0, below 2 ** 31";

/** The options of every wait. */
export const WAIT: OptionTable<WaitOptions<unknown>> = {
  interval: { check: milliseconds, local: true },
  timeout: { check: milliseconds, local: true },
  onPoll: local,
  throwOnFailure: local,
};
