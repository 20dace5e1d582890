/**
 * How far the download of many files has come.
 *
 * @module
 */

import { notify } from "../http/hooks.ts";

/** How far a download of many files has come, told after every chunk and every file. */
export interface FilesProgress {
  /** Key of the file that has just come further. */
  path: string;
  /** Bytes of that file that have come. */
  fileBytes: number;
  /** Size of that file, or null when the server did not say. */
  fileSize: number | null;
  /** Bytes of all files that have come, those of earlier runs included. */
  bytes: number;
  /** Size of all files, or null while the server has not said it of each. */
  totalBytes: number | null;
  /** Files that are there, those of earlier runs included. */
  files: number;
  /** Files of these that were there already. */
  skipped: number;
  /** Number of all files. */
  totalFiles: number;
}

/** Counts the bytes and files of a download. */
export class DownloadMeter {
  /** Files downloaded by this run. */
  files = 0;
  /** Their bytes. */
  bytes = 0;
  /** Files that were there already. */
  skipped = 0;
  readonly #totalFiles: number;
  readonly #onProgress: ((progress: FilesProgress) => void) | undefined;
  /** Bytes that are there or on their way. */
  #come = 0;
  #total = 0;
  /** Files whose size is not known. */
  #unsized = 0;

  /**
   * Constructs a meter.
   *
   * @param totalFiles Number of all files.
   * @param onProgress Told of every step; what it throws has no effect.
   */
  constructor(
    totalFiles: number,
    onProgress: ((progress: FilesProgress) => void) | undefined,
  ) {
    this.#totalFiles = totalFiles;
    this.#onProgress = onProgress;
  }

  /**
   * Counts a file that is there already.
   *
   * @param path Its key.
   * @param size Its size.
   */
  skip(path: string, size: number): void {
    this.skipped++;
    this.#come += size;
    this.#total += size;
    this.#tell(path, size, size);
  }

  /**
   * Counts a file that is to come.
   *
   * @param size Its size, or null.
   */
  expect(size: number | null): void {
    if (size === null) this.#unsized++;
    else this.#total += size;
  }

  /**
   * Begins a file.
   *
   * @param path Its key.
   * @param expected The size that it was expected to have.
   * @param size The size that it has, or null.
   * @returns Counts what comes of it.
   */
  begin(
    path: string,
    expected: number | null,
    size: number | null,
  ): FileMeter {
    if (size !== null) {
      if (expected === null) this.#unsized--;
      this.#total += size - (expected ?? 0);
    }
    let come = 0;
    return {
      progress: (bytes) => {
        this.#come += bytes - come;
        come = bytes;
        this.#tell(path, come, size);
      },
      done: (bytes) => {
        this.files++;
        this.bytes += bytes;
        this.#come += bytes - come;
        this.#tell(path, bytes, size ?? bytes);
      },
      failed: () => {
        this.#come -= come;
      },
      wasThere: (bytes) => {
        this.skipped++;
        this.#come += bytes;
        this.#tell(path, bytes, bytes);
      },
    };
  }

  #tell(path: string, fileBytes: number, fileSize: number | null): void {
    notify(this.#onProgress, () => ({
      path,
      fileBytes,
      fileSize,
      bytes: this.#come,
      totalBytes: this.#unsized > 0 ? null : this.#total,
      files: this.files + this.skipped,
      skipped: this.skipped,
      totalFiles: this.#totalFiles,
    }));
  }
}

/** Counts what comes of one file. */
export interface FileMeter {
  /** So many bytes of it have come. */
  progress(bytes: number): void;
  /** It is there. */
  done(bytes: number): void;
  /** It did not come. */
  failed(): void;
  /** It was there already, as the server told when it was asked for. */
  wasThere(bytes: number): void;
}
