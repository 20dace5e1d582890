/**
 * The runtimes that run a bundle of a test file: a page, and a worker.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CHROMIUM_FLAGS, findChromium } from "./chromium.ts";
import { execute, start, temporaryFolder } from "./processes.ts";
import { toolPath } from "./tools.ts";
import type { Workspace } from "./workspace.ts";

/** A runtime that runs a bundle. */
export interface ConfinedRuntime {
  /** Its version. */
  version: string;
  /** Starts to run a bundle, which finds the outside at `host`. */
  start(
    folder: string,
    bundle: string,
    host: string,
  ): Promise<Deno.ChildProcess>;
}

/** Finds Chromium. */
export async function chromiumRuntime(
  workspace: Workspace,
): Promise<ConfinedRuntime> {
  const { command, env, version } = await findChromium(workspace);
  return {
    version,
    async start(_folder, bundle, host) {
      const profile = await temporaryFolder();
      const page = `http://${host}/${bundle.replace(/js$/, "html")}`;
      return start(
        command,
        [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, page],
        // what it writes at home is gone afterwards
        { cwd: profile, env: { ...env, HOME: profile } },
      );
    },
  };
}

/** Finds workerd. */
export async function workerdRuntime(
  workspace: Workspace,
): Promise<ConfinedRuntime> {
  const command = await toolPath(workspace, "workerd");
  const options = { cwd: workspace.root, env: workspace.env };
  const { code, output } = await execute(command, ["--version"], options);
  const [version] = /\d{4}-\d\d-\d\d/.exec(output) ?? [];
  if (code !== 0 || !version) {
    throw new Error(`Cannot start workerd: ${output}`);
  }
  return {
    version,
    async start(folder, bundle, host) {
      const config = join(await temporaryFolder(), "config.capnp");
      const script = join(folder, bundle);
      await writeFile(config, configuration(script, host, version));
      const args = ["test", "--import-path=/", config];
      return start(command, args, { cwd: folder, env: workspace.env });
    },
  };
}

/** A worker as it is made today. */
function configuration(script: string, host: string, date: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "tests", worker = .tests),
    (name = "network", network = (allow = ["private"])),
  ],
);

const tests :Workerd.Worker = (
  modules = [(name = "tests.js", esModule = embed ${JSON.stringify(script)})],
  compatibilityDate = "${date}",
  bindings = [
    (name = "HOST", text = "${host}"),
    (name = "SELF", service = "tests"),
  ],
  globalOutbound = "network",
);
`;
}
