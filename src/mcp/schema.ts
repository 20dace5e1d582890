/**
 * What a tool takes, as JSON Schema, and the check of what it is given.
 *
 * @module
 */

import type { Operation, Parameter, ValueType } from "../catalog/types.ts";
import { isJsonObject, type JsonObject } from "../wire/codec.ts";

/** Items of a page, where the caller does not say. */
export const DEFAULT_LIMIT = 50;
/** Items of a page at most. */
export const MAX_LIMIT = 200;

/**
 * Lists what a tool takes: arguments and options alike, by name.
 *
 * @param operation The operation behind it.
 * @returns The parameters that JSON can say.
 */
export function parametersOf({ args, options }: Operation): Parameter[] {
  return [...args, ...options].map((parameter) =>
    parameter.name === "limit"
      ? { ...parameter, words: LIMIT_WORDS, default: DEFAULT_LIMIT }
      : parameter
  );
}

const LIMIT_WORDS = `Items per page, 1 to ${MAX_LIMIT}.`;

/**
 * Makes the schema of what a tool takes.
 *
 * @param parameters The parameters.
 * @returns A JSON Schema of an object.
 */
export function toSchema(parameters: readonly Parameter[]): JsonObject {
  const required = parameters.filter((parameter) => parameter.required);
  return {
    type: "object",
    properties: Object.fromEntries(
      parameters.map((parameter) => [parameter.name, propertyOf(parameter)]),
    ),
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    additionalProperties: false,
  };
}

function propertyOf(parameter: Parameter): JsonObject {
  const { words, name } = parameter;
  const fallback = parameter.default;
  return {
    ...valueSchema(parameter),
    description: words,
    ...(name === "limit" &&
      { type: "integer", minimum: 1, maximum: MAX_LIMIT }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

function valueSchema(value: ValueType): JsonObject {
  const { type, items, fields, nullable } = value;
  if (type === "any") return {};
  if (type === "object" && fields) return toSchema(fields);
  const known = value.enum;
  // the service may know more values than we do
  const words = known && { examples: [...known] };
  return {
    type: nullable ? [type, "null"] : type,
    ...words,
    ...(type === "array" && { items: items ? valueSchema(items) : {} }),
  };
}

const ITEMS = { items: { type: "array", items: { type: "object" } } };

/** What comes out, by kind; the shape of one record is the service's, and may grow. */
const RESULTS: {
  readonly [kind in Operation["returns"]["kind"]]?: JsonObject;
} = {
  page: {
    type: "object",
    properties: {
      ...ITEMS,
      nextCursor: { type: ["string", "null"] },
      nextPage: { type: "integer" },
    },
    required: ["items", "nextCursor"],
  },
  list: { type: "object", properties: ITEMS, required: ["items"] },
  nothing: {
    type: "object",
    properties: { done: { const: true } },
    required: ["done"],
  },
};

/**
 * Gives the schema of what comes out of a tool.
 *
 * @param kind Which kind of result it is.
 * @returns A JSON Schema of an object; undefined where nothing is promised.
 */
export function resultSchema(
  kind: Operation["returns"]["kind"] | undefined,
): JsonObject | undefined {
  return kind && RESULTS[kind];
}

/**
 * Checks what a tool is given.
 *
 * @param tool Its name.
 * @param parameters What it takes.
 * @param given What it is given.
 * @returns What is wrong with it and what is allowed; undefined when it is fine.
 */
export function findFault(
  tool: string,
  parameters: readonly Parameter[],
  given: JsonObject,
): string | undefined {
  for (const name of Object.keys(given)) {
    if (parameters.some((parameter) => parameter.name === name)) continue;
    const known = parameters.map((parameter) => parameter.name).join(", ");
    return `${tool} takes no argument '${name}': it takes ${known || "none"}`;
  }
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = given[name];
    if (value === undefined) {
      if (parameter.required) {
        return `${tool} needs the argument '${name}': ${parameter.words}`;
      }
      continue;
    }
    const wanted = wantedOf(parameter, value);
    if (wanted) {
      return `${tool} needs ${wanted} as '${name}': current value is ${
        shown(value)
      }`;
    }
  }
  return undefined;
}

function wantedOf(parameter: Parameter, value: unknown): string | undefined {
  const { type, nullable, name } = parameter;
  if (type === "any" || (value === null && nullable)) return undefined;
  if (name === "limit") {
    const fits = Number.isInteger(value) && (value as number) >= 1 &&
      (value as number) <= MAX_LIMIT;
    return fits ? undefined : `an integer from 1 to ${MAX_LIMIT}`;
  }
  const is = Array.isArray(value)
    ? "array"
    : isJsonObject(value)
    ? "object"
    : typeof value;
  if (is === type) return undefined;
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
