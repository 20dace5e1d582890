/**
 * Help on every level.
 *
 * @module
 */

import type { Command, Input } from "./command.ts";
import { widthOf } from "./cells.ts";
import { GLOBAL } from "./flags.ts";
import { kebab } from "./names.ts";
import { paletteOf } from "./palette.ts";
import { optionsOf, titleOf } from "./read_command.ts";

/** A name, and what it stands for. */
export type Entry = readonly [title: string, words: string];

/** How help is to look. */
export interface HelpStyle {
  /** The width of the terminal. */
  readonly columns: number;
  /** Whether it may have colors. */
  readonly colors: boolean;
}

const INDENT = 2;
const WIDEST_TITLE = 28;
/** Below this width, words stand under their title. */
const NARROW = 50;

/**
 * Writes the help of a command.
 *
 * @param command The command.
 * @param style How it is to look.
 * @returns The lines.
 */
export function commandHelp(command: Command, style: HelpStyle): string {
  const { columns } = style;
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
    `\n${usageLine(usage, style)}`,
    list(
      "Arguments",
      args.map((input) => [titleOf(input), about(input)]),
      style,
    ),
    list(
      "Options",
      options.filter((input) => !shared.has(input)).map(toEntry),
      style,
    ),
    list("Every command", GLOBAL.map(toEntry), style),
    command.fields
      ? `\n${wrap(`Fields: ${command.fields.join(", ")}`, columns)}`
      : "",
  ].filter((part) => part !== "").join("\n") + "\n";
}

/** What is known of a group of commands. */
export interface Group {
  /** Its words; empty for all commands. */
  readonly name: string;
  /** What it is about. */
  readonly words: string;
  /** The commands in it. */
  readonly commands: readonly Entry[];
  /** The groups in it. */
  readonly groups: readonly Entry[];
  /** Lines to start with. */
  readonly examples: readonly string[];
}

/**
 * Writes the help of a group of commands.
 *
 * @param group The group.
 * @param style How it is to look.
 * @returns The lines.
 */
export function groupHelp(group: Group, style: HelpStyle): string {
  const { columns } = style;
  const { words, commands, groups, examples } = group;
  const name = group.name ? `avala ${group.name}` : "avala";
  const { strong } = paletteOf(style.colors);
  return [
    ...(words ? [wrap(words, columns), ""] : []),
    usageLine(`${name} COMMAND [arguments] [options]`, style),
    list("Commands", commands, style),
    list("Groups of commands", groups, style),
    examples.length > 0
      ? `\n${strong("Examples:")}\n${
        examples.map((line) => `  ${line}`).join("\n")
      }`
      : "",
    list("Every command", GLOBAL.map(toEntry), style),
    `\n${wrap(`'${name} COMMAND --help' tells more.`, columns)}`,
  ].filter((part, i) => part !== "" || i === 1).join("\n") + "\n";
}

function usageLine(text: string, { columns, colors }: HelpStyle): string {
  const { strong } = paletteOf(colors);
  const line = wrap(`Usage: ${text}`, columns);
  return strong("Usage:") + line.slice("Usage:".length);
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
  { columns, colors }: HelpStyle,
): string {
  if (entries.length === 0) return "";
  const { strong, name: paint } = paletteOf(colors);
  const widest = Math.max(...entries.map(([name]) => widthOf(name)));
  const width = Math.min(widest, WIDEST_TITLE);
  const lines = entries.map(([name, words]) => {
    const indent = columns < NARROW ? INDENT * 2 : INDENT + width + 2;
    const text = wrap(words, columns, indent);
    const isBeside = columns >= NARROW && widthOf(name) <= width;
    const head = " ".repeat(INDENT) + paint(name);
    const blanks = " ".repeat(indent);
    if (!isBeside) return `${head}\n${blanks}${text}`;
    return `${head}${blanks.slice(INDENT + widthOf(name))}${text}`;
  });
  return `\n${strong(`${title}:`)}\n${lines.join("\n")}`;
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
