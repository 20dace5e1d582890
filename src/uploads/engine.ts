/**
 * Sends many files: some at a time, each again when it failed, until all are
 * stored or one fails for good.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { retry } from "jsr:@std/async@^1.5.0/retry";
import { positiveInteger, show } from "../wire/options.ts";
import { AvalaError, InvalidArgumentError, RateLimitError } from "../errors.ts";
import type { RequestOptions } from "../http/request.ts";
import { BACKOFF, isRetriable } from "../http/retry.ts";
import type { Payload } from "./sized_body.ts";
import { sendToStorage, type StorageTarget } from "./storage_request.ts";
import { sessionOf } from "../http/session.ts";
import type { Transport } from "../http/transport.ts";
import type { FileMeter, UploadProgress } from "./progress.ts";

/** Options of every method that uploads files. */
export interface UploadOptions {
  /**
   * How many files are sent at a time. The service takes 10 uploads at a time.
   *
   * @default {8}
   */
  concurrency?: number | undefined;
  /** Called after every chunk and every file; what it throws has no effect. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * What happens when a file fails for good: `"throw"` stops the others and
   * rejects with its error, `"collect"` goes on and gives the failures back.
   *
   * @default {"throw"}
   */
  onError?: "throw" | "collect" | undefined;
}

/** A file that was not uploaded. */
export interface UploadFailure {
  /** Path of the file. */
  path: string;
  /** Why it failed. */
  error: AvalaError;
}

/** Attempts for one file; the backoff between them adds up to half a minute. */
const MAX_ATTEMPTS = 8;
const DEFAULT_CONCURRENCY = 8;

/**
 * Checks the options of an upload.
 *
 * @param options The options given.
 * @throws {InvalidArgumentError} If one is wrong.
 */
export function checkUploadOptions(options: UploadOptions): void {
  const { concurrency, onError = "throw" } = options;
  if (concurrency !== undefined && positiveInteger(concurrency)) {
    throw new InvalidArgumentError(
      `Cannot upload the files as 'concurrency' must be a positive integer: current value is ${
        show(concurrency)
      }`,
    );
  }
  if (onError !== "throw" && onError !== "collect") {
    throw new InvalidArgumentError(
      `Cannot upload the files as 'onError' must be "throw" or "collect": current value is ${
        show(onError)
      }`,
    );
  }
}

/** Sends the files of one upload. */
export class UploadEngine {
  /** Options of the requests to the API that belong to an attempt: the attempt is what is repeated. */
  readonly #request: RequestOptions;
  readonly #transport: Transport;
  readonly #options: UploadOptions;
  readonly #attempts: number;
  /** Until when the API wants to be left alone. */
  #pausedUntil = 0;

  /**
   * Constructs an engine.
   *
   * @param transport Sends the requests.
   * @param options Options of the upload.
   * @param request The caller's options; `maxRetries` is that of a file, `timeout`
   * that of a request to the API and the time that may pass without a byte going out.
   * @throws {InvalidArgumentError} If an option is wrong.
   */
  constructor(
    transport: Transport,
    options: UploadOptions,
    request: RequestOptions,
  ) {
    checkUploadOptions(options);
    this.#transport = transport;
    this.#options = options;
    this.#request = request;
    this.#attempts = (request.maxRetries ?? MAX_ATTEMPTS - 1) + 1;
  }

  /**
   * Works through files, some at a time.
   *
   * @typeParam T A file.
   * @param files The files.
   * @param work What is done with each.
   * @param signal Ends all.
   * @param concurrency How many at a time.
   * @returns The failures, when they are collected.
   * @throws The first failure, when they are not.
   */
  async each<T extends { readonly path: string }>(
    files: Iterable<T>,
    work: (file: T, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
    concurrency: number = this.#options.concurrency ?? DEFAULT_CONCURRENCY,
  ): Promise<UploadFailure[]> {
    // one for all: a controller for each file is felt with small files
    const running = new AbortController();
    const onAbort = () => running.abort(signal.reason);
    signal.addEventListener("abort", onAbort);
    const failures: UploadFailure[] = [];
    let first: { error: unknown } | undefined;
    const one = async (file: T) => {
      try {
        await work(file, running.signal);
      } catch (error) {
        if (
          this.#options.onError === "collect" && error instanceof AvalaError &&
          !signal.aborted
        ) {
          failures.push({ path: file.path, error });
          return;
        }
        first ??= { error };
        // what is under way ends with the same error, which nobody sees
        running.abort(error);
      }
    };
    // workers take what comes next: a pool's stream of files is felt with small ones
    const queue = files[Symbol.iterator]();
    const worker = async () => {
      for (let next = queue.next(); !next.done && !first; next = queue.next()) {
        await one(next.value);
      }
    };
    try {
      signal.throwIfAborted();
      await Promise.all(Array.from({ length: concurrency }, worker));
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    if (first) throw first.error;
    return failures;
  }

  /**
   * Does a step again until it succeeds or fails for good. A refused signature
   * counts as expired: the step is expected to ask for a fresh address.
   *
   * @typeParam T What the step gives.
   * @param step The step; the options are for its requests to the API.
   * @param signal Ends it.
   * @returns What the step gives.
   */
  async again<T>(
    step: (request: RequestOptions) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const request = { ...this.#request, maxRetries: 0, signal };
    const run = async () => {
      const pause = this.#pausedUntil - Date.now();
      if (pause > 0) await delay(pause, { signal });
      return await step(request);
    };
    try {
      // nearly every file is stored at once, and pays for nothing of what follows
      return await run();
    } catch (error) {
      return await this.#retry(run, error, signal);
    }
  }

  /** Does a step again that has failed. */
  async #retry<T>(
    run: () => Promise<T>,
    error: unknown,
    signal: AbortSignal,
  ): Promise<T> {
    let attempt = 0;
    return await retry(async () => {
      attempt++;
      if (attempt === 1) throw error;
      return await run();
    }, {
      ...BACKOFF,
      maxAttempts: this.#attempts,
      isRetriable: (error) => {
        const retryAfter = error instanceof RateLimitError
          ? error.retryAfter
          : null;
        const retriable = error instanceof ExpiredError ||
          isRetriable(error, true, retryAfter);
        if (!retriable) return false;
        if (retryAfter) {
          this.#pausedUntil = Math.max(
            this.#pausedUntil,
            Date.now() + retryAfter * 1_000,
          );
        }
        return attempt < this.#attempts;
      },
      signal,
    }).catch((error) => {
      throw error instanceof ExpiredError ? error.refusal : error;
    });
  }

  /**
   * Sends a file to a presigned address, once.
   *
   * @param target Where it goes.
   * @param payload What is sent.
   * @param meter Counts its bytes; they are taken back when it fails.
   * @param signal Ends it.
   * @param accepted Statuses that mean success beside 2xx.
   * @returns The headers of the storage's answer.
   */
  async send(
    target: StorageTarget,
    payload: Payload,
    meter: FileMeter,
    signal: AbortSignal,
    accepted: readonly number[] = [],
  ): Promise<Headers> {
    const { timeout } = this.#request;
    let sent = 0;
    const onBytes = (count: number) => {
      sent += count;
      meter.add(count);
    };
    try {
      return await sendToStorage(
        sessionOf(this.#transport).config,
        { target, payload, onBytes, timeout, accepted },
        signal,
      );
    } catch (error) {
      meter.add(-sent);
      if (error instanceof AvalaError && isExpired(error)) {
        throw new ExpiredError(error);
      }
      throw error;
    }
  }
}

/** Tells whether the storage would take the file at a fresh address. */
function isExpired({ statusCode, message }: AvalaError): boolean {
  return statusCode === 403 ||
    (statusCode === 400 && /\b(?:ExpiredToken|RequestTimeout)\b/.test(message));
}

/** The storage refused a signature; a fresh one may do. */
class ExpiredError extends Error {
  readonly refusal: AvalaError;

  constructor(refusal: AvalaError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
