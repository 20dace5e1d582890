/**
 * Results on standard output.
 *
 * @module
 */

import { stringify as toCsv } from "jsr:@std/csv@^1.0.6/stringify";
import { isJsonObject } from "../wire/codec.ts";
import type { Entries } from "./call.ts";
import type { Context, Settings } from "./command.ts";
import { usage } from "./exits.ts";
import { didYouMean } from "./names.ts";
import { safeJson } from "./safe_text.ts";
import { fieldLines, Table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** What a command prints with. */
export type Printer = Pick<Context, "terminal" | "settings">;

type Types = { readonly [name: string]: string } | undefined;
type Row = { readonly [name: string]: unknown };

/** Rows that a table looks at before it chooses its columns. */
const ROWS_OF_A_TABLE = 200;
/** Characters that go out at once. */
const CHUNK = 32_768;

/**
 * Prints entries as they come: a table on a terminal, JSON Lines in a pipe.
 *
 * @param printer What it prints with.
 * @param entries The entries.
 * @param types The fields of their model, where it is known.
 */
export async function printEntries(
  { terminal, settings }: Printer,
  { entries, next }: Entries,
  types: Types,
): Promise<void> {
  const output = settings.output ??
    (terminal.outIsTerminal ? "table" : "jsonl");
  const lines = new Lines(terminal);
  const rows = toRows(entries, settings, types);
  switch (output) {
    case "json":
      await printArray(lines, rows);
      break;
    case "jsonl":
      for await (const row of rows) await lines.add(`${safeJson(row)}\n`);
      break;
    case "csv":
      await printCsv(lines, rows, settings, types);
      break;
    case "table":
      await printTable(lines, rows, terminal, settings, types);
  }
  await lines.flush();
  const cursor = next?.();
  if (cursor && terminal.outIsTerminal) {
    terminal.err(`There are more: --all, or --cursor ${cursor}\n`);
  }
}

/**
 * Prints one result: field by field on a terminal, JSON in a pipe.
 *
 * @param printer What it prints with.
 * @param value The result.
 * @param types The fields of its model, where it is known.
 */
export async function printResult(
  printer: Printer,
  value: unknown,
  types?: Types,
): Promise<void> {
  const { terminal, settings } = printer;
  if (Array.isArray(value)) {
    return await printEntries(printer, { entries: value }, types);
  }
  const output = settings.output ?? (terminal.outIsTerminal ? "table" : "json");
  const row = isJsonObject(value) ? select(value, settings, types) : value;
  if (output === "json" || !isJsonObject(row)) {
    return await terminal.out(`${safeJson(row, 2)}\n`);
  }
  if (output === "jsonl") return await terminal.out(`${safeJson(row)}\n`);
  if (output === "csv") {
    const lines = new Lines(terminal);
    await printCsv(lines, [row], settings, types);
    return await lines.flush();
  }
  const names = settings.fields ?? Object.keys(row);
  const { columns } = limits(terminal);
  const lines = fieldLines(row, names, { columns, colors: terminal.colors });
  await terminal.out(lines.map((line) => `${line}\n`).join(""));
}

/** Gathers lines, so that a million of them are no million writes. */
class Lines {
  readonly #terminal: Terminal;
  #waiting = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async add(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = "";
    if (text !== "") await this.#terminal.out(text);
  }
}

async function* toRows(
  entries: Entries["entries"],
  settings: Settings,
  types: Types,
): AsyncGenerator<unknown> {
  for await (const entry of entries) {
    yield isJsonObject(entry) ? select(entry, settings, types) : entry;
  }
}

/** The fields asked for, in that order. */
function select(row: Row, { fields }: Settings, types: Types): Row {
  if (!fields) return row;
  return Object.fromEntries(fields.map((name) => {
    if (!(name in row) && !(types && name in types)) {
      const known = [
        ...new Set([...Object.keys(types ?? {}), ...Object.keys(row)]),
      ];
      throw usage(
        `There is no field '${name}'.${
          didYouMean(name, known) || ` Known are ${known.join(", ")}.`
        }`,
      );
    }
    return [name, row[name] ?? null];
  }));
}

async function printArray(
  lines: Lines,
  rows: AsyncIterable<unknown>,
): Promise<void> {
  let isFirst = true;
  for await (const row of rows) {
    const text = safeJson(row, 2).replaceAll("\n", "\n  ");
    await lines.add(`${isFirst ? "[" : ","}\n  ${text}`);
    isFirst = false;
  }
  await lines.add(isFirst ? "[]\n" : "\n]\n");
}

async function printCsv(
  lines: Lines,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  { fields }: Settings,
  types: Types,
): Promise<void> {
  let columns = fields ?? (types && Object.keys(types));
  if (columns) await lines.add(toCsv([columns]));
  for await (const row of rows) {
    if (!isJsonObject(row)) {
      await lines.add(toCsv([[toCsvCell(row)]]));
      continue;
    }
    if (!columns) {
      columns = Object.keys(row);
      await lines.add(toCsv([columns]));
    }
    await lines.add(toCsv([columns.map((name) => toCsvCell(row[name]))]));
  }
}

function toCsvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? safeJson(value) : String(value);
}

async function printTable(
  lines: Lines,
  rows: AsyncIterable<unknown>,
  terminal: Terminal,
  { fields }: Settings,
  types: Types,
): Promise<void> {
  let first: Row[] | undefined = [];
  let table: Table | undefined;
  const begin = async (known: readonly Row[]) => {
    const names = [
      ...new Set([...Object.keys(types ?? {}), ...known.flatMap(Object.keys)]),
    ];
    const { columns } = limits(terminal);
    const style = { fields, columns, colors: terminal.colors };
    const made = new Table(known, names, style);
    await lines.add(`${made.head()}\n`);
    for (const row of known) await lines.add(`${made.line(row)}\n`);
    return made;
  };
  for await (const entry of rows) {
    const row = isJsonObject(entry) ? entry : { value: entry };
    if (table) await lines.add(`${table.line(row)}\n`);
    else {
      first?.push(row);
      if (first && first.length >= ROWS_OF_A_TABLE) {
        table = await begin(first);
        first = undefined;
      }
    }
  }
  if (first && first.length > 0) await begin(first);
  else if (first && terminal.errIsTerminal) terminal.err("There are none.\n");
}

/** A file has no width. */
function limits(terminal: Terminal): { columns: number } {
  return { columns: terminal.outIsTerminal ? terminal.columns : 1_000 };
}
