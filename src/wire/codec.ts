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

/** One row of a field table, where a decoder needs a default of its own. */
export interface Field {
  /** The value when the key is absent or null. */
  readonly default: JsonObject;
  /** The decoder of the value. */
  readonly model: Decode<unknown>;
}

/**
 * One row of a field table: the value when the key is absent or null, where `[]`
 * and `{}` stand for fresh ones; or the decoder of a nested model; or a decoder in
 * brackets, for a list of nested models that is empty by default.
 */
export type Row =
  | string
  | number
  | boolean
  | null
  | readonly []
  | Readonly<Record<string, never>>
  | Decode<unknown>
  | readonly [Decode<unknown>]
  | Field;

/**
 * The field table of a model. The wire name of a field is its name in
 * snake_case, throughout the API.
 *
 * @typeParam T The model.
 */
export type Fields<T> = { readonly [Name in keyof T]-?: Row };

/**
 * Makes the decoder of a model from its field table.
 *
 * Absent and null fields get the default of the table. Unknown keys are kept,
 * camelCased, with their value untouched; where one collides with a known field,
 * the known wire key wins. Values of an unexpected JSON type pass through
 * unchanged.
 *
 * @example Usage
 * ```ts
 * import { model } from "./codec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const decodeTask = model<{ uid: string; itemCount: number }>({
 *   uid: "",
 *   itemCount: 0,
 * });
 * assertEquals(decodeTask({ item_count: 3 }), { uid: "", itemCount: 3 });
 * ```
 *
 * @typeParam T The model.
 * @param fields The field table.
 * @returns The decoder.
 */
export function model<T extends object>(fields: Fields<T>): Decode<T> {
  // compiled at first use, so that an import costs nothing
  let plan: Plan | undefined;
  return (wire: unknown): T => {
    if (!isJsonObject(wire)) return wire as T;
    plan ??= compile(fields);
    return decode(plan, wire) as T;
  };
}

/**
 * A field table, ready for use. Unknown names join it, as a page repeats them with
 * many of its items.
 */
interface Plan {
  /** Every field with its default; cloned for every model. */
  readonly blank: JsonObject;
  /** Names in the order of the table, then the unknown ones. */
  readonly names: string[];
  /** Wire names in the same order. */
  readonly keys: string[];
  /** Places in that order by wire name. */
  readonly places: Map<string, number>;
  /** Fields whose values are models. */
  readonly models: readonly { name: string; decode: Decode<unknown> }[];
  /** Fields whose defaults must be fresh. */
  readonly fresh: readonly { name: string; make: () => unknown }[];
  /** How many names are those of fields. */
  readonly count: number;
}

function compile(fields: Fields<JsonObject>): Plan {
  const names = Object.keys(fields);
  const keys = names.map(snakeCase);
  const defaults: [string, unknown][] = [];
  const models: { name: string; decode: Decode<unknown> }[] = [];
  const fresh: { name: string; make: () => unknown }[] = [];
  for (const [name, row] of Object.entries(fields)) {
    let value: unknown = null;
    if (typeof row === "function") models.push({ name, decode: row });
    else if (isList(row)) {
      fresh.push({ name, make: () => [] });
      if (row[0]) models.push({ name, decode: row[0] });
    } else if (!isJsonObject(row)) value = row;
    else if (isField(row)) {
      fresh.push({ name, make: () => structuredClone(row.default) });
      models.push({ name, decode: row.model });
    } else fresh.push({ name, make: () => ({}) });
    defaults.push([name, value]);
  }
  // assigned key by key, an object of many keys would become a slow dictionary
  const blank = Object.fromEntries(defaults);
  const count = names.length;
  const places = new Map(keys.map((key, place) => [key, place]));
  return { blank, names, keys, places, models, fresh, count };
}

function isList(row: Row): row is readonly [] | readonly [Decode<unknown>] {
  return Array.isArray(row);
}

function isField(row: object): row is Field {
  return "model" in row;
}

function decode(plan: Plan, wire: JsonObject): JsonObject {
  const { names, keys, places, models, fresh, count } = plan;
  const result: JsonObject = { ...plan.blank };
  let place = 0;
  // `for in` is far faster than a list of keys
  for (const key in wire) {
    // the server's order is mostly that of the table: a look-up is rare
    if (keys[place] !== key) {
      if (!Object.hasOwn(wire, key)) continue;
      const found = places.get(key);
      if (found === undefined) {
        keepUnknown(result, wire, key, plan);
        continue;
      }
      place = found;
    }
    const value = wire[key];
    if (value !== null || place >= count) {
      result[names[place] as string] = value;
    }
    place++;
  }
  for (const { name, make } of fresh) result[name] ??= make();
  for (const { name, decode } of models) {
    const value = result[name];
    result[name] = Array.isArray(value)
      ? value.map((entry) => decode(entry))
      : decode(value);
  }
  return result;
}

function keepUnknown(
  result: JsonObject,
  wire: JsonObject,
  key: string,
  plan: Plan,
): void {
  const name = camelCase(key);
  const isKnown = Object.hasOwn(plan.blank, name);
  if (isKnown && Object.hasOwn(wire, snakeCase(name))) return;
  // `result.__proto__ = …` would set the prototype instead of a field.
  if (name === "__proto__") return;
  const { names, keys, places, count } = plan;
  // a known field behind it wins, so its place must be looked at each time
  if (!isKnown && names.length < count + MAX_EXTRAS) {
    places.set(key, names.length);
    names.push(name);
    keys.push(key);
  }
  result[name] = wire[key];
}

/** A model with more unknown names than this is no model of ours. */
const MAX_EXTRAS = 32;

/**
 * Gives the wire name of a field or an option.
 *
 * @example Usage
 * ```ts
 * import { snakeCase } from "./codec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(snakeCase("durationMs"), "duration_ms");
 * ```
 *
 * @param name The name in camelCase.
 * @returns The name in snake_case.
 */
export function snakeCase(name: string): string {
  let wire = WIRE_NAMES.get(name);
  if (wire === undefined) {
    wire = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    WIRE_NAMES.set(name, wire);
  }
  return wire;
}

/** Wire names of the fields and options of our tables; a list repeats them. */
const WIRE_NAMES = new Map<string, string>();

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
  if (CAMEL_CASED.size < 1_000 && key.length <= 64) CAMEL_CASED.set(key, name);
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
