/**
 * Which version of a file an answer holds, and whether another one continues it.
 *
 * @module
 */

import { InvalidResponseError } from "../errors.ts";

/** The version of a file, after the headers of its first answer. */
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
 * @param headers The headers of an answer with the whole file.
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

/**
 * Checks that an answer holds the rest of a file, of the same version.
 *
 * @param response The answer.
 * @param version The version of the bytes that are there.
 * @param from How many are there.
 * @returns `false` when the server can't give the rest alone.
 * @throws {InvalidResponseError} If it is another file by now, or not what was asked for.
 */
export function continues(
  response: Response,
  version: FileVersion,
  from: number,
): boolean {
  const { headers, status } = response;
  if (from > 0 && status !== 206) {
    checkSame(versionOf(headers), version);
    return false;
  }
  if (from === 0) {
    checkSame(versionOf(headers), version);
    return status === 200;
  }
  const [, first, total] =
    /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ??
      [];
  if (Number(first) !== from || isEncoded(headers)) {
    throw new InvalidResponseError(
      `Cannot continue the file at byte ${from} as the server answered with another part`,
    );
  }
  const size = total === "*" ? version.size : Number(total);
  // an answer with a part may leave the date out, not the tag
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
