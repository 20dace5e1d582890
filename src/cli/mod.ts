/**
 * The command line: every operation of the API as a command.
 *
 * Install it with `deno install -g -A -n avala jsr:@avala/client/cli`, or run it
 * in place with `deno run -A jsr:@avala/client/cli`. One file that needs no Deno:
 * `deno compile -A -o avala jsr:@avala/client/cli`. In Node and Bun, after
 * `npx jsr add @avala/client`, it is
 * `node node_modules/@avala/client/src/cli/mod.js`.
 *
 * In place of `-A`, these are enough:
 *
 * | for                         | permissions                                                     |
 * | --------------------------- | --------------------------------------------------------------- |
 * | `--help`, `completion`      | none                                                            |
 * | calls of the API            | `--allow-net=api.avala.ai --allow-env`                          |
 * | a profile                   | also `--allow-read="$HOME/.config/avala"`                       |
 * | `configure`                 | also `--allow-write="$HOME/.config/avala"`                      |
 * | uploads                     | `--allow-net` of all hosts, as the API names the storage; `--allow-read` of the files |
 * | uploads that go on later    | also `--allow-read` and `--allow-write` of `$HOME/.local/state/avala` |
 * | downloads                   | `--allow-net` of all hosts; `--allow-read` and `--allow-write` of the folder |
 * | `emulator`                  | `--allow-net=127.0.0.1`                                         |
 *
 * ```sh
 * avala configure                        # asks for the key, and keeps it in a profile
 * avala datasets list --data-type image
 * avala datasets upload ./drive --name "Night drive" --slug night-drive
 * avala datasets download acme night-drive ./data --include "*.jpg"
 * avala exports wait UID && avala exports download UID
 * avala webhooks delete UID --dry-run    # what would be sent
 * avala emulator                         # the API from memory, with a page
 * source <(avala completion bash)        # also zsh, fish
 * ```
 *
 * `avala --help` and `avala datasets --help` list the commands. A list is a table in
 * a terminal and JSON Lines in a pipe; `--output` chooses. Deletions ask first, and
 * need `--yes` where nobody can be asked.
 *
 * Exit codes: 1 the API refused, 2 usage, 3 credentials, 4 not found, 5 not all files
 * made it, 130 interrupted.
 *
 * ## Permissions
 *
 * In place of `-A`, calls of the API need `--allow-net=api.avala.ai --allow-env`; a
 * profile `--allow-read="$HOME/.config/avala"`, and `configure` also `--allow-write`
 * of that folder. Uploads need `--allow-net` (the API names the storage),
 * `--allow-read` of the files, and both of `$HOME/.local/state/avala` to go on after a
 * crash. Downloads need `--allow-read` and `--allow-write` of the target folder.
 *
 * `deno compile -A -o avala jsr:@avala/client/cli` makes one file for machines without
 * Deno.
 *
 * ```sh
 * avala configure                        # asks for the key, and keeps it in a profile
 * avala datasets list --data-type image
 * avala datasets upload ./drive --name "Night drive" --slug night-drive
 * avala datasets download acme night-drive ./data --include "*.jpg"
 * avala exports wait UID && avala exports download UID
 * avala webhooks delete UID --dry-run    # what would be sent
 * avala emulator                         # the API from memory, with a page
 * source <(avala completion bash)        # also zsh, fish
 * ```
 *
 * `avala --help` and `avala datasets --help` list the commands. A list is a table in
 * a terminal and JSON Lines in a pipe; `--output` chooses. Deletions ask first, and
 * need `--yes` where nobody can be asked.
 *
 * Exit codes: 1 the API refused, 2 usage, 3 credentials, 4 not found, 5 not all files
 * made it, 130 interrupted.
 *
 * ## Permissions
 *
 * In place of `-A`, calls of the API need `--allow-net=api.avala.ai --allow-env`; a
 * profile `--allow-read="$HOME/.config/avala"`, and `configure` also `--allow-write`
 * of that folder. Uploads need `--allow-net` (the API names the storage),
 * `--allow-read` of the files, and both of `$HOME/.local/state/avala` to go on after a
 * crash. Downloads need `--allow-read` and `--allow-write` of the target folder.
 *
 * `deno compile -A -o avala jsr:@avala/client/cli` makes one file for machines without
 * Deno.
 *
 * @example Run a command from a program
 * ```ts
 * import { runCommandLine } from "@avala/client/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await runCommandLine(["--version"]), 0);
 * ```
 *
 * @module
 */

import { realpathSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { VERSION } from "../catalog/version.ts";
import type { CommandLineOptions } from "./streams.ts";

export type { CommandLineOptions };

/**
 * Runs a command line, and leaves ending the process to the caller.
 *
 * @param words The words behind the program's name.
 * @param options Where it reads and writes, and what ends it: the streams and the signals of the process, if left out.
 * @returns The exit code: 0; 1 the API refused; 2 usage; 3 credentials; 4 not found; 5 not all files made it; 130 interrupted.
 *
 * @example Take what a command prints
 * ```ts
 * import { runCommandLine } from "@avala/client/cli";
 * import { assertEquals } from "@std/assert";
 *
 * let printed = "";
 * const code = await runCommandLine(["projects", "list", "--limit", "1"], {
 *   stdout: (text) => {
 *     printed += text;
 *   },
 * });
 * assertEquals([code, typeof JSON.parse(printed).uid], [0, "string"]);
 * ```
 */
export async function runCommandLine(
  words: readonly string[],
  options: CommandLineOptions = {},
): Promise<number> {
  // what is asked for most often loads nothing else
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    const text = `avala ${VERSION}`;
    if (options.stdout) await options.stdout(`${text}\n`);
    else console.log(text);
    return 0;
  }
  const { main } = await import("./main.ts");
  return await main(words, options);
}

/** Tells whether this module is the program. Node learned to tell only in version 24. */
function isProgram(): boolean {
  const { main } = import.meta as { main?: boolean };
  if (main !== undefined) return main;
  const script = process.argv[1];
  if (script === undefined) return false;
  try {
    return realpathSync(script) ===
      realpathSync(fileURLToPath(import.meta.url));
  } catch {
    return false;
  }
}

if (isProgram()) {
  const code = await runCommandLine(process.argv.slice(2));
  process.exit(code);
}
