/**
 * What calls need that do not succeed at once, or must not go at once: the attempts
 * behind the first, and the rate limit.
 *
 * @module
 */

import { AvalaError, type FailedAttempt } from "../errors.ts";
import { redactUrl } from "../redact.ts";
import { withDeadline } from "./deadline.ts";
import { type Delivery, exchange } from "./exchange.ts";
import { type HookError, type HookRetry, notify } from "./hooks.ts";
import { isTransient, mayHaveWorked, withRetry } from "./retry.ts";
import { Throttle } from "./throttle.ts";

/**
 * Makes one attempt, as soon as the rate limit permits it.
 *
 * @param delivery The request.
 * @returns What the shape of the request says.
 */
export async function attempt(delivery: Delivery): Promise<unknown> {
  const { internals, signal } = delivery;
  const once = () => withDeadline(delivery, exchange);
  if (!internals.config.throttle) return await once();
  internals.throttle ??= new Throttle();
  return await internals.throttle.run(signal, once);
}

/**
 * Makes the attempts that are left; what comes out of a failure is the last one's
 * own error.
 *
 * @param delivery The request.
 * @param history The attempts that have failed already.
 * @returns What the shape of the request says.
 * @throws {AvalaError} If the request fails for good.
 */
export async function again(
  delivery: Delivery,
  history: FailedAttempt[],
): Promise<unknown> {
  const { internals, request } = delivery;
  const { config: { hooks }, callBudget } = internals;
  const { signal } = delivery;
  try {
    return await withDeadline(
      { calls: internals.calls, signal },
      (signal) => {
        delivery.signal = signal;
        return withRetry(
          () => attempt(delivery),
          {
            maxAttempts: request.maxRetries + 1,
            budget: callBudget,
            isRetriable: (error) => {
              const retriable = isTransient(error, request.repeatable);
              delivery.mayHaveWorked ||= retriable && mayHaveWorked(error);
              return retriable;
            },
            onRetry: (failed) =>
              notify(hooks.onRetry, () => retryEvent(delivery, failed)),
          },
          signal,
          history,
        );
      },
    );
  } catch (error) {
    // a caller may abort with any reason, also with an error of this kind
    const isFailure = error instanceof AvalaError && error !== signal?.reason;
    if (isFailure && error.statusCode !== request.mends) {
      notify(hooks.onError, () => errorEvent(delivery, error));
    }
    throw error;
  }
}

/**
 * Tells the hook of an attempt that is followed by another.
 *
 * @param delivery The request.
 * @param failed The attempt.
 * @returns The event.
 */
export function retryEvent(
  delivery: Delivery,
  { attempt, error, waitMs }: FailedAttempt,
): HookRetry {
  const { operation, method, url } = delivery.request;
  return {
    operation,
    method,
    url: redactUrl(url, delivery.secrets()),
    callId: delivery.id,
    attempt,
    retryAfter: error.retryAfter,
    waitMs: waitMs ?? 0,
    error,
  };
}

/**
 * Tells the hook of a call that failed for good.
 *
 * @param delivery The request.
 * @param error Its error.
 * @returns The event.
 */
export function errorEvent(delivery: Delivery, error: AvalaError): HookError {
  const { operation, method, url } = delivery.request;
  return {
    operation,
    method,
    url: redactUrl(url, delivery.secrets()),
    callId: delivery.id,
    attempts: delivery.sent,
    error,
  };
}
