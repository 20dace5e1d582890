/**
 * What a value must be, as the documentation's types tell it.
 *
 * @module
 */

import type { Parameter, ValueType } from "../../../../src/catalog/types.ts";
import type { Exported, JsDoc, Property, TsType } from "../doc_model.ts";
import { printType } from "../print_types.ts";

/** Exported symbols by name. */
export type Symbols = ReadonlyMap<string, Exported>;

/** Reads a type. Undefined is what only a program can give: a function, a signal. */
export function readType(
  type: TsType | undefined,
  symbols: Symbols,
): ValueType | undefined {
  if (!type) return { type: "any" };
  const { kind, value } = type;
  switch (kind) {
    case "parenthesized":
      return readType(value, symbols);
    case "typeOperator":
      return readType(value.tsType, symbols);
    case "array":
      return listOf(readType(value, symbols));
    case "union":
      return readUnion(value, symbols);
    case "literal":
      return value.kind === "string"
        ? { type: "string", enum: [value.string] }
        : { type: value.kind };
    case "keyword":
      return /^(?:string|number|boolean)$/.test(value)
        ? { type: value }
        : { type: "any" };
    case "typeRef":
      return readReference(value, symbols);
    default:
      return undefined;
  }
}

/** Reads the properties of an interface, those that it inherits among them. */
export function readFields(name: string, symbols: Symbols): Parameter[] {
  const fields: Parameter[] = [];
  for (const { property } of propertiesOf(name, symbols)) {
    const { name, jsDoc = {}, optional, tsType } = property;
    const type = readType(tsType, symbols);
    if (!type) continue;
    fields.push({
      name,
      words: wordsOf(jsDoc),
      ...type,
      ...(optional ? {} : { required: true }),
      ...readDefault(jsDoc),
    });
  }
  return fields;
}

/** The properties of an interface, its own last. */
export function propertiesOf(
  name: string,
  symbols: Symbols,
): { property: Property }[] {
  const symbol = symbols.get(name);
  if (!symbol) throw new Error(`Cannot find the interface '${name}'`);
  if (symbol.kind === "typeAlias") {
    return propertiesOf(printType(symbol.def.tsType), symbols);
  }
  const parents = Array.isArray(symbol.def.extends) ? symbol.def.extends : [];
  const found = new Map<string, { property: Property }>();
  for (const property of symbol.def.properties ?? []) {
    found.set(property.name, { property });
  }
  for (const { kind, value } of parents) {
    if (kind !== "typeRef") continue;
    const isOmit = value.typeName === "Omit";
    const parent = isOmit ? value.typeParams[0].value.typeName : value.typeName;
    const without = isOmit ? printType(value.typeParams[1]) : "";
    for (const { property } of propertiesOf(parent, symbols)) {
      if (without.includes(`"${property.name}"`)) continue;
      if (!found.has(property.name)) found.set(property.name, { property });
    }
  }
  return [...found.values()];
}

/** A comment as plain sentences on one line. */
export function wordsOf({ doc = "" }: JsDoc): string {
  return doc
    .replace(/\{@link(?:code)?\s+([^}\s]+)[^}]*\}/g, "$1")
    .replace(
      /\bAsync([A-Z]\w*)/g,
      (_, name: string) => name[0]!.toLowerCase() + name.slice(1),
    )
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "")
    .join("\n");
}

function readDefault({ tags = [] }: JsDoc): { default?: unknown } {
  const text = tags.find(({ kind }) => kind === "default")?.value;
  if (text === undefined) return {};
  const json = text.replace(/ \(.*\)$/s, "").trim();
  try {
    return { default: JSON.parse(json.replace(/(?<=\d)_(?=\d)/g, "")) };
  } catch {
    return {}; // words, such as "the client's"
  }
}

function listOf(items: ValueType | undefined): ValueType | undefined {
  return items && { type: "array", items };
}

function readUnion(members: TsType[], symbols: Symbols): ValueType | undefined {
  const isNull = ({ kind, value }: TsType) =>
    kind === "keyword" && value === "null";
  const isVoid = ({ kind, value }: TsType) =>
    kind === "keyword" && value === "undefined";
  const nullable = members.some(isNull) ? { nullable: true } : {};
  const given = members.filter((type) => !isNull(type) && !isVoid(type));
  // `boolean | WaitOptions`: the switch is enough
  const simple = given.filter((type) => !/^WaitOptions/.test(type.repr ?? ""));
  const types = simple.map((type) => readType(type, symbols))
    .filter((type) => type !== undefined);
  const [first] = types;
  if (!first) return undefined;
  if (types.every(({ type }) => type === "string")) {
    const known = types.flatMap((type) => type.enum ?? []);
    return {
      type: "string",
      ...(known.length > 0 && { enum: known }),
      ...nullable,
    };
  }
  const list = types.find(({ type }) => type === "array");
  const chosen = list ??
    (types.length === 1 ? first : { type: "any" as const });
  return { ...chosen, ...nullable };
}

interface Reference {
  typeName: string;
  typeParams?: TsType[];
}

function readReference(
  { typeName, typeParams = [] }: Reference,
  symbols: Symbols,
): ValueType | undefined {
  if (typeName === "Open") return readType(typeParams[0], symbols);
  if (typeName === "JsonObject") return { type: "object" };
  if (typeName === "URL") return { type: "string" };
  if (typeName === "Readonly") return readType(typeParams[0], symbols);
  const symbol = symbols.get(typeName);
  if (symbol?.kind === "typeAlias") return readType(symbol.def.tsType, symbols);
  if (symbol?.kind !== "interface") return undefined;
  if ((symbol.def.methods ?? []).length > 0) return undefined;
  return { type: "object", fields: readFields(typeName, symbols) };
}
