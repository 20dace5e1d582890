/**
 * Which records are meant.
 *
 * @module
 */

/** A record as it goes over the wire. */
export type WireRecord = { readonly [key: string]: unknown };

/** Which records are meant: fields that they have, a test that they pass, or several of these at once. */
export type Match =
  | WireRecord
  | ((record: WireRecord) => boolean)
  | readonly Match[];

/**
 * Makes the test that tells which records are meant.
 *
 * @param match Which ones are meant.
 * @returns The test.
 */
export function toTest(match: Match): (record: WireRecord) => boolean {
  if (typeof match === "function") return match;
  if (isList(match)) {
    const tests = match.map(toTest);
    return (record) => tests.every((test) => test(record));
  }
  const fields = Object.entries(match);
  return (record) => fields.every(([name, value]) => record[name] === value);
}

/**
 * Gives the fields that all records have that are meant.
 *
 * @param match Which ones are meant.
 * @returns Names and values.
 */
export function sharedFields(match: Match): [name: string, value: unknown][] {
  if (typeof match === "function") return [];
  return isList(match) ? match.flatMap(sharedFields) : Object.entries(match);
}

function isList(match: Match): match is readonly Match[] {
  return Array.isArray(match);
}
