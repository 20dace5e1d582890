/**
 * Records of one kind, in the order in which they came. Those of the sample data
 * are made when they are asked for, and kept only once they have changed.
 *
 * A record is never changed in place: {@linkcode Collection.update} puts another
 * one in its place.
 *
 * @module
 */

import { type Match, sharedFields, toTest, type WireRecord } from "./match.ts";

export type { Match, WireRecord } from "./match.ts";

/** A record with its place in the order, which no other record ever has. */
export interface Row {
  /** The place; later records have higher ones. */
  readonly rank: number;
  /** The record. */
  readonly record: WireRecord;
}

/** Records that are made when they are asked for. */
export interface Block {
  /** How many there are. */
  readonly count: number;
  /** What their unique ids begin with; the index follows, in hex digits. */
  readonly prefix: string;
  /** Makes the record at an index. */
  readonly make: (index: number, uid: string) => WireRecord;
  /** Fields that are the same in all of them: a search for others passes them over. */
  readonly shared: WireRecord;
}

/** What a collection holds beside the records that are made when asked for. */
export interface SavedRows {
  /** Records that were added, with their places. */
  added: [rank: number, record: WireRecord][];
  /** Records that were made and have changed; null stands for one that is gone. */
  changed: [uid: string, record: WireRecord | null][];
  /** The last place that was given. */
  last: number;
}

/** Records by unique id. */
export class Collection {
  readonly #blocks: (Block & { first: number })[] = [];
  readonly #changed = new Map<string, WireRecord | null>();
  readonly #added = new Map<string, Row>();
  #last = -1;

  /**
   * Counts all records.
   *
   * @returns How many there are.
   */
  get size(): number {
    const made = this.#blocks.reduce((sum, { count }) => sum + count, 0);
    const gone = [...this.#changed.values()].filter((row) => row === null);
    return made - gone.length + this.#added.size;
  }

  /**
   * Adds records that are made when they are asked for, before any other.
   *
   * @param block The records.
   */
  generate(block: Block): void {
    if (this.#added.size > 0) {
      throw new Error("Cannot generate records behind others");
    }
    this.#blocks.push({ ...block, first: this.#last + 1 });
    this.#last += block.count;
  }

  /**
   * Names a record that is made when it is asked for, without making it.
   *
   * @param index Its index among all of them.
   * @returns Its unique id; null where there are fewer.
   */
  uidAt(index: number): string | null {
    for (const { first, count, prefix } of this.#blocks) {
      if (index < first + count) return uidOf(prefix, index - first);
    }
    return null;
  }

  /**
   * Names some records; those that are made when they are asked for are not made.
   *
   * @param match Fields that tell which ones are meant, and that all of a block share.
   * @param limit How many at most.
   * @returns Their unique ids, in order.
   */
  uids(match: WireRecord = {}, limit = Infinity): string[] {
    const found: string[] = [];
    for (const { count, prefix } of this.#blocksOf(match)) {
      for (let index = 0; index < count && found.length < limit; index++) {
        const uid = uidOf(prefix, index);
        if (this.#changeOf(uid) !== null) found.push(uid);
      }
    }
    const isMeant = toTest(match);
    for (const [uid, { record }] of this.#added) {
      if (found.length < limit && isMeant(record)) found.push(uid);
    }
    return found;
  }

  /**
   * Adds a record, or replaces the one with its unique id.
   *
   * @param record The record; its `uid` is its key.
   * @returns The record.
   */
  add(record: WireRecord): WireRecord {
    const uid = String(record.uid);
    Object.freeze(record);
    if (this.#made(uid)) this.#changed.set(uid, record);
    else {
      const rank = this.#added.get(uid)?.rank ?? ++this.#last;
      this.#added.set(uid, { rank, record });
    }
    return record;
  }

  /**
   * Finds a record.
   *
   * @param key Its unique id.
   * @returns The record, if there is one.
   */
  get(key: unknown): WireRecord | undefined {
    // whatever a request names: an object can't even be made a text
    if (typeof key !== "string") return undefined;
    const added = this.#added.get(key);
    if (added) return added.record;
    const changed = this.#changed.get(key);
    if (changed !== undefined) return changed ?? undefined;
    const found = this.#made(key);
    return found && Object.freeze(found.block.make(found.index, key));
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
    const key = String(uid);
    if (this.#added.delete(key)) return true;
    if (!this.#made(key) || this.#changed.get(key) === null) return false;
    this.#changed.set(key, null);
    return true;
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
    for (const block of this.#blocksOf(match)) {
      const { first, count } = block;
      for (
        let index = Math.max(0, after + 1 - first);
        index < count;
        index++
      ) {
        const row = this.#rowOf(block, index);
        if (row && isMeant(row.record)) yield row;
      }
    }
    for (const row of this.#added.values()) {
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
    for (const row of [...this.#added.values()].reverse()) {
      if (row.rank < before && isMeant(row.record)) yield row;
    }
    for (const block of this.#blocksOf(match).reverse()) {
      const { first, count } = block;
      for (
        let index = Math.min(count, before - first) - 1;
        index >= 0;
        index--
      ) {
        const row = this.#rowOf(block, index);
        if (row && isMeant(row.record)) yield row;
      }
    }
  }

  /**
   * Gives what can't be made again, as plain data.
   *
   * @returns The records.
   */
  save(): SavedRows {
    return {
      added: [...this.#added.values()].map((
        { rank, record },
      ) => [rank, record]),
      changed: [...this.#changed],
      last: this.#last,
    };
  }

  /**
   * Takes what was saved of a collection with the same blocks.
   *
   * @param saved The records.
   */
  load({ added, changed, last }: SavedRows): void {
    for (const [rank, record] of added) {
      this.#added.set(String(record.uid), {
        rank,
        record: Object.freeze(record),
      });
    }
    for (const [uid, record] of changed) {
      this.#changed.set(uid, Object.freeze(record));
    }
    this.#last = last;
  }

  #blocksOf(match: Match): (Block & { first: number })[] {
    const wanted = sharedFields(match);
    return this.#blocks.filter(({ shared }) =>
      wanted.every(([name, value]) =>
        !(name in shared) || shared[name] === value
      )
    );
  }

  #rowOf(block: Block & { first: number }, index: number): Row | undefined {
    const { first, prefix, make } = block;
    const uid = uidOf(prefix, index);
    const changed = this.#changeOf(uid);
    if (changed === null) return undefined;
    const record = changed ?? Object.freeze(make(index, uid));
    return { rank: first + index, record };
  }

  /** What a record that was made has become; null for nothing. */
  #changeOf(uid: string): WireRecord | null | undefined {
    // mostly there are none, and a look-up costs as much as the record
    return this.#changed.size > 0 ? this.#changed.get(uid) : undefined;
  }

  /** Finds the block and index of a unique id. */
  #made(uid: string): { block: Block; index: number } | undefined {
    for (const block of this.#blocks) {
      if (!uid.startsWith(block.prefix)) continue;
      const digits = uid.slice(block.prefix.length);
      const index = parseInt(digits, 16);
      if (index < block.count && uid === uidOf(block.prefix, index)) {
        return { block, index };
      }
    }
    return undefined;
  }
}

function uidOf(prefix: string, index: number): string {
  return prefix + index.toString(16).padStart(12, "0");
}
