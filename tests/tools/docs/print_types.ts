/**
 * Types and signatures as text.
 *
 * @module
 */

import type { FunctionDef, Param, TsType, TypeParam } from "./doc_model.ts";

/** Prints a type. A kind that is not known is an error, so that none is lost. */
export function printType(type: TsType | undefined): string {
  if (!type) return "unknown";
  const { kind, value } = type;
  switch (kind) {
    case "keyword":
    case "typeQuery":
      return kind === "typeQuery" ? `typeof ${type.repr}` : String(value);
    case "this":
      return "this";
    case "literal":
      return printLiteral(value);
    case "typeRef":
      return `${value.typeName}${printTypeArguments(value.typeParams)}`;
    case "array":
      return `${printType(value)}[]`;
    case "tuple":
      return `[${value.map(printType).join(", ")}]`;
    case "union":
      return value.map(printType).join(" | ");
    case "intersection":
      return value.map(printType).join(" & ");
    case "parenthesized":
      return `(${printType(value)})`;
    case "optional":
      return `${printType(value)}?`;
    case "rest":
      return `...${printType(value)}`;
    case "typeOperator":
      return `${value.operator} ${printType(value.tsType)}`;
    case "indexedAccess":
      return `${printType(value.objType)}[${printType(value.indexType)}]`;
    case "fnOrConstructor":
      return `${value.constructor === true ? "new " : ""}${
        printTypeParams(value.typeParams)
      }(${printParams(value.params)}) => ${printType(value.tsType)}`;
    case "mapped":
      return `{ ${
        value.readonly ? "readonly " : ""
      }[${value.typeParam.name} in ${printType(value.typeParam.constraint)}]${
        value.optional === undefined ? "" : value.optional === "-" ? "-?" : "?"
      }: ${printType(value.tsType)} }`;
    case "typeLiteral":
      return printLiteralType(value);
    case "typePredicate":
      return `${value.param?.name ?? "this"} is ${printType(value.type)}`;
    default:
      throw new Error(`Cannot print a type of the kind '${kind}'`);
  }
}

/** Prints parameters. */
export function printParams(params: Param[]): string {
  return params.map(printParam).join(", ");
}

/** Prints the signature of a function, without its name. */
export function printSignature(def: FunctionDef): string {
  return `${printTypeParams(def.typeParams)}(${printParams(def.params)}): ${
    printType(def.returnType)
  }`;
}

/** Prints the parameters of a type. */
export function printTypeParams(params: TypeParam[] | undefined): string {
  if (!params || params.length === 0) return "";
  const texts = params.map(({ name, constraint, default: fallback }) =>
    name + (constraint ? ` extends ${printType(constraint)}` : "") +
    (fallback ? ` = ${printType(fallback)}` : "")
  );
  return `<${texts.join(", ")}>`;
}

function printTypeArguments(types: TsType[] | undefined): string {
  return types?.length ? `<${types.map(printType).join(", ")}>` : "";
}

function printParam(param: Param): string {
  if (param.kind === "assign" && param.left) {
    return printParam({ ...param.left, optional: true });
  }
  if (param.kind === "rest" && param.arg) return `...${printParam(param.arg)}`;
  const name = param.name ?? "{}";
  return `${name}${param.optional ? "?" : ""}: ${printType(param.tsType)}`;
}

interface Literal {
  kind: string;
  string?: string;
  number?: number;
  boolean?: boolean;
}

function printLiteral(literal: Literal): string {
  const { kind, string, number, boolean } = literal;
  if (kind === "string") return JSON.stringify(string);
  return String(kind === "number" ? number : boolean);
}

interface LiteralType {
  properties?: {
    name: string;
    optional?: boolean;
    readonly?: boolean;
    tsType?: TsType;
  }[];
  methods?: ({ name: string } & FunctionDef)[];
  indexSignatures?: { readonly?: boolean; params: Param[]; tsType?: TsType }[];
  callSignatures?: FunctionDef[];
}

function printLiteralType(type: LiteralType): string {
  const members = [
    ...(type.indexSignatures ?? []).map(({ readonly, params, tsType }) =>
      `${readonly ? "readonly " : ""}[${printParams(params)}]: ${
        printType(tsType)
      }`
    ),
    ...(type.callSignatures ?? []).map(printSignature),
    ...(type.properties ?? []).map(({ name, optional, readonly, tsType }) =>
      `${readonly ? "readonly " : ""}${name}${optional ? "?" : ""}: ${
        printType(tsType)
      }`
    ),
    ...(type.methods ?? []).map((method) =>
      method.name + printSignature(method)
    ),
  ];
  return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
}
