/**
 * The command line: in this process, or as one of the runtime that runs the tests.
 *
 * @module
 */

import { runCommandLine } from "@avala/client/cli";
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** How the command line is run. */
export interface CommandOptions {
  /** Added to the environment, which knows no key and no profile. */
  env?: { [name: string]: string } | undefined;
  /** Standard input. */
  input?: string | undefined;
}

/** How the command line is run in this process. */
export interface HereOptions extends CommandOptions {
  /** Ends it, as Ctrl-C does. */
  signal?: AbortSignal | undefined;
  /** Told of all that is on standard output so far. */
  onPrinted?: ((stdout: string) => void) | undefined;
}

/** How a process is started. */
export interface ProcessOptions extends CommandOptions {
  /** The folder to work in. */
  cwd?: string | undefined;
  /** Told of everything that is printed. */
  onOutput?: ((text: string, child: RunningCommand) => void) | undefined;
}

/** A process that runs. */
export interface RunningCommand {
  /** Sends a signal. */
  kill(signal: "SIGINT" | "SIGKILL"): void;
  /** Types something. */
  type(text: string): void;
}

/** How a process ended. */
export interface CommandResult {
  /** The exit code; null after a signal. */
  code: number | null;
  /** What it printed on standard output. */
  stdout: string;
  /** What it printed on standard error. */
  stderr: string;
}

const MODULE = import.meta.resolve("@avala/client/cli");
const isDeno = "Deno" in globalThis;
/** No key, no profile, nothing that an earlier run has left. */
const OWN_ENVIRONMENT = {
  XDG_CONFIG_HOME: "/nonexistent",
  XDG_STATE_HOME: "/nonexistent",
  AVALA_API_KEY: "",
  AVALA_BASE_URL: "",
};

/** The program and the arguments that start the command line. */
export function commandLine(args: readonly string[] = []): string[] {
  const own = isDeno
    ? ["run", "-A", "--quiet", "--no-check", MODULE]
    : [fileURLToPath(MODULE)];
  return [process.execPath, ...own, ...args];
}

/** Runs the command line in this process, which takes a hundredth of the time. */
export async function avala(
  args: readonly string[],
  { env, input = "", signal, onPrinted }: HereOptions = {},
): Promise<CommandResult> {
  const result: CommandResult = { code: null, stdout: "", stderr: "" };
  result.code = await runCommandLine(args, {
    stdout: (text) => {
      result.stdout += text;
      onPrinted?.(result.stdout);
    },
    stderr: (text) => {
      result.stderr += text;
    },
    stdin: input,
    // the environment of the process is that of other tests too
    env: { ...OWN_ENVIRONMENT, ...env },
    // the signals are the test runner's
    signal: signal ?? new AbortController().signal,
  });
  return result;
}

/** Starts the command line as a process and waits for its end. */
export async function avalaProcess(
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<CommandResult> {
  return await execute(commandLine(args), options);
}

/** The environment of a command that finds an emulator. */
export function environmentOf(baseUrl: string): { [name: string]: string } {
  return {
    AVALA_API_KEY: "avk_test_key_1",
    AVALA_BASE_URL: baseUrl,
    AVALA_ALLOW_INSECURE_BASE_URL: "1",
  };
}

/** Starts a program and waits for its end. */
export function execute(
  [program, ...args]: readonly string[],
  { env = {}, input, cwd, onOutput }: ProcessOptions = {},
): Promise<CommandResult> {
  const child = spawn(program as string, args, {
    ...(cwd !== undefined && { cwd }),
    env: {
      ...process.env,
      ...OWN_ENVIRONMENT,
      ...env,
    },
    stdio: "pipe",
  });
  const running: RunningCommand = {
    kill: (signal) => child.kill(signal),
    type: (text) => child.stdin.write(text),
  };
  const result: CommandResult = { code: null, stdout: "", stderr: "" };
  const gather = (name: "stdout" | "stderr") => (chunk: string) => {
    result[name] += chunk;
    onOutput?.(chunk, running);
  };
  child.stdout.setEncoding("utf8").on("data", gather("stdout"));
  child.stderr.setEncoding("utf8").on("data", gather("stderr"));
  // a process that has ended reads nothing more
  child.stdin.on("error", () => {});
  if (input !== undefined || onOutput === undefined) child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      child.stdin.destroy();
      // Deno tells of the signal though the process has ended by itself
      const isInterrupted = code === null && signal === "SIGINT";
      resolve({ ...result, code: isInterrupted ? 130 : code });
    });
  });
}
