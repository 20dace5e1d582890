/**
 * The `compare` task: what the official SDK and the client do when a server
 * misbehaves, on each runtime. The argument is the path of the official SDK's
 * package. No test asserts it: what others do is theirs to change.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { esbuild } from "../package/esbuild.ts";
import { installPackage } from "../package/install.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { scriptRuntimes } from "./script_runtimes.ts";

const SCRIPT = "tests/load/compare/main.ts";

/** Runs the cases, and prints a table for each runtime. */
export async function runCompareTask(
  workspace: Workspace,
  [officialPath]: string[],
): Promise<void> {
  if (!officialPath) {
    throw new Error(
      "Cannot compare as the path of the official SDK is missing",
    );
  }
  const project = await installPackage(workspace, [SCRIPT]);
  const official = join(project, "official.js");
  await esbuild(workspace, project, [
    resolve(workspace.root, officialPath, "src", "index.ts"),
    "--bundle",
    "--platform=node",
    `--outfile=${official}`,
  ]);
  for (const [runtime, run] of await scriptRuntimes(workspace, project)) {
    console.log(`\n| ${runtime} | official SDK | this client |`);
    console.log("| --- | --- | --- |");
    const output = await run(SCRIPT, [official]);
    for (const line of output.trim().split("\n")) {
      console.log(`| ${JSON.parse(line).join(" | ")} |`);
    }
  }
}
