/**
 * Paths of endpoints: a literal template, and one segment for each parameter.
 *
 * @module
 */

import { refusal } from "./options.ts";

/** Where an endpoint is, and which method of the client asks it. */
export interface Path {
  /** The method, for messages: `datasets.get`. */
  readonly name: string;
  /** The path below the base URL: `/datasets/{uid}/`. */
  readonly template: string;
  /** The values for the names in braces. */
  readonly params: { readonly [name: string]: string };
}

/**
 * Names an endpoint. Nothing is checked before the request is made, so that a
 * wrong parameter rejects the call's promise.
 *
 * @example Usage
 * ```ts
 * import { buildPath, path } from "./path.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const where = path("datasets.get", "/datasets/{uid}/", { uid: "a b" });
 * assertEquals(buildPath(where), "/datasets/a%20b/");
 * ```
 *
 * @param name The method of the client, for messages.
 * @param template The path below the base URL, names of parameters in braces.
 * @param params The parameters.
 * @returns Where the endpoint is.
 */
export function path(
  name: string,
  template: string,
  params: { readonly [name: string]: string } = {},
): Path {
  return { name, template, params };
}

/**
 * Puts the parameters into a path, each as exactly one segment.
 *
 * @param where Where the endpoint is.
 * @returns The path, its parameters percent-encoded.
 * @throws {InvalidArgumentError} If a parameter could reach another endpoint.
 */
export function buildPath({ name, template, params }: Path): string {
  if (!template.includes("{")) return template;
  return template.replace(
    /\{(\w+)\}/g,
    (_, parameter: string) => segment(name, parameter, params[parameter]),
  );
}

/**
 * Encodes a path parameter as exactly one segment of a path.
 *
 * @param method The method of the client, for the error.
 * @param name The name of the parameter, for the error.
 * @param value The value given.
 * @returns The percent-encoded segment.
 * @throws {InvalidArgumentError} If the value could reach another endpoint.
 */
export function segment(method: string, name: string, value: unknown): string {
  if (typeof value === "string" && isSegment(value)) {
    return encodeURIComponent(value);
  }
  const wanted = typeof value === "string"
    ? "a non-empty string other than '.' and '..', without '/', '\\' and control characters"
    : "a string";
  throw refusal(method, `'${name}'`, wanted, value);
}

/**
 * Tells whether a text can be one segment of a path.
 *
 * @param value The text.
 * @returns `false` for what could reach another endpoint.
 */
export function isSegment(value: string): boolean {
  return value !== "" && value !== "." && value !== ".." &&
    !UNSAFE_IN_SEGMENT.test(value) && value.isWellFormed();
}

// A Django server decodes %2F before it routes: a slash would reach another endpoint.
// deno-lint-ignore no-control-regex
const UNSAFE_IN_SEGMENT = /[/\\\u0000-\u001f\u007f]/;
