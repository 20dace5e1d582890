/**
 * A server for assistants: every operation of the API as a tool of the Model Context
 * Protocol, over standard input and output.
 *
 * Without further arguments it reads only, and offers the tools of the official
 * server. `--toolsets datasets,fleet` (or `all`) chooses the tools, `--allow-writes`
 * adds those that change something, `--show-secrets` leaves secrets in results. On
 * Deno it needs to reach `api.avala.ai` and to read the environment, and no file.
 *
 * ## Lines for the usual assistants
 *
 * **Claude Desktop** (`claude_desktop_config.json`), **Cursor** (`~/.cursor/mcp.json`),
 * and most others take this JSON:
 *
 * ```json
 * {
 *   "mcpServers": {
 *     "avala": {
 *       "command": "deno",
 *       "args": [
 *         "run",
 *         "--allow-net=api.avala.ai",
 *         "--allow-env",
 *         "jsr:@avala/client/mcp"
 *       ],
 *       "env": { "AVALA_API_KEY": "avk_…" }
 *     }
 *   }
 * }
 * ```
 *
 * **Claude Code**, in a terminal:
 *
 * ```sh
 * claude mcp add avala --env AVALA_API_KEY=avk_… -- deno run --allow-net=api.avala.ai --allow-env jsr:@avala/client/mcp
 * ```
 *
 * **VS Code** (`.vscode/mcp.json`), which asks for the key and keeps it:
 *
 * ```json
 * {
 *   "inputs": [
 *     {
 *       "type": "promptString",
 *       "id": "avala-key",
 *       "description": "Avala API key",
 *       "password": true
 *     }
 *   ],
 *   "servers": {
 *     "avala": {
 *       "type": "stdio",
 *       "command": "deno",
 *       "args": [
 *         "run",
 *         "--allow-net=api.avala.ai",
 *         "--allow-env",
 *         "jsr:@avala/client/mcp"
 *       ],
 *       "env": { "AVALA_API_KEY": "${input:avala-key}" }
 *     }
 *   }
 * }
 * ```
 *
 * **Zed** (`settings.json`):
 *
 * ```json
 * {
 *   "context_servers": {
 *     "avala": {
 *       "command": "deno",
 *       "args": [
 *         "run",
 *         "--allow-net=api.avala.ai",
 *         "--allow-env",
 *         "jsr:@avala/client/mcp"
 *       ],
 *       "env": { "AVALA_API_KEY": "avk_…" }
 *     }
 *   }
 * }
 * ```
 *
 * ### Without an installation of Deno
 *
 * With Node, npx fetches Deno: the command is `npx`, and `"-y", "deno"` come before
 * `"run"` in the arguments. With Bun the command is `bunx`, and `"deno"` comes first.
 *
 * ```json
 * {
 *   "command": "npx",
 *   "args": [
 *     "-y",
 *     "deno",
 *     "run",
 *     "--allow-net=api.avala.ai",
 *     "--allow-env",
 *     "jsr:@avala/client/mcp"
 *   ]
 * }
 * ```
 *
 * In a folder where `npx jsr add @avala/client` (or `bunx jsr add @avala/client`) has
 * installed the package, Node and Bun run it themselves: the command is `node` or
 * `bun`, and its one argument the whole path of
 * `node_modules/@avala/client/src/mcp/mod.js`.
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
