/**
 * What `deno doc --json` tells about a module.
 *
 * @module
 */

import type { Workspace } from "../workspace/workspace.ts";

/** A documentation comment. */
export interface JsDoc {
  doc?: string;
  tags?: {
    kind: string;
    name?: string;
    doc?: string;
    type?: string;
    value?: string;
  }[];
}

/** A type. */
export interface TsType {
  repr?: string;
  kind: string;
  // deno-lint-ignore no-explicit-any
  value?: any;
}

/** A parameter of a function. */
export interface Param {
  kind: string;
  name?: string;
  optional?: boolean;
  tsType?: TsType;
  left?: Param;
  arg?: Param;
}

/** A parameter of a type. */
export interface TypeParam {
  name: string;
  constraint?: TsType;
  default?: TsType;
}

/** A function or a method. */
export interface FunctionDef {
  params: Param[];
  returnType?: TsType;
  typeParams?: TypeParam[];
}

/** A property of an interface or a class. */
export interface Property {
  name: string;
  jsDoc?: JsDoc;
  tsType?: TsType;
  optional?: boolean;
  readonly?: boolean;
  isStatic?: boolean;
  accessibility?: string;
}

/** A method of a class, or of an interface, where the definition is flat. */
export interface Method {
  name: string;
  jsDoc?: JsDoc;
  kind: string;
  functionDef?: FunctionDef;
  params?: Param[];
  returnType?: TsType;
  typeParams?: TypeParam[];
  isStatic?: boolean;
  optional?: boolean;
  accessibility?: string;
}

/** The definition of a symbol; which fields there are depends on its kind. */
export interface Definition extends Partial<FunctionDef> {
  constructors?: { params: Param[]; jsDoc?: JsDoc }[];
  properties?: Property[];
  methods?: Method[];
  extends?: string | TsType[];
  superTypeParams?: TsType[];
  implements?: TsType[];
  tsType?: TsType;
  indexSignatures?: { params: Param[]; tsType?: TsType }[];
}

/** An exported symbol. */
export interface Exported {
  name: string;
  kind: string;
  jsDoc: JsDoc;
  def: Definition;
  file: string;
}

/** A module: its own comment, and what it exports, by name. */
export interface ModuleDoc {
  jsDoc: JsDoc;
  symbols: Exported[];
}

/** Reads the documentation of a module. */
export async function readModule(
  workspace: Workspace,
  path: string,
): Promise<ModuleDoc> {
  const { code, stdout, output } = await workspace.deno(
    ["doc", "--quiet", "--json", path],
  );
  if (code !== 0) throw new Error(output);
  const { nodes } = JSON.parse(stdout);
  const [node] = Object.values(nodes) as {
    module_doc?: JsDoc;
    symbols: {
      name: string;
      declarations: {
        kind: string;
        jsDoc?: JsDoc;
        def: Definition;
        location: { filename: string };
      }[];
    }[];
  }[];
  if (!node) throw new Error(`${path} has no documentation`);
  const symbols = node.symbols.flatMap(({ name, declarations }) =>
    declarations.map(({ kind, jsDoc, def, location }) => ({
      name,
      kind,
      jsDoc: jsDoc ?? {},
      def,
      file: location.filename,
    }))
  );
  symbols.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return { jsDoc: node.module_doc ?? {}, symbols };
}
