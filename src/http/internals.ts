/**
 * What a transport is made of, for the rooms that are built on it. No resource
 * needs it, so it is no part of the public surface.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { ActiveCalls } from "./deadline.ts";
import type { Limiter } from "./limiter.ts";
import type { RetryBudget } from "./retry.ts";
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
}

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
