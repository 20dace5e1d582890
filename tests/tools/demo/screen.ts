/**
 * What the demo prints: titled steps, at most 80 columns wide, and in color where
 * a terminal wants it.
 *
 * @module
 */

import { bold, cyan, dim, green, setColorEnabled } from "@std/fmt/colors";

const WIDTH = 76;
const INDENT = "   ";

setColorEnabled(Deno.stdout.isTerminal() && !Deno.noColor);

let steps = 0;

/** Begins a step: what is staged, and why it matters. */
export function step(title: string, ...sentences: string[]): void {
  if (steps > 0) console.log();
  console.log(bold(cyan(`${++steps}. ${title}`)));
  for (const line of wrap(sentences.join(" "))) {
    console.log(`${INDENT}${dim(line)}`);
  }
  console.log();
}

/** What happened, beside who did it. */
export function row(label: string, text: string, isGood = false): void {
  const [first = "", ...rest] = wrap(text, 22);
  const shown = isGood ? green(first) : first;
  console.log(`${INDENT}${label.padEnd(20)}  ${shown}`);
  for (const line of rest) {
    console.log(INDENT + " ".repeat(22) + (isGood ? green(line) : line));
  }
}

/** A heading without a number. */
export function heading(title: string): void {
  console.log(`\n${bold(title)}\n`);
}

/** A number and its noun: `1 export`, `2 exports`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The demo fails when it does not show what it says. */
export function expect(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`The demo did not work: ${what}`);
}

/** Breaks a text into lines. */
function wrap(text: string, used = 0): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && used + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
