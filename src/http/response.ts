/**
 * What an answer means: the JSON that was promised, or an error.
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
import { retryAfterOf } from "./retry.ts";

/** The JSON that an endpoint promises. */
export type Promised =
  | "object"
  | "array"
  | "page"
  | "pageOrArray"
  | "json"
  | "nothing";

/** How much of an error's body is read, in bytes. */
const ERROR_BODY_LIMIT = 65_536;
/** How much of a text that is no JSON an error carries, in characters. */
const EXCERPT_LENGTH = 1_000;
/** How long a message from the server may become, in characters. */
const MESSAGE_LENGTH = 1_000;

/**
 * Reads the JSON of a successful answer.
 *
 * @param text Its body.
 * @param promised What the endpoint promises.
 * @param response The answer, with a 2xx status.
 * @param about Tells what is known about the request.
 * @returns The parsed JSON; null for free JSON that is empty.
 * @throws {InvalidResponseError} If the body is not what was promised.
 */
export function readJson(
  text: string,
  promised: Promised,
  response: Response,
  about: () => AvalaErrorOptions,
): unknown {
  if (text === "" && promised === "json") return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid(
      response,
      `answered with ${text === "" ? "an empty body" : "no JSON"}`,
      excerptOf(text, about()),
      about(),
    );
  }
  if (!isPromised(json, promised)) {
    const isHuge = text.length > ERROR_BODY_LIMIT;
    throw invalid(
      response,
      `did not answer with ${NAMES[promised]}`,
      isHuge ? excerptOf(text, about()) : json,
      about(),
    );
  }
  return json;
}

/**
 * Reads the body of an answer; a stub of `fetch` in a user's own test often has
 * `json()` alone.
 *
 * @param response The answer.
 * @returns Its text.
 */
export function textOf(response: Response): Promise<string> {
  if (typeof response.text === "function") return response.text();
  return (response as Response).json().then((json) =>
    JSON.stringify(json) ?? ""
  );
}

const NAMES = {
  nothing: "",
  object: "a JSON object",
  array: "a JSON array",
  page: "a page (an object with the array 'results')",
  pageOrArray: "a page (an object with the array 'results') or a JSON array",
  json: "JSON",
};

function isPromised(json: unknown, promised: Promised): boolean {
  if (promised === "object") return isJsonObject(json);
  if (promised === "array") return Array.isArray(json);
  if (promised === "page" || promised === "pageOrArray") {
    if (promised === "pageOrArray" && Array.isArray(json)) return true;
    return isJsonObject(json) && Array.isArray(json.results);
  }
  return true;
}

/** The start of a text; redacted before it is cut, as half a secret is not recognized. */
function excerptOf(text: string, { secrets }: AvalaErrorOptions): string {
  return redactText(text.slice(0, ERROR_BODY_LIMIT), secrets)
    .slice(0, EXCERPT_LENGTH);
}

function invalid(
  response: Response,
  what: string,
  body: unknown,
  about: AvalaErrorOptions,
): InvalidResponseError {
  return new InvalidResponseError(
    `Cannot ${about.method} ${about.path} as the server ${what} (status ${response.status})`,
    {
      ...about,
      statusCode: response.status,
      body,
      requestId: response.headers.get("x-request-id"),
    },
  );
}

/**
 * Drops an answer that nobody will read, so that it holds no connection.
 *
 * @param response The answer.
 */
export function discard(response: Response): void {
  // never awaited: a cancel can hang on Node. An empty body costs less to read
  const end = response.headers?.get("content-length") === "0"
    ? textOf(response)
    : response.body?.cancel();
  end?.catch(() => {});
}

/**
 * Tells whether a successful answer seems to have lost its end: it begins like
 * JSON, and nothing says how long it should have been. Node 20 takes such a body
 * as whole when the connection is closed in the middle of it.
 *
 * @param response The answer.
 * @param body What was read of it: a text when it was no JSON.
 * @returns `true` when it does.
 */
export function seemsBrokenOff(response: Response, body: unknown): boolean {
  return !response.headers.has("content-length") && typeof body === "string" &&
    /^\s*(?:[[{]|$)/.test(body);
}

/**
 * Turns an answer without success into the error of its status.
 *
 * At most 64 KiB of the body are read; a body that breaks off or hangs does not
 * hide the status.
 *
 * @param response An answer whose status is not 2xx.
 * @param about What is known about the request.
 * @param signal Fires when the time for the answer is over.
 * @returns The error.
 */
export async function readError(
  response: Response,
  about: AvalaErrorOptions,
  signal: AbortSignal,
): Promise<AvalaError> {
  // browsers hide a redirect that was not followed behind the status 0
  if (response.status < 400) {
    discard(response);
    const status = response.status || "a redirect";
    return new InvalidResponseError(
      `Cannot ${about.method} ${about.path} as the server answered ${status}: redirects are not followed`,
      {
        ...about,
        statusCode: response.status || null,
        requestId: response.headers.get("x-request-id"),
      },
    );
  }
  const text = await readStart(response, signal);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = text === "" ? null : excerptOf(text, about);
  }
  return errorOf(response, body, about);
}

/** Reads at most {@linkcode ERROR_BODY_LIMIT} bytes of a body as text. */
async function readStart(
  response: Response,
  signal: AbortSignal,
): Promise<string> {
  if (!response.body) return await textOf(response).catch(() => "");
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    while (size < ERROR_BODY_LIMIT && !signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      const part = value.subarray(0, ERROR_BODY_LIMIT - size);
      size += part.byteLength;
      text += decoder.decode(part, { stream: true });
    }
  } catch {
    // the status is known: what was read of the body has to do
  }
  reader.cancel().catch(() => {});
  return text;
}

/**
 * Makes the error of a status.
 *
 * @param response An answer whose status is 4xx or 5xx.
 * @param body Its body, parsed where it is JSON.
 * @param about What is known about the request.
 * @returns The error.
 */
export function errorOf(
  response: Response,
  body: unknown,
  about: AvalaErrorOptions,
): AvalaError {
  const { status, headers } = response;
  const { details, fieldErrors, said } = readBody(body);
  const known: AvalaErrorOptions = {
    ...about,
    statusCode: status,
    body,
    requestId: headers.get("x-request-id"),
  };
  const message =
    `Cannot ${about.method} ${about.path} as the server answered ${status}${
      said && `: ${redactText(said, about.secrets).slice(0, MESSAGE_LENGTH)}`
    }`;
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
      return new RateLimitError(message, retryAfterOf(headers), known);
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
