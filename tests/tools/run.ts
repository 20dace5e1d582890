/**
 * Runs a task of `deno.json`. It imports nothing from a registry, since one of
 * its jobs is to provide the registry where there is none.
 *
 * @module
 */

import { writeMethodTable } from "./docs/method_table.ts";
import { writeSurface } from "./docs/surface.ts";
import { runBenchTask } from "./tasks/bench_task.ts";
import { cleanUp, cleanUpOnInterrupt } from "./tasks/processes.ts";
import { ALL_STEPS, runCheckTask, runTests } from "./tasks/test_task.ts";
import { Workspace } from "./tasks/workspace.ts";

/** Runs the task and returns the exit code. */
async function main([task, ...args]: string[]): Promise<number> {
  const workspace = new Workspace();
  cleanUpOnInterrupt();
  try {
    await workspace.resolveJsr();
    switch (task) {
      case "demo":
        return await workspace.script("tests/tools/demo.ts", args);
      case "bench":
        await runBenchTask(workspace, args);
        return 0;
      case "soak":
      case "fuzz":
        return await workspace.script(`tests/load/${task}.ts`, args);
      case "docs":
        await writeSurface(workspace);
        await writeMethodTable(workspace);
        return 0;
      case "check":
        return await runCheckTask(workspace) ? 0 : 1;
      case "soak:uploads":
        return await workspace.script("tests/load/upload_soak.ts", args);
      case "test":
        return await runTests(workspace, args) ? 0 : 1;
      case "test:all":
        return await runTests(workspace, args, ALL_STEPS) ? 0 : 1;
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
