/**
 * What can follow the words of a command line that is being typed.
 *
 * @module
 */

import type { Input } from "./command.ts";
import { GLOBAL } from "./flags.ts";
import { kebab } from "./names.ts";
import { optionsOf } from "./read_command.ts";
import { safeText } from "./safe_text.ts";
import type { Terminal } from "./terminal.ts";
import {
  commandNamed,
  findCommand,
  type Found,
  nextWords,
  wordsOfGroup,
} from "./tree.ts";

type Candidate = readonly [word: string, words: string];

/**
 * Prints what can follow a command line; the scripts ask for it.
 *
 * @param terminal Where to print.
 * @param request The shell, and the words so far, of which the last is being typed.
 */
export async function printCandidates(
  terminal: Terminal,
  [shell = "", ...words]: readonly string[],
): Promise<void> {
  const { before, last, prefix } = split(words);
  const lines = candidates(before, last)
    .filter(([word]) => word.startsWith(last))
    .map(([word, words]) => line(shell, prefix + word, words));
  if (lines.length > 0) await terminal.out(`${lines.join("\n")}\n`);
}

/** Takes `--option=value` apart; bash has done so already. */
function split(
  words: readonly string[],
): { before: readonly string[]; last: string; prefix: string } {
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  if (last === "=") return { before, last: "", prefix: "" };
  if (before.at(-1) === "=") {
    return { before: before.slice(0, -1), last, prefix: "" };
  }
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? [];
  if (name === undefined || value === undefined) {
    return { before, last, prefix: "" };
  }
  return { before: [...before, name], last: value, prefix: `${name}=` };
}

function line(shell: string, word: string, words: string): string {
  const about = safeText(words.split("\n", 1)[0] as string);
  if (shell === "fish") return `${word}\t${about}`;
  return shell === "zsh" ? `${word}:${about}` : word;
}

function candidates(before: readonly string[], last: string): Candidate[] {
  let found: Found;
  try {
    found = findCommand(before);
  } catch {
    return [];
  }
  if ("group" in found) {
    const { group } = found;
    const option = valueOf(before.at(-1), GLOBAL);
    if (option) return known(option);
    if (last.startsWith("-")) return optionCandidates(GLOBAL);
    return nextWords(group).sort().flatMap((word): Candidate[] => {
      const name = group ? `${group} ${word}` : word;
      const words = commandNamed(name)?.summary ?? wordsOfGroup(name);
      return words ? [[word, words]] : [];
    });
  }
  const { command } = found;
  const options = optionsOf(command);
  const option = valueOf(before.at(-1), options);
  if (option) return known(option);
  if (last.startsWith("-")) return optionCandidates(options);
  const given = found.words.filter((word) => !word.startsWith("-")).length;
  const next = command.args[given];
  return next ? known(next) : [];
}

function optionCandidates(options: readonly Input[]): Candidate[] {
  return options.map((input) => [`--${kebab(input.name)}`, input.words]);
}

/** The option whose value is being typed. */
function valueOf(
  word: string | undefined,
  options: readonly Input[],
): Input | undefined {
  const name = word === "-o" ? "--output" : word;
  return options.find((input) =>
    input.type !== "boolean" && `--${kebab(input.name)}` === name
  );
}

function known(input: Input): Candidate[] {
  const values = input.enum ?? input.items?.enum ?? [];
  return values.map((value): Candidate => [value, ""]);
}
