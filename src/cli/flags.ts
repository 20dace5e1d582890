/**
 * The words of a command line, told apart: arguments and options.
 *
 * @module
 */

import { parseArgs } from "jsr:@std/cli@^1.0.32/parse-args";
import type { Input } from "./command.ts";
import { usage } from "./exits.ts";
import { didYouMean, kebab } from "./names.ts";

/** The options of every command, by name. */
export const GLOBAL: readonly Input[] = [
  {
    name: "output",
    words:
      "How to print: a table on a terminal, JSON Lines in a pipe, unless told otherwise.",
    type: "string",
    enum: ["table", "json", "jsonl", "csv"],
  },
  {
    name: "fields",
    words: "The fields to print, in this order.",
    type: "array",
    items: { type: "string" },
  },
  {
    name: "profile",
    words: "The profile of `avala configure` to use.",
    type: "string",
  },
  { name: "apiKey", words: "The API key to use.", type: "string" },
  { name: "baseUrl", words: "The base URL of the API.", type: "string" },
  {
    name: "debug",
    words: "Tell of every request, without secrets.",
    type: "boolean",
  },
  {
    name: "quiet",
    words: "Do not tell how far long work has come.",
    type: "boolean",
  },
  { name: "help", words: "Show this help.", type: "boolean" },
];

/** The options of commands that list pages. */
export const PAGING: readonly Input[] = [
  {
    name: "limit",
    words: "The most entries to print, over all pages; one page by default.",
    type: "number",
  },
  { name: "all", words: "Walk all pages.", type: "boolean" },
  {
    name: "pageSize",
    words: "Entries that the service gives at once.",
    type: "number",
  },
];

/** The option of commands that change something. */
export const DRY_RUN: Input = {
  name: "dryRun",
  words: "Show the request and send nothing.",
  type: "boolean",
};

/** The option of commands that delete. */
export const YES: Input = {
  name: "yes",
  words: "Do not ask before deleting.",
  type: "boolean",
};

/** Letters for options that are typed often. */
export const SHORT: { readonly [letter: string]: string } = {
  "-o": "--output",
  "-h": "--help",
  "-y": "--yes",
  "-q": "--quiet",
};

/** What was typed: arguments, and the values of options by kebab-case name. */
export interface Typed {
  /** The arguments. */
  readonly args: readonly string[];
  /** Texts of options with a value, false for `--no-x`, else true or false. */
  readonly options: ReadonlyMap<string, readonly string[] | boolean>;
}

/**
 * Tells arguments and options apart.
 *
 * @param words The words behind the command.
 * @param inputs The options that the command knows.
 * @returns What was typed.
 * @throws {CommandError} If an option is not known, or lacks its value.
 */
export function readFlags(
  words: readonly string[],
  inputs: readonly Input[],
): Typed {
  const names = inputs.map(({ name }) => kebab(name));
  const switches = inputs.filter(isSwitch).map(({ name }) => kebab(name));
  const valued = names.filter((name) => !switches.includes(name));
  const clearable = inputs.filter(({ nullable }) => nullable)
    .map(({ name }) => kebab(name));
  const parsed = parseArgs(joinValues(words, valued, switches), {
    string: ["_", ...valued],
    boolean: switches,
    collect: valued,
    negatable: [...switches, ...clearable],
    unknown(word, key) {
      if (key === undefined) return true;
      const name = word.replace(/=.*$/s, "");
      throw usage(
        `Unknown option '${name}'.${
          didYouMean(name, names.map((name) => `--${name}`)) ||
          " See --help."
        }`,
      );
    },
  });
  const options = new Map<string, readonly string[] | boolean>();
  for (const name of names) {
    const value = parsed[name];
    if (switches.includes(name)) {
      const isGiven = words.some((word) =>
        word.replace(/=.*$/s, "") === `--${name}` || word === `--no-${name}` ||
        SHORT[word] === `--${name}`
      );
      if (isGiven) options.set(name, value === true);
    } else if (value === false) options.set(name, false);
    else if (Array.isArray(value) && value.length > 0) {
      options.set(name, value.map(String));
    }
  }
  return { args: parsed._.map(String), options };
}

/** Tells whether an option takes no value. */
function isSwitch({ type }: Input): boolean {
  return type === "boolean";
}

/** Puts every value behind a `=`, so that also one that starts with a dash is one. */
function joinValues(
  words: readonly string[],
  valued: readonly string[],
  switches: readonly string[],
): string[] {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "--") return [...joined, ...words.slice(i)];
    const long = word.startsWith("-") ? SHORT[word] ?? word : word;
    const name = long.slice(2);
    if (long.startsWith("--") && valued.includes(name)) {
      const value = words[++i];
      if (value === undefined) throw usage(`Option '${long}' needs a value.`);
      joined.push(`${long}=${value}`);
    } else if (long.startsWith("--") && switches.includes(name)) {
      joined.push(`${long}=true`);
    } else {
      checkSwitch(long, switches);
      joined.push(long);
    }
  }
  return joined;
}

function checkSwitch(word: string, switches: readonly string[]): void {
  const [, name = "", value = ""] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
  if (!switches.includes(name) || /^(?:true|false)$/.test(value)) return;
  throw usage(`Option '--${name}' must be true or false: it is '${value}'.`);
}
