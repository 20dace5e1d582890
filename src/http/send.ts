/**
 * Sends a request until it succeeds or fails for good.
 *
 * @module
 */

import { AvalaError, type FailedAttempt } from "../errors.ts";
import { redactUrl } from "../redact.ts";
import { withDeadline } from "./deadline.ts";
import { Delivery } from "./delivery.ts";
import { exchange } from "./exchange.ts";
import { type HookError, type HookRetry, notify } from "./hooks.ts";
import type { Internals } from "./internals.ts";
import type { WireRequest } from "./request.ts";
import { isTransient, mayHaveWorked, withRetry } from "./retry.ts";

/**
 * Sends a request, again where that is safe; what comes out of a failure is the
 * last attempt's own error.
 *
 * @param internals What the calls of the client share.
 * @param request The request.
 * @param signal Ends it.
 * @returns What the shape of the request says.
 * @throws {AvalaError} If the request fails for good.
 */
export function send(
  internals: Internals,
  request: WireRequest,
  signal: AbortSignal | null | undefined,
): Promise<unknown> {
  const delivery = new Delivery(internals, request, signal);
  if (internals.isStep) return attempt(delivery);
  if (internals.config.throttle) return again(delivery, []);
  // nearly every call ends here, and pays for nothing of what follows
  return withDeadline(delivery, exchange).then((result) => {
    internals.callBudget.refund(0);
    return result;
  }, (error) => again(delivery, [firstOf(error)]));
}

function firstOf(error: AvalaError): FailedAttempt {
  const { statusCode = null } = error;
  return { attempt: 1, statusCode, error, waitMs: null };
}

/** One attempt, as soon as the rate limit permits it. */
async function attempt(delivery: Delivery): Promise<unknown> {
  const { internals, signal } = delivery;
  const once = () => withDeadline(delivery, exchange);
  if (!internals.config.throttle) return await once();
  const { Throttle } = await import("./throttle.ts");
  internals.throttle ??= new Throttle();
  return await internals.throttle.run(signal, once);
}

/** Makes the attempts that are left, the first of which may have failed already. */
async function again(
  delivery: Delivery,
  history: FailedAttempt[],
): Promise<unknown> {
  const { internals, request } = delivery;
  const { config: { hooks }, callBudget } = internals;
  try {
    return await withDeadline(
      { calls: internals.calls, signal: delivery.signal },
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
    if (error instanceof AvalaError) {
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
    attempts: delivery.sent,
    error,
  };
}
