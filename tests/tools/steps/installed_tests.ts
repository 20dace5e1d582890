/**
 * The behavior tests against the packed library: installed for Node and Bun, in
 * a bundle for workers and browsers.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleLibrary } from "../package/bundle.ts";
import { installPackage } from "../package/install.ts";
import { counted, type Outcome, single } from "../report/outcome.ts";
import type { Report } from "../report/report.ts";
import { notApplicable, reasons } from "../runtimes/not_applicable.ts";
import {
  findRuntime,
  type Runtime,
  type RuntimeName,
} from "../runtimes/runtime.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { checkNpmTypes } from "./npm_types.ts";
import { runReadme } from "./readme.ts";

/** What our own runner prints last. */
export const SUMMARY =
  /^(?:(?<ignored>\d+) not applicable\n)?(?<passed>\d+) passed, (?<failed>\d+) failed$/gm;
/** Each has one test that does harm when it is over. */
const SELFTESTS = ["error", "rejection", "server", "timer"]
  .map((harm) => `tests/tools/selftest/${harm}_test.ts`);
/** The tests wait more than they work: a few files at a time take less long. */
const FILES_AT_ONCE = 3;

/** Runs the files on each runtime, each file in a process of its own. */
export async function runInstalledTests(
  workspace: Workspace,
  report: Report,
  runtimes: RuntimeName[],
  behavior: string[],
  workerOnly: string[],
): Promise<void> {
  let project = "";
  const isInstalled = await report.step("pack and install", async () => {
    const all = [...behavior, ...workerOnly];
    if (all.length === 0) throw new Error("There is no test file");
    project = await installPackage(workspace, [...all, ...SELFTESTS]);
    return single(true, "");
  });
  if (!isInstalled) return;
  await report.step("types from npm", () => checkNpmTypes(workspace, project));
  if (runtimes.includes("chromium")) {
    await report.step("bundle for browsers", async () => {
      await bundleLibrary(workspace, project);
      return single(true, "");
    });
  }
  for (const name of runtimes) {
    let runtime: Runtime | undefined;
    await report.step(`find ${name}`, async () => {
      runtime = await findRuntime(name, workspace, project);
      return { passed: 0, failed: 0, output: "" };
    });
    if (!runtime) continue;
    const { version, run, runScript } = runtime;
    const title = `${name.replace(/\d+$/, "")} ${version}`;
    await report.step(`${title} notices bad tests`, () => selftest(run));
    if (runScript) {
      await report.step(
        `${title} examples of the README`,
        () => runReadme(workspace, project, runScript),
      );
    }
    const files = name === "workerd" ? [...behavior, ...workerOnly] : behavior;
    await inParallel(files, async (file) => {
      await report.step(`${title} ${file}`, async () => {
        const skip = notApplicable(name, file);
        // what needs a file system can't even be bundled
        if (skip === "all") return await leftOut(workspace, file);
        return counted(SUMMARY, await run(file, { skip }));
      });
    });
  }
  for (const line of reasons(runtimes, behavior)) report.leaveOut(line);
}

/** Checks that the runner would notice what a test leaves behind. */
async function selftest(run: Runtime["run"]): Promise<Outcome> {
  let output = "";
  for (const file of SELFTESTS) {
    const outcome = counted(SUMMARY, await run(file, { grace: 500 }));
    if (outcome.failed === 0) output += `It did not notice ${file}\n`;
  }
  return single(output === "", output);
}

/** Counts the tests of a file that does not apply, as far as its text tells. */
async function leftOut(workspace: Workspace, file: string): Promise<Outcome> {
  const text = await readFile(join(workspace.root, file), "utf8");
  const notApplicable = text.match(/^ *test\(/gm)?.length ?? 1;
  return { passed: 0, failed: 0, notApplicable, output: "" };
}

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
