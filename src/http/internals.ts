/**
 * What a transport is made of, for the rooms that are built on it. No resource
 * needs it, so it is no part of the public surface.
 *
 * @module
 */

import { RateLimitError, TimeoutError } from "../errors.ts";
import { type Config, withoutCredential } from "./config.ts";
import type { ActiveCalls } from "./deadline.ts";
import type { Limiter } from "./limiter.ts";
import type { Throttle } from "./throttle.ts";

/** A kind of calls of which the service takes only some at once. */
export type ConcurrencyGroup = "exports" | "uploads";

/** How many calls of a kind the service takes at once. */
export const CONCURRENCY: { readonly [Group in ConcurrencyGroup]: number } = {
  exports: 5,
  uploads: 10,
};

/** What the calls of a client share. */
export interface Internals {
  /** The configuration of the client. */
  readonly config: Config;
  /** All calls under way, and the alarm that limits their time. */
  readonly calls: ActiveCalls;
  /** Limits how many calls of a kind are under way; made with the first of them. */
  readonly limiters: { [Group in ConcurrencyGroup]?: Limiter };
  /** Pays for the retries of calls. */
  readonly callBudget: RetryBudget;
  /** Pays for the retries of files: their storage has its outages by itself. */
  readonly fileBudget: RetryBudget;
  /** Paces the calls, when the client is to; made with the first of them. */
  throttle: Throttle | undefined;
  /** The API's most recent response, for its headers. */
  readonly latest: { response: Response | undefined };
  /** Whether calls are steps of something that is tried again as a whole. */
  readonly isStep: boolean;
  /** Loads what makes errors of responses. */
  readonly loadErrors: () => Promise<ErrorReader>;
}

/** What makes errors of responses. */
export type ErrorReader = Pick<
  typeof import("./error_response.ts"),
  "errorOf" | "readError" | "tooLarge" | "unexpectedBody"
>;

const INTERNALS = new WeakMap<object, Internals>();

/**
 * Makes the internals of a transport known.
 *
 * @param transport The transport.
 * @param internals What it is made of.
 */
export function keepInternals(transport: object, internals: Internals): void {
  INTERNALS.set(transport, internals);
}

/**
 * Finds what a transport is made of.
 *
 * @param transport The transport.
 * @returns Its internals.
 * @throws {TypeError} If it is no transport.
 */
export function internalsOf(transport: object): Internals {
  const internals = INTERNALS.get(transport);
  if (internals) return internals;
  throw new TypeError(
    "Cannot use the transport as it was not made by this package",
  );
}

/**
 * Makes a view of a transport that sends no credential. The limits that the service
 * sets to the holder of the credential do not count for it, and the other way around.
 *
 * @typeParam T The class of the transport.
 * @param transport The transport.
 * @returns The view; it ends with the transport.
 */
export function anonymous<T extends object>(transport: T): T {
  const internals = internalsOf(transport);
  const view: T = Object.create(Object.getPrototypeOf(transport));
  keepInternals(view, {
    ...internals,
    config: withoutCredential(internals.config),
    throttle: undefined,
    latest: { response: undefined },
  });
  return view;
}

/** Tokens of a fresh client, and the most there can be. */
const CAPACITY = 500;
/** What a retry costs. */
const RETRY_COST = 5;
/** What a retry after a timeout costs: the server is busy rather than gone. */
const TIMEOUT_COST = 10;
/** What a call gives back that succeeds at once. */
const REFUND = 1;

/**
 * Tokens that a client's retries cost and its successes give back, so that an
 * outage is not multiplied by retries.
 *
 * While most calls succeed there are always enough. In an outage they run out
 * after some retries; then every call fails with the error of its first attempt,
 * until the server has recovered.
 *
 * @example Usage
 * ```ts
 * import { RetryBudget } from "./internals.ts";
 * import { ConnectionError } from "../errors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const budget = new RetryBudget(2);
 * const error = new ConnectionError("Cannot GET /x/");
 * let retries = 0;
 * while (budget.spend(error) !== undefined) retries++;
 * assertEquals(retries, 100);
 * ```
 */
export class RetryBudget {
  readonly #capacity: number;
  #tokens: number;

  /**
   * Constructs a full budget.
   *
   * @param maxRetries How many retries a single call may need in any case.
   */
  constructor(maxRetries: number) {
    this.#capacity = Math.max(CAPACITY, maxRetries * TIMEOUT_COST);
    this.#tokens = this.#capacity;
  }

  /**
   * Pays for a retry, if the budget permits it.
   *
   * @param error Why the attempt failed.
   * @returns What the retry costs, or undefined when there is not enough for it.
   */
  spend(error: unknown): number | undefined {
    // the server is well, and has told when to come again
    if (error instanceof RateLimitError) return 0;
    const cost = error instanceof TimeoutError ? TIMEOUT_COST : RETRY_COST;
    if (this.#tokens < cost) return undefined;
    this.#tokens -= cost;
    return cost;
  }

  /**
   * Gives back for a call that has succeeded.
   *
   * @param spent What its last retry cost; 0 when it had none.
   */
  refund(spent: number): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (spent || REFUND));
  }
}
