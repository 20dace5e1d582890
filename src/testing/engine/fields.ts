/**
 * Checks of request bodies, refused the way Django REST framework does.
 *
 * @module
 */

import { isJsonObject } from "../../wire/codec.ts";
import type { WireRecord } from "./collection.ts";

/** What a field of a body must be. */
export interface BodyField {
  /** JSON type. */
  type:
    | "string"
    | "integer"
    | "number"
    | "boolean"
    | "array"
    | "object"
    | "any";
  /** Whether a creation is refused without it. */
  required?: boolean;
  /** Whether null is refused, required or not. */
  notNull?: boolean;
  /** The values that are accepted; for an array, those of its entries. */
  choices?: readonly string[];
  /** JSON type of an array's entries. */
  items?: "string" | "integer" | "number" | "boolean" | "object";
  /** How many characters a string may have. */
  maxLength?: number;
  /** Fields of an object, or of each entry of an array. */
  fields?: BodyFields;
  /** What else is wrong with a value of the right type, if anything. */
  check?: (value: unknown) => string | undefined;
}

/** The fields of a body by wire name. */
export type BodyFields = { readonly [wire: string]: BodyField };

/** Texts by field, nested as the fields are. */
export type FieldErrors = { [field: string]: string[] | FieldErrors };

/**
 * Finds what is wrong with a body.
 *
 * @param body The body.
 * @param fields What it may hold; further keys are ignored.
 * @param partial Whether required fields may be absent, as in a PATCH.
 * @returns Texts by field; empty when the body is fine.
 */
export function fieldErrors(
  body: WireRecord,
  fields: BodyFields,
  partial = false,
): FieldErrors {
  const errors: FieldErrors = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = body[name];
    const found = value === undefined || value === null
      ? absentError(value, field, partial)
      : valueErrors(value, field);
    if (found) errors[name] = found;
  }
  return errors;
}

function absentError(
  value: unknown,
  field: BodyField,
  partial: boolean,
): string[] | undefined {
  if (value === null) {
    const refused = field.required || field.notNull;
    return refused ? ["This field may not be null."] : undefined;
  }
  return field.required && !partial ? [REQUIRED] : undefined;
}

const REQUIRED = "This field is required.";
const WRONG_TYPE = {
  string: "Not a valid string.",
  integer: "A valid integer is required.",
  number: "A valid number is required.",
  boolean: "Must be a valid boolean.",
  array: "Expected a list of items.",
  object: "Expected an object.",
  any: "Not valid.",
};

function valueErrors(
  value: unknown,
  field: BodyField,
): string[] | FieldErrors | undefined {
  if (!hasType(value, field.type)) return [WRONG_TYPE[field.type]];
  if (field.required && typeof value === "string" && value.trim() === "") {
    return ["This field may not be blank."];
  }
  if (Array.isArray(value) && value.length === 0 && field.required) {
    return ["This list may not be empty."];
  }
  const { items, maxLength = Infinity } = field;
  if (typeof value === "string" && value.length > maxLength) {
    return [`Ensure this field has no more than ${maxLength} characters.`];
  }
  if (items && Array.isArray(value)) {
    const wrong = value.find((entry) => !hasType(entry, items));
    if (wrong !== undefined) return [WRONG_TYPE[items]];
  }
  for (const entry of Array.isArray(value) ? value : [value]) {
    if (field.choices && !field.choices.includes(entry)) {
      const shown = typeof entry === "string" ? entry : JSON.stringify(entry);
      return [`"${shown}" is not a valid choice.`];
    }
  }
  const nested = field.fields && nestedErrors(value, field.fields);
  if (nested) return nested;
  const wrong = field.check?.(value);
  return wrong === undefined ? undefined : [wrong];
}

function nestedErrors(
  value: unknown,
  fields: BodyFields,
): FieldErrors | undefined {
  if (!Array.isArray(value)) {
    const errors = fieldErrors(value as WireRecord, fields);
    return Object.keys(errors).length > 0 ? errors : undefined;
  }
  const byIndex: FieldErrors = {};
  for (const [index, entry] of value.entries()) {
    const errors = hasType(entry, "object")
      ? fieldErrors(entry, fields)
      : { non_field_errors: [WRONG_TYPE.object] };
    if (Object.keys(errors).length > 0) byIndex[index] = errors;
  }
  return Object.keys(byIndex).length > 0 ? byIndex : undefined;
}

/**
 * Tells whether a value is of a JSON type.
 *
 * @param value The value.
 * @param type The type.
 * @returns Whether it is.
 */
export function hasType(value: unknown, type: BodyField["type"]): boolean {
  if (type === "any") return true;
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isJsonObject(value);
  // the two words agree on strings, numbers and booleans
  const found: string = typeof value;
  return found === type;
}

/**
 * Takes the fields out of a body that a table names and the body holds.
 *
 * @param body The body.
 * @param fields The table.
 * @returns The fields.
 */
export function pick(body: WireRecord, fields: BodyFields): WireRecord {
  return Object.fromEntries(
    Object.keys(fields).filter((name) => body[name] !== undefined)
      .map((name) => [name, body[name]]),
  );
}

/**
 * Makes the check of a number.
 *
 * @param least The least that it may be.
 * @param most The most that it may be.
 * @returns The check, which gives the text to refuse a number with, if any.
 */
export function between(
  least: number,
  most = Infinity,
): (value: unknown) => string | undefined {
  const wanted = most === Infinity
    ? `greater than or equal to ${least}`
    : `between ${least} and ${most}`;
  return (value) =>
    Number(value) >= least && Number(value) <= most
      ? undefined
      : `Ensure this value is ${wanted}.`;
}

/**
 * Finds what is wrong with an e-mail address.
 *
 * @param value The address.
 * @returns The text to refuse it with, if any.
 */
export function emailError(value: unknown): string | undefined {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value))
    ? undefined
    : "Enter a valid email address.";
}
