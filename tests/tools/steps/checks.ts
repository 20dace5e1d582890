/**
 * The checks that need no test file: format, lint, types, docs, publishing.
 *
 * @module
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkCatalog, OPENAPI } from "../docs/catalog/catalog_file.ts";
import { checkDocs } from "../docs/check_docs.ts";
import { checkSurface } from "../docs/surface.ts";
import { type Outcome, single } from "../report/outcome.ts";
import type { Report } from "../report/report.ts";
import { toolFolder } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";

const VALIDATOR = "@seriousme/openapi-schema-validator";

/** Runs each check as one test. */
export async function runChecks(
  workspace: Workspace,
  report: Report,
): Promise<void> {
  const { exports } = await workspace.config();
  const commands: Record<string, string[]> = {
    "format": ["fmt", "--check"],
    "lint": ["lint"],
    "types": ["check", "--quiet", "."],
    "documentation": ["doc", "--quiet", "--lint", ...Object.values(exports)],
    "publish": ["publish", "--quiet", "--dry-run", "--allow-dirty"],
  };
  for (const [title, args] of Object.entries(commands)) {
    await report.step(title, async () => {
      const { code, output } = await workspace.deno(args);
      return single(code === 0, output);
    });
  }
  await report.step("dependencies", () => checkDependencies(workspace));
  await report.step("descriptions", () => checkDocs(workspace));
  await report.step("public surface", () => checkSurface(workspace));
  await report.step("catalog", () => checkCatalog(workspace));
  await report.step("openapi", () => checkOpenApi(workspace));
}

/** The document holds, as a validator of the format reads it. */
async function checkOpenApi(workspace: Workspace): Promise<Outcome> {
  const folder = await toolFolder(workspace, VALIDATOR);
  const script = join(folder, VALIDATOR, "bin/validate-api-cli.js");
  const { code, output } = await workspace.deno(
    ["run", "-A", "--quiet", script, join(workspace.root, OPENAPI)],
  );
  return single(code === 0, output);
}

interface ModuleGraph {
  modules: { specifier: string; error?: string }[];
  redirects: Record<string, string>;
}

/** What a user downloads is this repository and `@std`, nothing else. */
async function checkDependencies(workspace: Workspace): Promise<Outcome> {
  const { code, stdout, output } = await workspace.deno(
    ["info", "--quiet", "--json", "mod.ts"],
  );
  if (code !== 0) return single(false, output);
  const { modules, redirects }: ModuleGraph = JSON.parse(stdout);
  const own = pathToFileURL(`${workspace.root}/`).href;
  const registries = new Set(
    Object.entries(redirects)
      .filter(([from]) => from.startsWith("jsr:@std/"))
      .map(([, to]) => new URL(to).origin),
  );
  const foreign = modules.filter(({ specifier, error }) => {
    if (error !== undefined) return true;
    if (specifier.startsWith(own)) return false;
    const { origin, pathname } = new URL(specifier);
    return !(registries.has(origin) && pathname.startsWith("/@std/"));
  });
  return single(
    modules.length > 0 && foreign.length === 0,
    `Neither in this repository nor in @std: ${
      JSON.stringify(foreign, null, 2)
    }`,
  );
}
