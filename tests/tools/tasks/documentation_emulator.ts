/**
 * The API that the examples of the documentation talk to.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { start, stop } from "./processes.ts";
import type { Workspace } from "./workspace.ts";

const PROGRAM = "tests/tools/emulator_process.ts";
const START_TIMEOUT = 30_000;

/** A running emulator, or none. */
export interface DocumentationEmulator {
  /** Leads a client without options to the emulator. */
  env: Record<string, string>;
  /** Ends the emulator's process. */
  stop(): void;
}

/**
 * Starts `tests/tools/emulator_process.ts`, whose first line of output is its base
 * URL. Without that file the examples run with the environment as it is.
 */
export async function documentationEmulator(
  workspace: Workspace,
): Promise<DocumentationEmulator> {
  const program = join(workspace.root, PROGRAM);
  if (!await stat(program).catch(() => undefined)) {
    return { env: {}, stop() {} };
  }
  const child = start(
    Deno.execPath(),
    ["run", "-A", "--quiet", PROGRAM],
    { cwd: workspace.root, env: workspace.env },
  );
  const errors = new Response(child.stderr).text();
  const timer = setTimeout(() => stop(child, "SIGKILL"), START_TIMEOUT);
  const baseUrl = await firstLine(child.stdout);
  clearTimeout(timer);
  if (baseUrl === undefined) {
    throw new Error(`Cannot start '${PROGRAM}': ${await errors}`);
  }
  return {
    env: {
      AVALA_API_KEY: "avk_documentation",
      AVALA_BASE_URL: baseUrl,
      AVALA_ALLOW_INSECURE_BASE_URL: "1",
    },
    stop() {
      stop(child);
    },
  };
}

async function firstLine(
  stream: ReadableStream<Uint8Array>,
): Promise<string | undefined> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    text += value;
  }
  // Whatever else it prints is read and dropped, so that it never blocks.
  (async () => {
    while (!(await reader.read()).done);
  })();
  return text.split("\n")[0]!.trim();
}
