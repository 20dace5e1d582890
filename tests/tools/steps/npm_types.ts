/**
 * The types of the package as npm installs it, by TypeScript itself.
 *
 * @module
 */

import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execute } from "../workspace/processes.ts";
import { type Outcome, single } from "../report/outcome.ts";
import { toolPath } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";

const CONSUMER = "tests/runtimes/typescript/consumer.ts";
const MODULES = { bundler: "esnext", nodenext: "nodenext" };

/** Compiles a program that uses the package, as strictly as TypeScript can. */
export async function checkNpmTypes(
  workspace: Workspace,
  project: string,
): Promise<Outcome> {
  const compiler = await toolPath(workspace, "typescript");
  const program = join(project, CONSUMER);
  await mkdir(dirname(program), { recursive: true });
  await cp(join(workspace.root, CONSUMER), program);
  let output = "";
  for (const [moduleResolution, module] of Object.entries(MODULES)) {
    const config = `tsconfig.${moduleResolution}.json`;
    await writeFile(
      join(project, config),
      JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module,
          moduleResolution,
          // `await using` is newer than the target
          lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
        },
        files: [CONSUMER],
      }),
    );
    const result = await execute(compiler, ["--project", config], {
      cwd: project,
      env: workspace.env,
    });
    if (result.code !== 0) output += `${moduleResolution}:\n${result.output}\n`;
  }
  return single(output === "", output);
}
