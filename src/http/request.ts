/**
 * One call as it goes over the wire, checked and complete.
 *
 * @module
 */

import type { Promised } from "./response.ts";
import { show } from "../wire/options.ts";
import {
  checkHeaders,
  checkMaxRetries,
  checkTimeout,
  type Config,
} from "./config.ts";
import { InvalidArgumentError } from "../errors.ts";
import { secretValues } from "../redact.ts";

/** The HTTP methods of the API. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Options of every method that sends a request. */
export interface RequestOptions {
  /** Aborts the call; it rejects with the signal's own reason, at once. */
  signal?: AbortSignal | null | undefined;
  /**
   * Milliseconds for one attempt, from sending the request to the end of the body.
   *
   * @default {the client's}
   */
  timeout?: number | undefined;
  /**
   * How many attempts may follow the first.
   *
   * @default {the client's}
   */
  maxRetries?: number | undefined;
  /** Headers added to the request. They never replace the credential. */
  headers?: { [name: string]: string } | undefined;
  /**
   * Whether the request may be sent again when its answer was lost.
   *
   * @default {true for all methods but a POST that creates, and with an `idempotencyKey`}
   */
  idempotent?: boolean | undefined;
  /**
   * A lowercase UUID of version 4 (`crypto.randomUUID()`), sent as
   * `Idempotency-Key` with each attempt of a call that changes something. The
   * Avala docs don't say which endpoints honor it.
   */
  idempotencyKey?: string | undefined;
}

/** A call of an endpoint. */
export interface Call {
  /** HTTP method. */
  readonly method: Method;
  /** Path below the base URL, each parameter encoded as one segment. */
  readonly path: string;
  /** Query, if any. */
  readonly query?: URLSearchParams;
  /** JSON to send, if any. */
  readonly body?: unknown;
  /** What the endpoint answers. */
  readonly promised: Promised;
  /** Whether a POST may be sent again when its answer was lost. */
  readonly idempotent?: boolean;
  /** Names a kind of calls of which the service takes only some at once. */
  readonly lane?: Lane;
}

/** A kind of calls of which the service takes only some at once: 5 exports, 10 uploads. */
export type Lane = "exports" | "uploads";

/** A call that is ready to be sent. */
export interface PreparedRequest {
  /** HTTP method. */
  readonly method: Method;
  /** Path below the base URL. */
  readonly path: string;
  /** The whole URL. */
  readonly url: string;
  /** Whether the credential goes with it. */
  readonly authorized: boolean;
  /** Headers by lowercase name. */
  readonly headers: { readonly [name: string]: string };
  /** JSON text, if there is a body. */
  readonly body: string | undefined;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Whether it may be sent again when its answer was lost. */
  readonly repeatable: boolean;
  /** What the endpoint answers; a stream is handed out unread. */
  readonly promised: Promised | "stream";
  /** Gives the secrets that the request carries. */
  readonly secrets: () => string[];
}

const UUID_V4 =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Checks a call and its options, and completes them from the configuration.
 *
 * @param config The configuration of the client.
 * @param call The call.
 * @param promised What its endpoint answers.
 * @param options The caller's options.
 * @returns The call, ready to be sent.
 * @throws {InvalidArgumentError} If an option is wrong.
 */
export function prepare(
  config: Config,
  call: Omit<Call, "promised">,
  promised: Promised,
  options: RequestOptions,
): PreparedRequest {
  const { method, path } = call;
  const { idempotencyKey } = options;
  if (idempotencyKey !== undefined && !UUID_V4.test(idempotencyKey)) {
    throw new InvalidArgumentError(
      `Cannot send the request as 'idempotencyKey' must be a lowercase UUID of version 4, such as crypto.randomUUID() gives: current value is ${
        show(idempotencyKey)
      }`,
    );
  }
  const { timeout, maxRetries } = limitsOf(config, options);
  const query = call.query?.toString();
  return {
    method,
    path,
    url: `${config.baseUrl}${path}${query ? `?${query}` : ""}`,
    headers: headersOf(config, call, options),
    body: call.body === undefined ? undefined : toJson(call.body),
    authorized: true,
    timeout,
    maxRetries,
    repeatable: options.idempotent ?? (method !== "POST" ||
      call.idempotent === true || idempotencyKey !== undefined),
    promised,
    secrets: () =>
      secretsOf(
        config,
        options.headers,
        call.body,
        Object.fromEntries(call.query ?? []),
      ),
  };
}

/**
 * Collects what must not be shown of a request.
 *
 * @param config The configuration of the client.
 * @param carried What the request carries: headers, a body, a query.
 * @returns The secrets.
 */
export function secretsOf(config: Config, ...carried: unknown[]): string[] {
  const found = [config.headers, ...carried].flatMap(secretValues);
  return config.apiKey === undefined ? found : [config.apiKey, ...found];
}

/**
 * Checks the limits that a caller gives, and completes them.
 *
 * @param config The configuration of the client.
 * @param options The caller's options.
 * @returns Milliseconds for one attempt, and attempts after the first.
 * @throws {InvalidArgumentError} If an option is wrong.
 */
export function limitsOf(
  config: Config,
  { timeout, maxRetries, signal }: RequestOptions,
): { timeout: number; maxRetries: number } {
  if (signal && typeof signal.addEventListener !== "function") {
    throw new InvalidArgumentError(
      `Cannot send the request as 'signal' must be an AbortSignal: current value is ${
        show(signal)
      }`,
    );
  }
  return {
    timeout: timeout === undefined
      ? config.timeout
      : checkTimeout(timeout, InvalidArgumentError),
    maxRetries: maxRetries === undefined
      ? config.maxRetries
      : checkMaxRetries(maxRetries, InvalidArgumentError),
  };
}

function headersOf(
  config: Config,
  call: Omit<Call, "promised">,
  options: RequestOptions,
): { readonly [name: string]: string } {
  const { headers, idempotencyKey } = options;
  const changes = call.method !== "GET" && call.method !== "HEAD";
  if (call.body === undefined && !headers && !idempotencyKey) {
    return config.headers;
  }
  return {
    ...config.headers,
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    ...(headers ? checkHeaders(headers, InvalidArgumentError) : {}),
    ...(idempotencyKey && changes ? { "idempotency-key": idempotencyKey } : {}),
  };
}

function toJson(body: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new InvalidArgumentError(
      `Cannot send the request as its body must be JSON: ${
        cause instanceof Error ? cause.message : "it can't be serialized"
      }`,
      { cause },
    );
  }
  if (text === undefined) {
    throw new InvalidArgumentError(
      `Cannot send the request as its body must be JSON: current value is ${
        show(body)
      }`,
    );
  }
  return text;
}
