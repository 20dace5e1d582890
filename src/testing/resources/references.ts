/**
 * Records that name other records by unique id.
 *
 * @module
 */

import type { FieldErrors } from "../engine/fields.ts";
import type { WireRecord } from "../engine/store.ts";
import type { World } from "../engine/state.ts";

/**
 * Finds the fields whose unique ids lead nowhere.
 *
 * @param given The fields of a body.
 * @param collections The collection that each field leads to, by field.
 * @param world Where the collections are.
 * @returns Texts by field; a field that is not given is fine.
 */
export function referenceErrors(
  given: WireRecord,
  collections: { readonly [field: string]: string },
  world: World,
): FieldErrors {
  const errors: FieldErrors = {};
  for (const [field, collection] of Object.entries(collections)) {
    const uid = given[field];
    if (typeof uid !== "string") continue;
    if (!world.collection(collection).get(uid)) {
      errors[field] = [`Object with uid=${uid} does not exist.`];
    }
  }
  return errors;
}

/**
 * Lets go of a record that is no more: whoever named it names nothing.
 *
 * @param uid Unique id of the record.
 * @param field The field that named it.
 * @param collections The collections with that field.
 * @param world Where the collections are.
 */
export function release(
  uid: unknown,
  field: string,
  collections: readonly string[],
  world: World,
): void {
  for (const collection of collections) {
    for (const record of world.collection(collection).all()) {
      if (record[field] === uid) record[field] = null;
    }
  }
}
