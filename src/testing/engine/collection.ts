/**
 * Records of one kind, in the order in which they came.
 *
 * A record is never changed in place: {@linkcode Collection.update} puts another
 * one in its place.
 *
 * @module
 */

/** A record as it goes over the wire. */
export type WireRecord = { readonly [key: string]: unknown };

/** Which records are meant: fields that they have, a test that they pass, or several of these at once. */
export type Match =
  | WireRecord
  | ((record: WireRecord) => boolean)
  | readonly Match[];

/** A record with its place in the order, which no other record ever has. */
export interface Row {
  /** The place; later records have higher ones. */
  readonly rank: number;
  /** The record. */
  readonly record: WireRecord;
}

/** Records by unique id. */
export class Collection {
  readonly #rows = new Map<string, Row>();
  #rank = 0;

  /**
   * Counts all records.
   *
   * @returns How many there are.
   */
  get size(): number {
    return this.#rows.size;
  }

  /**
   * Adds a record, or replaces the one with its unique id.
   *
   * @param record The record; its `uid` is its key.
   * @returns The record.
   */
  add(record: WireRecord): WireRecord {
    const uid = String(record.uid);
    const rank = this.#rows.get(uid)?.rank ?? ++this.#rank;
    this.#rows.set(uid, { rank, record: Object.freeze(record) });
    return record;
  }

  /**
   * Finds a record.
   *
   * @param uid Its unique id.
   * @returns The record, if there is one.
   */
  get(uid: unknown): WireRecord | undefined {
    return this.#rows.get(String(uid))?.record;
  }

  /**
   * Changes a record.
   *
   * @param record The record, in whatever version.
   * @param changes The fields that change.
   * @returns The record with its changes.
   */
  update(record: WireRecord, changes: WireRecord): WireRecord {
    return this.add({ ...(this.get(record.uid) ?? record), ...changes });
  }

  /**
   * Removes a record.
   *
   * @param uid Its unique id.
   * @returns Whether there was one.
   */
  delete(uid: unknown): boolean {
    return this.#rows.delete(String(uid));
  }

  /**
   * Finds the first of some records.
   *
   * @param match Which ones are meant.
   * @returns The record, if there is one.
   */
  find(match: Match = {}): WireRecord | undefined {
    for (const { record } of this.rows(match)) return record;
    return undefined;
  }

  /**
   * Gives some records in order.
   *
   * @param match Which ones are meant; all by default.
   * @param limit How many at most.
   * @returns The records.
   */
  filter(match: Match = {}, limit = Infinity): WireRecord[] {
    const found: WireRecord[] = [];
    for (const { record } of this.rows(match)) {
      if (found.length >= limit) break;
      found.push(record);
    }
    return found;
  }

  /**
   * Counts some records.
   *
   * @param match Which ones are meant.
   * @returns How many there are.
   */
  count(match: Match): number {
    let count = 0;
    for (const _ of this.rows(match)) count++;
    return count;
  }

  /**
   * Walks over some records in order.
   *
   * @param match Which ones are meant.
   * @param after Only those behind this place.
   * @returns The records with their places.
   */
  *rows(match: Match = {}, after = -1): Generator<Row> {
    const isMeant = toTest(match);
    for (const row of this.#rows.values()) {
      if (row.rank > after && isMeant(row.record)) yield row;
    }
  }

  /**
   * Walks over some records backwards.
   *
   * @param match Which ones are meant.
   * @param before Only those before this place.
   * @returns The records with their places.
   */
  *rowsBefore(match: Match, before: number): Generator<Row> {
    const isMeant = toTest(match);
    for (const row of [...this.#rows.values()].reverse()) {
      if (row.rank < before && isMeant(row.record)) yield row;
    }
  }
}

/**
 * Makes the test that tells which records are meant.
 *
 * @param match Which ones are meant.
 * @returns The test.
 */
export function toTest(match: Match): (record: WireRecord) => boolean {
  if (typeof match === "function") return match;
  if (isList(match)) {
    const tests = match.map(toTest);
    return (record) => tests.every((test) => test(record));
  }
  const fields = Object.entries(match);
  return (record) => fields.every(([name, value]) => record[name] === value);
}

function isList(match: Match): match is readonly Match[] {
  return Array.isArray(match);
}
