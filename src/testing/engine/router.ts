/**
 * Route tables: which handler answers which method and path.
 *
 * @module
 */

import type { Arriving } from "../storage/bucket.ts";
import type { FieldErrors } from "./fields.ts";
import type { WireRecord } from "./store.ts";
import type { World } from "./state.ts";

/** A request as a handler sees it. */
export interface EmulatedRequest {
  /** HTTP method. */
  method: string;
  /** The whole URL. */
  url: URL;
  /** Path parameters by name, decoded. */
  params: { [name: string]: string };
  /** Parsed JSON body; an empty object where there is none. */
  body: WireRecord;
  /** Parsed JSON body of a route that takes a list, else empty. */
  entries: readonly unknown[];
  /** The body as it arrives, where nobody has read it: at presigned routes. */
  stream: Arriving;
  /** Headers of the request. */
  headers: Headers;
  /** The state to read and change. */
  world: World;
}

/** What a handler answers. */
export interface EmulatedAnswer {
  /** HTTP status. */
  status: number;
  /** JSON to answer with, or bytes as they are; null for an empty body. */
  body: unknown;
  /** Further headers. */
  headers?: { [name: string]: string };
}

/** One route. */
export interface Route {
  /** HTTP method. */
  method: string;
  /** Path below the API's prefix, with `{name}` for a parameter. */
  path: string;
  /** Whether no credential is asked for. @default {false} */
  open?: boolean;
  /** Whether the body is a list instead of an object. @default {false} */
  takesList?: boolean;
  /** Answers a request. */
  handle: (
    request: EmulatedRequest,
  ) => EmulatedAnswer | Promise<EmulatedAnswer>;
}

/** What the emulator knows of one resource. */
export interface EmulatedResource {
  /** Its routes below the API's prefix. */
  routes: readonly Route[];
  /** Its routes outside the prefix, as presigned URLs lead to. */
  storage?: readonly Route[];
  /** Its routes of the storage, which take streams and refuse credentials. */
  presigned?: readonly Route[];
  /** Fills its part of the small world. */
  seed?: (world: World) => void;
}

/**
 * Answers with JSON.
 *
 * @param body The JSON; undefined stands for something that is not there.
 * @param status HTTP status.
 * @returns The answer, 404 when there is nothing to answer with.
 */
export function answer(body: unknown, status = 200): EmulatedAnswer {
  return body === undefined ? notFound() : { status, body };
}

/**
 * Answers that there is no such thing.
 *
 * @returns The answer.
 */
export function notFound(): EmulatedAnswer {
  return { status: 404, body: { detail: "Not found." } };
}

/**
 * Answers that something was done, with nothing to say about it.
 *
 * @returns The answer.
 */
export function done(): EmulatedAnswer {
  return { status: 204, body: null };
}

/**
 * Answers that the caller may not do this.
 *
 * @returns The answer.
 */
export function forbidden(): EmulatedAnswer {
  return {
    status: 403,
    body: { detail: "You do not have permission to perform this action." },
  };
}

/**
 * Answers with a page, or refuses its cursor or number.
 *
 * @param page The page, if the query made sense.
 * @param detail What to refuse a query with that made none.
 * @returns The answer.
 */
export function pageAnswer(
  page: unknown,
  detail = "Invalid cursor",
): EmulatedAnswer {
  return page === undefined ? { status: 404, body: { detail } } : answer(page);
}

/**
 * Answers with a numbered page, or refuses its number.
 *
 * @param page The page, if the query made sense.
 * @returns The answer.
 */
export function numberedAnswer(page: unknown): EmulatedAnswer {
  return pageAnswer(page, "Invalid page.");
}

/**
 * Refuses fields of a body.
 *
 * @param errors Texts by field.
 * @returns The answer, or undefined when there is nothing to refuse.
 */
export function refuse(
  errors: FieldErrors,
): EmulatedAnswer | undefined {
  return Object.keys(errors).length > 0
    ? { status: 400, body: errors }
    : undefined;
}

/**
 * Finds the route of a request; fixed segments win over parameters.
 *
 * @param routes All routes.
 * @param method HTTP method.
 * @param path Path below the API's prefix.
 * @returns The route with its parameters, or the status to refuse with.
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: { [name: string]: string } } | 404 | 405 {
  let best: { route: Route; params: { [name: string]: string } } | undefined;
  let known = false;
  for (const route of routes) {
    const params = match(route.path, path);
    if (!params) continue;
    known = true;
    if (route.method !== method) continue;
    const fewer = !best ||
      Object.keys(params).length < Object.keys(best.params).length;
    if (fewer) best = { route, params };
  }
  return best ?? (known ? 405 : 404);
}

function match(
  pattern: string,
  path: string,
): { [name: string]: string } | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: { [name: string]: string } = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== value) return undefined;
    } else if (value === "") return undefined;
    else params[part.slice(1, -1)] = decodeURIComponent(value);
  }
  return params;
}
