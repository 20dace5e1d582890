/**
 * The behavior tests against the packed library: installed for Node and Bun, in
 * a bundle for workers and browsers.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunOptions } from "../harness.ts";
import { bundle, bundleLibrary, prepareBundles } from "./bundle.ts";
import {
  chromiumRuntime,
  type ConfinedRuntime,
  workerdRuntime,
} from "./confined_tests.ts";
import { makeConsumer } from "./consumer.ts";
import { checkNpmTypes } from "./npm_types.ts";
import { notApplicable, reasons, type RuntimeName } from "./not_applicable.ts";
import { runConfined } from "./outside.ts";
import { execute, type ProcessResult } from "./processes.ts";
import { counted, type Outcome, type Report, single } from "./report.ts";
import { toolPath } from "./tools.ts";
import type { Workspace } from "./workspace.ts";

const SUMMARY = /^(\d+) passed, (\d+) failed$/gm;
const FILE_TIMEOUT = 300_000;
/** Each has one test that does harm when it is over. */
const BAD_TESTS = ["error", "rejection", "server", "timer"]
  .map((harm) => `tests/tools/selftest/${harm}_test.ts`);

/** Runs the files on each runtime, each file in a process of its own. */
export async function runInstalledTests(
  workspace: Workspace,
  report: Report,
  runtimes: RuntimeName[],
  behavior: string[],
  workerOnly: string[],
): Promise<void> {
  let project = "";
  const installed = await report.step("pack and install", async () => {
    const all = [...behavior, ...workerOnly];
    if (all.length === 0) throw new Error("There is no test file");
    project = await makeConsumer(workspace, [...all, ...BAD_TESTS]);
    return single(true, "");
  });
  if (!installed) return;
  await report.step("types from npm", () => checkNpmTypes(workspace, project));
  if (runtimes.includes("chromium")) {
    await report.step("bundle for browsers", async () => {
      const { code, output } = await bundleLibrary(workspace, project);
      return single(code === 0, output);
    });
  }
  for (const name of runtimes) {
    let runtime: Runtime | undefined;
    await report.step(`find ${name}`, async () => {
      runtime = await find(name, workspace, project);
      return { passed: 0, failed: 0, output: "" };
    });
    if (!runtime) continue;
    const title = name.replace(/\d+$/, "");
    const { version, run } = runtime;
    await report.step(`${title} ${version} notices bad tests`, async () => {
      let output = "";
      for (const file of BAD_TESTS) {
        const outcome = counted(SUMMARY, await run(file, { grace: 500 }));
        if (outcome.failed === 0) output += `It did not notice ${file}\n`;
      }
      return single(output === "", output);
    });
    const files = name === "workerd" ? [...behavior, ...workerOnly] : behavior;
    await inParallel(files, async (file) => {
      await report.step(`${title} ${version} ${file}`, async () => {
        const skip = notApplicable(name, file);
        // what needs a file system can't even be bundled
        if (skip === "all") return await leftOut(workspace, file);
        return counted(SUMMARY, await run(file, { skip }));
      });
    });
  }
  for (const line of reasons(runtimes, behavior)) console.log(line);
}

/** Counts the tests of a file that does not apply, as far as its text tells. */
async function leftOut(workspace: Workspace, file: string): Promise<Outcome> {
  const text = await readFile(join(workspace.root, file), "utf8");
  const notApplicable = text.match(/^ *test\(/gm)?.length ?? 1;
  return { passed: 0, failed: 0, notApplicable, output: "" };
}

/** The tests wait more than they work: a few files at a time take less long. */
const FILES_AT_ONCE = 3;

async function inParallel(
  files: string[],
  run: (file: string) => Promise<void>,
): Promise<void> {
  const waiting = [...files];
  const work = async () => {
    for (let file; (file = waiting.shift()) !== undefined;) await run(file);
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
}

interface Runtime {
  version: string;
  run(file: string, options: RunOptions): Promise<ProcessResult>;
}

/** Finds a runtime that is installed, or else one that can be brought. */
async function find(
  name: RuntimeName,
  workspace: Workspace,
  project: string,
): Promise<Runtime> {
  switch (name) {
    case "chromium":
      return await confined(
        await chromiumRuntime(workspace),
        workspace,
        project,
      );
    case "workerd":
      return await confined(
        await workerdRuntime(workspace),
        workspace,
        project,
      );
    case "bun":
      return process(await findBun(workspace), [], workspace, project);
    default: {
      const found = await findNode(name, workspace);
      return process(found, ["--enable-source-maps"], workspace, project);
    }
  }
}

/** A runtime's program. */
export interface Program {
  command: string;
  version: string;
}

function process(
  { command, version }: Program,
  args: string[],
  { env }: Workspace,
  cwd: string,
): Runtime {
  return {
    version,
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

async function confined(
  runtime: ConfinedRuntime,
  workspace: Workspace,
  project: string,
): Promise<Runtime> {
  const folder = await prepareBundles(project);
  return {
    version: runtime.version,
    async run(file, options) {
      const script = await bundle(workspace, folder, file, options);
      return await runConfined(
        folder,
        (host) => runtime.start(folder, script, host),
        FILE_TIMEOUT,
      );
    },
  };
}

/** The Node that is installed, if it has the version, else npm's. */
export async function findNode(
  name: "node" | "node20" | "node22" | "node24",
  workspace: Workspace,
): Promise<Program> {
  const wanted = name.slice("node".length);
  const found = await versionOf("node", workspace);
  if (found?.startsWith(wanted)) return { command: "node", version: found };
  if (name === "node") throw new Error("Cannot find the runtime 'node'");
  const command = await toolPath(workspace, name);
  const version = await versionOf(command, workspace);
  if (!version) throw new Error(`Cannot start '${command}'`);
  return { command, version };
}

async function versionOf(
  command: string,
  { env }: Workspace,
): Promise<string | undefined> {
  const options = { cwd: tmpdir(), env };
  const { code, stdout } = await execute(command, ["--version"], options);
  return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

/** Asks npx for its path once, since every start through it costs a second. */
export async function findBun(workspace: Workspace): Promise<Program> {
  const found = await versionOf("bun", workspace);
  if (found?.startsWith("1.")) return { command: "bun", version: found };
  const script = "console.log(process.execPath, process.versions.bun)";
  const { code, stdout, output } = await execute(
    "npx",
    ["--yes", "--package=bun@1", "--", "bun", "--eval", script],
    { cwd: tmpdir(), env: workspace.env },
  );
  const [, command, version] =
    /^(.+) (\S+)$/.exec(stdout.trim().split("\n").at(-1) ?? "") ?? [];
  if (code !== 0 || !command || !version) {
    throw new Error(`Cannot find the runtime 'bun': ${output}`);
  }
  return { command, version };
}
