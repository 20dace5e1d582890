/**
 * Saves of the state of an upload, one after the other.
 *
 * @module
 */

import type { StateStore } from "./state_store.ts";

/**
 * Saves a state as it changes. What is asked for while a save is under way is one
 * save behind it. After one that failed, all fail.
 *
 * @typeParam State What is saved.
 */
export class StateSaver<State extends object> {
  /** Milliseconds that the last save took. */
  duration = 0;
  readonly #store: StateStore<State>;
  readonly #key: string;
  readonly #read: () => State;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /**
   * Constructs a saver.
   *
   * @param store Where the state is kept.
   * @param key Names the upload.
   * @param read Gives the state as it is now.
   */
  constructor(store: StateStore<State>, key: string, read: () => State) {
    this.#store = store;
    this.#key = key;
    this.#read = read;
  }

  /**
   * Saves the state as it is now, or a later one.
   *
   * @returns A promise that is fulfilled when it is saved.
   */
  save(): Promise<void> {
    if (this.#next) return this.#next;
    const next = this.#last.then(async () => {
      this.#next = undefined;
      const start = performance.now();
      await this.#store.save(this.#key, this.#read());
      this.duration = performance.now() - start;
    });
    // not everybody waits for it; whoever saves next gets the error
    next.catch(() => {});
    this.#last = this.#next = next;
    return next;
  }
}
