/**
 * What the emulator takes in and gives out, whichever way it is reached.
 *
 * @module
 */

import { type ByteStream, chunksOf } from "../storage/bytes.ts";

/** A request as it arrives. */
export interface WireRequest {
  /** HTTP method. */
  method: string;
  /** The whole URL. */
  url: URL;
  /** Headers. */
  headers: Headers;
  /** Body as it arrives. */
  stream: ByteStream;
}

/** A response as it leaves, perhaps cut in the middle; status 0 cuts the connection at once. */
export interface WireResponse {
  /** HTTP status, or 0. */
  status: number;
  /** Headers by lowercase name. */
  headers: { [name: string]: string };
  /** Body. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Body that comes piece by piece, in place of bytes. */
  stream?: ByteStream;
  /** Whether the connection is cut in the middle of the body. */
  cut: boolean;
}

/**
 * Reads a body as text.
 *
 * @param stream The body.
 * @param limit How many bytes it may have.
 * @returns The text; undefined for a longer body.
 */
export async function readText(
  stream: ByteStream,
  limit: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  // also a body that is too long is read to its end, but not kept
  for await (const chunk of chunksOf(stream)) {
    size += chunk.length;
    text = size > limit ? "" : text + decoder.decode(chunk, { stream: true });
  }
  return size > limit ? undefined : text + decoder.decode();
}

/**
 * Parses a body.
 *
 * @param text The body.
 * @returns The JSON; undefined for what is none, an empty object for nothing.
 */
export function parse(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Makes the bytes of a response.
 *
 * @param body Bytes or text as they are, anything else as JSON, null for nothing.
 * @returns The bytes.
 */
export function toBytes(body: unknown): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body === null) return new Uint8Array();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new TextEncoder().encode(text);
}

/**
 * Reads what comes first of a body, and gives the rest up.
 *
 * @param stream The body.
 */
export async function readSome(stream: ByteStream): Promise<void> {
  for await (const _ of chunksOf(stream)) return;
}
