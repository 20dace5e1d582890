/**
 * Which version of a file a response holds, and whether another one continues it.
 *
 * @module
 */

import { InvalidResponseError } from "../errors.ts";

/** The version of a file, after the headers of its first response. */
export interface FileVersion {
  /** Size in bytes, or null when the server did not say. */
  readonly size: number | null;
  /** Value of `ETag`. */
  readonly etag: string | null;
  /** Value of `Last-Modified`. */
  readonly modified: string | null;
  /** What a request for the rest is bound to; without it the rest can't be told from that of another version. */
  readonly validator: string | null;
}

/**
 * Reads the version of a file.
 *
 * @param headers The headers of a response with the whole file.
 * @returns The version.
 */
export function versionOf(headers: Headers): FileVersion {
  // an encoded body has another length than its header says
  const encoded = isEncoded(headers);
  const length = headers.get("content-length") ?? "";
  const etag = headers.get("etag");
  const modified = headers.get("last-modified");
  // a weak tag may stand for other bytes of the same meaning
  const strong = etag?.startsWith('"') ? etag : null;
  const refused = encoded || headers.get("accept-ranges") === "none";
  return {
    size: !encoded && /^\d+$/.test(length) ? Number(length) : null,
    etag,
    modified,
    validator: refused ? null : strong ?? modified,
  };
}

/** A part of a file. */
export interface Range {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind its last byte; without it, the part goes to the end of the file. */
  readonly end?: number | undefined;
  /** The version that it is a part of. */
  readonly version: FileVersion;
}

/**
 * Checks that a response holds what was asked for, of the same version.
 *
 * @param response The response, with a 2xx status.
 * @param range The part that was asked for; without it, the whole file.
 * @returns `false` when it holds the whole file instead of a part, or the other way around.
 * @throws {InvalidResponseError} If it is another version, or another part.
 */
export function continues(
  { headers, status }: Response,
  range: Range | undefined,
): boolean {
  if (!range) return status !== 206;
  const { start, end, version } = range;
  if (status !== 206) {
    checkSame(versionOf(headers), version);
    return start === 0 && end === undefined && status === 200;
  }
  const [, first, last, total] =
    /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ??
      [];
  const isOther = Number(first) !== start || isEncoded(headers) ||
    (end !== undefined && Number(last) !== end - 1);
  if (isOther) {
    throw new InvalidResponseError(
      `Cannot continue the file at byte ${start} as the server responded with another part`,
    );
  }
  const size = total === "*" ? version.size : Number(total);
  // a response with a part may leave the date out, not the tag
  const etag = headers.get("etag");
  const modified = headers.get("last-modified") ?? version.modified;
  checkSame({ ...version, size, etag, modified }, version);
  return true;
}

function isEncoded(headers: Headers): boolean {
  return (headers.get("content-encoding") ?? "identity") !== "identity";
}

function checkSame(now: FileVersion, before: FileVersion): void {
  const same = now.etag === before.etag && now.modified === before.modified &&
    (before.size === null || now.size === before.size);
  if (!same) {
    throw new InvalidResponseError(
      "Cannot continue the file as it has changed since the download began",
    );
  }
}
