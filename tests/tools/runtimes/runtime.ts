/**
 * The runtimes that run test files against the packed library.
 *
 * @module
 */

import type { RunOptions } from "../harness.ts";
import { runInSandbox } from "../host/run_in_sandbox.ts";
import { bundle, prepareBundles } from "../package/bundle.ts";
import { execute, type ProcessResult } from "../workspace/processes.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { findChromium } from "./chromium.ts";
import { findBun, findNode, type Program } from "./programs.ts";
import { findWorkerd } from "./workerd.ts";

const FILE_TIMEOUT = 300_000;

/** Their names, in the order in which they run. */
export const RUNTIMES = [
  "node",
  "node20",
  "node22",
  "node24",
  "bun",
  "workerd",
  "chromium",
] as const;

/** The name of a runtime. */
export type RuntimeName = typeof RUNTIMES[number];

/** A runtime that was found. */
export interface Runtime {
  /** Its version. */
  version: string;
  /** Runs a test file. */
  run(file: string, options: RunOptions): Promise<ProcessResult>;
  /** Runs a program, where there are processes. */
  runScript?: RunScript;
}

/** Runs a program in a folder. */
export type RunScript = (
  file: string,
  options: { cwd: string; env: Record<string, string> },
) => Promise<ProcessResult>;

/** A runtime without processes and files, which runs a bundle of a test file. */
export interface SandboxRuntime {
  /** Its version. */
  version: string;
  /** Starts to run a bundle, which finds its host at that address. */
  start(
    folder: string,
    bundle: string,
    host: string,
  ): Promise<Deno.ChildProcess>;
}

/** Finds a runtime that is installed, or else brings one from npm. */
export async function findRuntime(
  name: RuntimeName,
  workspace: Workspace,
  project: string,
): Promise<Runtime> {
  switch (name) {
    case "chromium":
      return await inSandbox(await findChromium(workspace), workspace, project);
    case "workerd":
      return await inSandbox(await findWorkerd(workspace), workspace, project);
    case "bun":
      return inProcess(await findBun(workspace), [], workspace, project);
    default: {
      const node = await findNode(name, workspace);
      return inProcess(node, ["--enable-source-maps"], workspace, project);
    }
  }
}

function inProcess(
  { command, version }: Program,
  args: string[],
  { env }: Workspace,
  cwd: string,
): Runtime {
  return {
    version,
    runScript(file, options) {
      const script = file.replace(/\.ts$/, ".js");
      return execute(command, [...args, script], {
        ...options,
        timeout: FILE_TIMEOUT,
      });
    },
    run(file, options) {
      const script = `./${file.replace(/\.ts$/, ".js")}`;
      return execute(
        command,
        [...args, "run.js", script, JSON.stringify(options)],
        { cwd, env, timeout: FILE_TIMEOUT },
      );
    },
  };
}

async function inSandbox(
  runtime: SandboxRuntime,
  workspace: Workspace,
  project: string,
): Promise<Runtime> {
  const folder = await prepareBundles(project);
  return {
    version: runtime.version,
    async run(file, options) {
      const script = await bundle(workspace, folder, file, options);
      return await runInSandbox(
        folder,
        (host) => runtime.start(folder, script, host),
        FILE_TIMEOUT,
      );
    },
  };
}
