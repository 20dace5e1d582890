/**
 * Records that name other records by unique id.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import type { FieldErrors } from "../engine/fields.ts";
import type { CollectionName, State } from "../engine/state.ts";

/** How many records of a kind the sample data refers to. */
export const REFERRED = 1_000;

/**
 * Finds the fields whose unique ids lead nowhere.
 *
 * @param given The fields of a body.
 * @param collections The collection that each field leads to, by field.
 * @param state Where the collections are.
 * @returns Texts by field; a field that is not given is fine.
 */
export function referenceErrors(
  given: WireRecord,
  collections: { readonly [field: string]: CollectionName },
  state: State,
): FieldErrors {
  const errors: FieldErrors = {};
  for (const [field, collection] of Object.entries(collections)) {
    const uid = given[field];
    if (typeof uid === "string" && !state.collection(collection).get(uid)) {
      errors[field] = unknownText(uid);
    }
  }
  return errors;
}

/**
 * Says that a unique id leads nowhere.
 *
 * @param uid The unique id.
 * @returns The text of its field.
 */
export function unknownText(uid: unknown): string[] {
  const shown = typeof uid === "string" ? uid : JSON.stringify(uid);
  return [`Object with uid=${shown} does not exist.`];
}

/**
 * Sets references to a deleted record to null.
 *
 * @param uid Unique id of the record.
 * @param field The field that refers to it.
 * @param collections The collections with that field.
 * @param state Where the collections are.
 */
export function release(
  uid: unknown,
  field: string,
  collections: readonly CollectionName[],
  state: State,
): void {
  for (const name of collections) {
    const collection = state.collection(name);
    for (const record of collection.filter({ [field]: uid })) {
      collection.update(record, { [field]: null });
    }
  }
}
