/**
 * One call as it goes over the wire, checked and complete.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import { secretValues } from "../redact.ts";
import { type Input, refusal, refuseUnknown } from "../wire/options.ts";
import { buildPath, type Path } from "../wire/path.ts";
import {
  checkHeaders,
  checkLimits,
  type Config,
  type RequestLimits,
} from "./config.ts";
import type { CallResponse } from "./hooks.ts";
import type { ConcurrencyGroup } from "./internals.ts";
import type { ResponseShape } from "./response.ts";

/** The HTTP methods of the API. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Options of every method that sends a request. */
export interface RequestOptions {
  /**
   * Aborts the call; it rejects with the signal's own reason, at once. With
   * `AbortSignal.timeout(120_000)` it limits the whole call, retries included.
   */
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
   * Whether the request may be sent again when its response was lost.
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
  /**
   * Called with each response of this call when its headers have arrived, failed
   * attempts included; what it throws has no effect.
   */
  onResponse?: ((response: CallResponse) => void) | undefined;
  /**
   * How many bytes the body of a success may have, counted after decompression.
   *
   * @default {the client's}
   */
  maxResponseBytes?: number | undefined;
}

const REQUEST_OPTIONS: readonly string[] = [
  "signal",
  "timeout",
  "maxRetries",
  "headers",
  "idempotent",
  "idempotencyKey",
  "onResponse",
  "maxResponseBytes",
] satisfies (keyof RequestOptions)[];

/** A call of an endpoint. */
export interface Call extends Input {
  /** HTTP method. */
  readonly method: Method;
  /** Where the endpoint is. */
  readonly path: Path;
  /** Names a kind of calls of which the service takes only some at once. */
  readonly group?: ConcurrencyGroup;
}

/** A value in a query: lists are joined by commas, null and undefined left out. */
export type QueryValue =
  | string
  | number
  | boolean
  | readonly (string | number)[]
  | null
  | undefined;

/** Options of a call of an endpoint that the client does not know. */
export interface RawRequestOptions extends RequestOptions {
  /** Query by wire name. */
  query?: { [wire: string]: QueryValue } | undefined;
  /** JSON to send, with wire names. */
  body?: unknown;
}

/** A request that is ready to be sent. */
export interface WireRequest extends RequestLimits {
  /** The method of the client that sends it: `datasets.list`. */
  readonly operation: string;
  /** What can't be done when it fails, for messages: `GET /datasets/`. */
  readonly action: string;
  /** HTTP method. */
  readonly method: Method;
  /** Path below the base URL, or that of a file. */
  readonly path: string;
  /** The whole URL. */
  readonly url: string;
  /** Whether it goes to the API, and the credential with it. */
  readonly authorized: boolean;
  /** Headers by lowercase name. */
  readonly headers: { readonly [name: string]: string };
  /** JSON text, if there is any. */
  readonly body: string | undefined;
  /** What the host did when the time was over, where that is no late response. */
  readonly idle?: string;
  /** Whether it may be sent again when its response was lost. */
  readonly repeatable: boolean;
  /** What the endpoint responds with; a stream is handed out unread. */
  readonly shape: ResponseShape;
  /** A status of which `onError` is not told. */
  readonly mends?: number | undefined;
  /** Loads what reads the response in place of `JSON.parse`. */
  readonly reader?: Input["reader"];
  /** Told of every response. */
  readonly onResponse?: RequestOptions["onResponse"];
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
 * @param shape What its endpoint responds with.
 * @param options The caller's options.
 * @returns The request, ready to be sent.
 * @throws {InvalidArgumentError} If an argument or an option is wrong.
 */
export function prepare(
  config: Config,
  call: Call,
  shape: ResponseShape,
  options: RequestOptions,
): WireRequest {
  const { method, path: { name } } = call;
  const path = buildPath(call.path);
  const query = call.query?.(name);
  const body = call.body?.(name);
  const { idempotencyKey, onResponse } = options;
  const limits = limitsOf(config, options, name);
  const search = query?.toString();
  return {
    operation: name,
    action: `${method} ${path}`,
    method,
    path,
    url: `${config.baseUrl}${path}${search ? `?${search}` : ""}`,
    headers: headersOf(config, method, body !== undefined, options),
    body: body === undefined ? undefined : toJson(body, name),
    authorized: true,
    ...limits,
    repeatable: options.idempotent ?? (method !== "POST" ||
      call.idempotent === true || idempotencyKey !== undefined),
    shape,
    mends: call.mends,
    reader: call.reader,
    onResponse,
    secrets: () =>
      secretsOf(config, options.headers, body, Object.fromEntries(query ?? [])),
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
 * Checks the options of a request, and completes its limits.
 *
 * @param config The configuration of the client.
 * @param options The caller's options.
 * @param name The method of the client, for messages.
 * @param also Names of options that this call knows beside those of every request.
 * @returns The limits.
 * @throws {InvalidArgumentError} If an option is wrong.
 */
export function limitsOf(
  config: Config,
  options: RequestOptions,
  name: string,
  also: readonly string[] = [],
): RequestLimits {
  if (typeof options !== "object" || options === null) {
    throw refusal(name, "the request options", "an object", options);
  }
  const known = also.length > 0
    ? [...also, ...REQUEST_OPTIONS]
    : REQUEST_OPTIONS;
  refuseUnknown(`call ${name}`, options, known);
  const { signal, idempotencyKey, onResponse } = options;
  if (signal && typeof signal.addEventListener !== "function") {
    throw refusal(name, "'signal'", "an AbortSignal", signal);
  }
  if (onResponse !== undefined && typeof onResponse !== "function") {
    throw refusal(name, "'onResponse'", "a function", onResponse);
  }
  if (idempotencyKey !== undefined && !UUID_V4.test(idempotencyKey)) {
    throw refusal(
      name,
      "'idempotencyKey'",
      "a lowercase UUID of version 4, such as crypto.randomUUID() gives",
      idempotencyKey,
    );
  }
  return checkLimits(options, config, InvalidArgumentError);
}

function headersOf(
  config: Config,
  method: Method,
  hasBody: boolean,
  { headers, idempotencyKey }: RequestOptions,
): { readonly [name: string]: string } {
  const changes = method !== "GET" && method !== "HEAD";
  if (!hasBody && !headers && !idempotencyKey) return config.headers;
  return {
    ...config.headers,
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...(headers ? checkHeaders(headers, InvalidArgumentError) : {}),
    ...(idempotencyKey && changes ? { "idempotency-key": idempotencyKey } : {}),
  };
}

function toJson(body: unknown, name: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new InvalidArgumentError(
      `Cannot call ${name} as its body must be JSON: ${
        cause instanceof Error ? cause.message : "it can't be serialized"
      }`,
      { cause },
    );
  }
  if (text === undefined) throw refusal(name, "its body", "JSON", body);
  return text;
}
