/**
 * The table of operations, read from the code and its documentation.
 *
 * @module
 */

import { join } from "node:path";
import type {
  ModelEntry,
  Operation,
  Parameter,
  ResourceEntry,
  Result,
} from "../../../../src/catalog/types.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import {
  type Exported,
  type JsDoc,
  type Method,
  type Param,
  readModule,
  type TsType,
} from "../doc_model.ts";
import { printType } from "../print_types.ts";
import { type Endpoint, readEndpoints } from "./literals.ts";
import {
  propertiesOf,
  readFields,
  readType,
  type Symbols,
  wordsOf,
} from "./values.ts";

/** Everything that is known of the operations. */
export interface CatalogData {
  resources: ResourceEntry[];
  operations: Operation[];
  models: ModelEntry[];
  /** What each model is made of, for those who read JSON schemas. */
  schemas: { name: string; fields: Parameter[] }[];
}

/** Methods of resources that run in the caller's own program. */
const NO_OPERATION = ["agents.runner"];
/** What several requests do, where it is no reading. */
const COMPOSITE_WRITES = /^(?:upload|createFrom|bulkEdit)/;
/** Arguments of methods that are no JSON. */
const BY_HAND: { readonly [type: string]: Omit<Parameter, "name" | "words"> } =
  {
    "UploadFiles": { type: "array", items: { type: "string" } },
    "Export | string": { type: "string" },
    "BulkEdits": { type: "array", items: { type: "object" } },
  };

/** Reads the table. */
export async function readCatalog(workspace: Workspace): Promise<CatalogData> {
  const symbols = await readSymbols(workspace);
  const endpoints = await readEndpoints(join(workspace.root, "src/resources"));
  const data: CatalogData = {
    resources: [],
    operations: [],
    models: [],
    schemas: [],
  };
  const client = symbols.get("AsyncClient");
  if (!client) throw new Error("mod.ts exports no AsyncClient");
  collect(client, "", symbols, endpoints, data);
  addSignup(symbols, endpoints, data);
  data.resources.sort(byName);
  const known = new Set(data.operations.map(({ id }) => id));
  const lost = [...endpoints.keys()].filter((id) => !known.has(id));
  if (lost.length > 0) {
    throw new Error(`No method of the client is named ${lost.join(", ")}`);
  }
  data.models = modelsOf(data.operations, symbols);
  data.schemas = data.models.map(({ name }) => ({
    name,
    fields: readFields(name, symbols),
  }));
  return data;
}

async function readSymbols(workspace: Workspace): Promise<Symbols> {
  const { exports } = await workspace.config();
  const symbols = new Map<string, Exported>();
  const modules = Object.values(exports)
    .filter((path) => path === "./mod.ts" || path.includes("/resources/"));
  for (const path of modules.sort()) {
    for (const symbol of (await readModule(workspace, path)).symbols) {
      if (!symbols.has(symbol.name)) symbols.set(symbol.name, symbol);
    }
  }
  return symbols;
}

/** Adds the resources below an object. */
function collect(
  parent: Exported,
  prefix: string,
  symbols: Symbols,
  endpoints: ReadonlyMap<string, Endpoint>,
  data: CatalogData,
): void {
  for (const { name, tsType, jsDoc } of parent.def.properties ?? []) {
    const symbol = symbols.get(tsType?.repr ?? "");
    if (symbol?.kind !== "class") continue;
    const resource = prefix + name;
    data.resources.push({ name: resource, words: wordsOf(jsDoc ?? {}) });
    for (const method of symbol.def.methods ?? []) {
      if (method.accessibility) continue;
      const id = `${resource}.${method.name}`;
      if (NO_OPERATION.includes(id)) continue;
      data.operations.push(readOperation(id, method, symbols, endpoints));
    }
    collect(symbol, `${resource}.`, symbols, endpoints, data);
  }
}

/** Signing up needs no client, so it is a function. */
function addSignup(
  symbols: Symbols,
  endpoints: ReadonlyMap<string, Endpoint>,
  data: CatalogData,
): void {
  const symbol = symbols.get("signup");
  if (symbol?.kind !== "function") throw new Error("There is no signup()");
  const { name, jsDoc, def } = symbol;
  const method: Method = { name, jsDoc, ...def, kind: "method" };
  method.params = (def.params ?? []).slice(0, 1);
  data.operations.push(
    readOperation("signup.signup", method, symbols, endpoints),
  );
  data.resources.push({ name: "signup", words: "New accounts." });
}

function readOperation(
  id: string,
  method: Method,
  symbols: Symbols,
  endpoints: ReadonlyMap<string, Endpoint>,
): Operation {
  const { params = [], returnType } = method.functionDef ?? method;
  const jsDoc = method.jsDoc ?? {};
  const args: Parameter[] = [];
  const options: Parameter[] = [];
  for (const param of params) {
    const { name = "", tsType } = param.left ?? param;
    const type = printType(tsType);
    if (type === "RequestOptions") continue;
    const interfaceName = name === "options" || isOptions(type)
      ? type.replace(/<.*$/, "")
      : "";
    if (interfaceName) options.push(...readFields(interfaceName, symbols));
    else args.push(readArgument(id, param, jsDoc, symbols));
  }
  const endpoint = endpoints.get(id);
  const [summary = "", details] = splitSentence(wordsOf(jsDoc));
  const returnsWords = jsDoc.tags?.find(({ kind }) => kind === "return")?.doc;
  return {
    id,
    http: (endpoint?.http ?? null) as Operation["http"],
    path: endpoint?.path ?? null,
    effect: effectOf(id, endpoint),
    summary,
    ...(details && { details }),
    args,
    options,
    returns: resultOf(returnType),
    ...(returnsWords && { returnsWords: wordsOf({ doc: returnsWords }) }),
  };
}

function isOptions(type: string): boolean {
  return /Options(?:<.*>)?$/.test(type);
}

function readArgument(
  id: string,
  param: Param,
  { tags = [] }: JsDoc,
  symbols: Symbols,
): Parameter {
  const { name = "", tsType } = param.left ?? param;
  const words = tags.find((tag) => tag.kind === "param" && tag.name === name);
  const type = BY_HAND[printType(tsType)] ?? readType(tsType, symbols);
  if (!type) throw new Error(`${id}: cannot read the type of '${name}'`);
  return {
    name,
    words: wordsOf({ doc: words?.doc ?? "" }),
    ...type,
    required: true,
  };
}

function effectOf(id: string, endpoint?: Endpoint): Operation["effect"] {
  if (endpoint?.http === "DELETE") return "delete";
  if (endpoint) return /^(?:GET|HEAD)$/.test(endpoint.http) ? "read" : "write";
  return COMPOSITE_WRITES.test(id.split(".").at(-1)!) ? "write" : "read";
}

function resultOf(type: TsType | undefined): Result {
  const text = printType(type);
  const [, outer, inner = ""] = /^(\w+)<([^,]*).*>$/.exec(text) ?? [];
  if (outer === "PagePromise") return { kind: "page", model: inner };
  if (outer === "AsyncGenerator") return { kind: "list", model: inner };
  if (inner === "void") return { kind: "nothing" };
  if (inner === "Download") return { kind: "file" };
  if (inner === "JsonObject" || inner === "unknown") return { kind: "json" };
  if (inner.endsWith("[]")) return { kind: "list", model: inner.slice(0, -2) };
  return { kind: "object", model: inner };
}

/** The first sentence, and the rest. */
function splitSentence(words: string): [string, string | undefined] {
  const [, first, rest] =
    /^(.*?[.!?])(?:\s+(?=[A-Z])|\n|$)(.*)$/s.exec(words) ??
      [];
  if (first === undefined) return [words.replaceAll("\n", " "), undefined];
  return [first.replaceAll("\n", " "), rest?.trim() || undefined];
}

function modelsOf(operations: Operation[], symbols: Symbols): ModelEntry[] {
  const names = new Set(
    operations.flatMap(({ returns }) => returns.model ?? []),
  );
  return [...names].sort().map((name) => {
    const fields = propertiesOf(name, symbols).map(({ property }) =>
      [property.name, printType(property.tsType)] as const
    );
    return { name, fields: Object.fromEntries(fields) };
  });
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
