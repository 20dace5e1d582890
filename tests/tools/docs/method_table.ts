/**
 * The table of resources and methods, made from the catalog.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CatalogData } from "./catalog/operations.ts";

const START = "<!-- The task `docs` writes this table. -->";
const END = "<!-- End of the table. -->";

/** The file with the table. */
export const METHODS = ".github/METHODS.md";

/** The file with a table in the place of the old one. */
export async function methodsWith(
  root: string,
  table: string,
): Promise<string> {
  const text = await readFile(join(root, METHODS), "utf8");
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) {
    throw new Error(`${METHODS} lacks the lines '${START}' and '${END}'`);
  }
  return `${text.slice(0, start)}${START}\n\n${table}\n\n${text.slice(end)}`;
}

/** The table: one row for each resource, in the order of their names. */
export function methodTable({ resources, operations }: CatalogData): string {
  const rows = [["resource", "methods"]];
  for (const { name } of resources) {
    // signing up needs no client
    if (name === "signup") continue;
    const methods = operations
      .filter(({ id }) => id.slice(0, id.lastIndexOf(".")) === name)
      .map(({ id }) => `\`${id.slice(name.length + 1)}\``);
    if (methods.length > 0) {
      rows.push([`\`client.${name}\``, methods.join(", ")]);
    }
  }
  const width = (column: number) =>
    Math.max(...rows.map((row) => row[column]!.length));
  const widths = [width(0), width(1)];
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = rows.map(line);
  const rule = `| ${widths.map((n) => "-".repeat(n)).join(" | ")} |`;
  return [head, rule, ...body].join("\n");
}
