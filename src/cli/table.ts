/**
 * Tables that fit the terminal.
 *
 * @module
 */

import { cutTo, fit, isDate, toCell, toLines, widthOf } from "./cells.ts";
import {
  isReference,
  isState,
  paintOf,
  type Palette,
  paletteOf,
} from "./palette.ts";

type Row = { readonly [name: string]: unknown };

/** How a table is to look. */
export interface TableStyle {
  /** The columns wanted, in this order; all that fit when left out. */
  readonly fields: readonly string[] | undefined;
  /** The most columns of the terminal; without a limit in a file. */
  readonly columns: number;
  /** Whether it may have colors. */
  readonly colors: boolean;
}

interface Column {
  name: string;
  width: number;
  isNumber: boolean;
}

const GAP = 2;
/** Stands for a field without a value. */
const NOTHING = "–";
const WIDEST = 40;
const NARROWEST = 4;
/** Fields that say what a row is. */
const TELLING = /^(?:name|title|key|message)$/;
/** What is left of a text that is cut must still say something. */
const LEAST_OF_TEXT = 8;
/** Below this width, a value stands under its name. */
const NARROW = 40;
/** Lines of a structure in the view of one object. */
const LINES_OF_STRUCTURE = 2;

/** A table: its columns come from the first rows, later ones are cut to them. */
export class Table {
  readonly #columns: Column[];
  readonly #palette: Palette;

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
    this.#palette = paletteOf(colors);
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
    return this.#palette.strong(names.join(" ".repeat(GAP)).trimEnd());
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
        fit(
          toCell(row[name]),
          width,
          isNumber,
          paintOf(this.#palette, name, row[name]),
        )
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
  const palette = paletteOf(colors);
  const isNarrow = columns < NARROW;
  const indent = isNarrow ? GAP : Math.max(0, ...names.map(widthOf)) + GAP;
  return names.flatMap((name) => {
    const lines = valueLines(row[name], columns - indent);
    const paint = paintOf(palette, name, row[name]);
    const texts = lines.map((text) =>
      text === "" ? palette.quiet(NOTHING) : paint(text)
    );
    const blanks = " ".repeat(indent);
    const title = palette.strong(name);
    if (isNarrow) return [title, ...texts.map((text) => blanks + text)];
    const head = title + blanks.slice(widthOf(name));
    return texts.map((text, i) =>
      `${i === 0 ? head : blanks}${text}`.trimEnd()
    );
  });
}

/** All of a text, and the beginning of a structure. */
function valueLines(value: unknown, columns: number): string[] {
  const width = Math.max(NARROWEST, columns);
  const text = toCell(value);
  const isStructure = typeof value === "object";
  return toLines(
    isStructure ? cutTo(text, width * LINES_OF_STRUCTURE - 1) : text,
    width,
  );
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

/** The columns that fit and say most, without those that say nothing. */
function choose(
  rows: readonly Row[],
  names: readonly string[],
  columns: number,
): Column[] {
  const telling = names.filter((name) => {
    const values = valuesOf(name, rows);
    return values.length > 0 && values.every(isShort);
  });
  const chosen = new Map<string, Column>();
  let left = columns + GAP;
  for (const name of byNeed(telling, rows, columns)) {
    const column = measure(name, rows);
    if (column.width + GAP > left) {
      const isText = valuesOf(name, rows).every((value) =>
        typeof value === "string" && !isReference(value) && !isDate(value)
      );
      const isCut = chosen.size === 0 || isText && left - GAP >= LEAST_OF_TEXT;
      if (!isCut || widthOf(name) + GAP > left) continue;
      column.width = left - GAP;
    }
    chosen.set(name, column);
    left -= column.width + GAP;
  }
  return telling.flatMap((name) => chosen.get(name) ?? []);
}

/**
 * What a row is and how it is first, then what it tells, ids of others last: and
 * its own id too, where there is room for little else.
 */
function byNeed(
  names: readonly string[],
  rows: readonly Row[],
  columns: number,
): string[] {
  const need = (name: string, i: number) => {
    const isOwnId = i === 0 &&
      measure(name, rows).width + GAP + LEAST_OF_TEXT <= columns;
    if (isOwnId) return 0;
    if (valuesOf(name, rows).every(isReference)) return 3;
    return TELLING.test(name) || isState(name) ? 1 : 2;
  };
  return names.map((name, i) => ({ name, need: need(name, i) }))
    .sort((a, b) => a.need - b.need)
    .map(({ name }) => name);
}

/** The values of a field that are there. */
function valuesOf(name: string, rows: readonly Row[]): unknown[] {
  return rows.map((row) => row[name]).filter((value) =>
    value !== null && value !== undefined && value !== "" &&
    !(Array.isArray(value) && value.length === 0)
  );
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
