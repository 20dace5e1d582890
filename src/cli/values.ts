/**
 * Texts of the command line, turned into what the methods take.
 *
 * @module
 */

import type { Parameter, ValueType } from "../catalog/types.ts";
import type { Input } from "./command.ts";
import { usage } from "./exits.ts";
import { didYouMean, kebab } from "./names.ts";
import type { Terminal } from "./terminal.ts";

/** Seconds, or a number with a unit. */
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;
const UNITS: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Turns the texts of an argument or an option into its value.
 *
 * @param input What it must be.
 * @param texts The texts, at least one.
 * @param title How it is typed, for messages: `--data-type`.
 * @param terminal Where `-` reads from.
 * @returns The value.
 * @throws {CommandError} If a text is not what it must be.
 */
export async function toValue(
  input: Input,
  texts: readonly string[],
  title: string,
  terminal: Terminal,
): Promise<unknown> {
  const { type, items, kind } = input;
  const last = texts.at(-1) as string;
  if (kind === "duration") return toDuration(last, title);
  if (kind === "path") return input.rest ? texts : last;
  if (type === "array" && items && isScalar(items)) {
    const entries = texts.flatMap((text) =>
      text === "" ? [] : text.split(",").map((entry) => entry.trim())
    );
    return entries.map((entry) => toScalar(items, entry, title));
  }
  if (type === "array" || type === "object") {
    const { readJson } = await import("./json_input.ts");
    const value = await readJson(last, title, terminal);
    const wrapped = type === "array" && !Array.isArray(value) ? [value] : value;
    return toNamed(input, wrapped, title);
  }
  if (type === "any") {
    if (!/^[[{"\d@-]|^(?:true|false|null)$/.test(last)) return last;
    const { readJson } = await import("./json_input.ts");
    return await readJson(last, title, terminal);
  }
  return toScalar(input, last, title);
}

function isScalar({ type }: ValueType): boolean {
  return type === "string" || type === "number" || type === "boolean";
}

function toScalar({ type }: ValueType, text: string, title: string): unknown {
  if (type === "string") return text;
  if (type === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw usage(`${title} must be true or false: it is '${text}'.`);
  }
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw usage(`${title} must be a number: it is '${text}'.`);
}

function toDuration(text: string, title: string): number {
  const [, number, unit = "s"] = DURATION.exec(text) ?? [];
  if (number === undefined) {
    throw usage(
      `${title} must be seconds, or a time such as 30s or 2m: it is '${text}'.`,
    );
  }
  return Math.round(Number(number) * UNITS[unit]!);
}

/** Gives the keys of objects whose names are the client's these names. */
function toNamed(type: ValueType, value: unknown, title: string): unknown {
  if (value === null) return null;
  if (type.type === "array") {
    if (!Array.isArray(value)) throw usage(`${title} must be an array.`);
    const { items } = type;
    if (!items) return value;
    return value.map((entry, i) => toNamed(items, entry, `${title}[${i}]`));
  }
  if (type.type !== "object") return value;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw usage(`${title} must be an object.`);
  }
  const { fields } = type;
  if (!fields) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const field = fieldOf(fields, key, title);
      return [field.name, toNamed(field, entry, `${title}.${key}`)];
    }),
  );
}

/** The field with a name, which may be spelled as on the wire. */
function fieldOf(
  fields: readonly Parameter[],
  key: string,
  title: string,
): Parameter {
  const wire = (name: string) => kebab(name).replaceAll("-", "_");
  const field = fields.find(({ name }) => name === key || wire(name) === key);
  if (field) return field;
  const names = fields.map(({ name }) => name);
  throw usage(
    `${title} has no field '${key}'.${
      didYouMean(key, names) || ` Known are ${names.join(", ")}.`
    }`,
  );
}
