/**
 * A budget for retries, so that an outage is not multiplied by them.
 *
 * @module
 */

import { RateLimitError, TimeoutError } from "../errors.ts";

/** Tokens of a fresh client, and the most there can be. */
const CAPACITY = 500;
/** What a retry costs. */
const RETRY_COST = 5;
/** What a retry after a timeout costs: the server is busy rather than gone. */
const TIMEOUT_COST = 10;
/** What a call gives back that succeeds at once. */
const REFUND = 1;

/**
 * Tokens that a client's retries cost and its successes give back.
 *
 * While most calls succeed there are always enough. In an outage they run out
 * after some retries; then every call fails with the error of its first attempt,
 * until the server has recovered.
 *
 * @example Usage
 * ```ts
 * import { RetryBudget } from "./retry_budget.ts";
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
