/**
 * The transport that all resources share: one request with its credential,
 * time limit, retries, errors and rate-limit headers.
 *
 * With it, a resource works alone, and a bundle holds only what it uses.
 *
 * ## Retries
 *
 * A failed request is sent again, at most `maxRetries` times, where that can do no
 * harm:
 *
 * | what failed                           | GET, HEAD, PUT, PATCH, DELETE, repeatable POST | POST that creates |
 * | ------------------------------------- | ---------------------------------------------- | ----------------- |
 * | connection, time limit                | sent again                                     | not sent again    |
 * | 408, 500, 502, 504                    | sent again                                     | not sent again    |
 * | 429, 503 (not processed)              | sent again                                     | sent again        |
 * | `Retry-After` of more than 60 seconds | not sent again                                 | not sent again    |
 * | anything else                         | not sent again                                 | not sent again    |
 *
 * The wait is random, up to 0.5 s, 1 s, 2 s, … 8 s. A `Retry-After` (seconds or a
 * date) is waited out first. A POST is repeatable with `{ idempotent: true }` or an
 * `idempotencyKey`; the Avala docs don't say which endpoints honor the key.
 *
 * Runtimes retry, too, behind `fetch`. In Deno, Node, Bun and workers the client
 * makes sure that a creation goes out once. A browser may itself repeat one when a
 * connection that was used before dies. A page can't prevent that, so create from a
 * server.
 *
 * A client has a budget for retries, of which each takes more than a success gives
 * back. While the service is down for everybody, calls soon fail at their first
 * attempt instead of tripling the load. A single call of a healthy client always has
 * all of its retries.
 *
 * @example One resource alone
 * ```ts
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { Transport } from "@avala/client/transport";
 * import { AsyncDatasets } from "@avala/client/datasets";
 * import { assert } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * const transport = new Transport({ apiKey: "avk_example", fetch });
 * const datasets = new AsyncDatasets(transport);
 * const page = await datasets.list();
 * assert(page.length > 0);
 * transport.close();
 * ```
 *
 * @example Stay below the rate limit
 * ```ts
 * import { AsyncClient, RateLimitError } from "@avala/client";
 *
 * await using client = new AsyncClient({ throttle: true }); // waits before a 429
 * const page = await client.datasets.list();
 * const all = page.items.map(({ uid }) => client.datasets.get(uid));
 * console.log((await Promise.all(all)).length, client.rateLimitInfo.remaining);
 *
 * // without it, a 429 is waited out as the server asks, up to 60 seconds; then:
 * const seconds = (error: unknown) =>
 *   error instanceof RateLimitError ? error.retryAfter : null;
 * console.log(seconds(new Error()));
 * ```
 *
 * @module
 */

import { AvalaError, ClientClosedError } from "../errors.ts";
import { type ClientOptions, resolveConfig } from "./config.ts";
import { ActiveCalls, fromCaller, withDeadline } from "./deadline.ts";
import { Delivery, exchange, notifyEnd } from "./exchange.ts";
import {
  CONCURRENCY,
  type ConcurrencyGroup,
  internalsOf,
  keepInternals,
  RetryBudget,
} from "./internals.ts";
import {
  type Call,
  limitsOf,
  type Method,
  prepare,
  type RawRequestOptions,
  type RequestOptions,
} from "./request.ts";
import { IS_SERVER, type ResponseShape } from "./response.ts";

export type { ClientOptions, Fetch } from "./config.ts";
export type {
  CallResponse,
  HookEnd,
  HookError,
  HookRequest,
  HookResponse,
  HookRetry,
  Hooks,
} from "./hooks.ts";
export type {
  Call,
  Method,
  QueryValue,
  RawRequestOptions,
  RequestOptions,
} from "./request.ts";
export type { ConcurrencyGroup } from "./internals.ts";
export type { ResponseShape } from "./response.ts";
export type { Decode, JsonObject } from "../wire/codec.ts";
export type { Input } from "../wire/options.ts";
export type { Path } from "../wire/path.ts";

/** The rate-limit headers of the most recent response, as the server wrote them. */
export interface RateLimitInfo {
  /** `X-RateLimit-Limit`: requests allowed in the window. */
  limit: string | null;
  /** `X-RateLimit-Remaining`: requests left in the window. */
  remaining: string | null;
  /** `X-RateLimit-Reset`: when the window ends, Unix time in seconds. */
  reset: string | null;
}

/** Sends the requests of a client. */
export class Transport {
  /**
   * Constructs a transport.
   *
   * @param options The same options as for a client.
   * @param credential Whether requests need one; `none` sends none.
   * @throws {ConfigurationError} If an option is wrong, or no credential is given.
   */
  constructor(
    options: ClientOptions = {},
    credential: "required" | "none" = "required",
  ) {
    const config = resolveConfig(options, credential);
    keepInternals(this, {
      config,
      calls: new ActiveCalls(),
      limiters: {},
      callBudget: new RetryBudget(config.maxRetries),
      fileBudget: new RetryBudget(config.maxRetries),
      throttle: undefined,
      latest: { response: undefined },
      isStep: false,
      loadErrors: loadLate,
    });
  }

  /**
   * A snapshot of the rate-limit headers of the most recent response.
   *
   * @returns The headers, null where absent.
   */
  get rateLimitInfo(): RateLimitInfo {
    const { response } = internalsOf(this).latest;
    const read = (name: string) => response?.headers.get(name) ?? null;
    return {
      limit: read("x-ratelimit-limit"),
      remaining: read("x-ratelimit-remaining"),
      reset: read("x-ratelimit-reset"),
    };
  }

  /**
   * Ends everything that is under way: requests, waits before retries, polls,
   * uploads and downloads. These, and all calls that come later, reject with a
   * {@linkcode ClientClosedError}. Closing twice does no harm.
   */
  close(): void {
    internalsOf(this).calls.close(() =>
      new ClientClosedError("Cannot send the request as the client is closed")
    );
  }

  /**
   * Closes the transport at the end of an `await using` block.
   *
   * @returns A promise that is fulfilled when the transport is closed.
   */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /**
   * Calls an endpoint that the client does not know: the same credential,
   * limits, retries and errors; wire JSON in and out, nothing renamed.
   *
   * @param method HTTP method.
   * @param path Path below the base URL.
   * @param options Query, body and request options.
   * @returns The JSON of the response, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async request(
    method: Method,
    path: string,
    options: RawRequestOptions = {},
  ): Promise<unknown> {
    const { config } = internalsOf(this);
    limitsOf(config, options, "request", ["query", "body"]);
    const { query: _, body: __, ...request } = options;
    const { toCall } = await loadLate();
    const shape = method === "HEAD" ? "nothing" : "json";
    return await this.send(toCall(method, path, options), shape, request);
  }

  /**
   * Sends a call, again where that is safe, until it succeeds or fails for good.
   *
   * @param call The call.
   * @param shape What its endpoint responds with.
   * @param options The caller's options.
   * @returns The JSON that was promised.
   * @throws {InvalidArgumentError} If an argument or an option is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async send(
    call: Call,
    shape: ResponseShape,
    options: RequestOptions = {},
  ): Promise<unknown> {
    const internals = internalsOf(this);
    const request = prepare(internals.config, call, shape, options);
    const { signal } = options;
    const delivery = new Delivery(internals, request, signal);
    try {
      const result = await (call.group
        ? sendLimited(this, delivery, call.group)
        : send(delivery));
      notifyEnd(delivery, null);
      return result;
    } catch (error) {
      notifyEnd(delivery, fromCaller(error, signal));
      throw error;
    }
  }

  /**
   * Runs work that ends when the caller aborts it or the client is closed.
   *
   * @typeParam T What the work gives.
   * @param work The work.
   * @param signal The caller's signal, if there is one.
   * @returns What the work gives.
   */
  async run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal | null,
  ): Promise<T> {
    const { calls } = internalsOf(this);
    try {
      return await withDeadline({ calls, signal }, work);
    } catch (error) {
      throw fromCaller(error, signal);
    }
  }
}

/** Sends a request of a kind of which the service takes only some at once. */
async function sendLimited(
  transport: Transport,
  delivery: Delivery,
  group: ConcurrencyGroup,
): Promise<unknown> {
  const { limiters } = delivery.internals;
  const { Limiter } = await loadLate();
  const limiter = limiters[group] ??= Limiter.concurrent(CONCURRENCY[group]);
  return await transport.run((signal) => {
    delivery.signal = signal;
    return limiter.run(signal, () => send(delivery));
  }, delivery.signal);
}

/** Sends a request; nearly every one ends here, and pays for nothing else. */
function send(delivery: Delivery): Promise<unknown> {
  const { config, callBudget, isStep } = delivery.internals;
  // a page must have what it takes to try again before its network is gone
  if (!IS_SERVER) loadLate().catch(() => {});
  if (config.throttle) return sendThrottled(delivery);
  const first = withDeadline(delivery, exchange);
  if (isStep) return first;
  return first.then((result) => {
    callBudget.refund(0);
    return result;
  }, async (error) => {
    // anything else is the caller's own reason to stop
    if (!(error instanceof AvalaError)) throw error;
    const { again } = await loadLate().catch(() => {
      throw error;
    });
    const { statusCode } = error;
    return await again(delivery, [
      { attempt: 1, statusCode, error, waitMs: null },
    ]);
  });
}

async function sendThrottled(delivery: Delivery): Promise<unknown> {
  const { again, attempt } = await loadLate();
  return await (delivery.internals.isStep
    ? attempt(delivery)
    : again(delivery, []));
}

function loadLate(): Promise<typeof import("./late.ts")> {
  return import("./late.ts");
}

/**
 * Makes a view of a transport for calls that are steps of something larger, which
 * is tried again as a whole: they are sent once, and their failures are not final.
 *
 * @param transport The transport.
 * @returns The view.
 */
export function stepsOf(transport: Transport): Transport {
  const view: Transport = Object.create(Transport.prototype);
  keepInternals(view, { ...internalsOf(transport), isStep: true });
  return view;
}
