/**
 * What an upload into a dataset remembers from one run to the next.
 *
 * @module
 */

import type { UploadSource } from "../../uploads/sources.ts";
import { StateSaver } from "../../uploads/state_saver.ts";
import type { StateStore } from "../../uploads/state_store.ts";
import { isJsonObject } from "../../wire/codec.ts";

/** The state as it is kept. */
export interface UploadState {
  /** Names the upload, as its key does: not every store minds that. */
  upload: string;
  /** Id that groups the files. */
  datasetUploadUid: string;
  /** The version of every file that was sent or was to be sent, by path. */
  versions: { [path: string]: string };
  /** Paths of the files that are stored. */
  stored: string[];
}

/** Up to so many files, each that is stored is written down before the next is sent. */
const SAVED_EACH = 4_096;
/** Milliseconds between two saves of the state of more files, at least. */
const SAVE_EVERY = 1_000;
/** How much longer than a save the time without one is, so that saves cost little. */
const REST = 10;

/** Remembers which files are stored, and in which version. */
export class UploadRecord {
  /** Id that groups the files. */
  readonly datasetUploadUid: string | undefined;
  readonly #saver: StateSaver<UploadState> | undefined;
  readonly #stored: Set<string>;
  readonly #changed: ReadonlySet<string>;
  readonly #versions: Map<string, string>;
  #savedAt = performance.now();

  private constructor(
    store: StateStore | undefined,
    upload: string,
    datasetUploadUid: string | undefined,
    known: Pick<UploadState, "versions" | "stored">,
    sources: readonly UploadSource[],
  ) {
    this.datasetUploadUid = datasetUploadUid;
    const versions = this.#versions = new Map(Object.entries(known.versions));
    // a file whose version is not known may be stored in any
    const stored = known.stored.filter((path) => versions.has(path));
    this.#stored = new Set(stored);
    const changed = sources.filter((source) => {
      const before = versions.get(source.path);
      return before !== undefined && before !== versionOf(source);
    });
    this.#changed = new Set(changed.map(({ path }) => path));
    for (const { path } of changed) this.#stored.delete(path);
    // the version of a changed file stays the earlier one until the new one is stored
    for (const source of sources) {
      if (this.#changed.has(source.path)) continue;
      versions.set(source.path, versionOf(source));
    }
    this.#saver = store && new StateSaver<UploadState>(store, upload, () => ({
      upload,
      datasetUploadUid: datasetUploadUid ?? "",
      versions: Object.fromEntries(versions),
      stored: [...this.#stored],
    }));
  }

  /**
   * Reads what earlier runs have left.
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
    // a group of its own keeps what is stored from other uploads apart
    const uid = datasetUploadUid ?? known?.datasetUploadUid ??
      (store && crypto.randomUUID());
    const state = known?.datasetUploadUid === uid ? known : undefined;
    const { versions = {}, stored = [] } = state ?? {};
    return new UploadRecord(store, key, uid, { versions, stored }, sources);
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
   * Notes that a file is stored. As long as that costs little, it is written down
   * before the next is sent: a run that is killed then has sent no more in vain
   * than was under way.
   *
   * @param source The file.
   */
  async stored(source: UploadSource): Promise<void> {
    if (!this.#saver) return;
    this.#versions.set(source.path, versionOf(source));
    this.#stored.add(source.path);
    if (this.#versions.size <= SAVED_EACH) return await this.#saver.save();
    const age = performance.now() - this.#savedAt;
    if (age < Math.max(SAVE_EVERY, REST * this.#saver.duration)) return;
    this.#savedAt = performance.now();
    // nobody waits for a large state; when it fails, the last save tells
    this.#saver.save();
  }

  /**
   * Writes down what is stored, and the versions of all files.
   *
   * @returns A promise that is fulfilled when it is written.
   */
  async save(): Promise<void> {
    await this.#saver?.save();
  }
}

/** Another size, or a later modification, is another version. */
function versionOf({ size, lastModified }: UploadSource): string {
  return lastModified === undefined ? `${size}` : `${size}@${lastModified}`;
}

/**
 * Reads a state; what is none of this upload counts as nothing.
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
  if (!isJsonObject(state) || state.upload !== key) return undefined;
  const { datasetUploadUid, versions, stored } = state;
  return typeof datasetUploadUid === "string" && isJsonObject(versions) &&
      Array.isArray(stored)
    ? {
      upload: key,
      datasetUploadUid,
      versions: versions as UploadState["versions"],
      stored,
    }
    : undefined;
}
