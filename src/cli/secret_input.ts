/**
 * Asks for a secret without showing it.
 *
 * @module
 */

import process from "node:process";
import { promptSecret } from "jsr:@std/cli@^1.0.32/prompt-secret";
import { Interrupted } from "./exits.ts";

/**
 * Asks for a secret at the terminal.
 *
 * @param question What to ask.
 * @returns What was typed.
 */
export async function readSecret(question: string): Promise<string> {
  // @std/cli reads the terminal of Deno; Node and Bun have one of their own
  if ("Deno" in globalThis) return promptSecret(question, { mask: "" }) ?? "";
  return await readUnseen(`${question} `);
}

function readUnseen(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
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
