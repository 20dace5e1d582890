/**
 * What an upload into a dataset remembers from one run to the next.
 *
 * @module
 */

import type { UploadSource } from "../../uploads/sources.ts";
import type { StateStore } from "../../uploads/state_store.ts";
import { isJsonObject } from "../../wire/codec.ts";

/** The state as it is kept. */
export interface UploadState {
  /** Id that groups the files. */
  datasetUploadUid: string;
  /** The version of every file that was sent or was to be sent, by path. */
  versions: { [path: string]: string };
  /** Paths of the files that are stored. */
  stored: string[];
}

/** How many files may be stored before that is written down. */
const SAVE_EVERY = 64;
/** Milliseconds after which it is written down in any case. */
const SAVE_AFTER = 1_000;

/** Remembers which files are stored, and in which version. */
export class UploadRecord {
  /** Id that groups the files. */
  readonly datasetUploadUid: string | undefined;
  readonly #store: StateStore | undefined;
  readonly #key: string;
  readonly #stored: Set<string>;
  readonly #changed: ReadonlySet<string>;
  readonly #versions: Map<string, string>;
  #unsaved = 0;
  #savedAt = performance.now();
  /** Saves go one after the other. */
  #saving: Promise<void> = Promise.resolve();

  private constructor(
    store: StateStore | undefined,
    key: string,
    datasetUploadUid: string | undefined,
    known: UploadState,
    sources: readonly UploadSource[],
  ) {
    this.#store = store;
    this.#key = key;
    this.datasetUploadUid = datasetUploadUid;
    this.#versions = new Map(Object.entries(known.versions));
    this.#stored = new Set(known.stored);
    const changed = sources.filter((source) => {
      const before = this.#versions.get(source.path);
      return before !== undefined && before !== versionOf(source);
    });
    this.#changed = new Set(changed.map(({ path }) => path));
    for (const { path } of changed) this.#stored.delete(path);
    // the version of a changed file stays the earlier one until the new one is stored
    for (const source of sources) {
      if (this.#changed.has(source.path)) continue;
      this.#versions.set(source.path, versionOf(source));
    }
  }

  /**
   * Reads what earlier runs have left, and notes the versions of the files before
   * the first of them is sent.
   *
   * @param store Where it is kept; without one, every run is the first.
   * @param key Names the upload.
   * @param datasetUploadUid The caller's own id for the group of files.
   * @param sources The files.
   * @returns The record.
   */
  static async open(
    store: StateStore | undefined,
    key: string,
    datasetUploadUid: string | undefined,
    sources: readonly UploadSource[],
  ): Promise<UploadRecord> {
    const known = store && await loadState(store, key);
    const fits = known && (datasetUploadUid ?? known.datasetUploadUid) ===
        known.datasetUploadUid;
    // a group of its own keeps what is stored from other uploads apart
    const uid = datasetUploadUid ?? known?.datasetUploadUid ??
      (store && crypto.randomUUID());
    const state = fits ? known : { versions: {}, stored: [] };
    const record = new UploadRecord(
      store,
      key,
      uid,
      { datasetUploadUid: uid ?? "", ...state },
      sources,
    );
    return record;
  }

  /**
   * Tells whether a file is stored in its version of today.
   *
   * @param source The file.
   * @returns `true` when it need not be sent.
   */
  isStored({ path }: UploadSource): boolean {
    return this.#stored.has(path);
  }

  /**
   * Tells whether an earlier run may have stored another version of a file.
   *
   * @param path Its path.
   * @returns `true` when it may.
   */
  hasChanged(path: string): boolean {
    return this.#changed.has(path);
  }

  /**
   * Notes that a file is stored.
   *
   * @param source The file.
   */
  async stored(source: UploadSource): Promise<void> {
    if (!this.#store) return;
    this.#versions.set(source.path, versionOf(source));
    this.#stored.add(source.path);
    this.#unsaved++;
    const age = performance.now() - this.#savedAt;
    if (this.#unsaved >= SAVE_EVERY || age >= SAVE_AFTER) await this.save();
  }

  /** Writes down what is stored. */
  save(): Promise<void> {
    const store = this.#store;
    const datasetUploadUid = this.datasetUploadUid;
    if (!store || datasetUploadUid === undefined) return Promise.resolve();
    this.#unsaved = 0;
    this.#savedAt = performance.now();
    const state: UploadState = {
      datasetUploadUid,
      versions: Object.fromEntries(this.#versions),
      stored: [...this.#stored],
    };
    this.#saving = this.#saving.then(() => store.save(this.#key, state));
    return this.#saving;
  }
}

/** Another size, or a later modification, is another version. */
function versionOf({ size, lastModified }: UploadSource): string {
  return lastModified === undefined ? `${size}` : `${size}@${lastModified}`;
}

/**
 * Reads a state; what is none of ours counts as nothing.
 *
 * @param store Where it is kept.
 * @param key Names the upload.
 * @returns The state, if there is one.
 */
export async function loadState(
  store: StateStore,
  key: string,
): Promise<UploadState | undefined> {
  const state = await store.load(key);
  if (!isJsonObject(state)) return undefined;
  const { datasetUploadUid, versions, stored } = state;
  return typeof datasetUploadUid === "string" && isJsonObject(versions) &&
      Array.isArray(stored)
    ? {
      datasetUploadUid,
      versions: versions as UploadState["versions"],
      stored,
    }
    : undefined;
}
