/**
 * Asks for a secret without showing it.
 *
 * @module
 */

import process from "node:process";
import { Interrupted } from "./exits.ts";

/**
 * Asks for a secret at the terminal. The prompt of `@std/cli` would be deaf to
 * Ctrl-C: it waits for each key without giving the process a chance to hear it.
 *
 * @param question What to ask.
 * @returns What was typed.
 */
export function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // first: what is typed at once must not be shown either
  stdin.setRawMode(true);
  stderr.write(`${question} `);
  stdin.setEncoding("utf8");
  stdin.resume();
  return new Promise((resolve, reject) => {
    let typed = "";
    const end = (settle: () => void) => {
      stdin.off("data", read);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      settle();
    };
    const read = (chunk: string) => {
      for (const letter of String(chunk)) {
        if (letter === "\r" || letter === "\n" || letter === "\u0004") {
          return end(() => resolve(typed));
        }
        if (letter === "\u0003") return end(() => reject(new Interrupted()));
        if (letter === "\u007f" || letter === "\b") typed = typed.slice(0, -1);
        else typed += letter;
      }
    };
    stdin.on("data", read);
  });
}
