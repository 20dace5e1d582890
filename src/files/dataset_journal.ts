/**
 * The journal of a folder that a dataset is downloaded into: which files are there,
 * and which version of them.
 *
 * @module
 */

import { join } from "node:path";
import { InvalidArgumentError } from "../errors.ts";
import type { JsonObject } from "../wire/codec.ts";
import { show } from "../wire/options.ts";
import { Journal, readJournal } from "./journal.ts";

/** The name of the journal, the only one in the folder that begins with a dot by our doing. */
export const JOURNAL_NAME = ".avala-download.jsonl";

const FORMAT = 1;

/** A file that is there. */
export interface DownloadedFile {
  /** Its key on the server. */
  readonly key: string;
  /** Its path in the folder. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** When it last changed, as the listing said. */
  readonly updatedAt: string | null;
  /** Its entity tag, or null. */
  readonly etag: string | null;
  /** Its SHA-256, or null when it was not computed. */
  readonly sha256: string | null;
}

/** The files that a journal tells of. */
export interface KnownFiles {
  /** The files by their keys. */
  readonly files: ReadonlyMap<string, DownloadedFile>;
  /** Length of what is whole of the journal; undefined when there is none. */
  readonly length: number | undefined;
}

/**
 * Reads the journal of a folder.
 *
 * @param folder Path of the folder.
 * @param source What is downloaded into it: `owner/slug` of a dataset.
 * @returns The files that are there.
 * @throws {InvalidArgumentError} If the journal is broken, or that of something else.
 */
export async function readFiles(
  folder: string,
  source: string,
): Promise<KnownFiles> {
  const path = join(folder, JOURNAL_NAME);
  const files = new Map<string, DownloadedFile>();
  let other: string | undefined;
  const length = await readJournal(path, (entry, line) => {
    if (line === 1) other = strangeness(entry, source);
    const file = toFile(entry);
    if (file) files.set(file.key, file);
  }, "remove it to download everything anew, or choose another folder");
  if (other === undefined) return { files, length };
  throw new InvalidArgumentError(
    `Cannot download ${show(source)} into ${
      show(folder)
    } as its journal ${JOURNAL_NAME} ${other}: choose another folder, or remove the journal to download everything anew`,
  );
}

/**
 * Opens the journal of a folder to append to it.
 *
 * @param folder Path of the folder.
 * @param source What is downloaded into it.
 * @param known What was read of it.
 * @returns The journal.
 * @throws {AvalaError} If it can't be written.
 */
export async function openFiles(
  folder: string,
  source: string,
  known: KnownFiles,
): Promise<Journal> {
  const path = join(folder, JOURNAL_NAME);
  const journal = await Journal.open(path, known.length ?? 0);
  if (!known.length) await journal.append({ source, format: FORMAT });
  return journal;
}

/** Says why a journal is not the one that is meant, by its first line. */
function strangeness(entry: JsonObject, source: string): string | undefined {
  if (typeof entry.source !== "string") return "is none of a download";
  if (entry.source !== source) return `is that of ${show(entry.source)}`;
  return entry.format === FORMAT ? undefined : "is of another version";
}

function toFile(entry: JsonObject): DownloadedFile | undefined {
  const { key, path, size, updatedAt, etag, sha256 } = entry;
  if (
    typeof key !== "string" || typeof path !== "string" ||
    typeof size !== "number"
  ) return undefined;
  return {
    key,
    path,
    size,
    updatedAt: textOf(updatedAt),
    etag: textOf(etag),
    sha256: textOf(sha256),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
