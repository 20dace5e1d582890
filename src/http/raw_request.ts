/**
 * Calls of endpoints that the client does not know.
 *
 * @module
 */

import { segment, show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { Call, Method, RequestOptions } from "./request.ts";

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

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Checks a method and a path, and makes a call of them.
 *
 * @param method HTTP method.
 * @param path Path below the base URL.
 * @param options Query and body.
 * @returns The call.
 * @throws {InvalidArgumentError} If the method or the path is wrong.
 */
export function toCall(
  method: Method,
  path: string,
  options: RawRequestOptions,
): Call {
  if (!METHODS.includes(method)) {
    throw new InvalidArgumentError(
      `Cannot send the request as 'method' must be one of ${
        METHODS.join(", ")
      }: current value is ${show(method)}`,
    );
  }
  checkPath(path);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined) query.set(name, String(value));
  }
  const promised = method === "HEAD" ? "nothing" : "json";
  return { method, path, query, body: options.body, promised };
}

/** Every segment must reach the server as it is written, and nothing but the path. */
function checkPath(path: string): void {
  if (typeof path !== "string" || !/^\/[^?#\s]*$/.test(path)) {
    throw new InvalidArgumentError(
      `Cannot send the request as 'path' must start with '/' and hold no query, fragment and spaces: current value is ${
        show(path)
      }`,
    );
  }
  const segments = path.replace(/^\/|\/$/g, "").split("/");
  for (const part of segments) {
    let decoded = part;
    try {
      decoded = decodeURIComponent(part);
    } catch {
      // a lone % stays as it is
    }
    if (path !== "/") segment("path", decoded);
  }
}
