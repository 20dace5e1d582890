/**
 * Keeps `src/catalog/` as the code has it.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Outcome, single } from "../../report/outcome.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import { METHODS, methodsWith, methodTable } from "../method_table.ts";
import { openApi } from "./openapi.ts";
import { type CatalogData, readCatalog } from "./operations.ts";

const FILES = {
  resources: "ResourceEntry",
  operations: "Operation",
  models: "ModelEntry",
} as const;

/** Where the OpenAPI document is kept, beside the public surface. */
export const OPENAPI = "tests/surface/openapi.json";

/** Writes the table of operations, and what is made of it. */
export async function writeCatalog(workspace: Workspace): Promise<void> {
  for (const [path, text] of await printed(workspace)) {
    await writeFile(path, text);
  }
}

/** Compares the table of operations with the code. */
export async function checkCatalog(workspace: Workspace): Promise<Outcome> {
  const stale: string[] = [];
  for (const [path, text] of await printed(workspace)) {
    const kept = await readFile(path, "utf8").catch(() => "");
    if (kept !== text) stale.push(path);
  }
  return single(
    stale.length === 0,
    `The catalog is stale, run the task 'docs': ${stale.join(", ")}`,
  );
}

/** One entry a line, so that a review sees which operation has changed. */
async function printed(
  workspace: Workspace,
): Promise<[path: string, text: string][]> {
  const { root } = workspace;
  const data = await readCatalog(workspace);
  const { version, license } = await workspace.config();
  return [
    [join(root, OPENAPI), openApi(data, { version, license })],
    [join(root, METHODS), await methodsWith(root, methodTable(data))],
    ...tables(root, data),
  ];
}

function tables(
  root: string,
  data: CatalogData,
): [path: string, text: string][] {
  return Object.entries(FILES).map(([name, type]) => {
    const entries = data[name as keyof typeof FILES];
    const lines = entries.map((entry) => `  ${JSON.stringify(entry)},\n`);
    return [
      join(root, "src/catalog", `${name}.ts`),
      `// deno-fmt-ignore-file
/**
 * The ${name} of the API, made from the code by the task \`docs\`.
 *
 * @module
 */

import type { ${type} } from "./types.ts";

/** The ${name}. */
export const ${name.toUpperCase()}: readonly ${type}[] = [
${lines.join("")}];
`,
    ];
  });
}
