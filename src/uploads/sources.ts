/**
 * What can be uploaded: files with a path, a size and a stream.
 *
 * @module
 */

import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";

/** The bytes of a file. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** A file that can be read, lazily: nothing is opened before it is sent. */
export interface UploadSource {
  /** Path in the dataset or recording: relative, with forward slashes. */
  readonly path: string;
  /** Size in bytes. The stream must give exactly as many. */
  readonly size: number;
  /** Media type. By default it is guessed from the path. */
  readonly type?: string | undefined;
  /** When the file last changed, in milliseconds since 1970; an upload that resumes sends a file again whose value differs. */
  readonly lastModified?: number | undefined;
  /**
   * Opens the file from its start; once for every attempt to send it.
   *
   * @returns The bytes.
   */
  stream(): ByteStream;
  /**
   * Opens a part of the file. Without it the parts of a large file are sent one
   * after the other, and to repeat a part that failed, the file is read from its start.
   *
   * @param start Offset of the first byte.
   * @param end Offset behind the last byte.
   * @returns The bytes.
   */
  slice?(start: number, end: number): ByteStream;
}

/** A blob with the path that it is to have. */
export interface UploadBlob {
  /** Path in the dataset or recording: relative, with forward slashes. */
  readonly path: string;
  /** The bytes. A blob that stands for a file on disk is read as it is sent. */
  readonly blob: Blob;
}

/**
 * A file to upload: a `File` under its own name (or, from a folder picker, its
 * relative path), a blob with a path, or anything with a path, a size and a stream.
 */
export type UploadFile = File | UploadBlob | UploadSource;

/** Files to upload: at once, or as they are found. */
export type UploadFiles = Iterable<UploadFile> | AsyncIterable<UploadFile>;

/**
 * Collects the files of an upload and checks all of them.
 *
 * @example Usage
 * ```ts
 * import { collectSources } from "./sources.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const blob = new Blob(["hello"]);
 * const [source] = await collectSources([{ path: "a/b.txt", blob }]);
 * assertEquals([source?.path, source?.size], ["a/b.txt", 5]);
 * ```
 *
 * @param files The files.
 * @returns A source for each, in order.
 * @throws {InvalidArgumentError} If one of them can't be uploaded, or two have one path.
 */
export async function collectSources(
  files: UploadFiles,
): Promise<UploadSource[]> {
  if (!isIterable(files)) {
    throw new InvalidArgumentError(
      `Cannot upload the files as they must be an iterable of files: current value is ${
        show(files)
      }`,
    );
  }
  const sources: UploadSource[] = [];
  const paths = new Set<string>();
  for await (const file of files) {
    const source = toSource(file);
    if (paths.has(source.path)) {
      throw new InvalidArgumentError(
        `Cannot upload the files as two of them have the path ${
          show(source.path)
        }`,
      );
    }
    paths.add(source.path);
    sources.push(source);
  }
  return sources;
}

/**
 * Checks a file and makes a source of it.
 *
 * @example Usage
 * ```ts
 * import { toSource } from "./sources.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new File(["hello"], "a.txt", { lastModified: 1_000 });
 * const { path, size, lastModified } = toSource(file);
 * assertEquals([path, size, lastModified], ["a.txt", 5, 1_000]);
 * ```
 *
 * @param file The file.
 * @returns The source.
 * @throws {InvalidArgumentError} If it can't be uploaded.
 */
export function toSource(file: UploadFile): UploadSource {
  if (file instanceof Blob) {
    const { name, webkitRelativePath } = file as Partial<File>;
    return ofBlob(webkitRelativePath || name, file);
  }
  if (typeof file !== "object" || file === null) {
    throw new InvalidArgumentError(
      `Cannot upload the file as it must be a File, or an object with a path and a blob or a stream: current value is ${
        show(file)
      }`,
    );
  }
  if ("blob" in file && file.blob instanceof Blob) {
    return ofBlob(file.path, file.blob);
  }
  const source = file as UploadSource;
  checkPath(source.path);
  if (!Number.isSafeInteger(source.size) || source.size < 0) {
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(source.path)
      } as its 'size' must be a number of bytes from 0: current value is ${
        show(source.size)
      }`,
    );
  }
  if (typeof source.stream !== "function") {
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(source.path)
      } as it must have a 'blob' or a method 'stream': current value is ${
        show(source.stream)
      }`,
    );
  }
  return source;
}

/** A source that is made of a blob. */
export interface BlobSource extends UploadSource {
  /** The blob, which browsers send better than a stream. */
  readonly blob: Blob;
}

function ofBlob(path: unknown, blob: Blob): BlobSource {
  checkPath(path);
  return {
    path,
    blob,
    size: blob.size,
    type: blob.type,
    lastModified: (blob as Partial<File>).lastModified,
    stream: () => blob.stream(),
    slice: (start, end) => blob.slice(start, end).stream(),
  };
}

/**
 * Checks that a path stays below the place it is uploaded to.
 *
 * @param path The path given.
 * @throws {InvalidArgumentError} If it does not.
 */
function checkPath(path: unknown): asserts path is string {
  const fine = typeof path === "string" && path.isWellFormed() &&
    !UNSAFE_IN_PATH.test(path) &&
    path.split("/").every((part) =>
      part !== "" && part !== "." && part !== ".."
    );
  if (fine) return;
  throw new InvalidArgumentError(
    `Cannot upload the file as its 'path' must be relative, with forward slashes, without empty, '.' and '..' segments: current value is ${
      show(path)
    }`,
  );
}

// deno-lint-ignore no-control-regex
const UNSAFE_IN_PATH = /[\\\u0000-\u001f\u007f]/;

function isIterable(value: unknown): value is UploadFiles {
  return typeof value === "object" && value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** What is used of a stream's reader. */
export interface ByteReader {
  /**
   * Reads on.
   *
   * @returns The next bytes, or the end.
   */
  read(): Promise<
    { done: boolean; value?: Uint8Array<ArrayBuffer> | undefined }
  >;
  /**
   * Closes the stream.
   *
   * @returns A promise that nobody need wait for.
   */
  cancel(): Promise<void>;
}

/**
 * Starts to read what a source has opened, which may be anything.
 *
 * @param stream What it has opened.
 * @returns A reader that gives bytes alone.
 * @throws {TypeError} If it is no stream, or gives no bytes.
 */
export function readerOf(stream: ByteStream): ByteReader {
  if (typeof stream?.getReader !== "function") {
    throw new TypeError("its method 'stream' gives no ReadableStream");
  }
  const reader = stream.getReader();
  return {
    read: async () => {
      const next = await reader.read();
      if (next.done || next.value instanceof Uint8Array) return next;
      reader.cancel().catch(() => {});
      throw new TypeError("its stream gives no bytes");
    },
    cancel: () => reader.cancel(),
  };
}

/**
 * Makes the error of a file that can't be read.
 *
 * @param path Its path.
 * @param cause What was thrown.
 * @returns The error.
 */
export function unreadable(path: string, cause: unknown): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot upload ${show(path)} as ${
      cause instanceof Error && cause.message
        ? cause.message
        : "its stream has failed"
    }`,
    { cause },
  );
}
