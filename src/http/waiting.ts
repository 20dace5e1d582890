/**
 * Waiting for something on the server to reach its final state.
 *
 * @module
 */

import { poll } from "jsr:@std/async@^1.5.0/poll";
import { show } from "../wire/options.ts";
import {
  InvalidArgumentError,
  WaitFailedError,
  WaitTimeoutError,
} from "../errors.ts";
import { bounded } from "./deadline.ts";
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
   * @default {named by the method}
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
export interface Awaited<T> {
  /** What it is, for messages: `export "e-1"`. */
  readonly name: string;
  /** Reads the state. */
  readonly read: (options: RequestOptions) => Promise<T>;
  /** Tells whether a state is final, and of which kind. */
  readonly outcome: (state: T) => "success" | "failure" | "pending";
  /** Milliseconds between two reads by default. */
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
  target: Awaited<T>,
  options: WaitOptions<T> = {},
  request: RequestOptions = {},
): Promise<T> {
  const { interval = target.interval, timeout = target.timeout } = options;
  checkMilliseconds("interval", interval);
  checkMilliseconds("timeout", timeout);
  let last: T | null = null;
  const timeoutError = () =>
    new WaitTimeoutError(
      `Cannot wait for ${target.name} any longer as it is not final after ${timeout} ms`,
      last,
    );

  const work = (signal: AbortSignal) =>
    poll(
      () => target.read({ ...request, signal }),
      (state: T) => {
        last = state;
        if (target.outcome(state) !== "pending") return true;
        options.onPoll?.(state);
        if (timeout === 0) throw timeoutError();
        return false;
      },
      { interval: Math.max(interval, target.minInterval), signal },
    );
  const state = await transport.run(
    (signal) =>
      bounded({ signal, timeoutError, ...(timeout && { timeout }) }, work),
    request.signal,
  );

  if (options.throwOnFailure && target.outcome(state) === "failure") {
    throw new WaitFailedError(
      `Cannot use ${target.name} as it has failed`,
      state,
    );
  }
  return state;
}

function checkMilliseconds(name: string, value: number): void {
  if (typeof value !== "number" || !(value >= 0 && value < 2 ** 31)) {
    throw new InvalidArgumentError(
      `Cannot wait as '${name}' must be a number of milliseconds from 0, below 2 ** 31: current value is ${
        show(value)
      }`,
    );
  }
}
