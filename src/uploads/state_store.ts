/**
 * Where uploads remember how far they have come.
 *
 * @module
 */

/**
 * Keeps the state of uploads, so that a later run goes on where this one ended. A
 * state is plain JSON without secrets; `stateFile` of `@avala/client/files` keeps it
 * in a file.
 *
 * @typeParam State What is saved.
 */
export interface StateStore<State extends object = object> {
  /**
   * Reads a state.
   *
   * @param key Names the upload.
   * @returns What was saved last, or nothing.
   */
  load(
    key: string,
  ): object | null | undefined | Promise<object | null | undefined>;
  /**
   * Saves a state.
   *
   * @param key Names the upload.
   * @param state The state; null when there is nothing left to go on with.
   * @returns Nothing, or a promise that is fulfilled when it is saved.
   */
  save(key: string, state: State | null): void | Promise<void>;
}

/** What an upload would do with a file. */
export interface PlannedUpload {
  /** Path of the file. */
  path: string;
  /** Its size in bytes. */
  size: number;
  /** Whether it would be sent, or is stored already. */
  action: "send" | "skip";
}
