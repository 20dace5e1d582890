/**
 * The options of a call: checked by a table, then put on the wire.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import { isSecretName } from "../redaction/names.ts";
import { isJsonObject, snakeCase } from "./codec.ts";

/** One option of a method: what it must be, and what is sent without it. */
export interface Option {
  /** Refuse the call when the option is missing. */
  readonly required?: boolean;
  /** The value to send when the option is not given. */
  readonly default?: string | number | boolean;
  /** What else the value must be. */
  readonly check?: Check;
  /** The option table of the value, or of each entry when it is a list. */
  readonly fields?: { readonly [name: string]: Option };
  /** Send a list in the query as one key for each entry instead of with commas. */
  readonly repeat?: boolean;
  /** The option is for the client alone and does not go on the wire. */
  readonly local?: boolean;
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
export type OptionTable<T> = { readonly [Name in keyof T]-?: Option };

/** What a call sends beside its path; nothing is checked before it is sent. */
export interface Input {
  /** Makes the query. */
  readonly query?: (method: string) => URLSearchParams;
  /** Makes the JSON body. */
  readonly body?: (method: string) => unknown;
  /** Whether a POST may be sent again when its response was lost. */
  readonly idempotent?: boolean;
  /** A status that is no failure to tell of: the method asks in another way then. */
  readonly mends?: number;
  /** Loads what reads the response, where `JSON.parse` would lose some of it. */
  readonly reader?: (() => Promise<(text: string) => unknown>) | undefined;
}

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
  /** Number of the page, from 1. Documented, but not used by the official SDKs. */
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
 * Makes a check for a positive integer that is not too large.
 *
 * @param most The largest.
 * @returns The check.
 */
export function integerUpTo(most: number): Check {
  return (value) =>
    positiveInteger(value) || (value as number) > most
      ? `an integer from 1 to ${most}`
      : undefined;
}

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
export const optional: Option = {};
/** An option that is for the client alone. */
export const local: Option = { local: true };
/** An option without which the call is refused. */
export const required: Option = { required: true };
/** A required, non-empty text. */
export const requiredText: Option = { required: true, check: nonEmptyString };
/** A required, non-empty list. */
export const requiredList: Option = { required: true, check: nonEmptyArray };

/** The options of every method that lists pages. */
export const PAGE: OptionTable<PageOptions> = {
  limit: { check: positiveInteger },
  cursor: { check: nonEmptyString },
};

/** The options of every method whose pages can be numbered. */
export const NUMBERED_PAGE: OptionTable<NumberedPageOptions> = {
  ...PAGE,
  page: { check: positiveInteger },
};

/**
 * Sends options as the JSON body of a call.
 *
 * @typeParam T The options.
 * @param table The option table of the method.
 * @param options The options given.
 * @param idempotent Whether a POST may be sent again when its response was lost.
 * @returns The input of the call.
 */
export function body<T extends object>(
  table: OptionTable<T>,
  options: T,
  idempotent = false,
): Input {
  return { body: (method) => toBody(method, table, options), idempotent };
}

/**
 * Sends options as the query of a call.
 *
 * @typeParam T The options.
 * @param table The option table of the method.
 * @param options The options given.
 * @returns The input of the call.
 */
export function query<T extends object>(
  table: OptionTable<T>,
  options: T,
): Input {
  return { query: (method) => toQuery(method, table, options) };
}

/**
 * Puts options under their wire names, as the body of a request. `undefined` is
 * left out, `null` is sent.
 *
 * @example Usage
 * ```ts
 * import { toBody } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { dataType: {} };
 * const body = toBody("datasets.create", table, { dataType: "lidar" });
 * assertEquals(body, { data_type: "lidar" });
 * ```
 *
 * @typeParam T The options.
 * @param method The method of the client, for the error.
 * @param table Its option table.
 * @param options The options given.
 * @returns The JSON object to send.
 * @throws {InvalidArgumentError} If an option is missing, wrong or unknown.
 */
export function toBody<T extends object>(
  method: string,
  table: OptionTable<T>,
  options: T,
): { [wire: string]: unknown } {
  const body: { [wire: string]: unknown } = {};
  for (const [name, value] of given(method, table, options, "")) {
    body[name] = value;
  }
  return body;
}

/**
 * Puts options under their wire names, as the query of a request. Lists are joined
 * by commas, unless the table says otherwise; `undefined` and `null` are left out.
 *
 * @example Usage
 * ```ts
 * import { toQuery } from "./options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { dataType: {} };
 * const query = toQuery("datasets.list", table, { dataType: "lidar" });
 * assertEquals(`${query}`, "data_type=lidar");
 * ```
 *
 * @typeParam T The options.
 * @param method The method of the client, for the error.
 * @param table Its option table.
 * @param options The options given.
 * @returns The query.
 * @throws {InvalidArgumentError} If an option is missing, wrong or unknown.
 */
export function toQuery<T extends object>(
  method: string,
  table: OptionTable<T>,
  options: T,
): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value, { repeat }] of given(method, table, options, "")) {
    if (value === null) continue;
    if (repeat && Array.isArray(value)) {
      for (const entry of value) query.append(name, String(entry));
    } else query.set(name, String(value));
  }
  return query;
}

/** The options that go on the wire, by wire name, checked. */
function* given(
  method: string,
  table: { readonly [name: string]: Option },
  options: unknown,
  prefix: string,
): Generator<[string, unknown, Option]> {
  if (!isJsonObject(options)) {
    throw refusal(
      method,
      prefix ? `'${prefix.slice(0, -1)}'` : "the options",
      "an object",
      options,
    );
  }
  const known = Object.keys(table);
  refuseUnknown(`call ${method}`, options, known, InvalidArgumentError, prefix);
  for (const [name, option] of Object.entries(table)) {
    const value = options[name] === undefined ? option.default : options[name];
    const wanted = value === undefined || value === null
      ? option.required && "given"
      : option.check?.(value);
    if (wanted) throw refusal(method, `'${prefix}${name}'`, wanted, value);
    if (value === undefined || option.local) continue;
    const { fields } = option;
    yield [
      snakeCase(name),
      fields ? nested(method, fields, value, prefix + name) : value,
      option,
    ];
  }
}

/** A class of errors that refuses an argument. */
export type RefusalClass = new (message: string) => Error;

/** What is often given one argument too early. */
const REQUEST_OPTIONS = ["signal", "timeout", "maxRetries", "headers"];

/**
 * Refuses options that are not known: a misspelled filter that is ignored widens a
 * list, and a misspelled limit leaves the default in force.
 *
 * @param action What can't be done with them: `call datasets.list`.
 * @param options The options given.
 * @param known The names that are known.
 * @param Refusal The class of the error.
 * @param prefix Where the options are, if they are part of another: `fields[0].`.
 * @throws {InvalidArgumentError} If one is not known, unless another class is given.
 */
export function refuseUnknown(
  action: string,
  options: object,
  known: readonly string[],
  Refusal: RefusalClass = InvalidArgumentError,
  prefix = "",
): void {
  for (const name in options) {
    if (known.includes(name)) continue;
    if (options[name as keyof typeof options] === undefined) continue;
    const hint = REQUEST_OPTIONS.includes(name) && action.startsWith("call ")
      ? "; options of the request are the next argument"
      : "";
    throw new Refusal(
      `Cannot ${action} as it has no option '${prefix}${name}': ${
        known.length === 0 ? "it has none" : `known are ${known.join(", ")}`
      }${hint}`,
    );
  }
}

/** A value whose own names are ours, or a list of such values. */
function nested(
  method: string,
  fields: { readonly [name: string]: Option },
  value: unknown,
  name: string,
): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) {
    return value.map((entry, index) =>
      Object.fromEntries(given(method, fields, entry, `${name}[${index}].`))
    );
  }
  return Object.fromEntries(given(method, fields, value, `${name}.`));
}

/**
 * Makes the error for an argument that is not what it must be.
 *
 * @param method The method of the client.
 * @param what The argument: its name in quotes, or a noun.
 * @param wanted What it must be.
 * @param value What it is.
 * @returns The error.
 */
export function refusal(
  method: string,
  what: string,
  wanted: string,
  value: unknown,
): InvalidArgumentError {
  const isHidden = value !== undefined && value !== null &&
    isSecretName(what.replaceAll("'", ""));
  return new InvalidArgumentError(
    `Cannot call ${method} as ${what} must be ${wanted}: current value is ${
      isHidden ? `not shown here (its type is ${typeof value})` : show(value)
    }`,
  );
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
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty array" : "an array";
  }
  if (value instanceof Promise) return "a promise (is an 'await' missing?)";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  return String(value);
}
