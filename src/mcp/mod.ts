/**
 * A server for assistants: every operation of the API as a tool of the Model Context
 * Protocol, over standard input and output.
 *
 * `deno run --allow-net=api.avala.ai --allow-env jsr:@avala/client/mcp` starts it;
 * `--toolsets datasets,fleet` (or `all`) chooses the tools, `--allow-writes` adds
 * those that change something, `--show-secrets` leaves secrets in results.
 *
 * @module
 */

import process from "node:process";
import { isMain, run } from "./main.ts";

export { type McpOptions, serveMcp } from "./server.ts";

// Node before 24 does not tell a module that it is the program
if (import.meta.main ?? isMain(import.meta.url)) {
  process.exitCode = await run(process.argv.slice(2));
}
