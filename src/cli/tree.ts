/**
 * All commands, and the words that lead to them.
 *
 * @module
 */

import { OPERATIONS } from "../catalog/operations.ts";
import { RESOURCES } from "../catalog/resources.ts";
import { findAlias, officialNames, unavailable } from "./aliases.ts";
import type { Command } from "./command.ts";
import { usage } from "./exits.ts";
import { GLOBAL, SHORT } from "./flags.ts";
import { didYouMean, kebab } from "./names.ts";
import { commandName, commandOf } from "./operation_command.ts";
import { specialCommands } from "./special.ts";

/** What typed words lead to. */
export type Found =
  | { readonly command: Command; readonly words: readonly string[] }
  | { readonly group: string; readonly words: readonly string[] };

/**
 * Lists all commands.
 *
 * @returns The commands, those of operations among them.
 */
export function allCommands(): Command[] {
  const special = specialCommands();
  const taken = new Set(special.map(({ name }) => name));
  return [
    ...special,
    ...OPERATIONS.filter(({ id }) => !taken.has(commandName(id)))
      .map(commandOf),
  ];
}

/**
 * Says what the commands behind some words are about.
 *
 * @param group The words.
 * @returns A sentence, or an empty text.
 */
export function wordsOfGroup(group: string): string {
  if (group === "import") return "Datasets from a folder or a bucket.";
  const resource = RESOURCES.find(({ name }) =>
    name.split(".").map(kebab).join(" ") === group
  );
  return resource?.words ?? "";
}

/**
 * Finds the command in a command line. Options may stand before it.
 *
 * @param words The whole command line.
 * @returns The command or group, and the words that are left.
 * @throws {CommandError} If there is no such command.
 */
export function findCommand(words: readonly string[]): Found {
  const places = commandPlaces(words);
  const typed = places.map((place) => words[place] as string);
  const without = (count: number) =>
    words.filter((_, i) => !places.slice(0, count).includes(i));

  const alias = findAlias(typed, words);
  if (alias) {
    const command = commandNamed(alias.command);
    if (command) return { command, words: alias.rewrite(without(alias.count)) };
  }
  const refusal = unavailable(typed);
  if (refusal) throw usage(refusal);

  const names = commandNames();
  for (let count = Math.min(typed.length, 3); count > 0; count--) {
    const name = typed.slice(0, count).join(" ");
    const command = names.includes(name) && commandNamed(name);
    if (command) return { command, words: without(count) };
  }
  return findGroup(typed, names, without);
}

function findGroup(
  typed: readonly string[],
  names: readonly string[],
  without: (count: number) => string[],
): Found {
  let group = "";
  for (const [count, word] of typed.entries()) {
    const next = group ? `${group} ${word}` : word;
    if (!names.some((name) => name.startsWith(`${next} `))) {
      const known = nextWords(group, names);
      throw usage(
        `Unknown command '${next}'.${
          didYouMean(word, known) ||
          ` See 'avala ${group ? `${group} ` : ""}--help'.`
        }`,
      );
    }
    group = next;
    if (count === typed.length - 1) return { group, words: without(count + 1) };
  }
  return { group, words: without(typed.length) };
}

/**
 * Lists the words that can follow some words.
 *
 * @param group The words so far.
 * @param names The names of all commands.
 * @returns The words.
 */
export function nextWords(
  group: string,
  names: readonly string[] = commandNames(),
): string[] {
  const prefix = group ? `${group} ` : "";
  const official = officialNames().map((name) => name);
  return [
    ...new Set(
      [...names, ...official]
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length).split(" ", 1)[0] as string),
    ),
  ];
}

/**
 * Lists the names of all commands.
 *
 * @returns The names.
 */
export function commandNames(): string[] {
  return [
    ...new Set([
      ...specialCommands().map(({ name }) => name),
      ...OPERATIONS.map(({ id }) => commandName(id)),
    ]),
  ];
}

/**
 * Gives the command of a name.
 *
 * @param name Its words.
 * @returns The command, if there is one.
 */
export function commandNamed(name: string): Command | undefined {
  const special = specialCommands().find((command) => command.name === name);
  if (special) return special;
  const operation = OPERATIONS.find(({ id }) => commandName(id) === name);
  return operation && commandOf(operation);
}

/** The places of the words that can name a command: no option, no value of one. */
function commandPlaces(words: readonly string[]): number[] {
  const valued = GLOBAL.filter(({ type }) => type !== "boolean")
    .map(({ name }) => `--${kebab(name)}`);
  const places: number[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "--") break;
    if (!word.startsWith("-")) places.push(i);
    else if (valued.includes(SHORT[word] ?? word)) i++;
    // an option of the command itself: what follows is no name any more
    else if (places.length > 0 && !word.includes("=")) break;
  }
  return places;
}
