/**
 * The tasks that test: `test`, `test:all`, `ok`, and `check`.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Report } from "../report/report.ts";
import { RUNTIMES } from "../runtimes/runtime.ts";
import { runChecks } from "../steps/checks.ts";
import { runDenoTests, runExamples } from "../steps/deno_tests.ts";
import { runInstalledTests } from "../steps/installed_tests.ts";
import type { Workspace } from "../workspace/workspace.ts";

const STEPS = ["check", "examples", "deno", ...RUNTIMES] as const;

/** A step of a run; a runtime is one too. */
export type Step = typeof STEPS[number];

/** The steps of each task that tests. */
export const TASKS: Record<string, readonly Step[]> = {
  "check": ["check"],
  "test": ["examples", "deno", "node", "bun"],
  "ok": ["check", "examples", "deno", "node", "bun"],
  "test:all": STEPS.filter((step) => step !== "node"),
};

/**
 * Runs the tests. Arguments that name a step select it; any other is part of a
 * test file's path, and then only such files run.
 */
export async function runTests(
  workspace: Workspace,
  args: string[],
  usual: readonly Step[],
): Promise<boolean> {
  const report = new Report();
  const filters = args.filter((arg) => !isStep(arg));
  let steps = args.filter(isStep);
  if (steps.length === 0) {
    steps = usual.filter((step) =>
      filters.length === 0 || (step !== "check" && step !== "examples")
    );
  }
  const [behavior = [], workerOnly = [], denoOnly = []] = await Promise.all(
    ["behavior", "runtimes/workerd", "runtimes/deno"].map((folder) =>
      testFiles(workspace, `tests/${folder}`, filters)
    ),
  );

  if (steps.includes("check")) await runChecks(workspace, report);
  if (steps.includes("examples")) await runExamples(workspace, report);
  if (steps.includes("deno")) {
    await runDenoTests(workspace, report, [...behavior, ...denoOnly]);
  }
  const runtimes = RUNTIMES.filter((name) => steps.includes(name));
  // A filter that fits only files for Deno leaves nothing to install for.
  const isForDeno = behavior.length === 0 && workerOnly.length === 0 &&
    denoOnly.length > 0 && filters.length > 0;
  if (runtimes.length > 0 && !isForDeno) {
    await runInstalledTests(
      workspace,
      report,
      runtimes,
      behavior,
      steps.includes("workerd") ? workerOnly : [],
    );
  }
  const left = TASKS["test:all"]!.filter((step) =>
    !steps.includes(step) && usual.length > 1
  );
  if (left.length > 0) report.leaveOut(`not run: ${left.join(", ")}`);
  if (filters.length > 0) {
    report.leaveOut(`not run: files without ${filters.join(" or ")} in a path`);
  }
  return report.finish();
}

function isStep(text: string): text is Step {
  return (STEPS as readonly string[]).includes(text);
}

async function testFiles(
  workspace: Workspace,
  folder: string,
  filters: string[],
): Promise<string[]> {
  const names = await readdir(join(workspace.root, folder))
    .catch((): string[] => []);
  return names.filter((name) => name.endsWith("_test.ts")).sort()
    .map((name) => `${folder}/${name}`)
    .filter((file) =>
      filters.length === 0 || filters.some((filter) => file.includes(filter))
    );
}
