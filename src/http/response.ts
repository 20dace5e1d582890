/**
 * What a response means: the JSON that was promised, or an error.
 *
 * @module
 */

import { isJsonObject } from "../wire/codec.ts";
import { redactText } from "../redact.ts";
import {
  AuthenticationError,
  AvalaError,
  type AvalaErrorOptions,
  ConflictError,
  ForbiddenError,
  InvalidResponseError,
  NotFoundError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
  ValidationError,
} from "../errors.ts";
import { readBytes, readStart } from "./body.ts";

/**
 * What an endpoint responds with: a kind of JSON, nothing of use, or the unread body
 * of a file (`stream`).
 */
export type ResponseShape =
  | "object"
  | "array"
  | "page"
  | "pageOrArray"
  | "json"
  | "nothing"
  | "stream";

/** How much of an error's body is read, in bytes. */
const ERROR_BODY_LIMIT = 65_536;
/** How much of a text that is no JSON an error carries, in characters. */
const EXCERPT_LENGTH = 1_000;
/** How long a message from the server may become, in characters. */
const MESSAGE_LENGTH = 1_000;
/** Statuses that have no body by definition. */
const EMPTY_STATUSES = [204, 205];
/** Errors whose body seems to have lost its end. */
const BROKEN_OFF = new WeakSet<object>();

/** What is known about a request, for the errors of its responses. */
export interface About extends AvalaErrorOptions {
  /** What can't be done: `GET /datasets/`. */
  readonly action: string;
  /** Who responds: the server, or the storage. */
  readonly peer: string;
  /** Why the endpoint may not be there at all, for the end of a message. */
  readonly hint?: string;
}

/**
 * Reads the JSON of a success.
 *
 * @param text Its body.
 * @param shape What the endpoint promises.
 * @param response The response, with a 2xx status.
 * @param about Tells what is known about the request.
 * @param parse Reads JSON.
 * @returns The parsed JSON; null for free JSON that is empty.
 * @throws {InvalidResponseError} If the body is not what was promised.
 */
export function readJson(
  text: string,
  shape: ResponseShape,
  response: Response,
  about: () => About,
  parse: (text: string) => unknown,
): unknown {
  if (response.status === 206) {
    const what = "responded with a part of what was asked for";
    throw invalid(response, what, excerptOf(text, about()), about());
  }
  if (text === "" && shape === "json") return null;
  let json: unknown;
  try {
    json = parse(text);
  } catch {
    const what = text === "" ? "an empty body" : "no JSON";
    const excerpt = excerptOf(text, about());
    const error = invalid(response, `responded with ${what}`, excerpt, about());
    if (isCutOff(response, text)) BROKEN_OFF.add(error);
    throw error;
  }
  if (hasShape(json, shape)) return json;
  const isHuge = text.length > ERROR_BODY_LIMIT;
  throw invalid(
    response,
    `did not respond with ${NAMES[shape]}`,
    isHuge ? excerptOf(text, about()) : json,
    about(),
  );
}

/**
 * Reads the body of a success as text.
 *
 * @param response The response.
 * @param limit How many bytes it may have, counted after decompression.
 * @param about Tells what is known about the request.
 * @returns Its text.
 * @throws {InvalidResponseError} If it is larger.
 */
export async function textOf(
  response: Response,
  limit: number,
  about: () => About,
): Promise<string> {
  let text: string | undefined;
  // a stub of `fetch` in a user's own test often has `json()` alone
  if (typeof response.text !== "function") {
    text = JSON.stringify(await (response as Response).json()) ?? "";
  } else {
    const { headers } = response;
    const length = Number(headers.get("content-length") ?? NaN);
    // not asked for in vain: a body that is handed out is read more slowly
    const body = fits(headers, length, limit) ? null : response.body;
    if (body) {
      const bytes = await readBytes(body, limit, length || 0);
      text = bytes && new TextDecoder().decode(bytes);
    } else text = await response.text();
  }
  // also where the length was a lie: a text has no more characters than bytes
  if (text !== undefined && text.length <= limit) return text;
  const what = `responded with more than the ${limit} bytes that`;
  const { action, peer } = about();
  throw new InvalidResponseError(
    `Cannot ${action} as the ${peer} ${what} 'maxResponseBytes' allows`,
    knownOf(response, null, about()),
  );
}

/** Tells whether a body is no larger than the limit, whatever is in it. */
function fits(headers: Headers, length: number, limit: number): boolean {
  if (!IS_SERVER || !(length >= 0 && length <= limit)) return false;
  const encoding = headers.get("content-encoding");
  return encoding === null ||
    (encoding === "gzip" && length * MAX_GZIP_RATIO <= limit);
}

/** How many times as large as itself a gzipped body can become. */
const MAX_GZIP_RATIO = 1_032;

/**
 * Whether this is no page and no worker of one. A browser hides that a body was
 * compressed, and with it how long it will be.
 */
export const IS_SERVER: boolean =
  !("document" in globalThis || "importScripts" in globalThis);

const NAMES: { readonly [shape in ResponseShape]?: string } = {
  object: "a JSON object",
  array: "a JSON array",
  page: "a page (an object with the array 'results')",
  pageOrArray: "a page (an object with the array 'results') or a JSON array",
};

function hasShape(json: unknown, shape: ResponseShape): boolean {
  if (shape === "object") return isJsonObject(json);
  if (shape === "array") return Array.isArray(json);
  if (shape === "page" || shape === "pageOrArray") {
    if (shape === "pageOrArray" && Array.isArray(json)) return true;
    return isJsonObject(json) && Array.isArray(json.results);
  }
  return true;
}

/** The start of a text; redacted before it is cut, as half a secret is not recognized. */
function excerptOf(text: string, { secrets }: About): string {
  return redactText(text.slice(0, ERROR_BODY_LIMIT), secrets)
    .slice(0, EXCERPT_LENGTH);
}

function invalid(
  response: Response,
  what: string,
  body: unknown,
  about: About,
): InvalidResponseError {
  return new InvalidResponseError(
    `Cannot ${about.action} as the ${about.peer} ${what} (status ${response.status})${
      about.hint ?? ""
    }`,
    knownOf(response, body, about),
  );
}

/** What is known once there is a response. */
function knownOf(
  { status, headers }: Response,
  body: unknown,
  about: About,
): AvalaErrorOptions {
  const requestId = headers.get("x-request-id");
  return { ...about, statusCode: status || null, body, requestId };
}

/**
 * Drops a response that nobody will read, so that it holds no connection.
 *
 * @param response The response.
 */
export function discard(response: Response): void {
  // never awaited: a cancel can hang on Node. An empty body costs less to read
  const end = response.headers?.get("content-length") === "0"
    ? response.text()
    : response.body?.cancel();
  end?.catch(() => {});
}

/**
 * Tells whether a success seems to have lost its end: it begins like JSON, and
 * nothing says how long it should have been. Node 20 takes such a body as whole
 * when the connection is closed in the middle of it.
 */
function isCutOff({ headers, status }: Response, text: string): boolean {
  return !headers.has("content-length") && !EMPTY_STATUSES.includes(status) &&
    /^\s*(?:[[{]|$)/.test(text);
}

/**
 * Tells whether an error is that of a success which seems to have lost its end.
 *
 * @param error The error.
 * @returns `true` when another attempt may bring all of it.
 */
export function seemsBrokenOff(error: AvalaError): boolean {
  return BROKEN_OFF.has(error);
}

/**
 * Turns a response without success into the error of its status.
 *
 * At most 64 KiB of the body are read; a body that breaks off or hangs does not
 * hide the status.
 *
 * @param response A response whose status is not 2xx.
 * @param about What is known about the request.
 * @param signal Fires when the time for the response is over.
 * @returns The error.
 */
export async function readError(
  response: Response,
  about: About,
  signal: AbortSignal,
): Promise<AvalaError> {
  const { status } = response;
  if (status < 400) {
    discard(response);
    // browsers hide a redirect that was not followed behind the status 0
    const why = REDIRECTS.includes(status)
      ? ": redirects are not followed"
      : ", which is neither a success nor an error";
    return new InvalidResponseError(
      `Cannot ${about.action} as the ${about.peer} responded with ${
        status || "a redirect"
      }${why}`,
      knownOf(response, null, about),
    );
  }
  const text = response.body
    ? await readStart(response.body, ERROR_BODY_LIMIT, signal)
    : await textOf(response, ERROR_BODY_LIMIT, () => about).catch(() => "");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = text === "" ? null : excerptOf(text, about);
  }
  return errorOf(response, body, about);
}

const REDIRECTS = [0, 301, 302, 303, 307, 308];

/**
 * Makes the error of a status.
 *
 * @param response A response whose status is 4xx or 5xx.
 * @param body Its body, parsed where it is JSON.
 * @param about What is known about the request.
 * @returns The error.
 */
export function errorOf(
  response: Response,
  body: unknown,
  about: About,
): AvalaError {
  const { status, headers } = response;
  const { details, fieldErrors, said } = readBody(body);
  const retryAfter = retryAfterOf(headers);
  const known = { ...knownOf(response, body, about), retryAfter };
  const message =
    `Cannot ${about.action} as the ${about.peer} responded with ${status}${
      said && `: ${redactText(said, about.secrets).slice(0, MESSAGE_LENGTH)}`
    }${status === 404 ? about.hint ?? "" : ""}`;
  const quota = status === 413 ? readQuota(body) : undefined;
  if (quota) return new QuotaExceededError(message, quota, known);
  switch (status) {
    case 400:
    case 422:
      return new ValidationError(message, details, fieldErrors, known);
    case 401:
      return new AuthenticationError(message, known);
    case 403:
      return new ForbiddenError(message, known);
    case 404:
      return new NotFoundError(message, known);
    case 409:
      return new ConflictError(message, known);
    case 429:
      return new RateLimitError(message, retryAfter, known);
  }
  return status >= 500
    ? new ServerError(message, known)
    : new AvalaError(message, known);
}

function readQuota(
  body: unknown,
): { limit: number; used: number } | undefined {
  if (!isJsonObject(body)) return undefined;
  const { limit, used } = body;
  return Number.isInteger(limit) && Number.isInteger(used)
    ? { limit: limit as number, used: used as number }
    : undefined;
}

/** What an error body says, in any of the shapes that the service uses. */
interface Said {
  details: unknown;
  fieldErrors: { [field: string]: string[] };
  said: string;
}

function readBody(body: unknown): Said {
  const nothing = { details: null, fieldErrors: {}, said: "" };
  if (typeof body === "string") return { ...nothing, said: readXml(body) };
  if (!isJsonObject(body) && !Array.isArray(body)) return nothing;
  if (isJsonObject(body)) {
    if (typeof body.detail === "string") {
      return { ...nothing, said: body.detail };
    }
    if (isJsonObject(body.error) && typeof body.error.message === "string") {
      const { details = null, message } = body.error;
      return { ...nothing, details, said: message };
    }
  }
  const details = isJsonObject(body) && typeof body.detail === "object" &&
      body.detail !== null
    ? body.detail
    : body;
  const fields = new Map<string, string[]>();
  collect(details, "", 0, fields);
  const said = [...fields].map(([field, texts]) =>
    `${field && `${field}: `}${texts.join(" ")}`
  );
  fields.delete("");
  // fromEntries defines its keys: a field `__proto__` stays a plain field
  const fieldErrors = Object.fromEntries(fields);
  return { details, fieldErrors, said: said.join("; ") };
}

/** The reason in the XML of an object storage. */
function readXml(text: string): string {
  const said = ["Code", "Message"].flatMap((tag) =>
    new RegExp(`<${tag}>([^<]{1,300})</${tag}>`).exec(text)?.[1] ?? []
  );
  return said.join(": ");
}

/** Collects texts by the dotted path of their field. */
function collect(
  node: unknown,
  field: string,
  depth: number,
  fields: Map<string, string[]>,
): void {
  if (typeof node === "string") {
    const texts = fields.get(field);
    if (texts) texts.push(node);
    else fields.set(field, [node]);
  } else if (depth >= 16 || fields.size >= 100) {
    return;
  } else if (Array.isArray(node)) {
    node.forEach((entry, index) => {
      const located = isJsonObject(entry) && Array.isArray(entry.loc);
      if (located) {
        collect(
          entry.msg,
          join(field, entry.loc as unknown[]),
          depth + 1,
          fields,
        );
      } else {
        // a list of texts belongs to the field, a list of objects has places
        const place = typeof entry === "string" ? [] : [index];
        collect(entry, join(field, place), depth + 1, fields);
      }
    });
  } else if (isJsonObject(node)) {
    for (const [key, entry] of Object.entries(node)) {
      collect(entry, join(field, [key]), depth + 1, fields);
    }
  }
}

function join(field: string, places: unknown[]): string {
  // an object may refuse to become a text
  const names = places.filter((place) =>
    typeof place === "string" || typeof place === "number"
  );
  return [...(field ? [field] : []), ...names].join(".");
}

/** A longer `Retry-After`, in seconds, is not waited out. */
export const MAX_RETRY_AFTER = 60;
/** The three forms of a date that HTTP allows. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/**
 * Reads a `Retry-After` header: whole seconds or an HTTP date, nothing else.
 *
 * @example Usage
 * ```ts
 * import { parseRetryAfter } from "./response.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseRetryAfter("120"), 120);
 * assertEquals(parseRetryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 0), 60);
 * assertEquals(parseRetryAfter("soon"), null);
 * ```
 *
 * @param value The header's value, or null.
 * @param now The time to count from, in milliseconds since 1970.
 * @returns Seconds from now, 0 for a time that has passed, or null.
 */
export function parseRetryAfter(
  value: string | null,
  now: number = Date.now(),
): number | null {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  if (!HTTP_DATE.test(text)) return null;
  // the asctime form names no zone, and means GMT all the same
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : Math.max(0, (time - now) / 1_000);
}

/**
 * Reads when to come again, a date by the clock of the server that wrote it.
 *
 * @param headers Headers of a response.
 * @returns Seconds from now, or null.
 */
export function retryAfterOf(headers: Headers): number | null {
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  return parseRetryAfter(headers.get("retry-after"), now);
}
