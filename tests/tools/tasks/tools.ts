/**
 * Programs that the tests need and npm has.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { execute } from "./processes.ts";
import type { Workspace } from "./workspace.ts";

const HOST = `${platform()}-${arch()}`;

/** What npm installs by the name of each tool, and the program in it. */
const TOOLS = {
  node20: [`npm:node-${HOST}@20`, "bin/node"],
  node22: [`npm:node-${HOST}@22`, "bin/node"],
  node24: [`npm:node-${HOST}@24`, "bin/node"],
  workerd: ["1", "bin/workerd"],
  esbuild: ["0.28", "bin/esbuild"],
  typescript: ["5", "bin/tsc"],
} as const;

/** The name of a tool. */
export type ToolName = keyof typeof TOOLS;

/**
 * Returns the path of a program, which npm installs once into the cache of the
 * tests.
 */
export async function toolPath(
  workspace: Workspace,
  name: ToolName,
): Promise<string> {
  const [version, program] = TOOLS[name];
  const hash = createHash("sha256").update(version).digest("hex").slice(0, 8);
  const folder = join(workspace.cache, "tools", `${name}-${hash}`);
  const path = join(folder, "node_modules", name, program);
  if (await stat(path).catch(() => undefined)) return path;
  // Elsewhere first, so that what is in its place is whole.
  const draft = `${folder}.${crypto.randomUUID()}`;
  await mkdir(draft, { recursive: true });
  const dependencies = { [name]: version };
  await writeFile(
    join(draft, "package.json"),
    JSON.stringify({ private: true, dependencies }),
  );
  const { code, output } = await execute(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--no-progress",
      `--prefix=${draft}`,
    ],
    { cwd: draft, env: workspace.env },
  );
  if (code !== 0) throw new Error(`Cannot install '${name}': ${output}`);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return path;
}
