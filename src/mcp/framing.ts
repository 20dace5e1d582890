/**
 * Messages as lines: one JSON text each, as the protocol wants it on standard
 * input and output.
 *
 * @module
 */

import { isJsonObject, type JsonObject } from "../wire/codec.ts";

/** A line longer than this is no message, in bytes. */
const MAX_LINE = 16 * 2 ** 20;

/** What a line holds: messages, or the reason why it holds none. */
export type Line =
  | { readonly messages: readonly JsonObject[]; readonly isBatch: boolean }
  | { readonly fault: string };

/**
 * Reads messages, line by line. A line that is none does not end the stream.
 *
 * @param input The bytes.
 * @returns What each line holds; empty lines are passed over.
 */
export async function* readLines(
  input: ReadableStream<Uint8Array>,
): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let isTooLong = false;
  for await (const chunk of chunksOf(input)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const whole = isTooLong ? undefined : line;
      isTooLong = false;
      const read = toLine(whole);
      if (read) yield read;
    }
    if (rest.length > MAX_LINE) {
      isTooLong = true;
      rest = "";
    }
  }
  const read = toLine(isTooLong ? undefined : rest + decoder.decode());
  if (read) yield read;
}

async function* chunksOf(
  input: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = input.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function toLine(line: string | undefined): Line | undefined {
  if (line === undefined) {
    return { fault: `a message must have at most ${MAX_LINE} characters` };
  }
  if (line.trim() === "") return undefined;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "it is no JSON" };
  }
  const messages = Array.isArray(json) ? json : [json];
  if (messages.length === 0 || !messages.every(isJsonObject)) {
    return { fault: "a message must be an object" };
  }
  return { messages, isBatch: Array.isArray(json) };
}

/**
 * Writes a message as a line.
 *
 * @param message The message.
 * @returns The line, with its end.
 */
export function toText(message: unknown): string {
  // JSON has no raw line breaks, so that a message is one line
  return `${JSON.stringify(message)}\n`;
}
