/**
 * Folders and files as sources of an upload.
 *
 * @module
 */

import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { ByteStream, UploadSource } from "../uploads/sources.ts";
import { refused, toPath } from "./paths.ts";
import { listFile, notAFile, readFile } from "./read_file.ts";

/** Options of {@linkcode fromDirectory}. */
export interface DirectoryOptions {
  /**
   * Whether to include files and folders whose name starts with a dot.
   *
   * @default {true}
   */
  hidden?: boolean | undefined;
}

/** A file on disk that is opened when its bytes are asked for. */
export interface FileSource extends UploadSource {
  /** When the file last changed, in milliseconds since 1970. */
  readonly lastModified: number;
  /**
   * Opens a part of the file.
   *
   * @param start Offset of the first byte.
   * @param end Offset behind the last byte.
   * @returns The bytes.
   */
  slice(start: number, end: number): ByteStream;
}

/**
 * Lists a folder with all folders below it, or a single file, as sources of an
 * upload.
 *
 * The paths of the sources are relative to the folder, with forward slashes. The
 * order is the same on every machine: in each folder names are sorted by their
 * UTF-16 code units, and what is in a subfolder stands in its place.
 *
 * Everything is included, hidden files too, unless `hidden` is false. A symbolic
 * link to a file inside the folder counts as a file; links to folders, links
 * that lead out of the folder and links to nothing are left out.
 *
 * Listing opens each file for a moment, to name one that can't be read before
 * anything is sent. After that a file is open only while its stream is read: from
 * the first read until the stream ends, fails or is canceled. The stream fails when it is not the
 * file that was listed: when its size or its time has changed, or a link, a pipe or another file
 * has taken its place.
 *
 * Why a stream and no `Blob` of `openAsBlob`: as the body of a request, such a
 * blob is read bit by bit in Node 20 and Bun 1.4, but whole into memory in Deno
 * 2.9. A stream with a `Content-Length` keeps that length in Node and Bun;
 * Deno drops it and sends chunks, unless the body is a `Blob` whose `size` and
 * `stream()` are those of the file.
 *
 * @example Usage
 * ```ts
 * import { fromDirectory } from "@avala/client/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/run`);
 * await Deno.writeTextFile(`${folder}/run/1.txt`, "one");
 * await Deno.writeTextFile(`${folder}/.hidden`, "");
 * const sources = await fromDirectory(folder);
 * assertEquals(sources.map(({ path }) => path), [".hidden", "run/1.txt"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path Path or `file:` URL of a folder or a file.
 * @param options What to include.
 * @returns The sources; a single file is one under its own name.
 * @throws {InvalidArgumentError} If there is nothing at the path, the folder holds no file, or one can't be read.
 */
export async function fromDirectory(
  path: string | URL,
  options: DirectoryOptions = {},
): Promise<FileSource[]> {
  const given = toPath(path, "list the files");
  const { hidden = true } = options;
  if (typeof hidden !== "boolean") {
    throw new InvalidArgumentError(
      `Cannot list the files as 'hidden' must be a boolean: current value is ${
        show(hidden)
      }`,
    );
  }
  const root = await realpath(given).catch((cause) => {
    throw refused(`list ${show(given)}`, cause);
  });
  const info = await stat(root);
  if (!info.isDirectory()) {
    if (!info.isFile()) throw notAFile(root);
    return [await toSource(root, basename(given))];
  }
  const sources = await listFolder(root, root, "", hidden);
  if (sources.length > 0) return sources;
  throw new InvalidArgumentError(
    `Cannot list ${show(given)} as the folder holds no files`,
  );
}

async function listFolder(
  root: string,
  folder: string,
  prefix: string,
  hidden: boolean,
): Promise<FileSource[]> {
  const entries = await readdir(folder, { withFileTypes: true })
    .catch((cause) => {
      throw refused(`list ${show(folder)}`, cause);
    });
  const sources: FileSource[] = [];
  const shown = entries.filter(({ name }) => hidden || !name.startsWith("."));
  shown.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const entry of shown) {
    const inside = join(folder, entry.name);
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) {
      const below = await listFolder(root, inside, `${path}/`, hidden);
      for (const source of below) sources.push(source);
    } else if (entry.isSymbolicLink()) {
      const target = await realpath(inside).catch(() => undefined);
      if (!target?.startsWith(root.endsWith(sep) ? root : root + sep)) continue;
      const info = await stat(target);
      if (info.isDirectory()) continue;
      if (!info.isFile()) throw notAFile(target);
      sources.push(await toSource(target, path));
    } else {
      if (!entry.isFile()) throw notAFile(inside);
      sources.push(await toSource(inside, path));
    }
  }
  return sources;
}

async function toSource(path: string, name: string): Promise<FileSource> {
  const file = await listFile(path);
  const { size, info } = file;
  return {
    path: name,
    size,
    lastModified: Number(info.mtimeMs),
    stream: () => readFile(file, 0, size),
    slice: (start, end) => readFile(file, start, end),
  };
}
