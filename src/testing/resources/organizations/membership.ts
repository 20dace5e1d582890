/**
 * Who belongs to an organization of the emulator, and what they may do there.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { Crud } from "../../engine/crud.ts";
import {
  type EmulatedResponse,
  forbidden,
  notFound,
} from "../../engine/responses.ts";
import type { EmulatedRequest, Handler } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";
import { callerOf, fullName } from "../accounts.ts";

/** A role in an organization. */
export type Role = "owner" | "admin" | "member";

/** The roles in an organization, the mightiest first. */
export const ROLES: readonly string[] = ["owner", "admin", "member"];

/**
 * Finds the membership of an account in an organization.
 *
 * @param state Where it is.
 * @param organization Unique id of the organization.
 * @param user Unique id of the account.
 * @returns The membership, if there is one.
 */
export function findMember(
  state: State,
  organization: unknown,
  user: unknown,
): WireRecord | undefined {
  const uid = typeof user === "string" ? `${organization} ${user}` : undefined;
  return state.collection("organizationMembers").get(uid);
}

/**
 * Makes an account a member of an organization.
 *
 * @param state Where it is.
 * @param organization Unique id of the organization.
 * @param user Unique id of the account.
 * @param role Its role.
 * @param since Since when it is a member.
 */
export function addMember(
  state: State,
  organization: unknown,
  user: unknown,
  role: string,
  since: string,
): void {
  state.collection("organizationMembers").add({
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
 * @param state Where it is.
 * @param member The membership.
 */
export function removeMember(state: State, member: WireRecord): void {
  const { organization, user_uid, uid } = member;
  state.collection("organizationMembers").delete(uid);
  const places = state.collection("teamMembers");
  for (const place of places.filter({ organization, user_uid })) {
    places.delete(place.uid);
  }
}

/**
 * Shows a member of an organization or a team with its account.
 *
 * @param member The membership.
 * @param request The request.
 * @returns What responses show of it.
 */
export function showMember(
  member: WireRecord,
  { state }: Pick<EmulatedRequest, "state">,
): WireRecord {
  const { uid: _, organization: __, team: ___, ...shown } = member;
  const account = state.collection("users").get(member.user_uid) ?? {};
  return {
    ...shown,
    username: account.username ?? null,
    email: account.email ?? null,
    full_name: fullName(account),
    picture: account.picture ?? null,
  };
}

/**
 * Finds the organization that a path names.
 *
 * @param request The request, with `slug` in its path.
 * @returns The organization, if there is one.
 */
export function organizationOf(
  { params, state }: EmulatedRequest,
): WireRecord | undefined {
  return state.collection("organizations").find({ slug: params.slug });
}

/**
 * Finds the caller's membership in the organization that a path names.
 *
 * @param request The request, with `slug` in its path.
 * @returns The membership, if there is one.
 */
export function membershipOf(
  request: EmulatedRequest,
): WireRecord | undefined {
  const { uid } = organizationOf(request) ?? {};
  return findMember(request.state, uid, callerOf(request).uid);
}

/**
 * Makes the guard of an organization's records.
 *
 * @param reader The least role that reads them.
 * @param writer The least role that changes them.
 * @returns The guard; it refuses strangers with 404, others with 403.
 */
export function roleGuard(
  reader: Role,
  writer: Role = reader,
): NonNullable<Crud["guard"]> {
  return (request, action) => {
    // assumption: who is no member does not learn that there is one
    const member = membershipOf(request);
    if (!member) return notFound();
    const least = action === "list" || action === "get" ? reader : writer;
    const rank = ROLES.indexOf(String(member.role));
    return rank <= ROLES.indexOf(least) ? undefined : forbidden();
  };
}

/**
 * Makes the handler of a route that only some members may use.
 *
 * @param least The least role that may.
 * @param handle Responds to them.
 * @returns The handler; others get 404 or 403.
 */
export function asMember(
  least: Role,
  handle: (
    request: EmulatedRequest,
    organization: WireRecord,
  ) => EmulatedResponse,
): Handler {
  const guard = roleGuard(least);
  return (request) =>
    guard(request, "get") ?? handle(request, organizationOf(request)!);
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
