/**
 * Serves the emulator, for programs in any language.
 *
 * @module
 */

import process from "node:process";
import type { AvalaEmulatorOptions } from "../../testing/mod.ts";
import type { Command, Context, Given } from "../command.ts";
import { CommandError, EXIT } from "../exits.ts";

/** Serves the emulator. */
export const emulator: Command = {
  name: "emulator",
  summary: "Serves the Avala API from memory, to try things out and to test.",
  details: "It needs no key, and takes every key that starts with 'avk_'.",
  args: [],
  options: [
    {
      name: "port",
      words: "The port; 0 takes one that is free.",
      type: "number",
      default: 8787,
    },
    {
      name: "latency",
      words: "Milliseconds that every response takes longer.",
      type: "number",
    },
    {
      name: "seed",
      words: "A file with the records to start with, as JSON.",
      type: "string",
      kind: "path",
    },
    { name: "open", words: "Open its page in a browser.", type: "boolean" },
  ],
  effect: "local",
  run,
};

async function run(context: Context, { options }: Given): Promise<void> {
  const { terminal, signal } = context;
  const { port = 8787, latency, seed, open } = options;
  const { readJson } = await import("../json_input.ts");
  const { AvalaEmulator } = await import("../../testing/mod.ts");
  const made = new AvalaEmulator({
    ...(latency !== undefined && { latency }),
    ...(seed !== undefined && {
      seed: await readJson(`@${seed}`, "--seed", terminal),
    }),
  } as AvalaEmulatorOptions);
  const server = await made.serve({ port: Number(port) }).catch((error) => {
    throw new CommandError(
      EXIT.refused,
      `Cannot listen on port ${port}: ${error.message}. Try --port 0.`,
    );
  });
  try {
    await terminal.out(banner(server.origin, server.baseUrl));
    if (open === true) await openPage(server.origin);
    await new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    await server.close();
  }
}

function banner(origin: string, baseUrl: string): string {
  const key = "avk_example";
  return `The emulator serves ${baseUrl}
Its page is ${origin}/ and Ctrl-C ends it. Any key that starts with avk_ will do:

Shell
  export AVALA_API_KEY=${key} AVALA_BASE_URL=${baseUrl} AVALA_ALLOW_INSECURE_BASE_URL=1
Deno, Node
  new AsyncClient({ apiKey: "${key}", baseUrl: "${baseUrl}", allowInsecureBaseUrl: true })
Python
  Client(api_key="${key}", base_url="${baseUrl}")  # AVALA_ALLOW_INSECURE_BASE_URL=1
curl
  curl -H "X-Avala-Api-Key: ${key}" ${baseUrl}/datasets/
`;
}

async function openPage(url: string): Promise<void> {
  const { spawn } = await import("node:child_process");
  const [command, ...args] = process.platform === "darwin"
    ? ["open"]
    : process.platform === "win32"
    ? ["cmd", "/c", "start", ""]
    : ["xdg-open"];
  const child = spawn(command as string, [...args, url], {
    stdio: "ignore",
    detached: true,
  });
  // the address is printed: who has no browser can do without
  child.on("error", () => {});
  child.unref();
}
