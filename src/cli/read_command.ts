/**
 * From typed words to what a command takes.
 *
 * @module
 */

import type { Command, Given, Input, Settings } from "./command.ts";
import { usage } from "./exits.ts";
import {
  DRY_RUN,
  GLOBAL,
  PAGING,
  readFlags,
  type Typed,
  YES,
} from "./flags.ts";
import { kebab } from "./names.ts";
import type { Terminal } from "./terminal.ts";
import { toValue } from "./values.ts";

const OUTPUTS = ["table", "json", "jsonl", "csv"];

/**
 * Lists the options of a command, those of every command last.
 *
 * @param command The command.
 * @returns The options.
 */
export function optionsOf(command: Command): Input[] {
  const own = command.options.map(({ name }) => name);
  const more = [
    ...(command.isPaged ? PAGING : []),
    ...(command.effect === "write" || command.effect === "delete"
      ? [DRY_RUN]
      : []),
    ...(command.effect === "delete" ? [YES] : []),
    ...GLOBAL,
  ];
  return [
    ...command.options,
    ...more.filter(({ name }) => !own.includes(name)),
  ];
}

/** A command line, read. */
export interface Line {
  /** What the command takes. */
  readonly given: Given;
  /** The options of every command. */
  readonly settings: Settings;
}

/** What was typed of a command, before its values are read. */
export interface TypedLine extends Typed {
  /** Whether only help was asked for. */
  readonly help: boolean;
}

/**
 * Tells the words of a command line apart.
 *
 * @param command The command.
 * @param words The words behind it.
 * @returns What was typed.
 * @throws {CommandError} If the command line is wrong.
 */
export function typedLine(
  command: Command,
  words: readonly string[],
): TypedLine {
  const named = command.args.filter(({ rest }) => !rest)
    .filter(({ name }) => !command.options.some((o) => o.name === name));
  const typed = readFlags(words, [...optionsOf(command), ...named]);
  return { ...typed, help: typed.options.get("help") === true };
}

/**
 * Reads the values of a command line.
 *
 * @param command The command.
 * @param typed What was typed.
 * @param terminal Where `-` reads from.
 * @returns What the command takes, and the options of every command.
 * @throws {CommandError} If a value is wrong or missing.
 */
export async function readLine(
  command: Command,
  typed: Typed,
  terminal: Terminal,
): Promise<Line> {
  const args = await readArgs(command, typed, terminal);
  const options: { [name: string]: unknown } = {};
  for (const input of command.options) {
    const name = kebab(input.name);
    const value = typed.options.get(name);
    if (value === undefined) {
      if (!input.required) continue;
      throw usage(`Option '--${name}' is missing: ${input.words}`);
    }
    options[input.name] = typeof value === "boolean"
      ? input.type === "boolean" ? value : null
      : await toValue(input, value, `--${name}`, terminal);
  }
  return { given: { args, options }, settings: readSettings(command, typed) };
}

async function readArgs(
  { args: inputs }: Command,
  { args, options }: Typed,
  terminal: Terminal,
): Promise<unknown[]> {
  const left = [...args];
  const values: unknown[] = [];
  for (const input of inputs) {
    const title = input.name === "files" ? "FILES" : titleOf(input);
    // the official command line gives some of them by name
    const named = options.get(kebab(input.name));
    const texts = Array.isArray(named)
      ? named
      : left.splice(0, input.rest ? left.length : 1);
    if (texts.length > 0) {
      values.push(await toValue(input, texts, title, terminal));
    } else if (input.required) {
      throw usage(`${title} is missing: ${input.words}`);
    } else values.push(undefined);
  }
  if (left.length > 0) throw usage(`Unexpected argument '${left[0]}'.`);
  return values;
}

/**
 * Gives the title of an argument: `DATASET_UID`.
 *
 * @param input The argument.
 * @returns Its title.
 */
export function titleOf({ name }: Input): string {
  return kebab(name).replaceAll("-", "_").toUpperCase();
}

/** The options of every command, of which a command can have some of its own. */
function readSettings(command: Command, { options }: Typed): Settings {
  const own = new Set(command.options.map(({ name }) => kebab(name)));
  const all = own.size === 0 ? options : new Map(
    [...options].filter(([name]) => !own.has(name)),
  );
  const text = (name: string) => {
    const value = all.get(name);
    return Array.isArray(value) ? String(value.at(-1)) : undefined;
  };
  const isOn = (name: string) => all.get(name) === true;
  const output = text("output");
  if (output !== undefined && !OUTPUTS.includes(output)) {
    throw usage(
      `--output must be one of ${OUTPUTS.join(", ")}: it is '${output}'.`,
    );
  }
  const fields = all.get("fields");
  return {
    output: output as Settings["output"],
    fields: Array.isArray(fields)
      ? fields.flatMap((text) => text.split(",")).map((name) => name.trim())
        .filter((name) => name !== "")
      : undefined,
    limit: positive(text("limit"), "--limit"),
    pageSize: positive(text("page-size"), "--page-size"),
    all: isOn("all"),
    dryRun: isOn("dry-run"),
    yes: isOn("yes"),
    debug: isOn("debug"),
    quiet: isOn("quiet"),
    apiKey: text("api-key"),
    baseUrl: text("base-url"),
    profile: text("profile"),
  };
}

function positive(text: string | undefined, title: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw usage(`${title} must be a positive integer: it is '${text}'.`);
}
