/**
 * Tables that fit the terminal.
 *
 * @module
 */

import { bold } from "jsr:@std/fmt@^1.0.10/colors";
import { cutTo, fit, toCell, widthOf } from "./cells.ts";

type Row = { readonly [name: string]: unknown };

/** How a table is to look. */
export interface TableStyle {
  /** The columns wanted, in this order; all that fit when left out. */
  readonly fields: readonly string[] | undefined;
  /** The most columns of the terminal; without a limit in a file. */
  readonly columns: number;
  /** Whether the head may be bold. */
  readonly colors: boolean;
}

interface Column {
  name: string;
  width: number;
  isNumber: boolean;
}

const GAP = 2;
const WIDEST = 40;
const NARROWEST = 4;

/** A table: its columns come from the first rows, later ones are cut to them. */
export class Table {
  readonly #columns: Column[];
  readonly #colors: boolean;

  /**
   * Chooses the columns.
   *
   * @param rows The first rows.
   * @param names The names of all fields, in their order.
   * @param style How it is to look.
   */
  constructor(
    rows: readonly Row[],
    names: readonly string[],
    style: TableStyle,
  ) {
    const { fields, columns, colors } = style;
    this.#colors = colors;
    this.#columns = fields
      ? shrink(fields.map((name) => measure(name, rows)), columns)
      : choose(rows, names, columns);
  }

  /**
   * Writes the names of the columns.
   *
   * @returns One line.
   */
  head(): string {
    const names = this.#columns.map(({ name, width, isNumber }) =>
      fit(name, width, isNumber)
    );
    const line = names.join(" ".repeat(GAP)).trimEnd();
    return this.#colors ? bold(line) : line;
  }

  /**
   * Writes a row.
   *
   * @param row The row.
   * @returns One line.
   */
  line(row: Row): string {
    return this.#columns
      .map(({ name, width, isNumber }) =>
        fit(toCell(row[name]), width, isNumber)
      )
      .join(" ".repeat(GAP)).trimEnd();
  }
}

/**
 * Writes one object: a line for each field.
 *
 * @param row The object.
 * @param names The fields, in this order.
 * @param style How it is to look.
 * @returns The lines.
 */
export function fieldLines(
  row: Row,
  names: readonly string[],
  { columns, colors }: Pick<TableStyle, "columns" | "colors">,
): string[] {
  const widest = Math.max(0, ...names.map(widthOf));
  const width = Math.min(widest, Math.max(NARROWEST, Math.floor(columns / 2)));
  return names.map((name) => {
    const title = fit(name, width);
    const rest = cutTo(toCell(row[name]), columns - width - GAP);
    return `${colors ? bold(title) : title}${" ".repeat(GAP)}${rest}`
      .trimEnd();
  });
}

/** A column as wide as what is in it. */
function measure(name: string, rows: readonly Row[]): Column {
  const values = rows.map((row) => row[name]);
  const widths = values.map((value) => widthOf(toCell(value)));
  const given = values.filter((value) => value !== null && value !== undefined);
  return {
    name,
    width: Math.min(WIDEST, Math.max(widthOf(name), ...widths, 1)),
    isNumber: given.length > 0 &&
      given.every((value) => typeof value === "number"),
  };
}

/** The first columns that fit, without those that say nothing. */
function choose(
  rows: readonly Row[],
  names: readonly string[],
  columns: number,
): Column[] {
  const telling = names.filter((name) => {
    const values = rows.map((row) => row[name])
      .filter((value) =>
        value !== null && value !== undefined && value !== "" &&
        !(Array.isArray(value) && value.length === 0)
      );
    return values.length > 0 && values.every((value) => isShort(value));
  });
  const chosen: Column[] = [];
  let used = -GAP;
  for (const name of telling) {
    const column = measure(name, rows);
    if (used + GAP + column.width > columns) {
      // the first says which row it is
      if (chosen.length > 0) continue;
      column.width = columns;
    }
    chosen.push(column);
    used += GAP + column.width;
  }
  return chosen;
}

function isShort(value: unknown): boolean {
  return typeof value !== "object" ||
    (Array.isArray(value) && value.every((entry) => typeof entry !== "object"));
}

/** Makes the widest columns narrower until all fit. */
function shrink(all: Column[], columns: number): Column[] {
  const total = () => all.reduce((sum, { width }) => sum + width + GAP, -GAP);
  while (total() > columns) {
    const widest = all.reduce((a, b) => b.width > a.width ? b : a);
    if (widest.width <= NARROWEST) break;
    widest.width--;
  }
  return all;
}
