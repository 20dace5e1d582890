/**
 * Who may own a dataset.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { EmulatedRequest } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";
import { callerOf } from "../accounts.ts";
import { findMember } from "../organizations/membership.ts";

/** Why an owner is refused. */
export const FOREIGN_OWNER: string[] = [
  "Pick yourself or an organization of yours.",
];

/**
 * Finds who shall own a new dataset, as a body says.
 *
 * @param request The request.
 * @returns A user name or the slug of an organization; undefined for a stranger.
 */
export function ownerOf(request: EmulatedRequest): unknown {
  const { organization_uid, owner_name } = request.body;
  if (organization_uid != null) {
    return ownOrganization(request, { uid: organization_uid });
  }
  if (owner_name == null) return callerOf(request).username;
  return ownName(request, owner_name) ??
    ownOrganization(request, { slug: owner_name });
}

/**
 * Names the field of a body that says who shall own a dataset.
 *
 * @param body The body.
 * @returns The name.
 */
export function ownerField(body: WireRecord): string {
  return body.organization_uid == null ? "owner_name" : "organization_uid";
}

/**
 * Finds the caller by the name that he should have.
 *
 * @param request The request.
 * @param name The name.
 * @returns The name, if it is the caller's.
 */
export function ownName(request: EmulatedRequest, name: unknown): unknown {
  return name === callerOf(request).username ? name : undefined;
}

/**
 * Finds an organization that the caller belongs to.
 *
 * @param request The request.
 * @param match What is known of it.
 * @param role The role that the caller must have there; any by default.
 * @returns Its slug, if there is one.
 */
export function ownOrganization(
  request: EmulatedRequest,
  match: WireRecord,
  role?: string,
): unknown {
  const { state } = request;
  const { uid } = callerOf(request);
  return state.collection("organizations").find([match, (organization) => {
    const member = findMember(state, organization.uid, uid);
    return member !== undefined && member.role === (role ?? member.role);
  }])?.slug;
}

/**
 * Tells whether an owner has a dataset of a slug.
 *
 * @param state Where the datasets are.
 * @param owner_name The owner.
 * @param slug The slug.
 * @returns Whether there is one.
 */
export function isTaken(
  state: State,
  owner_name: unknown,
  slug: unknown,
): boolean {
  return state.collection("datasets").find({ owner_name, slug }) !== undefined;
}
