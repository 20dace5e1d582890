/**
 * Emulated routes of an organization's members and invitations.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { crudRoutes } from "../../engine/crud.ts";
import {
  type BodyFields,
  emailError,
  type FieldErrors,
  fieldErrors,
} from "../../engine/fields.ts";
import { numberedPage } from "../../engine/pages.ts";
import {
  type EmulatedResponse,
  noContent,
  notFound,
  refuse,
} from "../../engine/responses.ts";
import type {
  EmulatedRequest,
  EmulatedResource,
  Handler,
} from "../../engine/router.ts";
import { CREATED, OWNER, type State } from "../../engine/state.ts";
import { callerOf } from "../accounts.ts";
import {
  asMember,
  findMember,
  membershipOf,
  organizationOf,
  removeMember,
  roleGuard,
  ROLES,
  showMember,
} from "./membership.ts";
import { ownerStays } from "./mod.ts";

const MEMBERS = "/organizations/{slug}/members/";
const INVITATIONS = "/organizations/{slug}/invitations/";
const WEEK = 7 * 86_400_000;

const ROLE: BodyFields[string] = {
  type: "string",
  choices: ROLES,
  // assumption: an organization gets another owner by a transfer alone
  check: (role) =>
    role === "owner" ? "Transfer the ownership instead." : undefined,
};

/** Who belongs to an organization, and who is invited. */
export const ORGANIZATION_MEMBERS: EmulatedResource = {
  routes: [
    { method: "GET", path: MEMBERS, handle: asMember("member", listMembers) },
    {
      method: "DELETE",
      path: `${MEMBERS}{userUid}/`,
      handle: withMember(({ state }, member) => {
        removeMember(state, member);
        return noContent();
      }),
    },
    {
      method: "PATCH",
      path: `${MEMBERS}{userUid}/role/`,
      handle: withMember(({ body: { role }, state }, member) => {
        const refusal = refuse(
          fieldErrors({ role }, { role: { ...ROLE, required: true } }),
        );
        if (refusal) return refusal;
        state.collection("organizationMembers").update(member, { role });
        return noContent();
      }),
    },
    ...crudRoutes({
      path: INVITATIONS,
      collection: "organizationInvitations",
      list: "numbered",
      get: false,
      guard: roleGuard("admin"),
      within: ({ params }) => ({ organization_slug: params.slug }),
      show: (invitation, { state }) => ({
        ...invitation,
        is_expired: Date.parse(String(invitation.expires_at)) <=
          Date.parse(state.timestamp()),
      }),
      create: {
        fields: {
          email: { type: "string", required: true, check: emailError },
          role: ROLE,
        },
        check: takenErrors,
        make: ({ email, role }, request) =>
          newInvitation(
            request.state,
            organizationOf(request)!,
            callerOf(request).username,
            { invited_email: email, role: role ?? "member" },
          ),
      },
    }),
    {
      method: "POST",
      path: `${INVITATIONS}{invitationUid}/resend/`,
      handle: withInvitation((invitation, state) =>
        // assumption: an invitation that is sent again holds for a week again
        state.collection("organizationInvitations").update(invitation, {
          expires_at: state.timestamp(WEEK),
        })
      ),
    },
    {
      method: "POST",
      path: `${INVITATIONS}{invitationUid}/cancel/`,
      handle: withInvitation(({ uid }, state) =>
        // assumption: a canceled invitation is gone, also from the list
        state.collection("organizationInvitations").delete(uid)
      ),
    },
  ],
  seed,
};

function listMembers(
  request: EmulatedRequest,
  organization: WireRecord,
): EmulatedResponse {
  const { url, state } = request;
  const search = url.searchParams.get("search")?.toLowerCase() ?? "";
  const role = url.searchParams.get("role");
  // only those who manage members see when they were active
  const hidden = membershipOf(request)?.role === "member"
    ? { last_active_at: null }
    : {};
  const match = (member: WireRecord) => {
    const { username, email, full_name } = showMember(member, request);
    return member.organization === organization.uid &&
      (role === null || member.role === role) &&
      [username, email, full_name].some((text) =>
        String(text).toLowerCase().includes(search)
      );
  };
  return numberedPage(state.collection("organizationMembers"), url, {
    match,
    show: (member) => ({ ...showMember(member, request), ...hidden }),
  });
}

/** Makes the handler of a route below a member who is not the owner. */
function withMember(
  handle: (request: EmulatedRequest, member: WireRecord) => EmulatedResponse,
): Handler {
  return asMember("admin", (request, { uid }) => {
    const member = findMember(request.state, uid, request.params.userUid);
    if (!member) return notFound();
    return member.role === "owner"
      ? ownerStays("stays")
      : handle(request, member);
  });
}

/** Makes the handler of a route below an invitation, which says nothing. */
function withInvitation(
  handle: (invitation: WireRecord, state: State) => void,
): Handler {
  return asMember("admin", ({ params, state }, { slug }) => {
    const found = state.collection("organizationInvitations")
      .get(params.invitationUid);
    if (found?.organization_slug !== slug) return notFound();
    handle(found!, state);
    return noContent();
  });
}

function takenErrors(
  { email }: WireRecord,
  request: EmulatedRequest,
): FieldErrors {
  const { state } = request;
  const { uid, slug } = organizationOf(request)!;
  const member = state.collection("organizationMembers").find([
    { organization: uid },
    (member) => showMember(member, request).email === email,
  ]);
  if (member) return { email: ["This user is a member already."] };
  const invitation = state.collection("organizationInvitations").find({
    organization_slug: slug,
    invited_email: email,
  });
  return invitation ? { email: ["This e-mail is invited already."] } : {};
}

function newInvitation(
  state: State,
  organization: WireRecord,
  by: unknown,
  given: WireRecord,
): WireRecord {
  const uid = state.newUid();
  const link = `https://avala.ai/invite/emulated-${uid}`;
  return {
    uid,
    organization_name: organization.name,
    organization_slug: organization.slug,
    invited_by_username: by,
    status: "pending",
    expires_at: state.timestamp(WEEK),
    accept_url: link,
    copy_link: link,
    created_at: state.timestamp(),
    ...given,
  };
}

function seed(state: State): void {
  const invitations = state.collection("organizationInvitations");
  for (const organization of state.collection("organizations").filter()) {
    // the first one has expired, the second one has not
    invitations.add(newInvitation(state, organization, OWNER, {
      invited_email: "lena@northlight.example",
      role: "member",
      created_at: CREATED,
      expires_at: new Date(Date.parse(CREATED) + WEEK).toISOString(),
    }));
    invitations.add(newInvitation(state, organization, OWNER, {
      invited_email: "tariq@northlight.example",
      role: "admin",
    }));
  }
}
