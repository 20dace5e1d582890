/**
 * Sends one request: credential, time limit, attempts, hooks, errors.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { retry } from "jsr:@std/async@^1.5.0/retry";
import {
  discard,
  errorOf,
  readError,
  readJson,
  seemsBrokenOff,
  textOf,
} from "./response.ts";
import { bounded, type Bounds } from "./deadline.ts";
import { checkAccessToken, type Config } from "./config.ts";
import {
  AvalaError,
  type AvalaErrorOptions,
  ConfigurationError,
  ConnectionError,
  TimeoutError,
} from "../errors.ts";
import { type HookRequest, notify, redactHeaders } from "./hooks.ts";
import { redactUrl } from "../redact.ts";
import type { PreparedRequest } from "./request.ts";
import { BACKOFF, isRetriable, mayHaveWorked, retryAfterOf } from "./retry.ts";
import { RetryBudget } from "./retry_budget.ts";
import { Throttle } from "./throttle.ts";

const IS_DENO = "Deno" in globalThis;

/** How often a request was sent; what sends it again counts on. */
export interface Tries {
  /** Attempts so far. */
  attempt: number;
  /** How many attempts have reached `fetch`. */
  sent: number;
}

/** One request on its way. */
interface Delivery {
  readonly request: PreparedRequest;
  readonly tries: Tries;
  /** Seconds that the last answer asked to wait. */
  retryAfter: number | null;
  /** The last answer, if it was a refusal. */
  refusal: Response | undefined;
  /** Whether the last answer seems to have lost its end. */
  brokenOff: boolean;
  /** Whether a failed attempt may have done its work. */
  mayHaveWorked: boolean;
  /** What the last retry cost. */
  spent: number;
  token: string | undefined;
}

/** Sends requests, each until it succeeds or fails for good. */
export class Sender {
  /** The API's most recent answer, for its headers. */
  lastResponse: Response | undefined;
  readonly #config: Config;
  readonly #throttle: Throttle | undefined;
  readonly #budget: RetryBudget;
  readonly #storageBudget: RetryBudget;

  /**
   * Constructs a sender.
   *
   * @param config The configuration of the client.
   */
  constructor(config: Config) {
    this.#config = config;
    if (config.throttle) this.#throttle = new Throttle();
    this.#budget = new RetryBudget(config.maxRetries);
    this.#storageBudget = new RetryBudget(config.maxRetries);
  }

  /**
   * Sends a request, again where that is safe; what comes out of a failure is
   * the last attempt's own error.
   *
   * @param request The request.
   * @param bounds What ends it.
   * @param tries Counts the attempts, those of an earlier call included.
   * @returns The JSON that was promised, or the unread answer of a stream.
   * @throws {AvalaError} If the request fails for good.
   */
  send(
    request: PreparedRequest,
    bounds: Bounds,
    tries: Tries = { attempt: 0, sent: 0 },
  ): Promise<unknown> {
    const delivery: Delivery = {
      request,
      tries,
      retryAfter: null,
      refusal: undefined,
      brokenOff: false,
      mayHaveWorked: false,
      spent: 0,
      token: undefined,
    };
    if (this.#throttleOf(request)) return this.#retry(delivery, bounds);
    // nearly every call ends here, and pays for nothing of what follows
    return this.#attempt(delivery, bounds).then((result) => {
      this.#budgetOf(request).refund(0);
      return result;
    }, (error) => this.#retry(delivery, bounds, { error }));
  }

  /** Makes the attempts that are left, the first of which may have failed already. */
  async #retry(
    delivery: Delivery,
    bounds: Bounds,
    failed?: { error: unknown },
  ): Promise<unknown> {
    const { request, tries } = delivery;
    const { method, url, maxRetries } = request;
    const budget = this.#budgetOf(request);
    const throttle = this.#throttleOf(request);
    const made = failed ? 1 : 0;
    try {
      return await bounded(bounds, (signal) =>
        retry(async () => {
          if (failed) {
            const { error } = failed;
            failed = undefined;
            throw error;
          }
          if (delivery.retryAfter) {
            await delay(delivery.retryAfter * 1_000, { signal });
          }
          const attempt = () => this.#attempt(delivery, { signal });
          const result = await (throttle?.run(signal, attempt) ?? attempt());
          budget.refund(delivery.spent);
          return result;
        }, {
          ...BACKOFF,
          maxAttempts: Math.max(1, maxRetries + 1 + made - tries.attempt),
          isRetriable: (error) =>
            !signal.aborted && this.#mayRetry(delivery, budget, error),
          signal,
        }));
    } catch (error) {
      if (error instanceof AvalaError) {
        notify(this.#config.hooks.onError, () => ({
          method,
          url: redactUrl(url, secretsOf(delivery)),
          attempts: tries.sent,
          error,
        }));
      }
      throw error;
    }
  }

  // a file's storage counts its requests, and has its outages, by itself
  #throttleOf({ authorized }: PreparedRequest): Throttle | undefined {
    return authorized ? this.#throttle : undefined;
  }

  #budgetOf({ authorized }: PreparedRequest): RetryBudget {
    return authorized ? this.#budget : this.#storageBudget;
  }

  /** Decides whether an attempt that failed is followed by another. */
  #mayRetry(
    delivery: Delivery,
    budget: RetryBudget,
    error: unknown,
  ): boolean {
    const { retryAfter, brokenOff } = delivery;
    const { method, url, maxRetries, repeatable } = delivery.request;
    const { attempt } = delivery.tries;
    // no to the last one: its error comes out as it is, never a RetryError
    const again = attempt <= maxRetries &&
      isRetriable(error, repeatable, retryAfter, brokenOff);
    const spent = again ? budget.spend(error) : undefined;
    if (spent === undefined) return false;
    const failure = error as AvalaError;
    delivery.spent = spent;
    delivery.mayHaveWorked ||= mayHaveWorked(failure);
    notify(this.#config.hooks.onRetry, () => ({
      method,
      url: redactUrl(url, secretsOf(delivery)),
      attempt,
      retryAfter,
      error: failure,
    }));
    return true;
  }

  /** One attempt: everything from the credential to the end of the body. */
  #attempt(
    delivery: Delivery,
    { signal, lifetime }: Bounds,
  ): Promise<unknown> {
    delivery.tries.attempt++;
    delivery.retryAfter = null;
    delivery.refusal = undefined;
    delivery.brokenOff = false;
    const { timeout } = delivery.request;
    const timeoutError = () => timeoutOf(delivery);
    return bounded(
      { timeout, timeoutError, signal, lifetime },
      (signal) => this.#exchange(delivery, signal),
    );
  }

  /** Sends the request once and reads its answer. */
  async #exchange(delivery: Delivery, signal: AbortSignal): Promise<unknown> {
    const { request, tries } = delivery;
    const { method, url, authorized, promised } = request;
    const { accessToken, hooks } = this.#config;
    const headers = accessToken === undefined || !authorized
      ? request.headers
      : await this.#authorize(delivery, accessToken);
    tries.sent++;
    if (hooks.onRequest) {
      notify(hooks.onRequest, () => eventOf(delivery, Object.entries(headers)));
    }
    const start = hooks.onResponse ? performance.now() : 0;
    const init: RequestInit = { method, headers, redirect: "manual", signal };
    const body = bodyOf(request);
    if (body !== undefined) init.body = body;
    // looked up at each call, so that a test can replace the global one
    const fetch = this.#config.fetch ?? globalThis.fetch;
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (cause) {
      signal.throwIfAborted();
      throw brokenBy(cause, "the connection failed", delivery);
    }
    if (signal.aborted) {
      discard(response);
      throw signal.reason;
    }
    if (authorized) {
      this.lastResponse = response;
      this.#throttle?.learn(response);
    }
    if (hooks.onResponse) {
      notify(hooks.onResponse, () => ({
        ...eventOf(delivery, response.headers),
        statusCode: response.status,
        durationMs: performance.now() - start,
      }));
    }
    if (!response.ok) return await this.#refuse(response, delivery, signal);
    if (promised === "stream") return response;
    if (promised === "nothing") {
      // the status says it all: a broken body must not fail the call
      discard(response);
      return null;
    }
    let text: string;
    try {
      text = await textOf(response);
    } catch (cause) {
      throw brokenBy(cause, "the answer broke off", delivery);
    }
    try {
      return readJson(text, promised, response, () => aboutOf(delivery));
    } catch (error) {
      delivery.brokenOff = error instanceof AvalaError &&
        seemsBrokenOff(response, error.body);
      throw error;
    }
  }

  /** What an answer without success comes to. */
  async #refuse(
    response: Response,
    delivery: Delivery,
    signal: AbortSignal,
  ): Promise<null> {
    const { method, promised } = delivery.request;
    if (
      response.status === 404 && method === "DELETE" &&
      promised === "nothing" && delivery.mayHaveWorked
    ) {
      // an earlier attempt deleted it, and its answer was lost
      discard(response);
      return null;
    }
    delivery.retryAfter = retryAfterOf(response.headers);
    if (response.status >= 400) delivery.refusal = response;
    throw await readError(response, aboutOf(delivery), signal);
  }

  /** The headers of the request with its bearer token. */
  async #authorize(
    delivery: Delivery,
    accessToken: NonNullable<Config["accessToken"]>,
  ): Promise<{ [name: string]: string }> {
    let token = accessToken;
    if (typeof token === "function") {
      try {
        token = await token();
      } catch (cause) {
        throw new ConfigurationError(
          "Cannot send the request as the function 'accessToken' failed",
          { ...aboutOf(delivery), cause },
        );
      }
    }
    delivery.token = checkAccessToken(token);
    return { ...delivery.request.headers, authorization: `Bearer ${token}` };
  }
}

/** What the hooks of one attempt are told alike. */
function eventOf(
  delivery: Delivery,
  headers: Iterable<readonly [string, string]>,
): HookRequest {
  const { method, url } = delivery.request;
  const secrets = secretsOf(delivery);
  return {
    method,
    url: redactUrl(url, secrets),
    headers: redactHeaders(headers, secrets),
    attempt: delivery.tries.attempt,
  };
}

/** The error of an attempt that took too long. */
function timeoutOf(delivery: Delivery): AvalaError {
  const { method, path, timeout } = delivery.request;
  const about = aboutOf(delivery);
  // a body that hangs does not hide the status that came before it
  if (delivery.refusal) return errorOf(delivery.refusal, null, about);
  return new TimeoutError(
    `Cannot ${method} ${path} as ${
      hostOf(delivery)
    } did not answer within ${timeout} ms`,
    about,
  );
}

function brokenBy(
  cause: unknown,
  what: string,
  delivery: Delivery,
): ConnectionError {
  const { method, path } = delivery.request;
  const reason = reasonOf(cause);
  return new ConnectionError(
    `Cannot ${method} ${path} as ${what} (${hostOf(delivery)})${
      reason && `: ${reason}`
    }`,
    { ...aboutOf(delivery), cause },
  );
}

function aboutOf(delivery: Delivery): AvalaErrorOptions {
  const { method, path } = delivery.request;
  const attempts = delivery.tries.sent;
  return { method, path, attempts, secrets: secretsOf(delivery) };
}

function secretsOf({ request, token }: Delivery): string[] {
  const secrets = request.secrets();
  return token === undefined ? secrets : [token, ...secrets];
}

function hostOf({ request }: Delivery): string {
  return new URL(request.url).host;
}

/** The system's code for a failed connection, else the innermost message. */
function reasonOf(cause: unknown): string {
  let message = "";
  for (let error = cause; error instanceof Error; error = error.cause) {
    const { code } = error as { code?: unknown };
    if (typeof code === "string") return code;
    message = error.message;
  }
  return message;
}

/**
 * Makes a body that the runtime itself does not send twice: on a reused
 * connection that dies before an answer, Deno repeats requests with a text as
 * body or none, POST included, but none with a `Blob` (which, unlike a stream,
 * keeps its `Content-Length`). To the service, `{}` is the same as no body.
 */
function bodyOf(
  { method, body, repeatable }: PreparedRequest,
): string | Blob | undefined {
  if (!IS_DENO) return body;
  if (body !== undefined) return new Blob([body]);
  return method === "POST" && !repeatable
    ? new Blob(["{}"], { type: "application/json" })
    : undefined;
}
