/**
 * How far an upload has come.
 *
 * @module
 */

import { notify } from "../http/hooks.ts";

/** How far an upload has come, told after every chunk and every file. */
export interface UploadProgress {
  /** Path of the file that has just come further. */
  path: string;
  /** Bytes of that file that went out; from 0 again when it is sent again. */
  fileBytes: number;
  /** Size of that file. */
  fileSize: number;
  /** Bytes of all files that went out, those of an earlier run included. */
  bytes: number;
  /** Size of all files. */
  totalBytes: number;
  /** Files that are stored, those of an earlier run included. */
  files: number;
  /** Files of these that were stored already, and were not sent again. */
  skipped: number;
  /** Number of all files. */
  totalFiles: number;
}

/** Counts the bytes and files of an upload. */
export class Meter {
  /** Bytes sent by this run in files that are stored. */
  sentBytes = 0;
  /** Files sent by this run. */
  sentFiles = 0;
  /** Files that were stored already. */
  skipped: number;
  readonly #onProgress: ((progress: UploadProgress) => void) | undefined;
  readonly #total: { bytes: number; files: number };
  #bytes: number;
  #files: number;

  /**
   * Constructs a meter.
   *
   * @param sizes Sizes of all files.
   * @param done What an earlier run has stored.
   * @param done.bytes Its bytes.
   * @param done.files Its files.
   * @param onProgress Told of every step; what it throws has no effect.
   */
  constructor(
    sizes: readonly number[],
    done: { bytes: number; files: number },
    onProgress?: (progress: UploadProgress) => void,
  ) {
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#total = { bytes, files: sizes.length };
    this.#bytes = done.bytes;
    this.#files = this.skipped = done.files;
    this.#onProgress = onProgress;
  }

  /**
   * Counts one file.
   *
   * @param path Its path.
   * @param size Its size.
   * @returns How to tell that bytes went out (negative: must go again), and that it is stored.
   */
  file(path: string, size: number): FileMeter {
    let sent = 0;
    const tell = () =>
      notify(this.#onProgress, () => ({
        path,
        fileBytes: sent,
        fileSize: size,
        bytes: this.#bytes,
        totalBytes: this.#total.bytes,
        files: this.#files,
        skipped: this.skipped,
        totalFiles: this.#total.files,
      }));
    const add = (count: number) => {
      sent += count;
      this.#bytes += count;
    };
    return {
      add: (count) => {
        add(count);
        if (count > 0) tell();
      },
      stored: (wasSent) => {
        add(size - sent);
        this.#files++;
        if (wasSent) {
          this.sentFiles++;
          this.sentBytes += size;
        } else this.skipped++;
        tell();
      },
    };
  }
}

/** Counts the bytes of one file. */
export interface FileMeter {
  /**
   * Counts bytes that went out; a negative number takes bytes back that must go again.
   *
   * @param count The number.
   */
  add(count: number): void;
  /**
   * Counts the file itself.
   *
   * @param wasSent Whether this run sent it; the storage may have had it already.
   */
  stored(wasSent: boolean): void;
}
