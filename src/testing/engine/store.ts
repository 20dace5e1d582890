/**
 * Ordered collections with pages whose cursors survive inserts and deletes.
 *
 * @module
 */

/** A record as it goes over the wire. */
export type WireRecord = { [key: string]: unknown };

/** A page of a collection. */
export interface Page {
  /** Link to the next page, or null. */
  next: string | null;
  /** Link to the previous page, or null. */
  previous: string | null;
  /** The records. */
  results: WireRecord[];
}

/** A page of a collection whose pages are numbered. */
export interface NumberedPage extends Page {
  /** How many records there are on all pages. */
  count: number;
}

// assumption: the Avala docs name the default, but no maximum
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Records by unique id, in the order in which they were added. */
export class Collection {
  readonly #records = new Map<string, { rank: number; record: WireRecord }>();
  #rank = 0;

  /**
   * Adds a record, or replaces the one with its unique id.
   *
   * @param record The record; its `uid` is its key.
   * @returns The record.
   */
  add(record: WireRecord): WireRecord {
    this.#records.set(String(record.uid), { rank: ++this.#rank, record });
    return record;
  }

  /**
   * Finds a record.
   *
   * @param uid Its unique id.
   * @returns The record, if there is one.
   */
  get(uid: string): WireRecord | undefined {
    return this.#records.get(uid)?.record;
  }

  /**
   * Removes a record.
   *
   * @param uid Its unique id.
   * @returns Whether there was one.
   */
  delete(uid: string): boolean {
    return this.#records.delete(uid);
  }

  /**
   * Gives all records in order.
   *
   * @returns The records.
   */
  all(): WireRecord[] {
    return [...this.#records.values()].map(({ record }) => record);
  }

  /**
   * Cuts a page.
   *
   * @param url The URL of the request; its query holds `limit` and `cursor`.
   * @param keep Tells which records are listed.
   * @param show Makes the listed form of a record.
   * @returns The page; undefined for a limit or a cursor that makes no sense.
   */
  page(
    url: URL,
    keep: (record: WireRecord) => boolean = () => true,
    show: (record: WireRecord) => WireRecord = (record) => record,
  ): Page | undefined {
    const asked = url.searchParams.get("limit");
    const limit = asked === null ? DEFAULT_LIMIT : Number(asked);
    const cursor = readCursor(url.searchParams.get("cursor"));
    if (!Number.isSafeInteger(limit) || limit < 1 || !cursor) return undefined;
    const size = Math.min(limit, MAX_LIMIT);
    const listed = [...this.#records.values()].filter(({ record }) =>
      keep(record)
    );
    const start = cursor.back
      ? Math.max(0, listed.filter((e) => e.rank < cursor.rank).length - size)
      : listed.filter((e) => e.rank <= cursor.rank).length;
    const rows = listed.slice(start, start + size);
    const first = rows[0];
    const last = rows[rows.length - 1];
    const more = start + size < listed.length;
    return {
      next: last && more ? link(url, `p${last.rank}`) : null,
      previous: first && start > 0 ? link(url, `r${first.rank}`) : null,
      results: rows.map(({ record }) => show(record)),
    };
  }

  /**
   * Cuts a page by its number.
   *
   * @param url The URL of the request; its query holds `limit` and `page`.
   * @param keep Tells which records are listed.
   * @param show Makes the listed form of a record.
   * @returns The page; undefined for a limit or a number that makes no sense.
   */
  numberedPage(
    url: URL,
    keep: (record: WireRecord) => boolean = () => true,
    show: (record: WireRecord) => WireRecord = (record) => record,
  ): NumberedPage | undefined {
    const size = Math.min(
      Number(url.searchParams.get("limit") ?? DEFAULT_LIMIT),
      MAX_LIMIT,
    );
    const number = Number(url.searchParams.get("page") ?? 1);
    if (![size, number].every((n) => Number.isSafeInteger(n) && n > 0)) {
      return undefined;
    }
    const listed = this.all().filter(keep);
    const start = (number - 1) * size;
    // the first page may be empty, the others may not
    if (start > 0 && start >= listed.length) return undefined;
    const to = (page: number) => {
      const target = new URL(url);
      target.searchParams.set("page", String(page));
      return target.href;
    };
    return {
      count: listed.length,
      next: start + size < listed.length ? to(number + 1) : null,
      previous: number > 1 ? to(number - 1) : null,
      results: listed.slice(start, start + size).map(show),
    };
  }
}

/** A cursor is a direction and the rank of the record beside the page. */
function readCursor(
  cursor: string | null,
): { back: boolean; rank: number } | undefined {
  if (cursor === null) return { back: false, rank: 0 };
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

function link(url: URL, position: string): string {
  const target = new URL(url);
  target.searchParams.set("cursor", btoa(position));
  return target.href;
}
