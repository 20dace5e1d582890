/**
 * Help on every level.
 *
 * @module
 */

import type { Command, Input } from "./command.ts";
import { widthOf } from "./cells.ts";
import { GLOBAL } from "./flags.ts";
import { kebab } from "./names.ts";
import { optionsOf, titleOf } from "./read_command.ts";

type Entry = readonly [title: string, words: string];

const INDENT = 2;
const WIDEST_TITLE = 28;
/** Below this width, words stand under their title. */
const NARROW = 50;

/**
 * Writes the help of a command.
 *
 * @param command The command.
 * @param columns The width of the terminal.
 * @returns The lines.
 */
export function commandHelp(command: Command, columns: number): string {
  const { name, summary, details, args } = command;
  const options = optionsOf(command);
  const shared = new Set<Input>(GLOBAL);
  const usage = [
    `avala ${name}`,
    ...args.map((input) => {
      const title = titleOf(input) + (input.rest ? "..." : "");
      return input.required ? title : `[${title}]`;
    }),
    ...options.filter(({ required }) => required).map((input) =>
      `${flagOf(input)} ${typeOf(input)}`
    ),
    "[options]",
  ].join(" ");
  return [
    wrap(summary, columns),
    details ? `\n${wrap(details, columns)}` : "",
    `\n${wrap(`Usage: ${usage}`, columns)}`,
    list(
      "Arguments",
      args.map((input) => [titleOf(input), about(input)]),
      columns,
    ),
    list(
      "Options",
      options.filter((input) => !shared.has(input)).map(toEntry),
      columns,
    ),
    list("Every command", GLOBAL.map(toEntry), columns),
    command.fields
      ? `\n${wrap(`Fields: ${command.fields.join(", ")}`, columns)}`
      : "",
  ].filter((part) => part !== "").join("\n") + "\n";
}

/**
 * Writes the help of a group of commands.
 *
 * @param group The words of the group; empty for all commands.
 * @param words What the commands are about.
 * @param entries The words that can follow, and what they do.
 * @param columns The width of the terminal.
 * @returns The lines.
 */
export function groupHelp(
  group: string,
  words: string,
  entries: readonly Entry[],
  columns: number,
): string {
  const name = group ? `avala ${group}` : "avala";
  return [
    ...(words ? [wrap(words, columns), ""] : []),
    wrap(`Usage: ${name} COMMAND [arguments] [options]`, columns),
    list("Commands", entries, columns),
    list("Every command", GLOBAL.map(toEntry), columns),
    `\n${wrap(`'${name} COMMAND --help' tells more.`, columns)}`,
  ].join("\n") + "\n";
}

function toEntry(input: Input): Entry {
  return [`${flagOf(input)} ${typeOf(input)}`.trimEnd(), about(input)];
}

function flagOf({ name }: Input): string {
  const short = name === "output" ? "-o, " : name === "help" ? "-h, " : "";
  return `${short}--${kebab(name)}`;
}

function typeOf({ type, kind, items }: Input): string {
  if (kind === "duration") return "TIME";
  if (kind === "path") return "PATH";
  if (type === "boolean") return "";
  if (type === "array") {
    return items && /^(?:string|number)$/.test(items.type) ? "A,B" : "JSON";
  }
  if (type === "object" || type === "any") return "JSON";
  return type === "number" ? "NUMBER" : "TEXT";
}

function about(input: Input): string {
  const { words, fields, items, required, default: fallback } = input;
  const known = input.enum ?? items?.enum;
  const names = (fields ?? items?.fields)?.map(({ name, required }) =>
    required ? name : `${name}?`
  );
  return [
    words.replaceAll("\n", " "),
    known ? `Known: ${known.join(", ")}.` : "",
    names ? `Fields: ${names.join(", ")}.` : "",
    required ? "Required." : "",
    fallback === undefined || fallback === false || input.kind === "duration"
      ? ""
      : `Default: ${JSON.stringify(fallback)}.`,
  ].filter((part) => part !== "").join(" ");
}

function list(
  title: string,
  entries: readonly Entry[],
  columns: number,
): string {
  if (entries.length === 0) return "";
  const widest = Math.max(...entries.map(([name]) => widthOf(name)));
  const width = Math.min(widest, WIDEST_TITLE);
  const lines = entries.map(([name, words]) => {
    const indent = columns < NARROW ? INDENT * 2 : INDENT + width + 2;
    const text = wrap(words, columns, indent);
    const isBeside = columns >= NARROW && widthOf(name) <= width;
    const head = " ".repeat(INDENT) + name;
    if (!isBeside) return `${head}\n${" ".repeat(indent)}${text}`;
    return `${head.padEnd(indent)}${text}`;
  });
  return `\n${title}:\n${lines.join("\n")}`;
}

/** Breaks a text at blanks; all lines but the first are indented. */
function wrap(text: string, columns: number, indent = 0): string {
  const width = Math.max(10, columns - indent);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      const next = line ? `${line} ${word}` : word;
      if (line && widthOf(next) > width) {
        lines.push(line);
        line = word;
      } else line = next;
    }
    lines.push(line);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
