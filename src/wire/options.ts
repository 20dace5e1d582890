/**
 * What a caller hands in: checked first, then put on the wire.
 *
 * @module
 */

import { isJsonObject, snakeCase } from "./codec.ts";
import { InvalidArgumentError } from "../errors.ts";

/** One option of a method: what it must be, and what is sent without it. */
export interface Parameter {
  /** Refuse the call when the option is missing. */
  readonly required?: boolean;
  /** The value to send when the option is not given. */
  readonly default?: string | number | boolean;
  /** What else the value must be. */
  readonly check?: Check;
  /** The option table of the value, or of each entry when it is a list. */
  readonly fields?: { readonly [name: string]: Parameter };
}

/**
 * Says what a value must be, or nothing when it is.
 *
 * @param value The value given.
 * @returns A noun phrase such as "a positive integer", or undefined.
 */
export type Check = (value: unknown) => string | undefined;

/**
 * The option table of a method. The wire name of an option is its name in
 * snake_case, throughout the API.
 *
 * @typeParam T The options.
 */
export type Parameters<T> = { readonly [Name in keyof T]-?: Parameter };

/** Options of every method that lists pages. */
export interface PageOptions {
  /**
   * Items per page. The Avala docs name no maximum.
   *
   * @default {100 (chosen by the server)}
   */
  limit?: number | undefined;
  /** Where to start: the `nextCursor` of an earlier page. */
  cursor?: string | undefined;
}

/** Options of the methods whose pages can be numbered. */
export interface NumberedPageOptions extends PageOptions {
  /** Number of the page, from 1; named by the Avala docs only. */
  page?: number | undefined;
}

/**
 * Checks for a positive integer.
 *
 * @param value The value given.
 * @returns What is wanted, when the value is not that.
 */
export const positiveInteger: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0
    ? undefined
    : "a positive integer";

/**
 * Checks for a number from 0 to 1.
 *
 * @param value The value given.
 * @returns What is wanted, when the value is not that.
 */
export const fraction: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1
    ? undefined
    : "a number from 0 to 1";

/**
 * Checks for a text that is not empty.
 *
 * @param value The value given.
 * @returns What is wanted, when the value is not that.
 */
export const nonEmptyString: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : "a non-empty string";

/**
 * Checks for a list that is not empty.
 *
 * @param value The value given.
 * @returns What is wanted, when the value is not that.
 */
export const nonEmptyArray: Check = (value) =>
  Array.isArray(value) && value.length > 0 ? undefined : "a non-empty array";

/** An option that is sent as it is, when it is given. */
export const optional: Parameter = {};
/** An option without which the call is refused. */
export const required: Parameter = { required: true };
/** A text without which the call is refused. */
export const requiredText: Parameter = {
  required: true,
  check: nonEmptyString,
};
/** A list without which, or without entries of which, the call is refused. */
export const requiredList: Parameter = { required: true, check: nonEmptyArray };

/** Rows that every table of a listing method shares. */
export const PAGE_PARAMETERS: Parameters<PageOptions> = {
  limit: { check: positiveInteger },
  cursor: { check: nonEmptyString },
};

/** Rows that every table of a listing method with numbered pages shares. */
export const NUMBERED_PAGE_PARAMETERS: Parameters<NumberedPageOptions> = {
  ...PAGE_PARAMETERS,
  page: { check: positiveInteger },
};

/**
 * Encodes a path parameter as exactly one segment of a path.
 *
 * @example Usage
 * ```ts
 * import { segment } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(`/datasets/${segment("uid", "a b")}/`, "/datasets/a%20b/");
 * ```
 *
 * @param name The name of the parameter, for the error.
 * @param value The value given.
 * @returns The percent-encoded segment.
 * @throws {InvalidArgumentError} If the value could reach another endpoint.
 */
export function segment(name: string, value: string): string {
  if (
    typeof value !== "string" || value === "" || value === "." ||
    value === ".." || UNSAFE_IN_SEGMENT.test(value) || !value.isWellFormed()
  ) {
    throw new InvalidArgumentError(
      `Cannot build the path as '${name}' must be a non-empty string other than '.' and '..', without '/', '\\' and control characters: current value is ${
        show(value)
      }`,
    );
  }
  return encodeURIComponent(value);
}

// A Django server decodes %2F before it routes: a slash would reach another endpoint.
// deno-lint-ignore no-control-regex
const UNSAFE_IN_SEGMENT = /[/\\\u0000-\u001f\u007f]/;

/**
 * Puts options under their wire names, as the body of a request.
 *
 * Options that are not in the table are not sent. `undefined` is left out,
 * `null` is sent.
 *
 * @example Usage
 * ```ts
 * import { toBody } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { dataType: {} };
 * assertEquals(toBody(table, { dataType: "lidar" }), { data_type: "lidar" });
 * ```
 *
 * @typeParam T The options.
 * @param table The option table of the method.
 * @param options The options given.
 * @param prefix What comes before the names of options in an error.
 * @returns The JSON object to send.
 * @throws {InvalidArgumentError} If an option is missing or wrong.
 */
export function toBody<T extends object>(
  table: Parameters<T>,
  options: T,
  prefix = "",
): { [wire: string]: unknown } {
  const body: { [wire: string]: unknown } = {};
  for (const [name, value] of given(table, options, prefix)) body[name] = value;
  return body;
}

/**
 * Puts options under their wire names, as the query of a request.
 *
 * Lists are joined by commas; `undefined` and `null` are left out.
 *
 * @example Usage
 * ```ts
 * import { toQuery } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { dataType: {} };
 * assertEquals(`${toQuery(table, { dataType: "lidar" })}`, "data_type=lidar");
 * ```
 *
 * @typeParam T The options.
 * @param table The option table of the method.
 * @param options The options given.
 * @returns The query.
 * @throws {InvalidArgumentError} If an option is missing or wrong.
 */
export function toQuery<T extends object>(
  table: Parameters<T>,
  options: T,
): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of given(table, options, "")) {
    if (value !== null) query.set(name, String(value));
  }
  return query;
}

/** The options that go on the wire by wire name, checked. */
function* given(
  table: { readonly [name: string]: Parameter },
  options: unknown,
  prefix: string,
): Generator<[string, unknown]> {
  if (!isJsonObject(options)) {
    throw new InvalidArgumentError(
      `Cannot send the request as ${
        prefix ? `'${prefix.slice(0, -1)}'` : "the options"
      } must be an object: current value is ${show(options)}`,
    );
  }
  for (const [name, parameter] of Object.entries(table)) {
    const option = options[name];
    const value = option === undefined ? parameter.default : option;
    const wanted = value === undefined || value === null
      ? parameter.required && "given"
      : parameter.check?.(value);
    if (wanted) {
      throw new InvalidArgumentError(
        `Cannot send the request as '${prefix}${name}' must be ${wanted}: current value is ${
          show(value)
        }`,
      );
    }
    if (value === undefined) continue;
    const { fields } = parameter;
    yield [
      snakeCase(name),
      fields ? nested(fields, value, prefix + name) : value,
    ];
  }
}

/** A value whose own names are ours, or a list of such values. */
function nested(
  fields: { readonly [name: string]: Parameter },
  value: unknown,
  name: string,
): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) {
    return value.map((entry, index) =>
      Object.fromEntries(given(fields, entry, `${name}[${index}].`))
    );
  }
  return Object.fromEntries(given(fields, value, `${name}.`));
}

/**
 * Reads an absolute URL.
 *
 * @example Usage
 * ```ts
 * import { toUrl } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toUrl("https://example.com/a?b")?.host, "example.com");
 * assertEquals(toUrl("/a?b"), undefined);
 * ```
 *
 * @param value The value given.
 * @returns The URL, or undefined when it is none.
 */
export function toUrl(value: unknown): URL | undefined {
  try {
    return typeof value === "string" ? new URL(value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Shows a value in an error message: short, and never a whole structure.
 *
 * @example Usage
 * ```ts
 * import { show } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(show("../admin"), '"../admin"');
 * assertEquals(show([1, 2]), "an array");
 * ```
 *
 * @param value The value.
 * @returns Its text.
 */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  }
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  return String(value);
}
