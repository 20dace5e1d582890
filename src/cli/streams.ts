/**
 * The streams and the environment that a program gives instead of those of its
 * process.
 *
 * @module
 */

import { usage } from "./exits.ts";
import type { Terminal } from "./terminal.ts";

/** Where a command line reads and writes, when a program runs it. */
export interface CommandLineOptions {
  /**
   * Takes what goes to standard output; the next text waits for its promise.
   *
   * @default {process.stdout}
   */
  readonly stdout?: (text: string) => void | Promise<void>;
  /**
   * Takes what goes to standard error.
   *
   * @default {process.stderr}
   */
  readonly stderr?: (text: string) => void;
  /**
   * What is read as standard input.
   *
   * @default {process.stdin}
   */
  readonly stdin?: string;
  /**
   * The environment: keys, addresses, and where files of the user are.
   *
   * @default {process.env}
   */
  readonly env?: { readonly [name: string]: string };
  /** Ends the command as Ctrl-C does. With it, signals of the process are left alone. */
  readonly signal?: AbortSignal;
}

const COLUMNS = 80;

/**
 * Makes a terminal of what a program gives: a pipe, at which nobody can be asked.
 *
 * @param options What the program gives.
 * @param own The streams of the process, for what it does not give.
 * @returns The terminal.
 */
export function terminalOf(
  { stdout, stderr, stdin, env }: CommandLineOptions,
  own: Terminal,
): Terminal {
  const nobody = () =>
    Promise.reject(usage("Nobody can be asked: a program runs this command."));
  return {
    outIsTerminal: stdout ? false : own.outIsTerminal,
    errIsTerminal: stderr ? false : own.errIsTerminal,
    canAsk: false,
    colors: stdout ? false : own.colors,
    columns: stdout ? COLUMNS : own.columns,
    env: (name) => env ? env[name] || undefined : own.env(name),
    out: async (text) => stdout ? await stdout(text) : await own.out(text),
    err: (text) => stderr ? stderr(text) : own.err(text),
    ask: nobody,
    askSecret: nobody,
    readInput: async () => stdin ?? await own.readInput(),
    close: () => own.close(),
  };
}
