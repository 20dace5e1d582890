/**
 * Pages of collections, whose cursors survive inserts and deletes.
 *
 * @module
 */

import type { Collection, Match, Row, WireRecord } from "./collection.ts";
import { type EmulatedResponse, failure, respond } from "./responses.ts";

/** What a page shows of a collection. */
export interface Listing {
  /** Which records are listed; all by default. */
  match?: Match;
  /** Makes the listed form of a record. */
  show?: (record: WireRecord) => WireRecord;
}

// assumption: the Avala docs name the default, but no maximum
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * Responds with a page that is found by a cursor.
 *
 * @param collection The collection.
 * @param url The URL of the request; its query holds `limit` and `cursor`.
 * @param listing What the page shows.
 * @returns The response, 404 for a limit or a cursor that makes no sense.
 */
export function cursorPage(
  collection: Collection,
  url: URL,
  listing: Listing = {},
): EmulatedResponse {
  const { match = {}, show = (record) => record } = listing;
  const size = readLimit(url);
  const cursor = readCursor(url.searchParams.get("cursor"));
  if (!size || !cursor) return failure(404, "Invalid cursor");
  const { back, rank } = cursor;
  const found = take(
    back ? collection.rowsBefore(match, rank) : collection.rows(match, rank),
    size + 1,
  );
  const rows = found.slice(0, size);
  if (back) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  const isMore = found.length > size;
  const [before] = first && !back
    ? take(collection.rowsBefore(match, first.rank), 1)
    : [isMore];
  const [after] = last && back
    ? take(collection.rows(match, last.rank), 1)
    : [isMore];
  return respond({
    next: last && after ? linkTo(url, `p${last.rank}`) : null,
    previous: first && before ? linkTo(url, `r${first.rank}`) : null,
    results: rows.map(({ record }) => show(record)),
  });
}

/**
 * Responds with a page that is found by its number.
 *
 * @param collection The collection.
 * @param url The URL of the request; its query holds `limit` and `page`.
 * @param listing What the page shows.
 * @returns The response, 404 for a limit or a number that makes no sense.
 */
export function numberedPage(
  collection: Collection,
  url: URL,
  listing: Listing = {},
): EmulatedResponse {
  const { match, show = (record) => record } = listing;
  const size = readLimit(url);
  const number = readCount(url, "page", 1);
  const listed = collection.filter(match);
  const start = (number - 1) * size;
  // the first page may be empty, the others may not
  if (!size || !number || (start > 0 && start >= listed.length)) {
    return failure(404, "Invalid page.");
  }
  const to = (page: number) => withQuery(url, "page", String(page));
  return respond({
    count: listed.length,
    next: start + size < listed.length ? to(number + 1) : null,
    previous: number > 1 ? to(number - 1) : null,
    results: listed.slice(start, start + size).map(show),
  });
}

function readLimit(url: URL): number {
  return Math.min(readCount(url, "limit", DEFAULT_LIMIT), MAX_LIMIT);
}

/** A positive integer of a query; 0 for anything else. */
function readCount(url: URL, name: string, usual: number): number {
  const count = Number(url.searchParams.get(name) ?? usual);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function take(rows: Iterable<Row>, count: number): Row[] {
  const taken: Row[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length === count) break;
  }
  return taken;
}

/** A cursor is a direction and the place of the record beside the page. */
function readCursor(
  cursor: string | null,
): { back: boolean; rank: number } | undefined {
  if (cursor === null) return { back: false, rank: -1 };
  let text = "";
  try {
    text = atob(cursor);
  } catch {
    return undefined;
  }
  return /^[pr]\d+$/.test(text)
    ? { back: text.startsWith("r"), rank: Number(text.slice(1)) }
    : undefined;
}

function linkTo(url: URL, position: string): string {
  return withQuery(url, "cursor", btoa(position));
}

function withQuery(url: URL, name: string, value: string): string {
  const target = new URL(url);
  target.searchParams.set(name, value);
  return target.href;
}
