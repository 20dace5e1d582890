/**
 * The examples of the README, run as a reader would: each a program of its own, in
 * a folder with something to upload, against an emulator.
 *
 * @module
 */

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { esbuild } from "../package/esbuild.ts";
import type { Outcome } from "../report/outcome.ts";
import type { RunScript } from "../runtimes/runtime.ts";
import type { Workspace } from "../workspace/workspace.ts";

const EMULATOR = "tests/servers/emulator_process.ts";
const FILES = 3;

/** Runs the examples below a folder in which the package can be imported. */
export async function runReadme(
  workspace: Workspace,
  folder: string,
  run: RunScript,
): Promise<Outcome> {
  const cwd = join(folder, "readme");
  const scripts = await writeExamples(workspace, cwd);
  await using emulator = await workspace.server(EMULATOR);
  const env = {
    ...workspace.env,
    AVALA_API_KEY: "avk_documentation",
    AVALA_BASE_URL: emulator.address,
    AVALA_ALLOW_INSECURE_BASE_URL: "1",
  };
  const outcome: Outcome = { passed: 0, failed: 0, output: "" };
  for (const script of scripts) {
    const { code, output } = await run(script, { cwd, env });
    if (code === 0) outcome.passed++;
    else outcome.failed++;
    outcome.output += `${code === 0 ? "ok" : "FAILED"} ${script}\n${output}`;
  }
  await rm(cwd, { recursive: true });
  if (scripts.length > 0) return outcome;
  return { passed: 0, failed: 1, output: "The README has no example\n" };
}

/** Writes each example as TypeScript and as JavaScript, and a folder to upload. */
async function writeExamples(
  workspace: Workspace,
  folder: string,
): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "drive"), { recursive: true });
  for (let index = 0; index < FILES; index++) {
    await writeFile(join(folder, "drive", `${index}.jpg`), `picture ${index}`);
  }
  const text = await readFile(join(workspace.root, "README.md"), "utf8");
  const scripts: string[] = [];
  for (const [, code = ""] of text.matchAll(/^```ts\n(.*?)^```$/gms)) {
    const script = `example${scripts.length + 1}.ts`;
    await writeFile(join(folder, script), code);
    scripts.push(script);
  }
  await esbuild(workspace, folder, [
    ...scripts,
    // `await using` is newer than some of the runtimes
    "--target=es2022",
    "--outdir=.",
  ]);
  return scripts;
}
