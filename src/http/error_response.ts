/**
 * Which error a response comes to.
 *
 * @module
 */

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
import { redactText } from "../redact.ts";
import { isJsonObject } from "../wire/codec.ts";
import { type About, discard, type ResponseShape, textOf } from "./response.ts";
import { retryAfterOf } from "./retry_after.ts";

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

/**
 * Makes the error of a success whose body is not what was promised.
 *
 * @param response The response, with a 2xx status.
 * @param text Its body.
 * @param shape What the endpoint promises.
 * @param about What is known about the request.
 * @param parse Reads JSON.
 * @returns The error.
 */
export function unexpectedBody(
  response: Response,
  text: string,
  shape: ResponseShape,
  about: About,
  parse: (text: string) => unknown,
): InvalidResponseError {
  if (response.status === 206) {
    const what = "responded with a part of what was asked for";
    return invalid(response, what, excerptOf(text, about), about);
  }
  let json: unknown;
  try {
    json = parse(text);
  } catch {
    const what = text === "" ? "an empty body" : "no JSON";
    const excerpt = excerptOf(text, about);
    const error = invalid(response, `responded with ${what}`, excerpt, about);
    if (isCutOff(response, text)) BROKEN_OFF.add(error);
    return error;
  }
  const isHuge = text.length > ERROR_BODY_LIMIT;
  return invalid(
    response,
    `did not respond with ${NAMES[shape]}`,
    isHuge ? excerptOf(text, about) : json,
    about,
  );
}

/**
 * Makes the error of a success whose body is too large.
 *
 * @param response The response, with a 2xx status.
 * @param limit How many bytes it may have.
 * @param about What is known about the request.
 * @returns The error.
 */
export function tooLarge(
  response: Response,
  limit: number,
  about: About,
): InvalidResponseError {
  const { action, peer } = about;
  return new InvalidResponseError(
    `Cannot ${action} as the ${peer} responded with more than the ${limit} bytes that 'maxResponseBytes' allows`,
    knownOf(response, null, about),
  );
}

const NAMES: { readonly [shape in ResponseShape]?: string } = {
  object: "a JSON object",
  array: "a JSON array",
  page: "a page (an object with the array 'results')",
  pageOrArray: "a page (an object with the array 'results') or a JSON array",
};

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
  const text = response.body && !response.body.locked
    ? await readStart(response.body, ERROR_BODY_LIMIT, signal)
    : await textOf(response, ERROR_BODY_LIMIT).catch(() => undefined) ?? "";
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

/** Reads the start of a body as text; what breaks off is as good as ended. */
async function readStart(
  body: ReadableStream<Uint8Array>,
  limit: number,
  signal: AbortSignal,
): Promise<string> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  // it may have fired before anybody listened
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    while (length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, limit - length), {
        stream: true,
      });
      length += value.byteLength;
    }
  } catch {
    // the status is known: what was read of the body has to do
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (length >= limit) stop();
  return text + decoder.decode();
}
