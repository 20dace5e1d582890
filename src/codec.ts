/**
 * Wire names ⇄ TypeScript names, driven by one field table per model.
 *
 * Only the fields of a table are renamed. What is inside a field stays exactly
 * as `JSON.parse` gave it, unless the table names a model for it.
 *
 * @module
 */

/** A JSON object whose keys and values belong to the user or the server. */
export type JsonObject = { [key: string]: unknown };

/**
 * The values known today, and any other string: the server may add values.
 *
 * @typeParam Known The union of the known values.
 */
export type Open<Known extends string> =
  | Known
  | (string & Record<never, never>);

/**
 * Turns one wire value into a model.
 *
 * @typeParam T The model.
 */
export type Decode<T> = (wire: unknown) => T;

/** One row of a field table, where the wire name alone is not enough. */
export interface Field {
  /** The name on the wire. */
  readonly wire: string;
  /** The value when the key is absent or null. An empty list stands for a fresh one. */
  readonly default?: string | number | boolean | readonly [];
  /** The decoder of the value, or of each entry when the value is an array. */
  readonly model?: Decode<unknown>;
}

/**
 * The field table of a model: every field with its name on the wire.
 *
 * @typeParam T The model.
 */
export type Fields<T> = { readonly [Name in keyof T]-?: string | Field };

/**
 * Makes the decoder of a model from its field table.
 *
 * Absent and null fields get the default of the table, else `null`. Unknown
 * keys are kept, camelCased, with their value untouched; where one collides
 * with a known field, the known wire key wins. Values of an unexpected JSON type
 * pass through unchanged.
 *
 * @example Usage
 * ```ts
 * import { model } from "./codec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const decodeTask = model<{ uid: string; itemCount: number }>({
 *   uid: "uid",
 *   itemCount: { wire: "item_count", default: 0 },
 * });
 * assertEquals(decodeTask({ uid: "t-1" }), { uid: "t-1", itemCount: 0 });
 * ```
 *
 * @typeParam T The model.
 * @param fields The field table.
 * @returns The decoder.
 */
export function model<T extends object>(fields: Fields<T>): Decode<T> {
  // Cloning one blank object gives every decoded model the same hidden class.
  const blank: JsonObject = {};
  const names = new Map<string, string>();
  const models = new Map<string, Decode<unknown>>();
  const lists: string[] = [];
  const table: [string, string | Field][] = Object.entries(fields);
  for (const [name, row] of table) {
    const field: Field = typeof row === "string" ? { wire: row } : row;
    names.set(field.wire, name);
    const isList = Array.isArray(field.default);
    blank[name] = isList ? null : field.default ?? null;
    if (isList) lists.push(name);
    if (field.model) models.set(name, field.model);
  }

  return (wire: unknown): T => {
    if (!isJsonObject(wire)) return wire as T;
    const result: JsonObject = { ...blank };
    for (const key of Object.keys(wire)) {
      const name = names.get(key);
      if (name === undefined) keepUnknown(result, wire, key, fields);
      else if (wire[key] !== null) result[name] = wire[key];
    }
    for (const name of lists) result[name] ??= [];
    for (const [name, decode] of models) {
      const value = result[name];
      result[name] = Array.isArray(value) ? value.map(decode) : decode(value);
    }
    return result as T;
  };
}

function keepUnknown(
  result: JsonObject,
  wire: JsonObject,
  key: string,
  fields: Fields<JsonObject>,
): void {
  const name = camelCase(key);
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (known !== undefined) {
    const knownKey = typeof known === "string" ? known : known.wire;
    if (Object.hasOwn(wire, knownKey)) return;
  }
  // `result.__proto__ = …` would set the prototype instead of a field.
  if (name === "__proto__") return;
  result[name] = wire[key];
}

/** Names of unknown keys; a page repeats them with every item. */
const CAMEL_CASED = new Map<string, string>();

function camelCase(key: string): string {
  const cached = CAMEL_CASED.get(key);
  if (cached !== undefined) return cached;
  const name = key.replace(
    /_([a-z0-9])/g,
    (_, letter: string) => letter.toUpperCase(),
  );
  // bounded: a server that makes up keys must not fill the memory
  if (CAMEL_CASED.size < 1_000) CAMEL_CASED.set(key, name);
  return name;
}

/**
 * Tells a JSON object from arrays, null and primitives.
 *
 * @example Usage
 * ```ts
 * import { isJsonObject } from "./codec.ts";
 * import { assert } from "@std/assert";
 *
 * assert(isJsonObject({ a: 1 }));
 * assert(!isJsonObject([1]));
 * ```
 *
 * @param value Any value.
 * @returns `true` for an object that is neither null nor an array.
 */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
