/**
 * JSON from the command line, a file or standard input.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { parse as parseJsonc } from "jsr:@std/jsonc@^1.0.2/parse";
import { usage } from "./exits.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Reads JSON: as text, from a file (`@file.json`), or from standard input (`-`).
 *
 * @param text What was typed.
 * @param title How it is typed, for messages: `--config`.
 * @param terminal Where `-` reads from.
 * @returns The value.
 * @throws {CommandError} If it can't be read, or is no JSON.
 */
export async function readJson(
  text: string,
  title: string,
  terminal: Terminal,
): Promise<unknown> {
  const [source, where] = text === "-"
    ? [await terminal.readInput(), "standard input"]
    : text.startsWith("@")
    ? [await readText(text.slice(1), title), text.slice(1)]
    : [text, ""];
  try {
    return JSON.parse(source);
  } catch (error) {
    const from = where ? ` in ${where}` : "";
    throw usage(`${title} must be JSON: ${placeOf(error, source)}${from}.`);
  }
}

async function readText(path: string, title: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const reason = code === "ENOENT" ? "there is no such file" : String(code);
    throw usage(`${title}: cannot read '${path}': ${reason}.`);
  }
}

/** Says where JSON breaks off; some engines keep the place to themselves. */
function placeOf(error: unknown, source: string): string {
  const place = positionIn(error) ?? positionIn(failureOf(source));
  if (place === undefined) return "it ends too early, or has a comment";
  const before = source.slice(0, place);
  const line = before.split("\n").length;
  const column = place - before.lastIndexOf("\n");
  return place >= source.trimEnd().length
    ? `it ends too early, at line ${line}, column ${column}`
    : `line ${line}, column ${column} is wrong`;
}

function positionIn(error: unknown): number | undefined {
  const [, position] = /position (\d+)/.exec(String(error)) ?? [];
  return position === undefined ? undefined : Number(position);
}

function failureOf(source: string): unknown {
  try {
    parseJsonc(source);
  } catch (error) {
    return error;
  }
  return undefined;
}
