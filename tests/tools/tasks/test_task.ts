/**
 * The `test` task: every step, or those that are named.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { runChecks } from "./checks.ts";
import { runDenoTests, runDocumentationTests } from "./deno_tests.ts";
import { runInstalledTests } from "./installed_tests.ts";
import type { RuntimeName } from "./not_applicable.ts";
import { Report } from "./report.ts";
import type { Workspace } from "./workspace.ts";

const RUNTIMES: RuntimeName[] = [
  "node",
  "node20",
  "node22",
  "node24",
  "bun",
  "workerd",
  "chromium",
];
const STEPS = ["check", "examples", "deno", ...RUNTIMES];
const USUAL_STEPS = ["check", "examples", "deno", "node", "bun"];

/** The steps of a run on every runtime. */
export const ALL_STEPS: string[] = STEPS.filter((step) => step !== "node");

/**
 * Runs the tests. Arguments that name a step select it; any other is part of a
 * test file's path, and then only such files run.
 */
export async function runTests(
  workspace: Workspace,
  args: string[],
  usual: string[] = USUAL_STEPS,
): Promise<boolean> {
  const report = new Report();
  const filters = args.filter((arg) => !STEPS.includes(arg));
  let steps = args.filter((arg) => STEPS.includes(arg));
  if (steps.length === 0) {
    steps = filters.length > 0
      ? usual.filter((step) => step !== "check" && step !== "examples")
      : usual;
  }
  const wanted = (file: string) =>
    filters.length === 0 || filters.some((filter) => file.includes(filter));
  const behavior = (await testFiles(workspace, "tests/behavior")).filter(
    wanted,
  );
  const workerOnly = (await testFiles(workspace, "tests/runtimes/workerd"))
    .filter(
      wanted,
    );
  const denoOnly = (await testFiles(workspace, "tests/runtimes/deno")).filter(
    wanted,
  );

  if (steps.includes("check")) await runChecks(workspace, report);
  if (steps.includes("examples")) {
    await runDocumentationTests(workspace, report);
  }
  if (steps.includes("deno")) {
    await runDenoTests(workspace, report, [...behavior, ...denoOnly]);
  }
  const runtimes = RUNTIMES.filter((name) => steps.includes(name));
  // A filter that fits only files for Deno leaves nothing to install for.
  const onlyDeno = behavior.length === 0 && workerOnly.length === 0 &&
    denoOnly.length > 0 && filters.length > 0;
  if (runtimes.length > 0 && !onlyDeno) {
    await runInstalledTests(
      workspace,
      report,
      runtimes,
      behavior,
      steps.includes("workerd") ? workerOnly : [],
    );
  }
  return report.finish();
}

/** Runs the checks alone. */
export async function runCheckTask(workspace: Workspace): Promise<boolean> {
  const report = new Report();
  await runChecks(workspace, report);
  return report.finish();
}

async function testFiles(
  workspace: Workspace,
  folder: string,
): Promise<string[]> {
  const names = await readdir(join(workspace.root, folder))
    .catch((): string[] => []);
  return names.filter((name) => name.endsWith("_test.ts")).sort()
    .map((name) => `${folder}/${name}`);
}
