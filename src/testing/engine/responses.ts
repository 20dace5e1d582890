/**
 * What a handler responds with.
 *
 * @module
 */

import type { FieldErrors } from "./fields.ts";

/** What a handler responds with. */
export interface EmulatedResponse {
  /** HTTP status. */
  status: number;
  /** JSON, or text, bytes and a stream of bytes as they are; null for an empty body. */
  body: unknown;
  /** Further headers. */
  headers?: { [name: string]: string };
}

/**
 * Responds with JSON.
 *
 * @param body The JSON; undefined stands for something that is not there.
 * @param status HTTP status.
 * @returns The response, 404 when there is nothing to respond with.
 */
export function respond(body: unknown, status = 200): EmulatedResponse {
  return body === undefined ? notFound() : { status, body };
}

/**
 * Responds that something was done, with nothing to say about it.
 *
 * @returns The response.
 */
export function noContent(): EmulatedResponse {
  return { status: 204, body: null };
}

/**
 * Responds that there is no such thing.
 *
 * @returns The response.
 */
export function notFound(): EmulatedResponse {
  return failure(404, "Not found.");
}

/**
 * Responds that the caller may not do this.
 *
 * @returns The response.
 */
export function forbidden(): EmulatedResponse {
  return failure(403, "You do not have permission to perform this action.");
}

/**
 * Refuses with a text, the way Django REST framework does.
 *
 * @param status HTTP status.
 * @param detail The text.
 * @returns The response.
 */
export function failure(status: number, detail: string): EmulatedResponse {
  return { status, body: { detail } };
}

/**
 * Refuses fields of a body.
 *
 * @param errors Texts by field.
 * @returns The response, or undefined when there is nothing to refuse.
 */
export function refuse(errors: FieldErrors): EmulatedResponse | undefined {
  return Object.keys(errors).length > 0 ? invalid(errors) : undefined;
}

/**
 * Refuses fields of a body of which one is known to be wrong.
 *
 * @param errors Texts by field.
 * @returns The response.
 */
export function invalid(errors: FieldErrors): EmulatedResponse {
  return { status: 400, body: errors };
}
