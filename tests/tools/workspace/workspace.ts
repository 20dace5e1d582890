/**
 * The repository as the tasks see it: its root, its `deno`, its registry.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Registry, startRegistry } from "../registry/registry.ts";
import { networkEnv } from "./network.ts";
import {
  execute,
  type ProcessOptions,
  type ProcessResult,
  type ServerProcess,
  start,
  startServer,
  temporaryFolder,
} from "./processes.ts";

const PROBE = "jsr:@std/async@^1.5.0/retry";
const PROBE_TIMEOUT = 8_000;

/** The part of `deno.json` that the tasks read. */
export interface DenoConfig {
  name: string;
  version: string;
  license: string;
  exports: Record<string, string>;
  imports: Record<string, string>;
}

/** Everything a task needs to run commands in this repository. */
export class Workspace {
  /** The folder that holds `deno.json`. */
  readonly root: string = fileURLToPath(
    new URL("../../../", import.meta.url),
  ).replace(/[/\\]$/, "");
  /** Holds what was downloaded for the tests; git ignores it. */
  readonly cache: string = join(this.root, "tests", ".cache");
  /** Given to each child process. */
  readonly env: Record<string, string> = {
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    ...networkEnv(),
  };
  #registry: Promise<Registry> | undefined;

  /** The stand-in registry, started by whoever asks first. */
  registry(): Promise<Registry> {
    this.#registry ??= startRegistry(this.cache, this.env);
    return this.#registry;
  }

  /** Makes `jsr:` specifiers resolve in the child processes to come. */
  async resolveJsr(): Promise<void> {
    if (Deno.env.get("JSR_URL") || await this.#reachesJsr()) return;
    const { url, denoDir } = await this.registry();
    this.env.JSR_URL = url;
    // What the stand-in serves must not end up in anybody's own cache.
    this.env.DENO_DIR = denoDir;
    console.error("The registry of jsr: is out of reach: using a stand-in");
  }

  async #reachesJsr(): Promise<boolean> {
    // Outside the repository, so that only the specifier itself is resolved.
    const { code } = await execute(
      Deno.execPath(),
      [
        "info",
        "--quiet",
        "--no-config",
        "--no-lock",
        `--reload=${PROBE}`,
        PROBE,
      ],
      { cwd: await temporaryFolder(), env: this.env, timeout: PROBE_TIMEOUT },
    );
    return code === 0;
  }

  /** Runs `deno` with these arguments in the root. */
  deno(
    args: string[],
    { env = {}, ...options }: Partial<ProcessOptions> = {},
  ): Promise<ProcessResult> {
    return execute(Deno.execPath(), args, {
      cwd: this.root,
      env: { ...this.env, ...env },
      ...options,
    });
  }

  /** Starts a server that is a script of this repository. */
  server(path: string, args: string[] = []): Promise<ServerProcess> {
    return startServer(path, args, { cwd: this.root, env: this.env });
  }

  /** Runs a script of this repository in the foreground, in color if it likes. */
  async script(path: string, args: string[]): Promise<number> {
    const { NO_COLOR: _, ...env } = this.env;
    const child = start(
      Deno.execPath(),
      ["run", "-A", "--quiet", path, ...args],
      { cwd: this.root, env },
      "inherit",
    );
    return (await child.status).code;
  }

  /** Reads `deno.json`. */
  async config(): Promise<DenoConfig> {
    return JSON.parse(await readFile(join(this.root, "deno.json"), "utf8"));
  }

  /** Stops the stand-in, if it was started. */
  async close(): Promise<void> {
    (await this.#registry?.catch(() => undefined))?.close();
  }
}
