/**
 * References to public datasets.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { refusal, show } from "../../wire/options.ts";

/** A revision, named by a person: the selector is a digest or an alias. */
export interface FriendlyReference {
  /** User name or organization slug of the owner. */
  readonly owner: string;
  /** URL name of the dataset. */
  readonly dataset: string;
  /** Digest or alias of the revision. */
  readonly selector: string;
}

/** A revision, named for good. */
export interface CanonicalReference {
  /** Unique id of the dataset. */
  readonly datasetUid: string;
  /** Digest of the revision. */
  readonly revisionSha256: string;
}

/** A unique id: a lowercase UUID with hyphens. */
export const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A SHA-256: 64 lowercase hex digits. */
export const DIGEST = /^[0-9a-f]{64}$/;
/** An alias of a revision, or the name of an origin. */
export const ALIAS = /^[a-z][a-z0-9._-]{0,62}$/;

const CANONICAL = /^avala:\/\/datasets\/([^@/]+)@([^@/]+)$/;
const FRIENDLY =
  /^([a-z0-9][a-z0-9_-]{0,254})\/([a-z0-9][a-z0-9._-]{0,99})(?:@([^@/]+))?$/;

const METHOD = "publicDatasets.load";

/**
 * Reads a reference.
 *
 * @param reference The reference given.
 * @param revision The revision given beside it.
 * @returns What it names.
 * @throws {InvalidArgumentError} If it is none, or the revision is given twice.
 */
export function readReference(
  reference: string,
  revision: string | undefined,
): FriendlyReference | CanonicalReference {
  const text = String(reference);
  const [, datasetUid = "", digest = ""] = CANONICAL.exec(text) ?? [];
  const [, owner, dataset, selector = revision ?? "main"] =
    FRIENDLY.exec(text) ?? [];
  const isCanonical = UID.test(datasetUid) && DIGEST.test(digest);
  const isFriendly = owner !== undefined && dataset !== undefined;
  const isNamed = isCanonical || (isFriendly && text.includes("@"));
  if (isNamed && revision !== undefined) {
    throw new InvalidArgumentError(
      `Cannot call ${METHOD} as 'revision' must not be given beside a reference that names one: current value is ${
        show(revision)
      }`,
    );
  }
  if (isCanonical) return { datasetUid, revisionSha256: digest };
  if (isFriendly && (DIGEST.test(selector) || ALIAS.test(selector))) {
    return { owner, dataset, selector };
  }
  if (isFriendly && revision !== undefined) {
    throw refusal(METHOD, "'revision'", "an alias or a digest", revision);
  }
  throw refusal(
    METHOD,
    "'reference'",
    '"owner/dataset", "owner/dataset@selector" or "avala://datasets/uid@digest"',
    reference,
  );
}

/**
 * Puts a reference into words.
 *
 * @param reference What it names.
 * @returns Its text.
 */
export function textOf(
  reference: FriendlyReference | CanonicalReference,
): string {
  return "owner" in reference
    ? `${reference.owner}/${reference.dataset}@${reference.selector}`
    : `avala://datasets/${reference.datasetUid}@${reference.revisionSha256}`;
}
