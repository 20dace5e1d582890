/**
 * Who belongs to an organization of the emulator, and what they may do there.
 *
 * @module
 */

import { accounts, callerOf, fullName } from "./accounts.ts";
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  forbidden,
  notFound,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import type { World } from "../engine/state.ts";

/** The roles in an organization, the mightiest first. */
export const ROLES: readonly string[] = ["owner", "admin", "member"];

/**
 * Finds the membership of an account in an organization.
 *
 * @param world Where it is.
 * @param organization Unique id of the organization.
 * @param user Unique id of the account.
 * @returns The membership, if there is one.
 */
export function findMember(
  world: World,
  organization: unknown,
  user: unknown,
): WireRecord | undefined {
  return world.collection("organizationMembers").get(
    `${organization} ${user}`,
  );
}

/**
 * Makes an account a member of an organization.
 *
 * @param world Where it is.
 * @param organization Unique id of the organization.
 * @param user Unique id of the account.
 * @param role Its role.
 * @param since Since when it is a member.
 * @returns The membership.
 */
export function addMember(
  world: World,
  organization: unknown,
  user: unknown,
  role: string,
  since: string,
): WireRecord {
  return world.collection("organizationMembers").add({
    uid: `${organization} ${user}`,
    organization,
    user_uid: user,
    role,
    last_active_at: since,
    created_at: since,
  });
}

/**
 * Ends a membership, also in the organization's teams.
 *
 * @param world Where it is.
 * @param member The membership.
 */
export function removeMember(world: World, member: WireRecord): void {
  const { organization, user_uid, uid } = member;
  world.collection("organizationMembers").delete(String(uid));
  const places = world.collection("teamMembers");
  for (const place of places.all()) {
    if (place.organization === organization && place.user_uid === user_uid) {
      places.delete(String(place.uid));
    }
  }
}

/**
 * Shows a member of an organization or a team with its account.
 *
 * @param world Where it is.
 * @param member The membership.
 * @returns What answers show of it.
 */
export function showMember(world: World, member: WireRecord): WireRecord {
  const { uid: _, organization: __, team: ___, ...shown } = member;
  const account = accounts(world).get(String(member.user_uid)) ?? {};
  return {
    ...shown,
    username: account.username ?? null,
    email: account.email ?? null,
    full_name: fullName(account),
    picture: account.picture ?? null,
  };
}

/**
 * Makes the handler of a route that only members reach, and only those of a
 * role may use.
 *
 * @param least The least role that may.
 * @param handle Answers them.
 * @returns The handler; others are answered 404 or 403.
 */
export function asMember(
  least: "owner" | "admin" | "member",
  handle: (
    request: EmulatedRequest,
    organization: WireRecord,
    member: WireRecord,
  ) => EmulatedAnswer,
): Route["handle"] {
  return (request) => {
    const { params, world } = request;
    const organization = world.collection("organizations").all()
      .find(({ slug }) => slug === params.slug);
    // assumption: who is no member does not learn that there is one
    const member = organization &&
      findMember(world, organization.uid, callerOf(request).uid);
    if (!member) return notFound();
    // assumption: members read, admins change, the owner gives away and deletes
    const rank = ROLES.indexOf(String(member.role));
    return rank <= ROLES.indexOf(least)
      ? handle(request, organization, member)
      : forbidden();
  };
}

/**
 * Makes a name for URLs that is free.
 *
 * @param name The name to show.
 * @param taken The names for URLs that are taken.
 * @returns The name for URLs.
 */
export function freeSlug(name: unknown, taken: readonly unknown[]): string {
  const plain = String(name).toLowerCase().replaceAll("ß", "ss")
    .normalize("NFKD").replace(/\p{M}/gu, "");
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "x";
  let free = slug;
  for (let number = 2; taken.includes(free); number++) {
    free = `${slug}-${number}`;
  }
  return free;
}
