/**
 * Tests on Deno: the test files, and the examples in the documentation.
 *
 * @module
 */

import { counted, single } from "../report/outcome.ts";
import type { Report } from "../report/report.ts";
import { runReadme } from "./readme.ts";
import type { Workspace } from "../workspace/workspace.ts";

const SUMMARY =
  /^(?:ok|FAILED) \| (?<passed>\d+) passed.*?\| (?<failed>\d+) failed(?:.*?\| (?<ignored>\d+) ignored)?/gm;
const EMULATOR = "tests/servers/emulator_process.ts";

/** Runs the test files given. */
export async function runDenoTests(
  workspace: Workspace,
  report: Report,
  files: string[],
): Promise<void> {
  await report.step(`deno ${Deno.version.deno}`, async (onOutput) => {
    if (files.length === 0) throw new Error("There is no test file");
    return counted(
      SUMMARY,
      await workspace.deno(
        ["test", "-A", "--quiet", "--parallel", ...files],
        // the tests wait more than they work
        { env: { DENO_JOBS: "3" }, onOutput },
      ),
    );
  });
}

/**
 * Runs every example in the sources, and in the README: a client without options
 * talks to an emulator.
 */
export async function runExamples(
  workspace: Workspace,
  report: Report,
): Promise<void> {
  await report.step("examples", async (onOutput) => {
    await using emulator = await workspace.server(EMULATOR);
    const env = {
      AVALA_API_KEY: "avk_documentation",
      AVALA_BASE_URL: emulator.address,
      AVALA_ALLOW_INSECURE_BASE_URL: "1",
    };
    return counted(
      SUMMARY,
      await workspace.deno(
        ["test", "-A", "--quiet", "--parallel", "--doc", "mod.ts", "src/"],
        { env, onOutput },
      ),
    );
  });
  await report.step("types of the README", async () => {
    const { code, output } = await workspace.deno(
      ["check", "--quiet", "--doc-only", "README.md"],
    );
    return single(code === 0, output);
  });
  // inside of the repository, where the package knows itself by its name
  await report.step("examples of the README", () =>
    runReadme(
      workspace,
      workspace.cache,
      (file, { cwd, env }) =>
        workspace.deno(["run", "-A", "--quiet", "--no-check", file], {
          cwd,
          env,
        }),
    ));
}
