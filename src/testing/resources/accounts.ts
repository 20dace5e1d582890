/**
 * The accounts of the emulator, and which of them sends a request.
 *
 * @module
 */

import type { EmulatedRequest } from "../engine/router.ts";
import type { WireRecord } from "../engine/collection.ts";
import { CREATED, OWNER, type State, UPDATED } from "../engine/state.ts";

const PEOPLE: readonly [username: string, first: string, last: string][] = [
  [OWNER, "Zoë", "Carter"],
  ["ida.b", "Ida", "Brooks"],
  ["jonas.w", "Jonas", "Ward"],
  ["mei.l", "Mei", "Lin"],
  ["otto.s", "Otto", "Summers"],
];

/**
 * Adds the accounts; the first one owns the sample data.
 *
 * @param state Where they are.
 */
export function seedAccounts(state: State): void {
  for (const [username, first, last] of PEOPLE) {
    state.collection("users").add(newAccount(state, {
      username,
      email: `${first.toLowerCase().replace("ë", "e")}@northlight.example`,
      first_name: first,
      last_name: last,
      created_at: CREATED,
      updated_at: UPDATED,
    }));
  }
}

/**
 * Makes an account.
 *
 * @param state Where it is.
 * @param fields What is known of it.
 * @returns The account, which is in no collection yet.
 */
export function newAccount(state: State, fields: WireRecord): WireRecord {
  return {
    uid: state.newUid(),
    first_name: null,
    last_name: null,
    picture: null,
    type: "customer",
    is_staff: false,
    in_waitlist: false,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...fields,
  };
}

/**
 * Finds out who sends a request: whoever signed up for the key, else the owner
 * of the sample data.
 *
 * @param request The request.
 * @returns The account.
 */
export function callerOf(
  { headers, state }: Pick<EmulatedRequest, "headers" | "state">,
): WireRecord {
  const users = state.collection("users");
  const key = state.collection("apiKeys").get(headers.get("x-avala-api-key"));
  return (key ? users.get(key.user) : users.find()) ?? {};
}

/**
 * Writes the whole name of an account.
 *
 * @param account The account.
 * @returns The name; empty when the account has none.
 */
export function fullName(account: WireRecord): string {
  return [account.first_name, account.last_name].filter(Boolean).join(" ");
}
