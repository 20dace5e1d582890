/**
 * Records that users give, checked.
 *
 * @module
 */

import { ConfigurationError } from "../../errors.ts";
import { isJsonObject, snakeCase } from "../../wire/codec.ts";
import type { WireRecord } from "./collection.ts";
import { type BodyField, type BodyFields, hasType } from "./fields.ts";
import type { CollectionName, State } from "./state.ts";

/** What the emulator knows of a model of which users give records. */
export interface SeedModel {
  /** Name of the collection. */
  collection: CollectionName;
  /** Fields that are required, or of which the blank record does not tell the type: null is the blank of a text. */
  fields: BodyFields;
  /** Makes the record of what is given; the blank one of nothing. */
  make: (given: WireRecord, state: State) => WireRecord;
  /** What happens once it is there. */
  then?: (record: WireRecord, state: State) => void;
}

/** More sample records of a kind do not fit into memory: each takes some 150 bytes. */
const MAX_COUNT = 10_000_000;

/** What a number of sample records must be. */
export const COUNT = "a whole number up to 10,000,000";

/**
 * Tells whether there can be that many sample records.
 *
 * @param count How many.
 * @returns `true` when there can.
 */
export function isCount(count: unknown): count is number {
  return typeof count === "number" && Number.isSafeInteger(count) &&
    count >= 0 && count <= MAX_COUNT;
}

/**
 * Adds a record that a user gives.
 *
 * @param state Where it is added.
 * @param model What it must be.
 * @param value What is given, in camelCase.
 * @param place Where it stands in the seed, such as `datasets[0]`.
 * @param known What is known of it beside.
 * @returns The record.
 * @throws {ConfigurationError} If a field is unknown, missing or of a wrong type.
 */
export function addRecord(
  state: State,
  model: SeedModel,
  value: unknown,
  place: string,
  known: WireRecord = {},
): WireRecord {
  const collection = state.collection(model.collection);
  const given = readRecord(value, fieldsOf(model, state), place);
  if (given.uid !== undefined && collection.get(given.uid)) {
    throw refusal(`${place}.uid`, "must be unique", given.uid);
  }
  const record = model.make({ ...known, ...given }, state);
  collection.add(record);
  model.then?.(record, state);
  return record;
}

/**
 * Refuses a seed.
 *
 * @param place What is wrong, such as `datasets[0].slug`.
 * @param problem What is wrong with it.
 * @param value What it is.
 * @returns The error.
 */
export function refusal(
  place: string,
  problem: string,
  value: unknown,
): ConfigurationError {
  const shown = typeof value === "function" || value === undefined
    ? String(value)
    : JSON.stringify(value);
  return new ConfigurationError(
    `Cannot seed the emulator as '${place}' ${problem}: current value is ${shown}`,
  );
}

/** The fields of a model: those of its blank record, with their types. */
function fieldsOf({ fields, make }: SeedModel, state: State): BodyFields {
  const blank = make({}, state);
  const types = Object.entries(blank).map((
    [name, value],
  ): [string, BodyField] => [name, { type: typeOf(value) }]);
  return { ...Object.fromEntries(types), ...fields };
}

function typeOf(value: unknown): BodyField["type"] {
  if (value === null || value === undefined) return "string";
  if (Array.isArray(value)) return "array";
  if (Number.isInteger(value)) return "integer";
  return typeof value as BodyField["type"];
}

function readRecord(
  value: unknown,
  fields: BodyFields,
  place: string,
): WireRecord {
  if (!isJsonObject(value)) throw refusal(place, "must be an object", value);
  const wire: { [name: string]: unknown } = {};
  for (const [name, entry] of Object.entries(value)) {
    const field = Object.hasOwn(fields, snakeCase(name))
      ? fields[snakeCase(name)]
      : undefined;
    if (!field || name.includes("_")) {
      const names = Object.keys(fields).map(camelCase).sort().join(", ");
      throw refusal(`${place}.${name}`, `is none of ${names}`, entry);
    }
    if (entry === undefined) continue;
    checkValue(entry, field, `${place}.${name}`);
    wire[snakeCase(name)] = entry;
  }
  for (const [name, { required }] of Object.entries(fields)) {
    if (required && wire[name] === undefined) {
      throw refusal(`${place}.${camelCase(name)}`, "is required", undefined);
    }
  }
  return wire;
}

function checkValue(value: unknown, field: BodyField, place: string): void {
  const { type, items, choices = [], required, notNull } = field;
  if (value === null && !required && !notNull) return;
  if (!hasType(value, type)) {
    throw refusal(place, `must be ${A[type]}`, value);
  }
  if (required && value === "") {
    throw refusal(place, "must not be empty", value);
  }
  for (const entry of Array.isArray(value) ? value : [value]) {
    if (items && !hasType(entry, items)) {
      throw refusal(
        place,
        `must be an array of which each entry is ${A[items]}`,
        value,
      );
    }
    if (choices.length > 0 && !choices.includes(entry)) {
      const names = choices.map((choice) => JSON.stringify(choice)).join(", ");
      throw refusal(place, `must be one of ${names}`, value);
    }
  }
  const problem = field.check?.(value);
  if (problem) throw refusal(place, `is refused ("${problem}")`, value);
}

const A: { [type in BodyField["type"]]: string } = {
  string: "a string",
  integer: "an integer",
  number: "a number",
  boolean: "a boolean",
  array: "an array",
  object: "an object",
  any: "a value",
};

function camelCase(wire: string): string {
  return wire.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}
