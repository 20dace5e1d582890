/**
 * Requests of a file: the whole of it first, parts of it later.
 *
 * @module
 */

import { checkHeaders, type Config } from "../http/config.ts";
import { withDeadline } from "../http/deadline.ts";
import { Delivery, exchange, notifyEnd } from "../http/exchange.ts";
import { notify } from "../http/hooks.ts";
import type { Internals } from "../http/internals.ts";
import {
  limitsOf,
  type RequestOptions,
  secretsOf,
  type WireRequest,
} from "../http/request.ts";
import { discard } from "../http/response.ts";
import { isTransient, withRetry } from "../http/retry.ts";
import { errorEvent, retryEvent } from "../http/again.ts";
import { refuseSource } from "../http/trusted_hosts.ts";
import {
  AvalaError,
  type AvalaErrorOptions,
  type FailedAttempt,
  InvalidArgumentError,
  InvalidResponseError,
} from "../errors.ts";
import { redactUrl } from "../redact.ts";
import { refusal, show, toUrl } from "../wire/options.ts";
import type { DownloadOptions } from "./download.ts";
import { continues, type Range } from "./version.ts";

/** What storage responds to a signature that has expired. */
const EXPIRED_STATUSES = [400, 401, 403];

/** An address that was checked by who gave it, and is a secret as a whole. */
export interface GrantedFile {
  /** What can't be done when it fails, for messages: `download object 1`. */
  readonly action: string;
  /** What stands for its path in errors. */
  readonly path: string;
  /** Value of `Accept-Encoding`. */
  readonly encoding: string;
}

/** Asks for a file, as often as needed. */
export class FileRequest {
  /** What the calls of the client share. */
  readonly internals: Internals;
  readonly #renew: DownloadOptions["renew"];
  readonly #options: RequestOptions;
  readonly #granted: GrantedFile | undefined;
  #request: WireRequest;

  /**
   * Constructs a request.
   *
   * @param internals What the calls of the client share.
   * @param url Where the file is.
   * @param renew Gives the URL anew.
   * @param options The caller's request options.
   * @param granted Set when the address was checked by who gave it.
   * @throws {InvalidArgumentError} If an argument is wrong.
   */
  constructor(
    internals: Internals,
    url: string,
    renew: DownloadOptions["renew"],
    options: RequestOptions,
    granted?: GrantedFile,
  ) {
    if (renew !== undefined && typeof renew !== "function") {
      throw refusal("download", "'renew'", "a function", renew);
    }
    this.internals = internals;
    this.#renew = renew;
    this.#options = options;
    this.#granted = granted;
    this.#request = this.#prepare(url);
  }

  /**
   * What can't be done when it fails, for messages.
   *
   * @returns A phrase such as "download the file".
   */
  get action(): string {
    return this.#granted?.action ?? "download the file";
  }

  /**
   * How long nothing may come.
   *
   * @returns Milliseconds.
   */
  get timeout(): number {
    return this.#request.timeout;
  }

  /**
   * Asks for the file, or for a part of it.
   *
   * @param range The part, if it is not the whole file from its start.
   * @param signal Ends the requests.
   * @param history The attempts that have failed since the last byte came; those that fail now join it.
   * @returns The response, unread.
   * @throws {AvalaError} If the file has changed, the server has no parts, or the requests fail for good.
   */
  async open(
    range: Range | undefined,
    signal: AbortSignal,
    history: FailedAttempt[],
  ): Promise<Response> {
    const { config: { hooks }, fileBudget } = this.internals;
    const delivery = new Delivery(this.internals, this.#request, signal);
    delivery.attempt = delivery.sent = history.length;
    /** Why the connection before ended, if there was one. */
    const before = history.at(-1)?.error;
    let isWhole = false;
    let renewed = false;
    const ask = async (): Promise<Response> => {
      const response = await this.#ask(delivery, range);
      let fits = false;
      try {
        fits = continues(response, range);
      } finally {
        if (!fits) discard(response);
      }
      if (fits) return response;
      isWhole = true;
      throw before ?? new InvalidResponseError(
        range
          ? "Cannot continue the file as the server responds with all of it"
          : `Cannot ${this.action} as the server responded with a part of it`,
        { ...delivery.about(), statusCode: response.status },
      );
    };
    const attempt = async (): Promise<Response> => {
      try {
        return await ask();
      } catch (error) {
        if (renewed || !this.#renew || !isExpired(error)) throw error;
        renewed = true;
        const fresh = await this.#renew();
        const { url } = this.#request;
        this.#request = this.#prepare(fresh);
        // the same address would be refused again
        if (this.#request.url === url) throw error;
        return await ask();
      }
    };
    try {
      const response = await withRetry(
        attempt,
        {
          maxAttempts: this.#request.maxRetries + 1,
          budget: fileBudget,
          isRetriable: (error) =>
            !isWhole && canAsk(range) && isTransient(error, true),
          onRetry: (failed) =>
            notify(hooks.onRetry, () => retryEvent(delivery, failed)),
        },
        signal,
        history,
      );
      notifyEnd(delivery, null);
      return response;
    } catch (error) {
      if (error instanceof AvalaError && error !== signal.reason) {
        notify(hooks.onError, () => errorEvent(delivery, error));
      }
      notifyEnd(delivery, error);
      throw error;
    }
  }

  /**
   * Tells what is known about the request.
   *
   * @param history The attempts that have failed since the last byte came.
   * @returns Options of an error.
   */
  about(history: readonly FailedAttempt[]): AvalaErrorOptions {
    const { method, path, secrets } = this.#request;
    const attempts = history.length + 1;
    return { method, path, attempts, secrets: secrets() };
  }

  #prepare(url: string): WireRequest {
    const { config } = this.internals;
    return prepareDownload(config, url, this.#options, this.#granted);
  }

  async #ask(
    delivery: Delivery,
    range: Range | undefined,
  ): Promise<Response> {
    const headers = { ...this.#request.headers, ...rangeHeaders(range) };
    delivery.request = { ...this.#request, headers };
    const response = await withDeadline(delivery, exchange)
      .catch((error) => {
        throw changed(error);
      }) as Response;
    if (!delivery.signal?.aborted) return response;
    // it may have been aborted while the response was on its way
    discard(response);
    throw delivery.signal.reason;
  }
}

/** Without the version of what is there, its rest can't be told from another's. */
function canAsk(range: Range | undefined): boolean {
  return range === undefined || range.start === 0 ||
    range.version.validator !== null;
}

function rangeHeaders(range: Range | undefined): { [name: string]: string } {
  const { start = 0, end, version } = range ?? {};
  if (start === 0 && end === undefined) return {};
  const last = end === undefined ? "" : end - 1;
  const validator = version?.validator;
  return {
    range: `bytes=${start}-${last}`,
    ...(validator ? { "if-range": validator } : {}),
  };
}

function isExpired(error: unknown): boolean {
  return error instanceof AvalaError &&
    EXPIRED_STATUSES.includes(error.statusCode ?? 0);
}

/** 416: the file is shorter than what is there of it. */
function changed(error: unknown): unknown {
  if (!(error instanceof AvalaError) || error.statusCode !== 416) return error;
  const { method, path, attempts } = error;
  return new InvalidResponseError(
    "Cannot continue the file as it has changed since the download began",
    { method, path, attempts, statusCode: 416, cause: error },
  );
}

/**
 * Checks the address of a file and makes a request of it. The credential, and
 * every other header of the client and the caller, goes to the API's own origin
 * only, and never with an address that is a secret.
 */
function prepareDownload(
  config: Config,
  address: string,
  options: RequestOptions,
  granted: GrantedFile | undefined,
): WireRequest {
  const url = granted ? new URL(address) : checkSource(config, address);
  const authorized = !granted && url.origin === new URL(config.baseUrl).origin;
  const {
    action = `GET ${url.pathname}`,
    path = url.pathname,
    // an encoded body has no known length, and can't be resumed
    encoding = "identity",
  } = granted ?? {};
  return {
    operation: "download",
    action,
    method: "GET",
    path,
    url: url.href,
    authorized,
    headers: {
      ...(authorized && config.headers),
      ...(authorized &&
        checkHeaders(options.headers ?? {}, InvalidArgumentError)),
      accept: "*/*",
      "accept-encoding": encoding,
    },
    body: undefined,
    ...limitsOf(config, options, "download"),
    repeatable: true,
    shape: "stream",
    onResponse: options.onResponse,
    secrets: () =>
      granted ? [...secretsOf(config), ...piecesOf(url)] : secretsOf(
        config,
        options.headers,
        Object.fromEntries(url.searchParams),
      ),
  };
}

function checkSource(config: Config, address: string): URL {
  const url = toUrl(String(address));
  const reason = url ? refuseSource(url, config) : "it is no absolute URL";
  if (url && !reason) return url;
  throw new InvalidArgumentError(
    `Cannot download from ${
      show(typeof address === "string" ? redactUrl(address) : address)
    } as ${reason}`,
  );
}

/** An address that is a secret, and what a server may repeat of it. */
function piecesOf({ href, pathname, search, searchParams }: URL): string[] {
  return [href, pathname, ...pathname.split("/"), search]
    .concat(...searchParams.values())
    .filter(({ length }) => length >= MIN_SECRET);
}

/** A shorter text would be found in what is no secret. */
const MIN_SECRET = 12;
