/**
 * Runs a task of `deno.json`. It imports nothing from a registry, since one of
 * its jobs is to provide the registry where there is none.
 *
 * Each folder beside it has one rule:
 * - `tasks/`: what a task does, step by step.
 * - `steps/`: one step of a run of tests, and its count.
 * - `report/`: counts, and what is printed of them.
 * - `runtimes/`: how each runtime is found and started, and what it can't run.
 * - `package/`: the library as its users install it, with the tests beside it.
 * - `sandbox/`: runs in a page or a worker, where it stands in for Node.
 * - `host/`: runs outside of the sandbox, and has the sockets and files for it.
 * - `workspace/`: this repository, its processes, the programs that npm brings.
 * - `npm/`: the versions of these programs.
 * - `registry/`: the stand-in for the package registries.
 * - `docs/`: what is made from the code, and the checks of descriptions.
 * - `selftest/`: tests that must fail, or the runner is broken.
 * - `demo/`: the demo.
 *
 * `harness.ts`, `folders.ts` and `listeners.ts` are what the tests import.
 *
 * @module
 */

import { writeCatalog } from "./docs/catalog/catalog_file.ts";
import { writeSurface } from "./docs/surface.ts";
import { runBenchTask } from "./tasks/bench.ts";
import { runCompareTask } from "./tasks/compare.ts";
import { runPublishedTask } from "./tasks/published.ts";
import { runTests, TASKS } from "./tasks/test.ts";
import { cleanUp, cleanUpOnInterrupt } from "./workspace/processes.ts";
import { Workspace } from "./workspace/workspace.ts";

/** The tasks that are one script. */
const SCRIPTS: Record<string, string> = {
  "demo": "tests/tools/demo/main.ts",
  "soak": "tests/load/soak.ts",
  "soak:uploads": "tests/load/upload_soak.ts",
  "fuzz": "tests/load/fuzz.ts",
};

/** Runs the task and returns the exit code. */
async function main([task = "", ...args]: string[]): Promise<number> {
  const workspace = new Workspace();
  const script = SCRIPTS[task];
  const steps = TASKS[task];
  cleanUpOnInterrupt();
  try {
    await workspace.resolveJsr();
    if (script) return await workspace.script(script, args);
    if (steps) return await runTests(workspace, args, steps) ? 0 : 1;
    switch (task) {
      case "bench":
        await runBenchTask(workspace, args);
        return 0;
      case "compare":
        await runCompareTask(workspace, args);
        return 0;
      case "docs":
        await writeSurface(workspace);
        await writeCatalog(workspace);
        return 0;
      case "published":
        return await runPublishedTask(workspace) ? 0 : 1;
      default:
        console.error(`There is no task '${task}'`);
        return 2;
    }
  } finally {
    await cleanUp();
    await workspace.close();
  }
}

Deno.exit(await main(Deno.args));
