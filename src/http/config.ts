/**
 * Options and environment → one frozen, validated configuration.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { REDACTED, redactUrl } from "../redact.ts";
import {
  nonEmptyString,
  type RefusalClass,
  refuseUnknown,
  show,
  toUrl,
} from "../wire/options.ts";
import { isTruthy, readEnvironment } from "./environment.ts";
import type { Hooks } from "./hooks.ts";

/** What sends requests: `globalThis.fetch`, or what behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Options of a client. */
export interface ClientOptions {
  /**
   * API key, sent as `X-Avala-Api-Key`.
   *
   * @default {the environment variable AVALA_API_KEY}
   */
  apiKey?: string | undefined;
  /**
   * OAuth bearer token instead of a key, or a function that gives one; it is
   * called before every attempt.
   */
  accessToken?: string | (() => string | Promise<string>) | undefined;
  /**
   * Where the API is.
   *
   * @default {the environment variable AVALA_BASE_URL, else "https://api.avala.ai/api/v1"}
   */
  baseUrl?: string | undefined;
  /**
   * Milliseconds for one attempt, from sending the request to the end of the body.
   * A whole call, retries and waits included, is limited by its request option
   * `signal: AbortSignal.timeout(120_000)`. In Node, a time limit does not keep
   * the process alive: a stubbed `fetch` that never settles lets it end.
   *
   * @default {30_000}
   */
  timeout?: number | undefined;
  /**
   * How many attempts may follow the first. While most calls of a client fail,
   * it saves them: each call then ends with the error of its first attempt.
   *
   * @default {2}
   */
  maxRetries?: number | undefined;
  /**
   * The function that sends requests.
   *
   * @default {globalThis.fetch, looked up at each call}
   */
  fetch?: Fetch | undefined;
  /** Headers added to every request. They never replace the credential. */
  headers?: { [name: string]: string } | undefined;
  /** Name of the calling program, sent as `X-Avala-Client`: lowercase letters, digits and `_`. */
  clientName?: string | undefined;
  /** Functions that are told of requests, responses, retries and errors. */
  hooks?: Hooks | undefined;
  /**
   * Pace requests by the rate-limit headers of the responses, instead of running
   * into 429. The time a request is held back does not count as its `timeout`.
   *
   * @default {false}
   */
  throttle?: boolean | undefined;
  /**
   * Permit `http:` to loopback hosts.
   *
   * @default {whether the environment variable AVALA_ALLOW_INSECURE_BASE_URL is truthy}
   */
  allowInsecureBaseUrl?: boolean | undefined;
  /**
   * Hosts that files may be downloaded from and uploaded to, beside those of the
   * service: `files.example.com`, or `*.example.com` for every host below it.
   * The credential never goes to any of them.
   */
  storageHosts?: readonly string[] | undefined;
  /**
   * How many bytes the body of a success may have, counted after decompression. A
   * larger one is an {@linkcode InvalidResponseError}. Files have no such limit.
   *
   * @default {67_108_864}
   */
  maxResponseBytes?: number | undefined;
}

const CLIENT_OPTIONS: readonly string[] = [
  "apiKey",
  "accessToken",
  "baseUrl",
  "timeout",
  "maxRetries",
  "fetch",
  "headers",
  "clientName",
  "hooks",
  "throttle",
  "allowInsecureBaseUrl",
  "storageHosts",
  "maxResponseBytes",
] satisfies (keyof ClientOptions)[];

const HOOKS: readonly string[] = [
  "onRequest",
  "onResponse",
  "onRetry",
  "onError",
  "onEnd",
] satisfies (keyof Hooks)[];

/** The limits of a request. */
export interface RequestLimits {
  /** Milliseconds for one attempt, or that may pass without a sign of life. */
  readonly timeout: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Bytes that the body of a success may have. */
  readonly maxResponseBytes: number;
}

/** The validated configuration of a client, with the limits of its requests. */
export interface Config extends RequestLimits {
  /** API key, if that is the credential. */
  readonly apiKey: string | undefined;
  /** Bearer token or its source, if that is the credential. */
  readonly accessToken: string | (() => string | Promise<string>) | undefined;
  /** Base URL without trailing slashes. */
  readonly baseUrl: string;
  /** The caller's `fetch`, if one was given. */
  readonly fetch: Fetch | undefined;
  /** Headers of every request by lowercase name, and the API key. */
  readonly headers: { readonly [name: string]: string };
  /** Hooks. */
  readonly hooks: Hooks;
  /** Whether requests are paced by the rate-limit headers. */
  readonly throttle: boolean;
  /** Whether loopback hosts may be reached over http. */
  readonly allowInsecure: boolean;
  /** Further storage hosts, lowercase; `*.` stands for every host below the rest. */
  readonly storageHosts: readonly string[];
}

const DEFAULT_BASE_URL = "https://api.avala.ai/api/v1";
const DEFAULT_LIMITS: RequestLimits = {
  timeout: 30_000,
  maxRetries: 2,
  maxResponseBytes: 67_108_864,
};
/** The longest time that a timer of every runtime can hold. */
const MAX_TIMER = 2 ** 31 - 1;
/** A header value is Latin-1 text without control characters. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** The header of an API key. */
const API_KEY_HEADER = "X-Avala-Api-Key";
const CREDENTIAL_HEADERS = ["x-avala-api-key", "authorization"];

/**
 * Validates the options and completes them from the environment.
 *
 * The environment is read only for what was not given.
 *
 * @param options The options of a client.
 * @param credential Whether one is needed; with `none`, one that is given is not used.
 * @returns The configuration.
 * @throws {ConfigurationError} If an option is wrong, or no credential is given.
 */
export function resolveConfig(
  options: ClientOptions,
  credential: "required" | "none" = "required",
): Config {
  if (typeof options !== "object" || options === null) {
    throw new ConfigurationError(
      `Cannot create a client as its options must be an object such as { apiKey }: current value is ${
        describeSecret(options)
      }`,
    );
  }
  refuseUnknown(
    "create a client",
    options,
    CLIENT_OPTIONS,
    ConfigurationError,
  );
  const anonymous = credential === "none";
  const { fetch, hooks = {}, throttle = false } = options;
  refuseUnknown("create a client", hooks, HOOKS, ConfigurationError, "hooks.");
  const accessToken = anonymous ? undefined : options.accessToken;
  if (fetch !== undefined && typeof fetch !== "function") {
    throw refusal("fetch", "a function", show(fetch));
  }
  if (typeof throttle !== "boolean") {
    throw refusal("throttle", "a boolean", show(throttle));
  }
  const apiKey = anonymous ? undefined : resolveApiKey(options);
  const allowInsecure = options.allowInsecureBaseUrl ??
    isTruthy(readEnvironment("AVALA_ALLOW_INSECURE_BASE_URL"));
  return Object.freeze({
    apiKey,
    accessToken,
    baseUrl: resolveBaseUrl(options.baseUrl, allowInsecure),
    ...checkLimits(options, DEFAULT_LIMITS, ConfigurationError),
    fetch,
    headers: Object.freeze({
      accept: "application/json",
      ...checkHeaders(options.headers ?? {}, ConfigurationError),
      ...clientHeader(options.clientName),
      ...(apiKey === undefined ? {} : { [API_KEY_HEADER]: apiKey }),
    }),
    hooks,
    throttle,
    allowInsecure,
    storageHosts: checkStorageHosts(options.storageHosts ?? []),
  });
}

/**
 * Takes the credential out of a configuration.
 *
 * @param config The configuration.
 * @returns The same without a credential.
 */
export function withoutCredential(config: Config): Config {
  const { [API_KEY_HEADER]: _, ...headers } = config.headers;
  const apiKey = undefined;
  const accessToken = undefined;
  return Object.freeze({
    ...config,
    apiKey,
    accessToken,
    headers: Object.freeze(headers),
  });
}

function resolveApiKey(options: ClientOptions): string | undefined {
  const { accessToken } = options;
  if (accessToken !== undefined) {
    if (options.apiKey !== undefined) {
      throw new ConfigurationError(
        "Cannot create a client as both 'apiKey' and 'accessToken' are given: give one of them",
      );
    }
    if (typeof accessToken !== "function") checkAccessToken(accessToken);
    return undefined;
  }
  const apiKey = options.apiKey ?? readEnvironment("AVALA_API_KEY");
  if (apiKey === undefined) {
    throw new ConfigurationError(
      "Cannot create a client. No API key is given: set the option 'apiKey' or the environment variable AVALA_API_KEY",
    );
  }
  if (
    typeof apiKey !== "string" || apiKey.trim() === "" ||
    !HEADER_VALUE.test(apiKey)
  ) {
    throw refusal(
      "apiKey",
      "a non-empty string of Latin-1 characters without line breaks",
      describeSecret(apiKey),
    );
  }
  // as fetch sends it, and as a response would repeat it
  return apiKey.trim();
}

/**
 * Checks a bearer token.
 *
 * @param token The token given.
 * @returns The token.
 * @throws {ConfigurationError} If it is none. The message never shows it.
 */
export function checkAccessToken(token: unknown): string {
  // the pattern is linear: `=` is not in the set before it
  if (
    typeof token !== "string" || token.length > 16_384 ||
    !/^[A-Za-z0-9\-._~+/]+=*$/.test(token)
  ) {
    throw refusal(
      "accessToken",
      "a bearer token of at most 16384 letters, digits and -._~+/ with '=' at the end only",
      describeSecret(token),
    );
  }
  return token;
}

function resolveBaseUrl(
  given: string | undefined,
  allowInsecure: boolean,
): string {
  const value = given ?? readEnvironment("AVALA_BASE_URL") ?? DEFAULT_BASE_URL;
  const url = toUrl(value);
  if (!url || url.host === "") {
    throw refusal("baseUrl", "an absolute https URL", showUrl(value));
  }
  if (url.username || url.password || /[?#]/.test(value)) {
    throw refusal(
      "baseUrl",
      "a URL without user name, password, query and fragment",
      showUrl(value),
    );
  }
  const insecure = url.protocol === "http:" && allowInsecure &&
    isLoopback(url.hostname);
  if (url.protocol !== "https:" && !insecure) {
    throw refusal(
      "baseUrl",
      "an https URL (http is possible for localhost, 127.0.0.1 and [::1] with 'allowInsecureBaseUrl' or AVALA_ALLOW_INSECURE_BASE_URL)",
      showUrl(value),
    );
  }
  return url.href.replace(/\/+$/, "");
}

/** A host name in ASCII; after `*.` it must have two labels, so that no top-level domain is trusted. */
const STORAGE_HOST =
  /^(?:\*\.[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?:\.[a-z0-9-]+)*)$/;

function checkStorageHosts(hosts: readonly string[]): readonly string[] {
  if (!Array.isArray(hosts)) {
    throw refusal("storageHosts", "an array of host names", show(hosts));
  }
  return Object.freeze(hosts.map((host: unknown, index) => {
    const name = typeof host === "string" ? host.toLowerCase() : "";
    if (STORAGE_HOST.test(name)) return name;
    throw refusal(
      `storageHosts[${index}]`,
      "a host name such as 'files.example.com' or '*.example.com', without scheme, port and path",
      show(host),
    );
  }));
}

/**
 * Tells whether a host name is this machine's own.
 *
 * @param hostname The host name of a URL.
 * @returns `true` for localhost, 127.0.0.1 and ::1.
 */
export function isLoopback(hostname: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]", "::1"].includes(hostname);
}

/**
 * Checks the limits of a request, and completes them.
 *
 * @param given The limits given.
 * @param defaults The limits where none is given.
 * @param Refusal The class of the error.
 * @returns The limits.
 * @throws {AvalaError} If one is no number of its kind.
 */
export function checkLimits(
  given: { readonly [Name in keyof RequestLimits]?: number | undefined },
  defaults: RequestLimits,
  Refusal: RefusalClass,
): RequestLimits {
  const {
    timeout = defaults.timeout,
    maxRetries = defaults.maxRetries,
    maxResponseBytes = defaults.maxResponseBytes,
  } = given;
  const expect = (
    isMet: boolean,
    name: string,
    wanted: string,
    value: unknown,
  ) => {
    if (!isMet) throw refusal(name, wanted, show(value), Refusal);
  };
  expect(
    typeof timeout === "number" && timeout > 0 && timeout <= MAX_TIMER,
    "timeout",
    `a number of milliseconds above 0, at most ${MAX_TIMER}`,
    timeout,
  );
  expect(
    Number.isSafeInteger(maxRetries) && maxRetries >= 0,
    "maxRetries",
    "an integer from 0",
    maxRetries,
  );
  expect(
    Number.isSafeInteger(maxResponseBytes) && maxResponseBytes > 0,
    "maxResponseBytes",
    "an integer from 1",
    maxResponseBytes,
  );
  return { timeout, maxRetries, maxResponseBytes };
}

/**
 * Checks headers and takes the credential's names out of them.
 *
 * @param headers Names and values.
 * @param Refusal The class of the error.
 * @returns The headers by lowercase name.
 * @throws {AvalaError} If a name or a value can't be sent.
 */
export function checkHeaders(
  headers: { [name: string]: string },
  Refusal: RefusalClass,
): { [name: string]: string } {
  const checked: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw refusal("headers", "a record of header names", show(name), Refusal);
    }
    if (typeof value !== "string" || !HEADER_VALUE.test(value)) {
      throw refusal(
        `headers["${name}"]`,
        "a string of Latin-1 characters without line breaks",
        describeSecret(value),
        Refusal,
      );
    }
    const lowercase = name.toLowerCase();
    if (!CREDENTIAL_HEADERS.includes(lowercase)) checked[lowercase] = value;
  }
  return checked;
}

function clientHeader(name: string | undefined): { [name: string]: string } {
  if (name === undefined) return {};
  if (nonEmptyString(name) || !/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    throw refusal(
      "clientName",
      "1 to 64 lowercase letters, digits and '_', a letter first",
      show(name),
    );
  }
  return { "x-avala-client": name };
}

function refusal(
  option: string,
  wanted: string,
  current: string,
  Refusal: RefusalClass = ConfigurationError,
): Error {
  const what = Refusal === ConfigurationError
    ? "create a client"
    : "send the request";
  return new Refusal(
    `Cannot ${what} as '${option}' must be ${wanted}: current value is ${current}`,
  );
}

function describeSecret(value: unknown): string {
  if (value === "") return "an empty string";
  return typeof value === "string"
    ? `a string of ${value.length} characters, not shown here`
    : show(value);
}

function showUrl(value: unknown): string {
  if (typeof value !== "string") return show(value);
  // what stands before an @ may be a password, with any character in it
  const at = value.lastIndexOf("@");
  const shown = at < 0 ? value : `//${REDACTED}${value.slice(at)}`;
  return show(redactUrl(shown));
}
