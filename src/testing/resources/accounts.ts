/**
 * The accounts of the emulator, and which of them sends a request.
 *
 * @module
 */

import type { EmulatedRequest } from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { CREATED, OWNER, UPDATED, type World } from "../engine/state.ts";

/**
 * Gives the accounts; the first one is the owner of the small world.
 *
 * @param world Where they are.
 * @returns The accounts by unique id.
 */
export function accounts(world: World): Collection {
  const users = world.collection("users");
  if (users.all().length === 0) {
    for (const [username, first, last] of PEOPLE) {
      users.add(newAccount(world, {
        username,
        email: `${first.toLowerCase().replace("ë", "e")}@nordlicht.example`,
        first_name: first,
        last_name: last,
        created_at: CREATED,
        updated_at: UPDATED,
      }));
    }
  }
  return users;
}

const PEOPLE: readonly [username: string, first: string, last: string][] = [
  [OWNER, "Zoë", "Krüger"],
  ["ida.b", "Ida", "Brandt"],
  ["jonas.w", "Jonas", "Weiß"],
  ["mei.l", "Mei", "Lin"],
  ["otto.s", "Otto", "Sommer"],
];

/**
 * Makes an account.
 *
 * @param world Where it is.
 * @param fields What is known of it.
 * @returns The account, which is in no collection yet.
 */
export function newAccount(world: World, fields: WireRecord): WireRecord {
  return {
    uid: world.newUid(),
    first_name: null,
    last_name: null,
    picture: null,
    type: "customer",
    is_staff: false,
    in_waitlist: false,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...fields,
  };
}

/**
 * Finds out who sends a request: whoever signed up for the key, else the owner
 * of the small world.
 *
 * @param request The request.
 * @returns The account.
 */
export function callerOf(
  { headers, world }: Pick<EmulatedRequest, "headers" | "world">,
): WireRecord {
  const users = accounts(world);
  const uid = world.keys.get(headers.get("x-avala-api-key") ?? "");
  const found = uid === undefined ? users.all()[0] : users.get(uid);
  return found ?? {};
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
