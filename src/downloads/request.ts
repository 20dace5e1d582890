/**
 * Requests of a file: the whole of it first, what is missing later.
 *
 * @module
 */

import { delay } from "jsr:@std/async@^1.5.0/delay";
import { discard } from "../http/response.ts";
import { show, toUrl } from "../wire/options.ts";
import { checkHeaders, type Config } from "../http/config.ts";
import {
  AvalaError,
  type AvalaErrorOptions,
  type ConnectionError,
  InvalidArgumentError,
  InvalidResponseError,
} from "../errors.ts";
import { continues, type FileVersion } from "./version.ts";
import { notify } from "../http/hooks.ts";
import { redactUrl } from "../redact.ts";
import {
  limitsOf,
  type PreparedRequest,
  type RequestOptions,
  secretsOf,
} from "../http/request.ts";
import { backoff } from "../http/retry.ts";
import { refuseSource } from "../http/trusted_hosts.ts";
import type { Sender, Tries } from "../http/sender.ts";

/** Where a file is. */
export interface FileAddress {
  /** The URL. */
  readonly url: string;
  /** Gives the URL anew. */
  readonly renew: (() => string | Promise<string>) | undefined;
  /** The caller's options. */
  readonly request: RequestOptions;
}

/** What storage answers to a signature that has expired. */
const EXPIRED_STATUSES = [400, 401, 403];

/** Asks for a file, as often as needed. */
export class FileRequest {
  readonly #config: Config;
  readonly #sender: Sender;
  readonly #address: FileAddress;
  readonly #tries: Tries = { attempt: 0, sent: 0 };
  #prepared: PreparedRequest;
  #renewedAt: number | undefined;

  /**
   * Constructs a request.
   *
   * @param config The configuration of the client.
   * @param sender Sends it.
   * @param address Where the file is.
   * @throws {InvalidArgumentError} If the address is not to be trusted.
   */
  constructor(config: Config, sender: Sender, address: FileAddress) {
    const { url, renew, request } = address;
    if (renew !== undefined && typeof renew !== "function") {
      throw new InvalidArgumentError(
        `Cannot download the file as 'renew' must be a function: current value is ${
          show(renew)
        }`,
      );
    }
    this.#config = config;
    this.#sender = sender;
    this.#address = address;
    this.#prepared = prepareDownload(config, url, request);
  }

  /**
   * How long nothing may come.
   *
   * @returns Milliseconds.
   */
  get timeout(): number {
    return this.#prepared.timeout;
  }

  /**
   * Asks for the whole file.
   *
   * @param signal Ends the request.
   * @returns The answer, unread.
   * @throws {AvalaError} If the request fails for good.
   */
  async open(signal: AbortSignal): Promise<Response> {
    const response = await this.#send(0, {}, signal);
    if (response.status !== 206) return response;
    discard(response);
    throw new InvalidResponseError(
      "Cannot download the file as the server answered with a part of it",
      this.about(),
    );
  }

  /** Notes that bytes have come: the attempts before count no more. */
  progressed(): void {
    this.#tries.attempt = 1;
    this.#tries.sent = 1;
  }

  /**
   * Asks for the rest of the file, after a wait.
   *
   * @param error How the attempt before ended.
   * @param version The version of the bytes that are there.
   * @param from How many are there.
   * @param signal Ends the wait and the request.
   * @returns The answer, unread.
   * @throws The same error, when the rest can't be had.
   * @throws {AvalaError} If the file has changed, or the request fails for good.
   */
  async resume(
    error: ConnectionError,
    version: FileVersion,
    from: number,
    signal: AbortSignal,
  ): Promise<Response> {
    const { attempt } = this.#tries;
    const { method, maxRetries, url, secrets } = this.#prepared;
    const bound = from === 0 || version.validator !== null;
    if (!bound || attempt > maxRetries) throw error;
    notify(this.#config.hooks.onRetry, () => ({
      method,
      url: redactUrl(url, secrets()),
      attempt,
      retryAfter: null,
      error,
    }));
    await delay(backoff(attempt), { signal });
    const headers = from === 0
      ? {}
      : { range: `bytes=${from}-`, "if-range": version.validator ?? "" };
    let response: Response | undefined;
    try {
      response = await this.#send(from, headers, signal);
      if (continues(response, version, from)) return response;
      throw error;
    } catch (failure) {
      if (response) discard(response);
      if (!(failure instanceof AvalaError)) throw failure;
      // 416: the file is shorter than what is there of it
      throw failure.statusCode === 416
        ? new InvalidResponseError(
          "Cannot continue the file as it has changed since the download began",
          { ...this.about(), statusCode: 416, cause: failure },
        )
        : failure;
    }
  }

  /**
   * Tells what is known about the request.
   *
   * @returns Options of an error.
   */
  about(): AvalaErrorOptions {
    const { method, path, secrets } = this.#prepared;
    const { sent } = this.#tries;
    return { method, path, attempts: sent, secrets: secrets() };
  }

  /** Sends the request; a refusal renews the address, once for each offset. */
  async #send(
    from: number,
    headers: { [name: string]: string },
    signal: AbortSignal,
  ): Promise<Response> {
    const send = async () => {
      const request = {
        ...this.#prepared,
        headers: { ...this.#prepared.headers, ...headers },
      };
      return await this.#sender.send(
        request,
        { signal },
        this.#tries,
      ) as Response;
    };
    try {
      return await send();
    } catch (error) {
      const { renew, request } = this.#address;
      const expired = error instanceof AvalaError &&
        EXPIRED_STATUSES.includes(error.statusCode ?? 0);
      if (!expired || !renew || this.#renewedAt === from) throw error;
      this.#renewedAt = from;
      const fresh = prepareDownload(this.#config, await renew(), request);
      // the same address would be refused again
      if (fresh.url === this.#prepared.url) throw error;
      this.#prepared = fresh;
      this.#tries.attempt--;
      return await send();
    }
  }
}

/**
 * Checks the address of a file and makes a request of it. The credential, and
 * every other header of the client and the caller, goes to the API's own origin
 * only.
 */
function prepareDownload(
  config: Config,
  address: string,
  options: RequestOptions,
): PreparedRequest {
  const url = toUrl(String(address));
  const reason = url ? refuseSource(url, config) : "it is no absolute URL";
  if (!url || reason) {
    throw new InvalidArgumentError(
      `Cannot download from ${
        show(typeof address === "string" ? redactUrl(address) : address)
      } as ${reason}`,
    );
  }
  const authorized = url.origin === new URL(config.baseUrl).origin;
  return {
    method: "GET",
    path: url.pathname,
    url: url.href,
    authorized,
    headers: {
      ...(authorized && config.headers),
      ...(authorized &&
        checkHeaders(options.headers ?? {}, InvalidArgumentError)),
      accept: "*/*",
      // an encoded body has no known length, and can't be resumed
      "accept-encoding": "identity",
    },
    body: undefined,
    ...limitsOf(config, options),
    repeatable: true,
    promised: "stream",
    secrets: () =>
      secretsOf(
        config,
        options.headers,
        Object.fromEntries(url.searchParams),
      ),
  };
}
