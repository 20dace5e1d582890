/**
 * Emulated routes of an organization's teams and their members.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { type Crud, crudRoutes, withRecord } from "../../engine/crud.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
} from "../../engine/fields.ts";
import { noContent, notFound, refuse } from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";
import {
  findMember,
  freeSlug,
  organizationOf,
  roleGuard,
  showMember,
} from "./membership.ts";

const TEAMS = "/organizations/{slug}/teams/";
const MEMBERS = `${TEAMS}{teamSlug}/members/`;
const guard = roleGuard("member", "admin");

const FIELDS: BodyFields = {
  name: { type: "string", required: true },
  description: { type: "string" },
  color: {
    type: "string",
    // assumption: colors are written as # and hex digits
    check: (value) =>
      /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(String(value))
        ? undefined
        : "Enter a hex color.",
  },
};
const ROLE: BodyFields[string] = {
  type: "string",
  choices: ["lead", "member"],
};

/** The places of all teams, each with the account that has it. */
const PLACES: Omit<Crud, "path"> = {
  collection: "teamMembers",
  one: "{userUid}/",
  guard: (request, action) =>
    guard(request, action) ?? (teamOf(request) ? undefined : notFound()),
  within: (request) => ({ team: teamOf(request)?.uid }),
  find: (request) => findPlace(request, request.params.userUid),
};

/** Teams, and who is in them. */
export const ORGANIZATION_TEAMS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: TEAMS,
      one: "{teamSlug}/",
      collection: "teams",
      list: "numbered",
      guard,
      within: (request) => ({ organization_uid: organizationOf(request)?.uid }),
      find: teamOf,
      show: showTeam,
      create: {
        fields: FIELDS,
        check: nameErrors,
        make: (given, request) =>
          newTeam(request.state, organizationOf(request)!, given),
      },
      // assumption: a new name does not change the slug
      update: { fields: FIELDS, check: nameErrors },
      delete: true,
      deleted: ({ uid }, { state }) => {
        const places = state.collection("teamMembers");
        for (const place of places.filter({ team: uid })) {
          places.delete(place.uid);
        }
      },
    }),
    ...crudRoutes({
      ...PLACES,
      path: MEMBERS,
      list: "numbered",
      get: false,
      show: showMember,
      create: {
        fields: { user_uid: { type: "string", required: true }, role: ROLE },
        check: placeErrors,
        make: ({ user_uid, role }, request) =>
          newPlace(
            teamOf(request)!,
            user_uid,
            role ?? "member",
            request.state.timestamp(),
          ),
      },
      delete: true,
    }),
    {
      method: "PATCH",
      path: `${MEMBERS}{userUid}/role/`,
      handle: (request) =>
        PLACES.guard?.(request, "update") ?? changeRole(request),
    },
  ],
  seed,
};

const changeRole = withRecord(PLACES, (place, { body: { role }, state }) => {
  const refusal = refuse(
    fieldErrors({ role }, { role: { ...ROLE, required: true } }),
  );
  if (refusal) return refusal;
  state.collection("teamMembers").update(place, { role });
  return noContent();
});

function teamOf(request: EmulatedRequest): WireRecord | undefined {
  return request.state.collection("teams").find({
    organization_uid: organizationOf(request)?.uid,
    slug: request.params.teamSlug,
  });
}

function findPlace(
  request: EmulatedRequest,
  user: unknown,
): WireRecord | undefined {
  const team = teamOf(request)?.uid;
  const uid = typeof user === "string" ? `${team} ${user}` : undefined;
  return request.state.collection("teamMembers").get(uid);
}

function placeErrors(
  { user_uid }: WireRecord,
  request: EmulatedRequest,
): FieldErrors {
  const organization = organizationOf(request);
  if (!findMember(request.state, organization?.uid, user_uid)) {
    return { user_uid: ["This user is no member of the organization."] };
  }
  return findPlace(request, user_uid)
    ? { user_uid: ["This user is in the team already."] }
    : {};
}

function newPlace(
  team: WireRecord,
  user: unknown,
  role: unknown,
  since: string,
): WireRecord {
  return {
    uid: `${team.uid} ${user}`,
    organization: team.organization_uid,
    team: team.uid,
    user_uid: user,
    role,
    created_at: since,
  };
}

function newTeam(
  state: State,
  organization: WireRecord,
  given: WireRecord,
): WireRecord {
  const ofOrganization = { organization_uid: organization.uid };
  const taken = state.collection("teams").filter(ofOrganization)
    .map(({ slug }) => slug);
  return {
    uid: state.newUid(),
    slug: freeSlug(given.name, taken),
    description: null,
    color: null,
    ...ofOrganization,
    organization_slug: organization.slug,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}

function showTeam(team: WireRecord, { state }: EmulatedRequest): WireRecord {
  const organization = state.collection("organizations")
    .get(team.organization_uid);
  return {
    ...team,
    organization_name: organization?.name ?? null,
    member_count: state.collection("teamMembers").count({ team: team.uid }),
  };
}

/** Two teams of an organization cannot have one name (an assumption). */
function nameErrors(
  { name }: WireRecord,
  request: EmulatedRequest,
  self?: WireRecord,
): FieldErrors {
  const organization_uid = organizationOf(request)?.uid;
  const other = request.state.collection("teams")
    .find([{ organization_uid, name }, ({ uid }) => uid !== self?.uid]);
  return other ? { name: ["A team with this name exists."] } : {};
}

function seed(state: State): void {
  const people = state.collection("users").filter();
  for (const organization of state.collection("organizations").filter()) {
    for (const [index, name] of ["Lidar", "Streets"].entries()) {
      const team = state.collection("teams").add(newTeam(state, organization, {
        name,
        color: index === 0 ? "#00aa88" : null,
        created_at: CREATED,
        updated_at: UPDATED,
      }));
      for (const [place, { uid }] of people.slice(index, index + 3).entries()) {
        const role = place === 0 ? "lead" : "member";
        state.collection("teamMembers").add(newPlace(team, uid, role, CREATED));
      }
    }
  }
}
