/**
 * Calls of endpoints that the client does not know.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import { refusal, show } from "../wire/options.ts";
import { isSegment, path as pathOf } from "../wire/path.ts";
import type { Call, Method, RawRequestOptions } from "./request.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Checks a method and a path, and makes a call of them.
 *
 * @param method HTTP method.
 * @param path Path below the base URL.
 * @param options Query and body.
 * @returns The call.
 * @throws {InvalidArgumentError} If the method, the path or the body is wrong.
 */
export function toCall(
  method: Method,
  path: string,
  options: RawRequestOptions,
): Call {
  if (!METHODS.includes(method)) {
    throw refusal(
      "request",
      "'method'",
      `one of ${METHODS.join(", ")}`,
      method,
    );
  }
  checkPath(path);
  const { body } = options;
  if (body !== undefined && (method === "GET" || method === "HEAD")) {
    throw new InvalidArgumentError(
      `Cannot call request as a ${method} request has no body: current value is ${
        show(body)
      }`,
    );
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined) query.set(name, String(value));
  }
  return {
    method,
    path: pathOf("request", path),
    query: () => query,
    body: () => body,
  };
}

/** Every segment must reach the server as it is written, and nothing but the path. */
function checkPath(path: string): void {
  if (typeof path !== "string" || !/^\/[^?#\s{}]*$/.test(path)) {
    throw refusal(
      "request",
      "'path'",
      "a path that starts with '/' and holds no query, fragment, spaces and braces",
      path,
    );
  }
  if (path === "/") return;
  for (const part of path.replace(/^\/|\/$/g, "").split("/")) {
    let decoded = part;
    try {
      decoded = decodeURIComponent(part);
    } catch {
      // a lone % stays as it is
    }
    if (isSegment(decoded)) continue;
    throw refusal(
      "request",
      "'path'",
      "a path without empty, '.' and '..' segments, '\\' and control characters",
      path,
    );
  }
}
