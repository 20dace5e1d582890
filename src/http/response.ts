/**
 * What a response holds: the JSON that was promised.
 *
 * @module
 */

import type { AvalaErrorOptions } from "../errors.ts";
import { isJsonObject } from "../wire/codec.ts";
import { readBytes } from "./body.ts";

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
 * @param parse Reads JSON.
 * @returns The parsed JSON, null for free JSON that is empty; undefined when the body is not what was promised.
 */
export function readJson(
  text: string,
  shape: ResponseShape,
  parse: (text: string) => unknown,
): unknown {
  if (text === "" && shape === "json") return null;
  try {
    const json = parse(text);
    return hasShape(json, shape) ? json : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the body of a success as text.
 *
 * @param response The response.
 * @param limit How many bytes it may have, counted after decompression.
 * @returns Its text, or undefined when it is larger.
 */
export async function textOf(
  response: Response,
  limit: number,
): Promise<string | undefined> {
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
  return text !== undefined && text.length <= limit ? text : undefined;
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

function hasShape(json: unknown, shape: ResponseShape): boolean {
  if (shape === "object") return isJsonObject(json);
  if (shape === "array") return Array.isArray(json);
  if (shape === "page" || shape === "pageOrArray") {
    if (shape === "pageOrArray" && Array.isArray(json)) return true;
    return isJsonObject(json) && Array.isArray(json.results);
  }
  return true;
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
