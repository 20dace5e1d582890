/**
 * The transport that all resources share: one request with its credential,
 * time limit, retries, errors and rate-limit headers.
 *
 * With it, a resource works alone, and a bundle holds only what it uses.
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
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { retry } from "jsr:@std/async@^1.5.0/retry";
import { discard, errorOf, readError, readJson } from "./answer.ts";
import { bounded, Lifetime } from "./bounded.ts";
import type { Decode } from "./codec.ts";
import {
  checkAccessToken,
  type ClientOptions,
  type Config,
  resolveConfig,
} from "./config.ts";
import { type Download, type DownloadOptions, toDownload } from "./download.ts";
import {
  AvalaError,
  type AvalaErrorOptions,
  ClientClosedError,
  ConfigurationError,
  ConnectionError,
  TimeoutError,
} from "./errors.ts";
import { notify, redactHeaders } from "./hooks.ts";
import { type RawRequestOptions, toCall } from "./raw_request.ts";
import { redactUrl } from "./redact.ts";
import {
  type Call,
  type Method,
  prepare,
  prepareDownload,
  type PreparedRequest,
  type RequestOptions,
} from "./request.ts";
import { BACKOFF, isRetriable, parseRetryAfter } from "./retry.ts";

export type { ClientOptions } from "./config.ts";
export type {
  HookError,
  HookRequest,
  HookResponse,
  HookRetry,
  Hooks,
} from "./hooks.ts";
export type { Call, Method, RequestOptions } from "./request.ts";
export type { QueryValue, RawRequestOptions } from "./raw_request.ts";
export type { Promised } from "./answer.ts";
export type { Decode } from "./codec.ts";
export type {
  Download,
  DownloadOptions,
  DownloadProgress,
} from "./download.ts";

/** The rate-limit headers of the most recent answer, as the server wrote them. */
export interface RateLimitInfo {
  /** `X-RateLimit-Limit`: requests allowed in the window. */
  limit: string | null;
  /** `X-RateLimit-Remaining`: requests left in the window. */
  remaining: string | null;
  /** `X-RateLimit-Reset`: when the window ends, Unix time in seconds. */
  reset: string | null;
}

/** How far a call has come. */
interface Progress {
  attempt: number;
  retryAfter: number | null;
  token: string | undefined;
}

/** Sends the requests of a client. */
export class Transport {
  readonly #config: Config;
  readonly #lifetime = new Lifetime();
  #headers: Headers | undefined;

  /**
   * Constructs a transport.
   *
   * @param options The same options as for a client.
   * @throws {ConfigurationError} If an option is wrong, or no credential is given.
   */
  constructor(options: ClientOptions = {}) {
    this.#config = resolveConfig(options);
  }

  /**
   * A snapshot of the rate-limit headers of the most recent answer.
   *
   * @returns The headers, null where absent.
   */
  get rateLimitInfo(): RateLimitInfo {
    const read = (name: string) => this.#headers?.get(name) ?? null;
    return {
      limit: read("x-ratelimit-limit"),
      remaining: read("x-ratelimit-remaining"),
      reset: read("x-ratelimit-reset"),
    };
  }

  /**
   * Ends everything that is under way: requests, waits before retries, polls.
   * These, and all calls that come later, reject with a
   * {@linkcode ClientClosedError}. Closing twice does no harm.
   */
  close(): void {
    this.#lifetime.end(() =>
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
   * @returns The JSON of the answer, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async request(
    method: Method,
    path: string,
    options: RawRequestOptions = {},
  ): Promise<unknown> {
    return await this.send(toCall(method, path, options), options);
  }

  /**
   * Sends a call, again where that is safe, until it succeeds or fails for good.
   *
   * @param call The call.
   * @param options The caller's options.
   * @returns The JSON that was promised.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async send(call: Call, options: RequestOptions = {}): Promise<unknown> {
    const request = prepare(this.#config, call, options);
    return await this.run(
      (signal) => this.#attempts(request, signal),
      options.signal,
    );
  }

  /**
   * Sends a call whose answer is one model.
   *
   * @typeParam T The model.
   * @param decode Decodes the answer.
   * @param call The call.
   * @param options The caller's options.
   * @returns The model.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async object<T>(
    decode: Decode<T>,
    call: Omit<Call, "promised">,
    options?: RequestOptions,
  ): Promise<T> {
    return decode(await this.send({ ...call, promised: "object" }, options));
  }

  /**
   * Downloads a file as a stream. It ends when the caller aborts it or the
   * transport is closed.
   *
   * @param url The URL that a model carries.
   * @param options Options of the download.
   * @param request The caller's options; `timeout` limits the time to the
   * headers, then the time between two chunks.
   * @returns The file.
   * @throws {InvalidArgumentError} If the URL is not to be trusted.
   * @throws {AvalaError} If the request fails.
   */
  async download(
    url: string,
    options: DownloadOptions = {},
    request: RequestOptions = {},
  ): Promise<Download> {
    const prepared = prepareDownload(this.#config, url, request);
    return await new Promise<Download>((resolve, reject) => {
      // the work lasts as long as the stream, longer than this call
      this.run(async (signal) => {
        const response = await this.#attempts(prepared, signal) as Response;
        const { timeout } = prepared;
        await new Promise<void>((release) =>
          resolve(toDownload(response, timeout, signal, options, release))
        );
      }, request.signal).catch(reject);
    });
  }

  /**
   * Runs work that ends when the caller aborts it or the client is closed.
   *
   * @typeParam T What the work gives.
   * @param work The work.
   * @param signal The caller's signal, if there is one.
   * @returns What the work gives.
   */
  run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal | null,
  ): Promise<T> {
    return bounded({ signal, lifetime: this.#lifetime }, work);
  }

  /** All attempts of a call; what comes out is the last one's own error. */
  async #attempts(
    request: PreparedRequest,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { method, maxRetries } = request;
    const { hooks } = this.#config;
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
        progress.attempt++;
        progress.retryAfter = null;
        return await this.#attempt(request, progress, signal);
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
    this.#headers = response.headers;
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
