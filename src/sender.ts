/**
 * Sends one request: credential, time limit, attempts, hooks, errors.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { retry } from "jsr:@std/async@^1.5.0/retry";
import { discard, errorOf, readError, readJson } from "./answer.ts";
import { bounded, type Bounds } from "./bounded.ts";
import { checkAccessToken, type Config } from "./config.ts";
import {
  AvalaError,
  type AvalaErrorOptions,
  ConfigurationError,
  ConnectionError,
  TimeoutError,
} from "./errors.ts";
import { notify, redactHeaders } from "./hooks.ts";
import { redactUrl } from "./redact.ts";
import type { PreparedRequest } from "./request.ts";
import { BACKOFF, isRetriable, mayHaveWorked, retryAfterOf } from "./retry.ts";
import { RetryBudget } from "./retry_budget.ts";
import { Throttle } from "./throttle.ts";

/** How often a request was sent; what sends it again counts on. */
export interface Tries {
  /** Attempts so far. */
  attempt: number;
  /** How many attempts have reached `fetch`. */
  sent: number;
}

/** How far a call has come. */
interface Progress {
  readonly tries: Tries;
  /** Seconds that the last answer asked to wait. */
  retryAfter: number | null;
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
  /** Headers of the API's most recent answer. */
  lastHeaders: Headers | undefined;
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
  async send(
    request: PreparedRequest,
    bounds: Bounds,
    tries: Tries = { attempt: 0, sent: 0 },
  ): Promise<unknown> {
    const { method, maxRetries } = request;
    const { hooks } = this.#config;
    // a file's storage counts its requests, and has its outages, by itself
    const { authorized } = request;
    const throttle = authorized ? this.#throttle : undefined;
    const budget = authorized ? this.#budget : this.#storageBudget;
    const progress: Progress = {
      tries,
      retryAfter: null,
      brokenOff: false,
      mayHaveWorked: false,
      spent: 0,
      token: undefined,
    };
    const maxAttempts = Math.max(1, maxRetries + 1 - tries.attempt);
    let failed: { error: unknown } | undefined;
    if (!throttle) {
      // nearly every call ends here, and pays for nothing of what follows
      try {
        const result = await this.#attempt(request, progress, bounds);
        budget.refund(0);
        return result;
      } catch (error) {
        failed = { error };
      }
    }
    try {
      return await bounded(bounds, (signal) =>
        retry(async () => {
          if (failed) {
            const { error } = failed;
            failed = undefined;
            throw error;
          }
          if (progress.retryAfter) {
            await delay(progress.retryAfter * 1_000, { signal });
          }
          const attempt = () => this.#attempt(request, progress, { signal });
          const result = await (throttle?.run(signal, attempt) ?? attempt());
          budget.refund(progress.spent);
          return result;
        }, {
          ...BACKOFF,
          maxAttempts,
          isRetriable: (error) =>
            !signal.aborted && this.#mayRetry(request, progress, budget, error),
          signal,
        }));
    } catch (error) {
      if (error instanceof AvalaError) {
        notify(hooks.onError, () => ({
          method,
          url: redactUrl(request.url, this.#secrets(request, progress)),
          attempts: progress.tries.sent,
          error,
        }));
      }
      throw error;
    }
  }

  /** Decides whether an attempt that failed is followed by another. */
  #mayRetry(
    request: PreparedRequest,
    progress: Progress,
    budget: RetryBudget,
    error: unknown,
  ): boolean {
    const { method, url, maxRetries, repeatable } = request;
    const { retryAfter, brokenOff } = progress;
    const { attempt } = progress.tries;
    // no to the last one: its error comes out as it is, never a RetryError
    const again = attempt <= maxRetries &&
      isRetriable(error, repeatable, retryAfter, brokenOff);
    const spent = again ? budget.spend(error) : undefined;
    if (spent === undefined) return false;
    const failure = error as AvalaError;
    progress.spent = spent;
    progress.mayHaveWorked ||= mayHaveWorked(failure);
    notify(this.#config.hooks.onRetry, () => ({
      method,
      url: redactUrl(url, this.#secrets(request, progress)),
      attempt,
      retryAfter,
      error: failure,
    }));
    return true;
  }

  /** One attempt: everything from the credential to the end of the body. */
  #attempt(
    request: PreparedRequest,
    progress: Progress,
    bounds: Bounds,
  ): Promise<unknown> {
    progress.tries.attempt++;
    progress.retryAfter = null;
    progress.brokenOff = false;
    const { method, path, promised, timeout } = request;
    let refusal: Response | undefined;
    const timeoutError = () =>
      // a body that hangs does not hide the status that came before it
      refusal
        ? errorOf(refusal, null, this.#about(request, progress))
        : new TimeoutError(
          `Cannot ${method} ${path} as ${
            hostOf(request)
          } did not answer within ${timeout} ms`,
          this.#about(request, progress),
        );
    return bounded(
      {
        timeout,
        timeoutError,
        signal: bounds.signal,
        lifetime: bounds.lifetime,
      },
      async (signal) => {
        const response = await this.#fetch(request, progress, signal);
        const about = () => this.#about(request, progress);
        if (response.ok) {
          if (promised === "stream") return response;
          try {
            return await readJson(response, promised, about);
          } catch (cause) {
            if (cause instanceof AvalaError) {
              progress.brokenOff = seemsBrokenOff(response, cause.body);
              throw cause;
            }
            throw this.#broken(
              "the answer broke off",
              request,
              progress,
              cause,
            );
          }
        }
        if (
          response.status === 404 && method === "DELETE" &&
          promised === "nothing" && progress.mayHaveWorked
        ) {
          // an earlier attempt deleted it, and its answer was lost
          discard(response);
          return null;
        }
        progress.retryAfter = retryAfterOf(response.headers);
        if (response.status >= 400) refusal = response;
        throw await readError(response, about(), signal);
      },
    );
  }

  /** Sends the request once and gives the answer as soon as its headers are there. */
  async #fetch(
    request: PreparedRequest,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Response> {
    const { method, url } = request;
    const { hooks } = this.#config;
    const { accessToken } = this.#config;
    const headers = accessToken === undefined || !request.authorized
      ? request.headers
      : await this.#authorized(request, progress, accessToken);
    progress.tries.sent++;
    // looked up at each call, so that a test can replace the global one
    const fetch = this.#config.fetch ?? globalThis.fetch;
    notify(hooks.onRequest, () => {
      const secrets = this.#secrets(request, progress);
      return {
        method,
        url: redactUrl(url, secrets),
        headers: redactHeaders(Object.entries(headers), secrets),
        attempt: progress.tries.attempt,
      };
    });
    const start = hooks.onResponse ? performance.now() : 0;
    let response: Response;
    try {
      const init: RequestInit = { method, headers, redirect: "manual", signal };
      const body = bodyOf(request);
      if (body !== undefined) init.body = body;
      response = await fetch(url, init);
    } catch (cause) {
      signal.throwIfAborted();
      throw this.#broken("the connection failed", request, progress, cause);
    }
    if (signal.aborted) discard(response);
    signal.throwIfAborted();
    if (request.authorized) {
      this.lastHeaders = response.headers;
      this.#throttle?.learn(response);
    }
    notify(hooks.onResponse, () => {
      const secrets = this.#secrets(request, progress);
      return {
        method,
        url: redactUrl(url, secrets),
        attempt: progress.tries.attempt,
        statusCode: response.status,
        headers: redactHeaders(response.headers, secrets),
        durationMs: performance.now() - start,
      };
    });
    return response;
  }

  /** The headers of the request with its bearer token. */
  async #authorized(
    request: PreparedRequest,
    progress: Progress,
    accessToken: NonNullable<Config["accessToken"]>,
  ): Promise<{ [name: string]: string }> {
    let token = accessToken;
    if (typeof token === "function") {
      try {
        token = await token();
      } catch (cause) {
        throw new ConfigurationError(
          "Cannot send the request as the function 'accessToken' failed",
          { ...this.#about(request, progress), cause },
        );
      }
    }
    progress.token = checkAccessToken(token);
    return { ...request.headers, authorization: `Bearer ${token}` };
  }

  #broken(
    what: string,
    request: PreparedRequest,
    progress: Progress,
    cause: unknown,
  ): ConnectionError {
    const reason = reasonOf(cause);
    return new ConnectionError(
      `Cannot ${request.method} ${request.path} as ${what} (${
        hostOf(request)
      })${reason && `: ${reason}`}`,
      { ...this.#about(request, progress), cause },
    );
  }

  #about(request: PreparedRequest, progress: Progress): AvalaErrorOptions {
    const { method, path } = request;
    const secrets = this.#secrets(request, progress);
    return { method, path, attempts: progress.tries.sent, secrets };
  }

  #secrets(request: PreparedRequest, progress: Progress): string[] {
    const secrets = request.secrets();
    return progress.token === undefined
      ? secrets
      : [progress.token, ...secrets];
  }
}

/**
 * Tells whether a successful answer seems to have lost its end: it begins like
 * JSON, and nothing says how long it should have been. Node 20 takes such a body
 * as whole when the connection is closed in the middle of it.
 */
function seemsBrokenOff({ headers }: Response, body: unknown): boolean {
  return !headers.has("content-length") && typeof body === "string" &&
    /^\s*(?:[[{]|$)/.test(body);
}

function hostOf(request: PreparedRequest): string {
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
  if (!("Deno" in globalThis)) return body;
  if (body !== undefined) return new Blob([body]);
  return method === "POST" && !repeatable
    ? new Blob(["{}"], { type: "application/json" })
    : undefined;
}
