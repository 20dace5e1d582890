/**
 * Values as they stand in a table.
 *
 * @module
 */

import { unicodeWidth } from "jsr:@std/cli@^1.0.32/unicode-width";
import { type Paint, plain } from "./palette.ts";
import { safeJson, safeText } from "./safe_text.ts";

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/**
 * Writes a value for a table: dates short and local, structures as JSON.
 *
 * @param value The value.
 * @returns One line.
 */
export function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") {
    return isDate(value) ? shortDate(value) : safeText(value);
  }
  if (typeof value !== "object") return String(value);
  if (
    Array.isArray(value) && value.every((entry) => typeof entry !== "object")
  ) {
    return safeText(value.join(", "));
  }
  return safeJson(value);
}

/**
 * Tells whether a text is a date with a time.
 *
 * @param text The text.
 * @returns Whether it is shown as a short date.
 */
export function isDate(text: string): boolean {
  return DATE.test(text);
}

/** The time of a date where the reader is, to the minute. */
function shortDate(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return safeText(text);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [
    date.getFullYear(),
    two(date.getMonth() + 1),
    two(date.getDate()),
  ].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * Counts the columns that a text takes on a terminal.
 *
 * @param text The text.
 * @returns Its columns.
 */
export function widthOf(text: string): number {
  return unicodeWidth(text);
}

/**
 * Cuts a text to a width, and fills it up to that.
 *
 * @param text The text.
 * @param width The width.
 * @param right Whether it stands on the right.
 * @param paint What colors it.
 * @returns The text, of exactly that width.
 */
export function fit(
  text: string,
  width: number,
  right = false,
  paint: Paint = plain,
): string {
  const cut = cutTo(text, width);
  const blanks = " ".repeat(Math.max(0, width - widthOf(cut)));
  const painted = cut === "" ? "" : paint(cut);
  return right ? blanks + painted : painted + blanks;
}

/**
 * Breaks a text into lines: at blanks, and inside of words that are too wide.
 *
 * @param text The text.
 * @param width The most columns of a line.
 * @returns The lines.
 */
export function toLines(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const next = line === "" ? word : `${line} ${word}`;
    if (widthOf(next) <= width) {
      line = next;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of word) {
      if (line !== "" && widthOf(line + letter) > width) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return [...lines, line];
}

/**
 * Cuts a text that is too wide.
 *
 * @param text The text.
 * @param width The most columns that it may take.
 * @returns The text, or its beginning and an ellipsis.
 */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const letter of text) {
    const next = widthOf(letter);
    if (used + next > width - 1) break;
    cut += letter;
    used += next;
  }
  return width > 0 ? `${cut}…` : "";
}
