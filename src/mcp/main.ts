/**
 * The server as a process: its arguments, its streams, its end.
 *
 * @module
 */

import { realpathSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readEnvironment } from "../http/environment.ts";
import { VERSION } from "../catalog/version.ts";
import { serveStdio } from "./stdio.ts";
import { toolsetNames } from "./tools.ts";

const OPTIONS = {
  "toolsets": { type: "string", default: "default" },
  "allow-writes": { type: "boolean", default: false },
  "read-only": { type: "boolean", default: false },
  "show-secrets": { type: "boolean", default: false },
  "help": { type: "boolean", default: false },
} as const;

/**
 * Tells whether a module is the program that was started.
 *
 * @param url Its `import.meta.url`.
 * @returns `true` when it is.
 */
export function isMain(url: string): boolean {
  const [, program] = process.argv;
  if (!program || !url.startsWith("file:")) return false;
  try {
    return realpathSync(program) === realpathSync(fileURLToPath(url));
  } catch {
    return false;
  }
}

/**
 * Serves an assistant on standard input and output.
 *
 * @param args The arguments of the command line.
 * @returns The exit code: 0, or 2 for wrong arguments.
 */
export async function run(args: readonly string[]): Promise<number> {
  let given;
  try {
    given = parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(`Cannot start: ${reason}\n\n${USAGE}`);
  }
  if (given.help) {
    process.stderr.write(`${USAGE}\n`);
    return 0;
  }
  const toolsets = given.toolsets.split(",");
  const names = toolsetNames();
  const wrong = toolsets.find((set) => !names.includes(set));
  if (wrong !== undefined) {
    return refuse(
      `Cannot start as there is no toolset '${wrong}': there are ${
        names.join(", ")
      }`,
    );
  }
  const mutations = readEnvironment("AVALA_MCP_ENABLE_MUTATIONS") === "true";
  await serveStdio({
    version: VERSION,
    toolsets,
    allowWrites: !given["read-only"] && (given["allow-writes"] || mutations),
    showSecrets: given["show-secrets"],
  });
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

const USAGE =
  `A server for assistants (Model Context Protocol) on standard input and output.

  --toolsets NAMES  default, all, or resources such as datasets,fleet
  --allow-writes    offer tools that change something
  --read-only       offer none, whatever the environment says (the default)
  --show-secrets    leave secrets in results`;
