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

import type { Promised } from "./response.ts";
import { bounded, Lifetime } from "./deadline.ts";
import type { Decode, JsonObject } from "../wire/codec.ts";
import { type ClientOptions, type Config, resolveConfig } from "./config.ts";
import { ClientClosedError } from "../errors.ts";
import { Gate } from "./limiter.ts";
import { type RawRequestOptions, toCall } from "./raw_request.ts";
import {
  type Call,
  type Lane,
  type Method,
  prepare,
  type RequestOptions,
} from "./request.ts";
import { Sender } from "./sender.ts";
import { openSession } from "./session.ts";

export type { ClientOptions } from "./config.ts";
export type {
  HookError,
  HookRequest,
  HookResponse,
  HookRetry,
  Hooks,
} from "./hooks.ts";
export type { Call, Lane, Method, RequestOptions } from "./request.ts";
export type { QueryValue, RawRequestOptions } from "./raw_request.ts";
export type {
  StorageRequest,
  StorageTarget,
} from "../uploads/storage_request.ts";
export type { Payload } from "../uploads/sized_body.ts";
export type { Promised } from "./response.ts";
export type { Decode, JsonObject } from "../wire/codec.ts";
export type {
  Download,
  DownloadOptions,
  DownloadProgress,
} from "../downloads/download.ts";

export { downloadFile } from "../downloads/open_download.ts";

/** The rate-limit headers of the most recent answer, as the server wrote them. */
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
  readonly #config: Config;
  readonly #lifetime = new Lifetime();
  readonly #sender: Sender;
  readonly #lanes: Record<Lane, Gate> = { exports: lane(5), uploads: lane(10) };

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
    this.#config = resolveConfig(options, credential);
    this.#sender = new Sender(this.#config);
    openSession(this, { config: this.#config, sender: this.#sender });
  }

  /**
   * A snapshot of the rate-limit headers of the most recent answer.
   *
   * @returns The headers, null where absent.
   */
  get rateLimitInfo(): RateLimitInfo {
    const read = (name: string) =>
      this.#sender.lastResponse?.headers.get(name) ?? null;
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
  async send(call: Call, options?: RequestOptions): Promise<unknown> {
    return await this.#send(call, call.promised, options);
  }

  /** Throws at once what is wrong: what calls it is a promise already. */
  #send(
    call: Omit<Call, "promised">,
    promised: Promised,
    options: RequestOptions = {},
  ): Promise<unknown> {
    const request = prepare(this.#config, call, promised, options);
    const { signal } = options;
    const gate = call.lane && this.#lanes[call.lane];
    if (!gate) {
      return this.#sender.send(request, { signal, lifetime: this.#lifetime });
    }
    return this.run(
      (signal) =>
        gate.run(signal, () => this.#sender.send(request, { signal })),
      signal,
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
    return decode(await this.#send(call, "object", options));
  }

  /**
   * Sends a call whose answer is a plain list of models.
   *
   * @typeParam T The model.
   * @param decode Decodes an entry.
   * @param call The call.
   * @param options The caller's options.
   * @returns The models.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async array<T>(
    decode: Decode<T>,
    call: Omit<Call, "promised">,
    options?: RequestOptions,
  ): Promise<T[]> {
    const rows = await this.#send(call, "array", options);
    return (rows as unknown[]).map((row) => decode(row));
  }

  /**
   * Sends a call whose answer is free JSON.
   *
   * @param call The call.
   * @param options The caller's options.
   * @returns The JSON as it is; null when the answer is empty.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async json(
    call: Omit<Call, "promised">,
    options?: RequestOptions,
  ): Promise<JsonObject> {
    // free JSON of objects, as far as the Avala docs show it
    return await this.#send(call, "json", options) as JsonObject;
  }

  /**
   * Sends a call whose answer says nothing but that it succeeded. A deletion that
   * was sent again, as its answer was lost, and then finds nothing has succeeded.
   *
   * @param call The call.
   * @param options The caller's options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the call fails.
   */
  async nothing(
    call: Omit<Call, "promised">,
    options?: RequestOptions,
  ): Promise<void> {
    await this.#send(call, "nothing", options);
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
}

/** A gate that lets some calls pass at once. */
function lane(width: number): Gate {
  return new Gate({ wait: (running) => running < width ? 0 : Infinity });
}
