/**
 * Child processes that never outlive the task, and folders that do neither.
 *
 * @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const GRACE = 2_000;

const children = new Set<Deno.ChildProcess>();
const folders = new Set<string>();

/** What a child needs beside its command line. */
export interface ProcessOptions {
  /** Working folder. */
  cwd: string;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** Milliseconds until it is killed. */
  timeout?: number;
  /** Called with what it prints, as it prints it. */
  onOutput?: (text: string) => void;
}

/** How a child ended. */
export interface ProcessResult {
  /** The exit code; 127 when the command does not exist. */
  code: number;
  /** Both streams, in the order in which they were written. */
  output: string;
  /** The standard output alone. */
  stdout: string;
}

/** Runs a command to its end and keeps what it printed. */
export async function execute(
  command: string,
  args: string[],
  { cwd, env = {}, timeout = 600_000, onOutput }: ProcessOptions,
): Promise<ProcessResult> {
  let child: Deno.ChildProcess;
  try {
    child = start(command, args, { cwd, env });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const output = `Cannot run '${command}': it is not installed here`;
    return { code: 127, output, stdout: "" };
  }
  let output = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    let text = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      output += chunk;
      onOutput?.(chunk);
    }
    return text;
  };
  const timer = setTimeout(() => {
    output += `\nStopped '${command}': it ran longer than ${timeout} ms\n`;
    stop(child, "SIGKILL");
  }, timeout);
  const stdout = read(child.stdout);
  const stderr = read(child.stderr);
  const { code } = await child.status;
  clearTimeout(timer);
  await stderr;
  return { code, stdout: await stdout, output };
}

/** Starts a command whose streams the caller reads. */
export function start(
  command: string,
  args: string[],
  { cwd, env = {} }: ProcessOptions,
  stream: "piped" | "inherit" = "piped",
): Deno.ChildProcess {
  const isScript = Deno.build.os === "windows" && command === "npm";
  const child = new Deno.Command(isScript ? "npm.cmd" : command, {
    args,
    cwd,
    env,
    stdin: stream === "inherit" ? "inherit" : "null",
    stdout: stream,
    stderr: stream,
  }).spawn();
  children.add(child);
  child.status.then(() => children.delete(child));
  return child;
}

/** A child that serves until it is stopped. */
export interface ServerProcess extends AsyncDisposable {
  /** Where it listens: its first line of output. */
  readonly address: string;
}

/** Starts a script of this repository that prints where it listens. */
export async function startServer(
  script: string,
  args: string[],
  options: ProcessOptions,
): Promise<ServerProcess> {
  const child = start(
    Deno.execPath(),
    ["run", "-A", "--quiet", script, ...args],
    options,
  );
  const errors = new Response(child.stderr).text();
  const { timeout = 60_000 } = options;
  const timer = setTimeout(() => stop(child, "SIGKILL"), timeout);
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await output.read();
    if (done) throw new Error(`Cannot start '${script}': ${await errors}`);
    text += value;
  }
  clearTimeout(timer);
  return {
    address: text.split("\n")[0]!.trim(),
    async [Symbol.asyncDispose]() {
      stop(child);
      await output.cancel();
      await errors;
      await child.status;
    },
  };
}

/** Makes a folder that is removed when the task ends, however it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "avala-client-"));
  folders.add(folder);
  return folder;
}

/** Ends every child and removes every temporary folder. */
export async function cleanUp(): Promise<void> {
  const left = [...children];
  for (const child of left) stop(child);
  const timer = setTimeout(() => {
    for (const child of children) stop(child, "SIGKILL");
  }, GRACE);
  await Promise.all(left.map((child) => child.status));
  clearTimeout(timer);
  for (const folder of folders) {
    await rm(folder, { recursive: true, force: true });
  }
  folders.clear();
}

/** Cleans up, then exits, when somebody stops the task. */
export function cleanUpOnInterrupt(): void {
  const signals: [Deno.Signal, number][] = Deno.build.os === "windows"
    ? [["SIGINT", 130]]
    : [["SIGINT", 130], ["SIGTERM", 143]];
  for (const [signal, code] of signals) {
    Deno.addSignalListener(signal, () => {
      cleanUp().finally(() => Deno.exit(code));
    });
  }
}

/** Ends a child that may have ended already. */
export function stop(
  child: Deno.ChildProcess,
  signal: Deno.Signal = "SIGTERM",
): void {
  try {
    child.kill(signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
