/**
 * Multipart forms as object storage takes them: fields, then one file, read as
 * they arrive.
 *
 * @module
 */

import { type ByteStream, chunksOf, type Received, Receiver } from "./bytes.ts";

/** A form that has arrived. */
export interface StoredForm {
  /** The fields before the file. */
  fields: { [name: string]: string };
  /** The file. */
  file: Received;
}

/** Fields and the head of the file must fit into this. */
const HEAD_LIMIT = 65_536;

/**
 * Reads a form.
 *
 * @param contentType The request's `Content-Type`.
 * @param body The body.
 * @param room How many bytes of the file are kept.
 * @returns The form; undefined when it is none, or cut.
 */
export async function readForm(
  contentType: string,
  body: ByteStream,
  room: number,
): Promise<StoredForm | undefined> {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  if (!boundary || !body) return undefined;
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`);
  const receiver = new Receiver(room);
  let fields: { [name: string]: string } | undefined;
  let held: Uint8Array<ArrayBuffer> = new Uint8Array();
  for await (const chunk of chunksOf(body)) {
    held = joined(held, chunk);
    if (!fields) {
      const found = readHead(held, boundary);
      if (!found && held.length > HEAD_LIMIT) return undefined;
      if (!found) continue;
      fields = found.fields;
      held = held.subarray(found.end);
    }
    // the end of the file is known only when the form has ended
    const ready = held.length - tail.length;
    if (ready <= 0) continue;
    receiver.add(held.subarray(0, ready));
    held = held.slice(ready);
  }
  const ended = held.length === tail.length &&
    held.every((byte, index) => byte === tail[index]);
  return fields && ended ? { fields, file: receiver.end() } : undefined;
}

function joined(
  one: Uint8Array<ArrayBuffer>,
  other: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** Reads all fields, when the head of the file is there. */
function readHead(
  bytes: Uint8Array<ArrayBuffer>,
  boundary: string,
): { fields: { [name: string]: string }; end: number } | undefined {
  // one character a byte, so that offsets agree
  const text = Array.from(
    bytes.subarray(0, HEAD_LIMIT),
    (byte) => String.fromCharCode(byte),
  ).join("");
  const fields: { [name: string]: string } = {};
  let at = 0;
  for (;;) {
    const mark = `--${boundary}\r\n`;
    const end = text.indexOf("\r\n\r\n", at);
    if (!text.startsWith(mark, at) || end < 0) return undefined;
    const name = /name="([^"]*)"/.exec(text.slice(at, end))?.[1] ?? "";
    if (name === "file") return { fields, end: end + 4 };
    const next = text.indexOf(`\r\n--${boundary}`, end + 4);
    if (next < 0) return undefined;
    const value = Uint8Array.from(
      text.slice(end + 4, next),
      (character) => character.charCodeAt(0),
    );
    fields[name] = new TextDecoder().decode(value);
    at = next + 2;
  }
}
