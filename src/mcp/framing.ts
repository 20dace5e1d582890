/**
 * Messages as lines: one JSON text each, as the protocol wants it on standard
 * input and output.
 *
 * @module
 */

import { isJsonObject, type JsonObject } from "../wire/codec.ts";

/** A line of more characters than this is no message. */
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
  const line = new LineBuffer();
  for await (const chunk of chunksOf(input)) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true })
      .split("\n");
    line.add(first);
    for (const text of others) {
      const read = toLine(line.take());
      if (read) yield read;
      line.add(text);
    }
  }
  line.add(decoder.decode());
  const read = toLine(line.take());
  if (read) yield read;
}

/** A line that comes in parts; joined once, so that its length costs linear time. */
class LineBuffer {
  #parts: string[] = [];
  #length = 0;

  add(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_LINE) this.#parts = [];
    else this.#parts.push(text);
  }

  /** Gives the line, and begins the next one; undefined when it was too long. */
  take(): string | undefined {
    const line = this.#length > MAX_LINE ? undefined : this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    return line;
  }
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
