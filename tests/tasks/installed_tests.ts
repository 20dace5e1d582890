/**
 * The behavior tests on Node and Bun, against the packed and installed library.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { makeConsumer } from "./consumer.ts";
import {
  execute,
  type ProcessOptions,
  type ProcessResult,
} from "./processes.ts";
import { counted, type Report, single } from "./report.ts";
import type { Workspace } from "./workspace.ts";

const SUMMARY = /^(\d+) passed, (\d+) failed$/gm;
const FILE_TIMEOUT = 300_000;

/** A runtime that can be asked to run a file. */
export type RuntimeName = "node" | "bun";

/** Runs the files on each runtime, each file in a process of its own. */
export async function runInstalledTests(
  workspace: Workspace,
  report: Report,
  runtimes: RuntimeName[],
  files: string[],
): Promise<void> {
  let project = "";
  const installed = await report.step("pack and install", async () => {
    if (files.length === 0) throw new Error("There is no test file");
    project = await makeConsumer(workspace, files);
    return single(true, "");
  });
  if (!installed) return;
  for (const name of runtimes) {
    let runtime: Runtime | undefined;
    await report.step(`find ${name}`, async () => {
      runtime = await locate(name, workspace.env);
      return { passed: 0, failed: 0, output: "" };
    });
    if (!runtime) continue;
    const { command, args, version } = runtime;
    for (const file of files) {
      await report.step(`${name} ${version} ${file}`, async () =>
        counted(
          SUMMARY,
          await execute(
            command,
            [...args, "run.js", `./${file.slice(0, -".ts".length)}.js`],
            { cwd: project, env: workspace.env, timeout: FILE_TIMEOUT },
          ),
        ));
    }
  }
}

interface Runtime {
  command: string;
  args: string[];
  version: string;
}

/** Finds a runtime that is installed, or else one that npm can bring. */
async function locate(
  name: RuntimeName,
  env: Record<string, string>,
): Promise<Runtime> {
  const options = { cwd: tmpdir(), env };
  const found = await execute(name, ["--version"], options);
  const version = found.stdout.trim().replace(/^v/, "");
  if (name === "node" && found.code === 0) {
    return { command: name, args: ["--enable-source-maps"], version };
  }
  if (name === "bun" && found.code === 0 && version.startsWith("1.")) {
    return { command: name, args: [], version };
  }
  return name === "bun" ? await bunFromNpm(options) : missing(name, found);
}

/** Asks for its path once, since every start through npx costs a second. */
async function bunFromNpm(options: ProcessOptions): Promise<Runtime> {
  const script = "console.log(process.execPath, process.versions.bun)";
  const found = await execute(
    "npx",
    ["--yes", "--package=bun@1", "--", "bun", "--eval", script],
    options,
  );
  const [, command, version] =
    /^(.+) (\S+)$/.exec(found.stdout.trim().split("\n").at(-1) ?? "") ?? [];
  if (found.code !== 0 || !command || !version) return missing("bun", found);
  return { command, args: [], version };
}

function missing(name: RuntimeName, { output }: ProcessResult): never {
  throw new Error(`Cannot find the runtime '${name}': ${output}`);
}
