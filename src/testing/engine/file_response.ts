/**
 * Responses with files: whole or in part, and only when they have changed.
 *
 * @module
 */

import { ifMatch, ifNoneMatch } from "jsr:@std/http@^1.1.3/etag";
import type { EmulatedResponse } from "./responses.ts";

/** A file to respond with. */
export interface ServedFile {
  /** Its bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Its media type. */
  type: string;
  /** ETag without quotes; made from the bytes where there is none. */
  etag?: string | undefined;
  /** When it last changed, in whatever form a date has. */
  updatedAt?: unknown;
}

/**
 * Responds with a file, or with the part of it that is asked for, if the version
 * asked for is still there.
 *
 * @param file The file.
 * @param asked Headers of the request.
 * @returns The response.
 */
export async function fileResponse(
  { bytes, type, etag, updatedAt }: ServedFile,
  asked: Headers,
): Promise<EmulatedResponse> {
  const tag = `"${etag ?? await entityTag(bytes)}"`;
  const changed = updatedAt === undefined
    ? undefined
    : new Date(String(updatedAt)).toUTCString();
  const headers: { [name: string]: string } = {
    "content-type": type,
    "accept-ranges": "bytes",
    // an address is a credential: what it leads to is nobody else's
    "cache-control": "no-store",
    etag: tag,
    ...changed !== undefined && { "last-modified": changed },
  };
  if (asked.has("if-match") && !ifMatch(asked.get("if-match"), tag)) {
    return { status: 412, body: null, headers };
  }
  if (!ifNoneMatch(asked.get("if-none-match"), tag)) {
    return { status: 304, body: null, headers };
  }
  const version = asked.get("if-range");
  const isCurrent = version === null || version === tag || version === changed;
  const range = isCurrent ? readRange(asked.get("range"), bytes.length) : null;
  if (!range) return { status: 200, body: bytes, headers };
  const [first, last] = range;
  if (first > last) {
    headers["content-range"] = `bytes */${bytes.length}`;
    return { status: 416, body: null, headers };
  }
  headers["content-range"] = `bytes ${first}-${last}/${bytes.length}`;
  return { status: 206, body: bytes.subarray(first, last + 1), headers };
}

/** The first and the last byte of one range; null where none is asked for that is understood. */
function readRange(
  range: string | null,
  size: number,
): [first: number, last: number] | null {
  const [, start = "", end = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ??
    [];
  if (start === "" && end === "") return null;
  if (start === "") return [Math.max(0, size - Number(end)), size - 1];
  if (end !== "" && Number(end) < Number(start)) return null;
  return [Number(start), Math.min(Number(end || Infinity), size - 1)];
}

/** What `eTag` of std makes; its own needs `ArrayBuffer.transfer`, which Node 20 lacks. */
async function entityTag(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const text = btoa(String.fromCharCode(...hash)).slice(0, 27);
  return `${bytes.length.toString(16)}-${text}`;
}
