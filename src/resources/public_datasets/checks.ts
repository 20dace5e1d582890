/**
 * Whether what the service tells of a revision fits the question, and itself.
 *
 * @module
 */

import { InvalidResponseError } from "../../errors.ts";
import { isJsonObject } from "../../wire/codec.ts";
import type {
  DatasetRevision,
  DatasetRevisionObject,
  DatasetRevisionObjectPage,
} from "./models.ts";
import {
  ALIAS,
  type CanonicalReference,
  DIGEST,
  type FriendlyReference,
  textOf,
  UID,
} from "./reference.ts";

/** Objects in one response. */
export const PAGE_SIZE = 100;
const MAX_OBJECTS = 100_000;
const MAX_ORIGINS = 32;
const MAX_CURSOR = 8_192;
const MAX_PATH_BYTES = 1_024;
const ROLE = /^[a-z][a-z0-9_]{0,31}$/;
// deno-lint-ignore no-control-regex
const UNSAFE_IN_PATH = /[\\\u0000-\u001f\u007f]|%2f/i;

/**
 * Checks a revision.
 *
 * @param revision The revision.
 * @param asked What was asked for.
 * @throws {InvalidResponseError} If it is another one, or contradicts itself.
 */
export function checkRevision(
  revision: DatasetRevision,
  asked: FriendlyReference | CanonicalReference,
): void {
  const { datasetUid, revisionSha256, manifest, displayReference } = revision;
  const { origins, objectsPath } = manifest ?? {};
  const canonical = { datasetUid, revisionSha256 };
  const isFriendly = "owner" in asked;
  const isSame = isFriendly
    ? !isText(DIGEST, asked.selector) || asked.selector === revisionSha256
    : asked.revisionSha256 === revisionSha256;
  const name = isFriendly ? `${asked.owner}/${asked.dataset}` : undefined;
  const names = Array.isArray(origins) ? origins.map((one) => one?.name) : [];
  expect(textOf(asked), {
    schemaVersion: revision.schemaVersion === 1,
    requestedReference: revision.requestedReference === textOf(asked),
    datasetUid: isText(UID, datasetUid) &&
      (isFriendly || asked.datasetUid === datasetUid),
    revisionUid: isText(UID, revision.revisionUid),
    revisionSha256: isText(DIGEST, revisionSha256) && isSame,
    canonicalReference: revision.canonicalReference === textOf(canonical),
    displayReference: typeof displayReference === "string" &&
      displayReference.endsWith(`@${revisionSha256}`) &&
      (!name || displayReference === `${name}@${revisionSha256}`),
    state: revision.state === "published",
    manifest: isJsonObject(manifest) && manifest.schemaVersion === 1 &&
      isText(DIGEST, manifest.sha256),
    objectCount: isCount(manifest?.objectCount) &&
      manifest.objectCount <= MAX_OBJECTS,
    totalSizeBytes: isCount(manifest?.totalSizeBytes),
    origins: names.length > 0 && names.length <= MAX_ORIGINS &&
      names.every((name, index) =>
        isText(ALIAS, name) && (index === 0 || names[index - 1]! < name)
      ),
    objectsPath: objectsPath ===
      `/resolve/uid/${datasetUid}/${revisionSha256}/objects/`,
  });
}

/** What a listing has seen. */
export class ListingCheck {
  readonly #revision: DatasetRevision;
  readonly #role: string | undefined;
  readonly #origins: Set<string>;
  readonly #cursors = new Set<string>();
  readonly #uids = new Set<string>();
  #last: DatasetRevisionObject | undefined;
  #bytes = 0;

  /**
   * Constructs the check of a listing that has not begun.
   *
   * @param revision The revision, checked.
   * @param role The role of all objects, if there is one.
   */
  constructor(revision: DatasetRevision, role: string | undefined) {
    this.#revision = revision;
    this.#role = role;
    this.#origins = new Set(revision.manifest.origins.map(({ name }) => name));
  }

  /**
   * Checks what comes next.
   *
   * @param page The response.
   * @throws {InvalidResponseError} If it does not fit the revision, or what came before.
   */
  add(page: DatasetRevisionObjectPage): void {
    const { manifest, canonicalReference, revisionSha256 } = this.#revision;
    const { nextCursor, previousCursor, results } = page;
    const isFirst = this.#last === undefined;
    expect(canonicalReference, {
      schemaVersion: page.schemaVersion === 1,
      canonicalReference: page.canonicalReference === canonicalReference,
      revisionSha256: page.revisionSha256 === revisionSha256,
      manifestSha256: page.manifestSha256 === manifest.sha256,
      results: Array.isArray(results) && results.length <= PAGE_SIZE &&
        results.every(isJsonObject) &&
        (results.length > 0 || (isFirst && nextCursor === null)),
      previousCursor: isFirst || previousCursor !== null,
      nextCursor: nextCursor === null ||
        (typeof nextCursor === "string" && nextCursor !== "" &&
          nextCursor.length <= MAX_CURSOR && !this.#cursors.has(nextCursor)),
    });
    if (nextCursor !== null) this.#cursors.add(nextCursor);
    for (const object of results) this.#addObject(object);
  }

  /**
   * Checks that nothing is missing at the end.
   *
   * @throws {InvalidResponseError} If the objects do not add up to the manifest.
   */
  end(): void {
    const { manifest, canonicalReference } = this.#revision;
    if (this.#role !== undefined) return;
    expect(canonicalReference, {
      objectCount: this.#uids.size === manifest.objectCount,
      totalSizeBytes: this.#bytes === manifest.totalSizeBytes,
    });
  }

  #addObject(object: DatasetRevisionObject): void {
    const { manifest: { objectsPath, ...manifest } } = this.#revision;
    const { objectUid, role, ordinal, sizeBytes, episodeOrdinal } = object;
    expect(this.#revision.canonicalReference, {
      objectUid: isText(UID, objectUid) && !this.#uids.has(objectUid),
      role: isText(ROLE, role) && role === (this.#role ?? role),
      ordinal: isCount(ordinal) && isBehind(object, this.#last),
      logicalPath: isSafePath(object.logicalPath),
      episodeOrdinal: episodeOrdinal === null || isCount(episodeOrdinal),
      origin: this.#origins.has(object.origin),
      sizeBytes: isCount(sizeBytes),
      sha256: isText(DIGEST, object.sha256),
      accessPath: object.accessPath === `${objectsPath}${objectUid}/access/`,
    });
    this.#last = object;
    this.#uids.add(objectUid);
    this.#bytes += sizeBytes;
    expect(this.#revision.canonicalReference, {
      objectCount: this.#uids.size <= manifest.objectCount,
      totalSizeBytes: this.#bytes <= manifest.totalSizeBytes,
    });
  }
}

/** Objects come by role, ordinal and path, each once. */
function isBehind(
  object: DatasetRevisionObject,
  last: DatasetRevisionObject | undefined,
): boolean {
  if (!last || object.role > last.role) return true;
  if (object.role < last.role) return false;
  return object.ordinal > last.ordinal ||
    (object.ordinal === last.ordinal &&
      object.logicalPath !== last.logicalPath);
}

/** A relative path that stays below where it starts, on every system. */
function isSafePath(path: unknown): boolean {
  return typeof path === "string" && path === path.normalize("NFC") &&
    new TextEncoder().encode(path).length <= MAX_PATH_BYTES &&
    !UNSAFE_IN_PATH.test(path) &&
    path.split("/").every((part) => !["", ".", ".."].includes(part));
}

function isText(shape: RegExp, value: unknown): value is string {
  return typeof value === "string" && shape.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Checks facts about a response.
 *
 * @param reference What the response is about.
 * @param facts Whether each field is as it must be.
 * @throws {InvalidResponseError} If one is not.
 */
export function expect(
  reference: string,
  facts: { readonly [field: string]: boolean },
): void {
  for (const field in facts) {
    if (facts[field]) continue;
    throw new InvalidResponseError(
      `Cannot use what the server says of ${reference} as its '${field}' does not fit the request, or the rest of it`,
    );
  }
}
