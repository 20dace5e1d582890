/**
 * Sends many files: some at a time, each again when it failed, until all are
 * stored or one fails for good.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import {
  AvalaError,
  type FailedAttempt,
  InvalidResponseError,
} from "../errors.ts";
import { withDeadline } from "../http/deadline.ts";
import { Delivery, notifyEnd } from "../http/exchange.ts";
import { type HookError, notify } from "../http/hooks.ts";
import { CONCURRENCY, type Internals, internalsOf } from "../http/internals.ts";
import { Limiter } from "../http/limiter.ts";
import { limitsOf, type RequestOptions } from "../http/request.ts";
import { isTransient, withRetry } from "../http/retry.ts";
import { MAX_RETRY_AFTER } from "../http/retry_after.ts";
import { stepsOf, type Transport } from "../http/transport.ts";
import { redactUrl } from "../redact.ts";
import { show } from "../wire/options.ts";
import type { UploadFailure, UploadOptions } from "./options.ts";
import type { FileMeter } from "./progress.ts";
import type { Payload } from "./sized_body.ts";
import {
  exchangeFile,
  isExpired,
  prepareUpload,
  type StorageTarget,
} from "./storage_request.ts";

/** Attempts for one file; the backoff between them adds up to half a minute. */
const MAX_ATTEMPTS = 8;
const DEFAULT_CONCURRENCY = 8;

/** One attempt at a step: its calls of the API, and what it sends to storage. */
export interface Step {
  /** Sends calls of the API once; the whole step is what is tried again. */
  readonly api: Transport;
  /** Options of these calls. */
  readonly request: RequestOptions;
  /** Which attempt it is, from 1. */
  readonly attempt: number;
  /**
   * Sends a file, or a part of it, to its presigned address.
   *
   * @param target Where it goes.
   * @param payload What is sent.
   * @param meter Counts its bytes; they are taken back when it fails.
   * @returns The headers of the storage's response.
   */
  send(
    target: StorageTarget,
    payload: Payload,
    meter: FileMeter,
  ): Promise<Headers>;
}

/** Sends the files of one upload. */
export class UploadEngine {
  /** The method of the client that uploads. */
  readonly operation: string;
  readonly #internals: Internals;
  readonly #api: Transport;
  /** Options of the requests that belong to a step. */
  readonly #request: RequestOptions;
  readonly #options: UploadOptions;
  readonly #maxAttempts: number;
  /** What went to an address, by the hash of the address. */
  readonly #owners = new Map<number, string>();
  /** Until when the API wants to be left alone, by `performance.now()`. */
  #pausedUntil = 0;

  /**
   * Constructs an engine.
   *
   * @param transport Sends the requests.
   * @param operation The method of the client that uploads.
   * @param options Options of the upload, checked.
   * @param request The caller's options; `maxRetries` is that of a file, `timeout`
   * that of a request to the API and the time that may pass without a byte going out.
   * @throws {InvalidArgumentError} If a request option is wrong.
   */
  constructor(
    transport: Transport,
    operation: string,
    options: UploadOptions,
    request: RequestOptions,
  ) {
    this.operation = operation;
    this.#internals = internalsOf(transport);
    limitsOf(this.#internals.config, request, operation);
    this.#api = stepsOf(transport);
    this.#options = options;
    this.#request = request;
    this.#maxAttempts = (request.maxRetries ?? MAX_ATTEMPTS - 1) + 1;
  }

  /**
   * Works through files, some at a time.
   *
   * @typeParam T A file.
   * @typeParam R What is known of a file that was worked on.
   * @param files The files.
   * @param work What is done with each; its failures may be collected.
   * @param signal Ends all.
   * @param more What else there is to say.
   * @param more.concurrency How many at a time.
   * @param more.done Notes that a file is done, before the next begins; a failure ends all.
   * @returns The failures, when they are collected.
   * @throws The first failure, when they are not.
   */
  async forEach<T extends { readonly path: string }, R>(
    files: Iterable<T>,
    work: (file: T, signal: AbortSignal) => Promise<R>,
    signal: AbortSignal,
    { concurrency, done }: {
      readonly concurrency?: number | undefined;
      readonly done?: (file: T, result: R) => Promise<void>;
    } = {},
  ): Promise<UploadFailure[]> {
    // one for all: a controller for each file is felt with small files
    const running = new AbortController();
    const onAbort = () => running.abort(signal.reason);
    signal.addEventListener("abort", onAbort);
    const failures: UploadFailure[] = [];
    let first: { error: unknown } | undefined;
    const end = (error: unknown) => {
      first ??= { error };
      // what is under way ends with the same error, which nobody sees
      running.abort(error);
    };
    const one = async (file: T) => {
      let result: R;
      try {
        result = await work(file, running.signal);
      } catch (error) {
        const isCollected = this.#options.onError === "collect" &&
          error instanceof AvalaError && !running.signal.aborted;
        if (isCollected) failures.push({ path: file.path, error });
        else end(error);
        return;
      }
      if (done) await done(file, result).catch(end);
    };
    // workers take what comes next: a pool's stream of files is felt with small ones
    const queue = files[Symbol.iterator]();
    const worker = async () => {
      for (let next = queue.next(); !next.done && !first; next = queue.next()) {
        await one(next.value);
      }
    };
    const count = concurrency ?? this.#options.concurrency ??
      DEFAULT_CONCURRENCY;
    try {
      signal.throwIfAborted();
      await Promise.all(Array.from({ length: count }, worker));
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    if (first) throw first.error;
    return failures;
  }

  /**
   * Does a step until it succeeds or fails for good. A refused signature counts as
   * expired: the step is expected to ask for a fresh address each time.
   *
   * @typeParam T What the step gives.
   * @param work The step.
   * @param signal Ends it.
   * @returns What the step gives.
   */
  async step<T>(
    work: (step: Step) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const run = new StepRun(this.#internals, this.operation, this.#request);
    const request = { ...this.#request, signal };
    let attempt = 0;
    const once = async () => {
      const pause = this.#pausedUntil - performance.now();
      if (pause > 0) await delay(pause, { signal });
      attempt++;
      return await work({
        api: this.#api,
        request,
        attempt,
        send: (target, payload, meter) => {
          this.#claim(target, payload);
          return run.send(target, payload, meter, signal, attempt);
        },
      });
    };
    let error: AvalaError;
    try {
      // nearly every file is stored at once, and pays for nothing of what follows
      const result = await once();
      this.#internals.fileBudget.refund(0);
      return result;
    } catch (failure) {
      if (!(failure instanceof AvalaError)) throw failure;
      error = failure;
    }
    const { statusCode } = error;
    return await this.#again(once, run, signal, [
      { attempt: 1, statusCode, error, waitMs: null },
    ]);
  }

  /**
   * Two files at one address would be one file, and so would two parts. The parts of
   * a file may have one place, and be told apart by the query alone.
   */
  #claim({ url, fields }: StorageTarget, payload: Payload): void {
    const { key = "" } = (fields ?? {}) as { key?: unknown };
    const { path, file } = payload;
    const address = String(url);
    this.#claimPlace(`${address.split("?", 1)[0]} ${key}`, file ?? path, path);
    if (file !== undefined) this.#claimPlace(address, path, path);
  }

  #claimPlace(place: string, owner: string, path: string): void {
    const hash = hashOf(place);
    const other = this.#owners.get(hash) ?? owner;
    this.#owners.set(hash, other);
    if (other === owner) return;
    throw new InvalidResponseError(
      `Cannot upload ${show(path)} as the server gives it the address of ${
        show(other)
      }`,
    );
  }

  /** Does a step again that has failed. */
  async #again<T>(
    once: () => Promise<T>,
    run: StepRun,
    signal: AbortSignal,
    history: FailedAttempt[],
  ): Promise<T> {
    const { fileBudget, config: { hooks } } = this.#internals;
    try {
      return await withRetry(
        once,
        {
          maxAttempts: this.#maxAttempts,
          budget: fileBudget,
          isRetriable: (error) => {
            const { retryAfter, statusCode } = error;
            if ((retryAfter ?? 0) > MAX_RETRY_AFTER) return false;
            const retriable = run.isExpired(error) || isTransient(error, true);
            if (retriable && retryAfter && statusCode === 429) {
              const until = performance.now() + retryAfter * 1_000;
              this.#pausedUntil = Math.max(this.#pausedUntil, until);
            }
            return retriable;
          },
          onRetry: ({ attempt, error, waitMs }) =>
            notify(hooks.onRetry, () => ({
              ...run.about(error),
              attempt,
              retryAfter: error.retryAfter,
              waitMs: waitMs ?? 0,
              error,
            })),
        },
        signal,
        history,
      );
    } catch (error) {
      // what ended all files is no failure of the others
      if (error instanceof AvalaError && !signal.aborted) {
        const attempts = history.length;
        notify(hooks.onError, () => ({ ...run.about(error), attempts, error }));
      }
      throw error;
    }
  }
}

/** What the attempts at one step share. */
class StepRun {
  readonly #internals: Internals;
  readonly #operation: string;
  readonly #request: RequestOptions;
  /** What was sent to storage last. */
  #delivery: Delivery | undefined;
  /** What came of it, when that is an error. */
  #refusal: unknown;

  constructor(
    internals: Internals,
    operation: string,
    request: RequestOptions,
  ) {
    this.#internals = internals;
    this.#operation = operation;
    this.#request = request;
  }

  async send(
    target: StorageTarget,
    payload: Payload,
    meter: FileMeter,
    signal: AbortSignal,
    attempt: number,
  ): Promise<Headers> {
    const { config, limiters } = this.#internals;
    const limiter = limiters.uploads ??= Limiter.concurrent(
      CONCURRENCY.uploads,
    );
    let sent = 0;
    const onBytes = (count: number) => {
      sent += count;
      meter.add(count);
    };
    const request = prepareUpload(
      config,
      this.#operation,
      target,
      payload,
      this.#request,
    );
    const delivery = new Delivery(this.#internals, request, signal);
    delivery.attempt = delivery.sent = attempt - 1;
    this.#delivery = delivery;
    try {
      const { accepted = [] } = target;
      const exchange = exchangeFile(payload, accepted, onBytes);
      const once = () => withDeadline(delivery, exchange);
      const headers = await limiter.run(signal, once);
      notifyEnd(delivery, null);
      return headers;
    } catch (error) {
      notifyEnd(delivery, error);
      meter.add(-sent);
      this.#refusal = error;
      throw error;
    }
  }

  /** Tells whether the storage would take the file at a fresh address. */
  isExpired(error: AvalaError): boolean {
    return error === this.#refusal && isExpired(error);
  }

  /** What the hooks are told of the request that has failed. */
  about(
    error: AvalaError,
  ): Pick<HookError, "operation" | "method" | "url" | "callId"> {
    const operation = this.#operation;
    const delivery = error === this.#refusal ? this.#delivery : undefined;
    if (delivery) {
      const { method, url } = delivery.request;
      const shown = redactUrl(url, delivery.secrets());
      return { operation, method, url: shown, callId: delivery.id };
    }
    const { method, path } = error;
    const { baseUrl } = this.#internals.config;
    return {
      operation,
      method: method ?? "POST",
      url: `${baseUrl}${path ?? ""}`,
      callId: null,
    };
  }
}

/** A hash of 53 bits: addresses are long, and a recording has 50,000. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995) + (low >>> 13) | 0;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
