/**
 * Copies test files, as JavaScript, into a project that knows no TypeScript.
 *
 * @module
 */

import { cp, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Workspace } from "../workspace/workspace.ts";
import { esbuild } from "./esbuild.ts";

const LOCAL = /(?:\bfrom|\bimport|\bnew URL)\s*\(?\s*"(\.{1,2}\/[^"]*)"/g;

/** Writes these files, and the local ones that they name, below `project`. */
export async function copyTests(
  workspace: Workspace,
  files: string[],
  project: string,
): Promise<void> {
  const sources = new Set<string>();
  for (const file of files) {
    await follow(join(workspace.root, file), sources);
  }
  const scripts: string[] = [];
  for (const source of sources) {
    const path = relative(workspace.root, source);
    if (path.endsWith(".ts")) {
      scripts.push(path);
    } else {
      await cp(source, join(project, path), { recursive: true });
    }
  }

  await esbuild(workspace, workspace.root, [
    ...scripts,
    // `await using` is newer than some of the runtimes
    "--target=es2022",
    "--supported:import-attributes=true",
    "--sourcemap=inline",
    "--outbase=.",
    `--outdir=${project}`,
  ]);
  for (const script of scripts) {
    const target = join(project, script.replace(/\.ts$/, ".js"));
    const text = await readFile(target, "utf8");
    await writeFile(
      target,
      text.replace(LOCAL, (found) => found.replace(/\.ts"$/, '.js"')),
    );
  }
}

async function follow(file: string, seen: Set<string>): Promise<void> {
  if (seen.has(file)) return;
  seen.add(file);
  if (!file.endsWith(".ts")) return;
  for (const [, target] of (await readFile(file, "utf8")).matchAll(LOCAL)) {
    const url = new URL(target!, pathToFileURL(file));
    await follow(fileURLToPath(url), seen);
  }
}
