/**
 * Refuses exports without documentation.
 *
 * `deno doc --lint` asks for a comment on every symbol. This asks for what belongs
 * into it: parameters, the return value, the errors of what sends requests, the defaults
 * of optional settings, and a page for every module.
 *
 * @module
 */

import { type Outcome, single } from "../report/outcome.ts";
import type { Workspace } from "../workspace/workspace.ts";
import {
  type Exported,
  type JsDoc,
  type Method,
  type Param,
  readModule,
} from "./doc_model.ts";
import { printType } from "./print_types.ts";

/** Checks every module; each lack is one line. */
export async function checkDocs(workspace: Workspace): Promise<Outcome> {
  const { exports } = await workspace.config();
  const lacks = new Set<string>();
  for (const path of Object.values(exports)) {
    const { jsDoc, symbols } = await readModule(workspace, path);
    if (!hasText(jsDoc)) lacks.add(`${path}: a description of the module`);
    for (const symbol of symbols) checkSymbol(symbol, lacks);
  }
  return single(
    lacks.size === 0,
    `The documentation lacks:\n${[...lacks].join("\n")}`,
  );
}

function checkSymbol(symbol: Exported, lacks: Set<string>): void {
  const { name, kind, jsDoc, def } = symbol;
  if (!hasText(jsDoc)) lacks.add(`${name}: a description`);
  if (kind === "function") {
    const returns = printType(def.returnType);
    checkFunction(name, jsDoc, def.params ?? [], returns, lacks);
  }
  if (kind !== "class" && kind !== "interface") return;
  for (const property of def.properties ?? []) {
    const { accessibility, optional, tsType } = property;
    if (accessibility === "private") continue;
    const own = `${name}.${property.name}`;
    if (!hasText(property.jsDoc ?? {})) lacks.add(`${own}: a description`);
    // a setting: an option of a number or a switch does something when left out
    const isSetting = /Options$/.test(name) && optional &&
      /\b(?:number|boolean)\b/.test(printType(tsType));
    if (isSetting && !canBeLeftOut(own) && !hasTag(property.jsDoc, "default")) {
      lacks.add(`${own}: @default`);
    }
  }
  for (const { params, jsDoc } of def.constructors ?? []) {
    checkParams(`${name}.constructor`, jsDoc ?? {}, params, lacks);
  }
  for (const method of def.methods ?? []) checkMethod(name, method, lacks);
}

/** Values of the caller's own, which are sent when they are given. */
function canBeLeftOut(property: string): boolean {
  return /^(?:Create|Update|Set|List|Register|Add|Numbered|Page|Avala)/.test(
    property,
  );
}

function checkMethod(
  owner: string,
  method: Method,
  lacks: Set<string>,
): void {
  if (method.accessibility === "private") return;
  const own = `${owner}.${method.name}`;
  const jsDoc = method.jsDoc ?? {};
  if (!hasText(jsDoc)) lacks.add(`${own}: a description`);
  const { params = [], returnType } = method.functionDef ?? method;
  checkFunction(own, jsDoc, params, printType(returnType), lacks);
}

function checkFunction(
  name: string,
  jsDoc: JsDoc,
  params: Param[],
  returns: string,
  lacks: Set<string>,
): void {
  checkParams(name, jsDoc, params, lacks);
  if (returns !== "void" && !hasTag(jsDoc, "return")) {
    lacks.add(`${name}: @returns`);
  }
  // what takes request options sends something, and that can fail
  const sends = params.some((param) =>
    printType((param.left ?? param).tsType).includes("RequestOptions")
  );
  if (sends && !hasTag(jsDoc, "throws")) lacks.add(`${name}: @throws`);
}

function checkParams(
  name: string,
  jsDoc: JsDoc,
  params: Param[],
  lacks: Set<string>,
): void {
  const described = (jsDoc.tags ?? [])
    .filter(({ kind, doc }) => kind === "param" && doc)
    .map((tag) => tag.name);
  for (const param of params) {
    const own = (param.left ?? param.arg ?? param).name;
    if (own && !described.includes(own)) lacks.add(`${name}: @param ${own}`);
  }
}

function hasText(jsDoc: JsDoc): boolean {
  return (jsDoc.doc ?? "").trim() !== "";
}

function hasTag(jsDoc: JsDoc | undefined, kind: string): boolean {
  return jsDoc?.tags?.some((tag) => tag.kind === kind) ?? false;
}
