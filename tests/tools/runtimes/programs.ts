/**
 * Node and Bun: those that are installed, or else npm's.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { execute } from "../workspace/processes.ts";
import { type ToolName, toolPath } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A runtime's program. */
export interface Program {
  /** How to start it. */
  command: string;
  /** Its version. */
  version: string;
}

/** Finds Node, of a version where the name has one. */
export async function findNode(
  name: "node" | "node20" | "node22" | "node24",
  workspace: Workspace,
): Promise<Program> {
  const wanted = name.slice("node".length);
  const installed = await programAt("node", workspace);
  if (installed?.version.startsWith(wanted)) return installed;
  if (name === "node") throw new Error("Cannot find the runtime 'node'");
  return await fromNpm(name, workspace);
}

/** Finds Bun. */
export async function findBun(workspace: Workspace): Promise<Program> {
  const installed = await programAt("bun", workspace);
  if (installed?.version.startsWith("1.")) return installed;
  return await fromNpm("bun", workspace);
}

async function fromNpm(name: ToolName, workspace: Workspace): Promise<Program> {
  const command = await toolPath(workspace, name);
  const found = await programAt(command, workspace);
  if (!found) throw new Error(`Cannot start '${command}'`);
  return found;
}

/** Asks a program for its version. */
export async function programAt(
  command: string,
  { env }: Workspace,
): Promise<Program | undefined> {
  const options = { cwd: tmpdir(), env };
  const { code, stdout } = await execute(command, ["--version"], options);
  const [version] = /\d[\d.-]+/.exec(stdout) ?? [];
  return code === 0 && version ? { command, version } : undefined;
}
