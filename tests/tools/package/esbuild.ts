/**
 * Runs esbuild, which turns TypeScript into JavaScript and makes bundles.
 *
 * @module
 */

import { execute } from "../workspace/processes.ts";
import { toolPath } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Runs it in a folder; what it complains about is the error. */
export async function esbuild(
  workspace: Workspace,
  cwd: string,
  args: string[],
): Promise<void> {
  const { code, output } = await execute(
    await toolPath(workspace, "esbuild"),
    ["--format=esm", "--log-level=warning", ...args],
    { cwd, env: workspace.env },
  );
  if (code !== 0) throw new Error(output);
}
