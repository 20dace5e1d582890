/**
 * Revisions that were withdrawn.
 *
 * @module
 */

import {
  type AvalaError,
  DatasetRevisionWithdrawnError,
} from "../../errors.ts";
import { isJsonObject } from "../../wire/codec.ts";
import { textOf } from "./reference.ts";

/**
 * Gives a 410 its own words. It is believed of the very revision alone that was
 * asked for.
 *
 * @param error The error of the status.
 * @param asked The parameters of the path.
 * @returns The error that names the revision, or the same one.
 */
export function withdrawn(
  error: AvalaError,
  asked: { readonly [name: string]: string },
): AvalaError {
  const { body } = error;
  if (!isJsonObject(body) || body.code !== "dataset_revision_withdrawn") {
    return error;
  }
  const datasetUid = String(body.dataset_uid);
  const revisionSha256 = String(body.revision_sha256);
  const canonicalReference = textOf({ datasetUid, revisionSha256 });
  const isMeant = canonicalReference === body.canonical_reference &&
    (asked.datasetUid ?? datasetUid) === datasetUid &&
    (asked.revisionSha256 ?? asked.selector) === revisionSha256;
  if (!isMeant) return error;
  const { statusCode, requestId, method, path, attempts, history } = error;
  const own = new DatasetRevisionWithdrawnError(
    `Cannot use ${canonicalReference} as this revision of the dataset was withdrawn: ask for another one, such as 'main'`,
    { canonicalReference, datasetUid, revisionSha256 },
    { statusCode, body, requestId, method, path, attempts },
  );
  own.history = history.map((failed) =>
    failed.error === error ? { ...failed, error: own } : failed
  );
  return own;
}
