/**
 * The three streams of the process, the terminal that may be behind them, and its
 * environment.
 *
 * @module
 */

import process from "node:process";
import { readEnvironment } from "../http/environment.ts";
import { BrokenPipe } from "./exits.ts";

/** What a command reads and writes. */
export interface Terminal {
  /** Whether standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** Whether standard error is a terminal. */
  readonly errIsTerminal: boolean;
  /** Whether somebody can be asked. */
  readonly canAsk: boolean;
  /** Whether output may be colored. */
  readonly colors: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  /** Gives a variable of the environment, if it has a value. */
  env(name: string): string | undefined;
  /** Writes to standard output, as fast as its reader takes it. */
  out(text: string): Promise<void>;
  /** Writes to standard error. */
  err(text: string): void;
  /** Asks for a line; the end of the input is an empty one. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Asks for a secret, without showing it. */
  askSecret(question: string): Promise<string>;
  /** Reads standard input to its end. */
  readInput(): Promise<string>;
  /** Lets the streams go when all that was written has gone. */
  close(): Promise<void>;
}

const DEFAULT_COLUMNS = 80;

/**
 * Opens the streams of this process.
 *
 * @returns The terminal.
 */
export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  let broken = false;
  let wake = () => {};
  const breaks = () => {
    broken = true;
    wake();
  };
  // without listeners, a reader that has gone would crash the process
  const ignore = () => {};
  stdout.on("error", breaks);
  stderr.on("error", ignore);
  const outIsTerminal = stdout.isTTY === true;
  const errIsTerminal = stderr.isTTY === true;
  return {
    outIsTerminal,
    errIsTerminal,
    canAsk: stdin.isTTY === true && errIsTerminal,
    colors: outIsTerminal && !readEnvironment("NO_COLOR") &&
      readEnvironment("TERM") !== "dumb",
    get columns() {
      const columns = stdout.columns || stderr.columns;
      return columns > 0 ? columns : DEFAULT_COLUMNS;
    },
    env: readEnvironment,
    async out(text) {
      if (broken) throw new BrokenPipe();
      if (!stdout.write(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          stdout.once("drain", resolve);
        });
      }
      if (broken) throw new BrokenPipe();
    },
    err(text) {
      stderr.write(text);
    },
    async ask(question, signal) {
      const { createInterface } = await import("node:readline");
      stderr.write(question);
      // the terminal itself shows what is typed, and edits it
      const lines = createInterface({ input: stdin, terminal: false });
      try {
        return await new Promise<string>((resolve, reject) => {
          lines.once("line", (line) => resolve(line.trim()));
          lines.once("close", () => {
            // nobody has typed Enter
            stderr.write("\n");
            resolve("");
          });
          signal.addEventListener("abort", () => reject(signal.reason), {
            once: true,
          });
        });
      } finally {
        lines.removeAllListeners("close").close();
      }
    },
    async askSecret(question) {
      const { readSecret } = await import("./secret_input.ts");
      return await readSecret(question);
    },
    async readInput() {
      const chunks: string[] = [];
      stdin.setEncoding("utf8");
      for await (const chunk of stdin) chunks.push(String(chunk));
      return chunks.join("");
    },
    async close() {
      stdout.off("error", breaks);
      stderr.off("error", ignore);
      if (broken) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        stdout.write("", () => resolve());
      });
      await new Promise<void>((resolve) => stderr.write("", () => resolve()));
    },
  };
}
