/**
 * The runtime of Cloudflare's workers, as npm has it.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { start, temporaryFolder } from "../workspace/processes.ts";
import { toolPath } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { programAt } from "./programs.ts";
import type { SandboxRuntime } from "./runtime.ts";

/** Finds workerd. */
export async function findWorkerd(
  workspace: Workspace,
): Promise<SandboxRuntime> {
  const command = await toolPath(workspace, "workerd");
  const found = await programAt(command, workspace);
  if (!found) throw new Error(`Cannot start '${command}'`);
  const { version } = found;
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

/** A worker as it is made today: the version is a date. */
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
