/**
 * Scripts on each runtime, with the package as its users install it.
 *
 * @module
 */

import { findBun, findNode } from "../runtimes/programs.ts";
import { execute } from "../workspace/processes.ts";
import type { Workspace } from "../workspace/workspace.ts";

const TIMEOUT = 600_000;

/** Runs a script on a runtime; gives what it printed. */
export type RunScript = (script: string, args?: string[]) => Promise<string>;

/** The runtimes by their names. */
export async function scriptRuntimes(
  workspace: Workspace,
  project: string,
): Promise<[string, RunScript][]> {
  const run = (
    command: string,
    flags: string[],
    cwd: string,
    extension: string,
  ): RunScript =>
  async (script, args = []) => {
    const file = `./${script.replace(/\.ts$/, extension)}`;
    const { code, stdout, output } = await execute(
      command,
      [...flags, file, ...args],
      { cwd, env: workspace.env, timeout: TIMEOUT },
    );
    if (code !== 0) throw new Error(output);
    return stdout;
  };
  const denoFlags = ["run", "-A", "--quiet", "--v8-flags=--expose-gc"];
  const node = await findNode("node", workspace);
  const bun = await findBun(workspace);
  return [
    [
      `Deno ${Deno.version.deno}`,
      run(Deno.execPath(), denoFlags, workspace.root, ".ts"),
    ],
    [
      `Node ${node.version}`,
      run(node.command, ["--expose-gc"], project, ".js"),
    ],
    [`Bun ${bun.version}`, run(bun.command, [], project, ".js")],
  ];
}
