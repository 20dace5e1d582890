/**
 * Tests on Deno: the test files, and the examples in the documentation.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { documentationEmulator } from "./documentation_emulator.ts";
import { counted, type Report } from "./report.ts";
import type { Workspace } from "./workspace.ts";

const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed.*?\| (\d+) failed/gm;

/** Runs the test files given. */
export async function runDenoTests(
  workspace: Workspace,
  report: Report,
  files: string[],
): Promise<void> {
  await report.step(`deno ${Deno.version.deno}`, async () => {
    if (files.length === 0) throw new Error("There is no test file");
    return counted(
      SUMMARY,
      // the tests wait more than they work
      await workspace.deno(
        ["test", "-A", "--quiet", "--parallel", ...files],
        { DENO_JOBS: "3" },
      ),
    );
  });
}

/** Runs every example in the sources and in the README. */
export async function runDocumentationTests(
  workspace: Workspace,
  report: Report,
): Promise<void> {
  await report.step("examples", async () => {
    const places: string[] = [];
    for (const place of ["mod.ts", "src/", "README.md"]) {
      if (await exists(join(workspace.root, place))) places.push(place);
    }
    const emulator = await documentationEmulator(workspace);
    try {
      return counted(
        SUMMARY,
        await workspace.deno(
          ["test", "-A", "--quiet", "--doc", ...places],
          emulator.env,
        ),
      );
    } finally {
      emulator.stop();
    }
  });
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}
