/**
 * Sends one request: credential, time limit, attempts, hooks, errors.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { retry } from "jsr:@std/async@^1.5.0/retry";
import { discard, errorOf, readError, readJson } from "./answer.ts";
import { bounded } from "./bounded.ts";
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
import { BACKOFF, isRetriable, parseRetryAfter } from "./retry.ts";
import { Throttle } from "./throttle.ts";

/** How far a call has come. */
interface Progress {
  attempt: number;
  retryAfter: number | null;
  token: string | undefined;
}

/** Sends requests, each until it succeeds or fails for good. */
export class Sender {
  /** Headers of the API's most recent answer. */
  lastHeaders: Headers | undefined;
  readonly #config: Config;
  readonly #throttle: Throttle | undefined;

  /**
   * Constructs a sender.
   *
   * @param config The configuration of the client.
   */
  constructor(config: Config) {
    this.#config = config;
    if (config.throttle) this.#throttle = new Throttle();
  }

  /**
   * Sends a request, again where that is safe; what comes out of a failure is
   * the last attempt's own error.
   *
   * @param request The request.
   * @param signal Ends it.
   * @returns The JSON that was promised, or the unread answer of a stream.
   * @throws {AvalaError} If the request fails for good.
   */
  async send(
    request: PreparedRequest,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { method, maxRetries } = request;
    const { hooks } = this.#config;
    // a file's storage counts its requests by itself
    const throttle = request.authorized ? this.#throttle : undefined;
    const progress: Progress = {
      attempt: 0,
      retryAfter: null,
      token: undefined,
    };
    const isRetriableHere = (error: unknown) => {
      const { attempt, retryAfter } = progress;
      // no to the last one: its error comes out as it is, never a RetryError
      const again = attempt <= maxRetries &&
        isRetriable(error, request.repeatable, retryAfter);
      if (again) {
        notify(hooks.onRetry, () => ({
          method,
          url: redactUrl(request.url, this.#secrets(request, progress)),
          attempt,
          retryAfter,
          error: error as AvalaError,
        }));
      }
      return again;
    };
    try {
      return await retry(async () => {
        if (progress.retryAfter) {
          await delay(progress.retryAfter * 1_000, { signal });
        }
        progress.retryAfter = null;
        return await (throttle
          ? throttle.run(
            signal,
            () => this.#attempt(request, progress, signal),
          )
          : this.#attempt(request, progress, signal));
      }, {
        ...BACKOFF,
        maxAttempts: maxRetries + 1,
        isRetriable: isRetriableHere,
        signal,
      });
    } catch (error) {
      if (error instanceof AvalaError) {
        notify(hooks.onError, () => ({
          method,
          url: redactUrl(request.url, this.#secrets(request, progress)),
          attempts: progress.attempt,
          error,
        }));
      }
      throw error;
    }
  }

  /** One attempt: everything from the credential to the end of the body. */
  #attempt(
    request: PreparedRequest,
    progress: Progress,
    parent: AbortSignal,
  ): Promise<unknown> {
    const { timeout } = request;
    progress.attempt++;
    let refusal: AvalaError | undefined;
    const timeoutError = () =>
      // a body that hangs does not hide the status that came before it
      refusal ?? new TimeoutError(
        `Cannot ${request.method} ${request.path} as ${
          hostOf(request)
        } did not answer within ${timeout} ms`,
        this.#about(request, progress),
      );
    return bounded(
      { timeout, timeoutError, signal: parent },
      async (signal) => {
        const response = await this.#fetch(request, progress, signal);
        const about = () => this.#about(request, progress);
        const { promised } = request;
        if (response.ok) {
          if (promised === "stream") return response;
          try {
            return await readJson(response, promised, about);
          } catch (cause) {
            if (cause instanceof AvalaError) throw cause;
            throw this.#broken(
              "the answer broke off",
              request,
              progress,
              cause,
            );
          }
        }
        progress.retryAfter = parseRetryAfter(
          response.headers.get("retry-after"),
        );
        if (response.status >= 400) refusal = errorOf(response, null, about());
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
    const headers = await this.#authorized(request, progress);
    // looked up at each call, so that a test can replace the global one
    const fetch = this.#config.fetch ?? globalThis.fetch;
    notify(hooks.onRequest, () => {
      const secrets = this.#secrets(request, progress);
      return {
        method,
        url: redactUrl(url, secrets),
        headers: redactHeaders(Object.entries(headers), secrets),
        attempt: progress.attempt,
      };
    });
    const start = hooks.onResponse ? performance.now() : 0;
    let response: Response;
    try {
      const init: RequestInit = { method, headers, redirect: "manual", signal };
      if (request.body !== undefined) init.body = sentOnce(request.body);
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
        attempt: progress.attempt,
        statusCode: response.status,
        headers: redactHeaders(response.headers, secrets),
        durationMs: performance.now() - start,
      };
    });
    return response;
  }

  /** The headers of the request with its credential. */
  async #authorized(
    request: PreparedRequest,
    progress: Progress,
  ): Promise<{ [name: string]: string }> {
    const { accessToken } = this.#config;
    if (accessToken === undefined || !request.authorized) {
      return request.headers;
    }
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
    return { method, path, attempts: progress.attempt, secrets };
  }

  #secrets(request: PreparedRequest, progress: Progress): string[] {
    const secrets = request.secrets();
    return progress.token === undefined
      ? secrets
      : [progress.token, ...secrets];
  }
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
 * body, POST included, but none with a `Blob` (which, unlike a stream, keeps its
 * `Content-Length`).
 */
function sentOnce(body: string): string | Blob {
  return "Deno" in globalThis ? new Blob([body]) : body;
}
