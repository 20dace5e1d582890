/**
 * The table of resources and methods in the README, made from the code.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Outcome, single } from "../report/outcome.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Exported, readModule } from "./doc_model.ts";

const START = "<!-- The task `docs` writes this table. -->";
const END = "<!-- End of the table. -->";

/** Writes the table into the README. */
export async function writeMethodTable(workspace: Workspace): Promise<void> {
  const { path, text, wanted } = await read(workspace);
  if (text !== wanted) await writeFile(path, wanted);
}

/** Compares the table in the README with the code. */
export async function checkMethodTable(workspace: Workspace): Promise<Outcome> {
  const { text, wanted } = await read(workspace);
  return single(
    text === wanted,
    "The README's table of methods is stale: run the task 'docs'",
  );
}

async function read(
  workspace: Workspace,
): Promise<{ path: string; text: string; wanted: string }> {
  const path = join(workspace.root, "README.md");
  const text = await readFile(path, "utf8");
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) {
    throw new Error(`The README lacks the lines '${START}' and '${END}'`);
  }
  const table = await methodTable(workspace);
  const wanted = `${text.slice(0, start)}${START}\n\n${table}\n\n${
    text.slice(end)
  }`;
  return { path, text, wanted };
}

async function methodTable(workspace: Workspace): Promise<string> {
  const { symbols } = await readModule(workspace, "mod.ts");
  const classes = new Map(symbols.map((symbol) => [symbol.name, symbol]));
  const rows = [["resource", "methods"]];
  const client = classes.get("AsyncClient");
  if (!client) throw new Error("mod.ts exports no AsyncClient");
  collect(client, "client", classes, rows);
  const width = (column: number) =>
    Math.max(...rows.map((row) => row[column]!.length));
  const widths = [width(0), width(1)];
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = rows.map(line);
  const rule = `| ${widths.map((n) => "-".repeat(n)).join(" | ")} |`;
  return [head, rule, ...body].join("\n");
}

/** One row for each resource below an object, in the order of their names. */
function collect(
  parent: Exported,
  path: string,
  classes: Map<string, Exported>,
  rows: string[][],
): void {
  const properties = [...parent.def.properties ?? []]
    .sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, tsType } of properties) {
    const resource = classes.get(tsType?.repr ?? "");
    if (resource?.kind !== "class") continue;
    const methods = methodsOf(resource, classes)
      .map((method) => `\`${method}\``);
    const own = `${path}.${name}`;
    if (methods.length > 0) rows.push([`\`${own}\``, methods.join(", ")]);
    collect(resource, own, classes, rows);
  }
}

/** The public methods of a class, its own first, then those it inherits. */
function methodsOf(
  { def }: Exported,
  classes: Map<string, Exported>,
): string[] {
  const own = (def.methods ?? [])
    .filter(({ accessibility }) => accessibility !== "private")
    .map(({ name }) => name);
  const parent = typeof def.extends === "string" && classes.get(def.extends);
  return parent ? [...own, ...methodsOf(parent, classes)] : own;
}
