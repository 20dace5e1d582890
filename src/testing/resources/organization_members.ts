/**
 * Emulated routes of an organization's members and invitations.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { type BodyFields, emailError, fieldErrors } from "../engine/fields.ts";
import {
  asMember,
  findMember,
  removeMember,
  ROLES,
  showMember,
} from "./membership.ts";
import {
  answer,
  done,
  type EmulatedAnswer,
  type EmulatedResource,
  notFound,
  numberedAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { CREATED, OWNER, type World } from "../engine/state.ts";

const MEMBERS = "/organizations/{slug}/members/";
const INVITATIONS = "/organizations/{slug}/invitations/";
const DAY = 86_400_000;

const ROLE: BodyFields[string] = {
  type: "string",
  choices: ROLES,
  // assumption: an organization gets another owner by a transfer alone
  check: (role) =>
    role === "owner" ? "Transfer the ownership instead." : undefined,
};

const ROUTES: Route[] = [
  {
    method: "GET",
    path: MEMBERS,
    handle: asMember("member", ({ url, world }, organization, caller) => {
      const search = url.searchParams.get("search")?.toLowerCase() ?? "";
      const role = url.searchParams.get("role");
      const shown = (member: WireRecord): WireRecord => {
        const fields = showMember(world, member);
        // only those who manage members see when they were active
        return caller.role === "member"
          ? { ...fields, last_active_at: null }
          : fields;
      };
      return numberedAnswer(
        world.collection("organizationMembers").numberedPage(
          url,
          (member) =>
            member.organization === organization.uid &&
            (role === null || member.role === role) &&
            matches(shown(member), search),
          shown,
        ),
      );
    }),
  },
  {
    method: "DELETE",
    path: `${MEMBERS}{userUid}/`,
    handle: asMember("admin", ({ params, world }, organization) => {
      const member = findMember(world, organization.uid, params.userUid);
      if (!member) return notFound();
      // assumption: an organization always has an owner
      if (member.role === "owner") return ownerStays();
      removeMember(world, member);
      return done();
    }),
  },
  {
    method: "PATCH",
    path: `${MEMBERS}{userUid}/role/`,
    handle: asMember("admin", ({ params, body, world }, organization) => {
      const member = findMember(world, organization.uid, params.userUid);
      if (!member) return notFound();
      const refusal = refuse(
        fieldErrors(body, { role: { ...ROLE, required: true } }),
      );
      if (refusal) return refusal;
      if (member.role === "owner") return ownerStays();
      member.role = body.role;
      return done();
    }),
  },
  {
    method: "GET",
    path: INVITATIONS,
    handle: asMember("admin", ({ url, world }, organization) =>
      numberedAnswer(
        invitations(world).numberedPage(
          url,
          ({ organization_slug }) => organization_slug === organization.slug,
          (invitation) => showInvitation(invitation, world),
        ),
      )),
  },
  {
    method: "POST",
    path: INVITATIONS,
    handle: asMember("admin", (request, organization) => {
      const { body, world } = request;
      const errors = fieldErrors(body, {
        email: { type: "string", required: true, check: emailError },
        role: ROLE,
      });
      errors.email ??= takenErrors(world, organization, body.email) ?? [];
      if (errors.email.length === 0) delete errors.email;
      const refusal = refuse(errors);
      if (refusal) return refusal;
      const invitation = invitations(world).add(newInvitation(world, {
        organization,
        email: body.email,
        role: body.role ?? "member",
        by: callerOf(request).username,
        at: world.timestamp(),
      }));
      return answer(showInvitation(invitation, world), 201);
    }),
  },
  {
    method: "POST",
    path: `${INVITATIONS}{invitationUid}/resend/`,
    handle: asMember("admin", ({ params, world }, organization) => {
      const found = findInvitation(world, organization, params.invitationUid);
      if (!found) return notFound();
      // assumption: an invitation that is sent again holds for a week again
      found.expires_at = weekAfter(world.timestamp());
      return done();
    }),
  },
  {
    method: "POST",
    path: `${INVITATIONS}{invitationUid}/cancel/`,
    handle: asMember("admin", ({ params, world }, organization) => {
      const found = findInvitation(world, organization, params.invitationUid);
      if (!found) return notFound();
      // assumption: a canceled invitation is gone, also from the list
      invitations(world).delete(String(found.uid));
      return done();
    }),
  },
];

/** Who belongs to an organization, and who is invited. */
export const ORGANIZATION_MEMBERS: EmulatedResource = { routes: ROUTES, seed };

function ownerStays(): EmulatedAnswer {
  const detail = "The owner stays. Transfer the ownership first.";
  return { status: 400, body: { detail } };
}

function matches(member: WireRecord, search: string): boolean {
  const { username, email, full_name } = member;
  return [username, email, full_name].some((text) =>
    String(text).toLowerCase().includes(search)
  );
}

function invitations(world: World): Collection {
  return world.collection("organizationInvitations");
}

function findInvitation(
  world: World,
  organization: WireRecord,
  uid: string | undefined,
): WireRecord | undefined {
  const found = invitations(world).get(uid ?? "");
  return found?.organization_slug === organization.slug ? found : undefined;
}

function takenErrors(
  world: World,
  organization: WireRecord,
  email: unknown,
): string[] | undefined {
  const members = world.collection("organizationMembers").all().filter(
    (member) => member.organization === organization.uid,
  );
  if (members.some((member) => showMember(world, member).email === email)) {
    return ["This user is a member already."];
  }
  const invited = invitations(world).all().some((invitation) =>
    invitation.organization_slug === organization.slug &&
    invitation.invited_email === email
  );
  return invited ? ["This e-mail is invited already."] : undefined;
}

function newInvitation(world: World, given: {
  organization: WireRecord;
  email: unknown;
  role: unknown;
  by: unknown;
  at: string;
}): WireRecord {
  const uid = world.newUid();
  const link = `https://avala.ai/invite/emulated-${uid}`;
  return {
    uid,
    organization_name: given.organization.name,
    organization_slug: given.organization.slug,
    invited_email: given.email,
    invited_by_username: given.by,
    role: given.role,
    status: "pending",
    expires_at: weekAfter(given.at),
    accept_url: link,
    copy_link: link,
    created_at: given.at,
  };
}

function showInvitation(invitation: WireRecord, world: World): WireRecord {
  const ends = Date.parse(String(invitation.expires_at));
  const is_expired = ends <= Date.parse(world.timestamp());
  return { ...invitation, is_expired };
}

function weekAfter(time: string): string {
  return new Date(Date.parse(time) + 7 * DAY).toISOString();
}

function seed(world: World): void {
  for (const organization of world.collection("organizations").all()) {
    const common = { organization, by: OWNER };
    // the first one has expired, the second one has not
    for (
      const [name, role, at] of [
        ["lena", "member", CREATED],
        ["tariq", "admin", world.timestamp()],
      ] as const
    ) {
      const email = `${name}@nordlicht.example`;
      invitations(world).add(
        newInvitation(world, { ...common, email, role, at }),
      );
    }
  }
}
