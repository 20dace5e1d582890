/**
 * What a caller hands in: checked first, then put on the wire.
 *
 * @module
 */

import { InvalidArgumentError } from "./errors.ts";

/** One option of a method, where the wire name alone is not enough. */
export interface Parameter {
  /** The name on the wire. */
  readonly wire: string;
  /** Refuse the call when the option is missing. */
  readonly required?: boolean;
  /** The value to send when the option is not given. */
  readonly default?: string | number | boolean;
  /** What else the value must be. */
  readonly check?: Check;
}

/**
 * Says what a value must be, or nothing when it is.
 *
 * @param value The value given.
 * @returns A noun phrase such as "a positive integer", or undefined.
 */
export type Check = (value: unknown) => string | undefined;

/**
 * The option table of a method: every option with its name on the wire.
 *
 * @typeParam T The options.
 */
export type Parameters<T> = {
  readonly [Name in keyof T]-?: string | Parameter;
};

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

/** Rows that every table of a listing method shares. */
export const PAGE_PARAMETERS: Parameters<PageOptions> = {
  limit: { wire: "limit", check: positiveInteger },
  cursor: { wire: "cursor", check: nonEmptyString },
};

/**
 * Encodes a path parameter as exactly one segment of a path.
 *
 * @example Usage
 * ```ts
 * import { segment } from "./arguments.ts";
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
 * import { toBody } from "./arguments.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { dataType: "data_type" };
 * assertEquals(toBody(table, { dataType: "lidar" }), { data_type: "lidar" });
 * ```
 *
 * @typeParam T The options.
 * @param table The option table of the method.
 * @param options The options given.
 * @returns The JSON object to send.
 * @throws {InvalidArgumentError} If an option is missing or wrong.
 */
export function toBody<T extends object>(
  table: Parameters<T>,
  options: T,
): { [wire: string]: unknown } {
  const body: { [wire: string]: unknown } = {};
  for (const [parameter, value] of given(table, options)) {
    body[parameter.wire] = value;
  }
  return body;
}

/**
 * Puts options under their wire names, as the query of a request.
 *
 * Lists are joined by commas; `undefined` and `null` are left out.
 *
 * @example Usage
 * ```ts
 * import { toQuery } from "./arguments.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { dataType: "data_type" };
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
  for (const [parameter, value] of given(table, options)) {
    if (value !== null) query.set(parameter.wire, String(value));
  }
  return query;
}

/** The options that go on the wire, checked, each with its row of the table. */
function* given<T extends object>(
  table: Parameters<T>,
  options: T,
): Generator<[Parameter, unknown]> {
  if (typeof options !== "object" || options === null) {
    throw new InvalidArgumentError(
      `Cannot send the request as the options must be an object: current value is ${
        show(options)
      }`,
    );
  }
  const rows: [string, string | Parameter][] = Object.entries(table);
  for (const [name, row] of rows) {
    const parameter: Parameter = typeof row === "string" ? { wire: row } : row;
    const option = (options as { [name: string]: unknown })[name];
    const value = option === undefined ? parameter.default : option;
    const wanted = value === undefined || value === null
      ? parameter.required && "given"
      : parameter.check?.(value);
    if (wanted) {
      throw new InvalidArgumentError(
        `Cannot send the request as '${name}' must be ${wanted}: current value is ${
          show(value)
        }`,
      );
    }
    if (value !== undefined) yield [parameter, value];
  }
}

/**
 * Shows a value in an error message: short, and never a whole structure.
 *
 * @example Usage
 * ```ts
 * import { show } from "./arguments.ts";
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
