/**
 * Emulated routes of an organization's teams and their members.
 *
 * @module
 */

import { accounts } from "./accounts.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import { asMember, findMember, freeSlug, showMember } from "./membership.ts";
import {
  answer,
  done,
  type EmulatedAnswer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  numberedAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const TEAMS = "/organizations/{slug}/teams/";
const TEAM = `${TEAMS}{teamSlug}/`;
const MEMBERS = `${TEAM}members/`;

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

const ROUTES: Route[] = [
  {
    method: "GET",
    path: TEAMS,
    handle: asMember("member", ({ url, world }, organization) =>
      numberedAnswer(
        teams(world).numberedPage(
          url,
          (team) => team.organization_uid === organization.uid,
          (team) => showTeam(team, world),
        ),
      )),
  },
  {
    method: "POST",
    path: TEAMS,
    handle: asMember("admin", ({ body, world }, organization) => {
      const errors = fieldErrors(body, FIELDS);
      const refusal = refuse({
        ...nameErrors(world, organization, body.name),
        ...errors,
      });
      if (refusal) return refusal;
      const now = world.timestamp();
      const team = newTeam(world, organization, {
        ...pick(body, FIELDS),
        created_at: now,
        updated_at: now,
      });
      return answer(showTeam(team, world), 201);
    }),
  },
  {
    method: "GET",
    path: TEAM,
    handle: withTeam(
      "member",
      ({ world }, team) => answer(showTeam(team, world)),
    ),
  },
  {
    method: "PATCH",
    path: TEAM,
    handle: withTeam("admin", ({ body, world }, team, organization) => {
      const given = pick(body, FIELDS);
      const refusal = refuse({
        ...nameErrors(world, organization, given.name, team),
        ...fieldErrors(given, FIELDS, true),
      });
      if (refusal) return refusal;
      // assumption: a new name does not change the slug
      Object.assign(team, given, { updated_at: world.timestamp() });
      return answer(showTeam(team, world));
    }),
  },
  {
    method: "DELETE",
    path: TEAM,
    handle: withTeam("admin", ({ world }, team) => {
      for (const member of membersOf(world, team)) {
        places(world).delete(String(member.uid));
      }
      teams(world).delete(String(team.uid));
      return done();
    }),
  },
  {
    method: "GET",
    path: MEMBERS,
    handle: withTeam("member", ({ url, world }, team) =>
      numberedAnswer(
        places(world).numberedPage(
          url,
          (member) => member.team === team.uid,
          (member) => showMember(world, member),
        ),
      )),
  },
  {
    method: "POST",
    path: MEMBERS,
    handle: withTeam("admin", ({ body, world }, team, organization) => {
      const errors = fieldErrors(body, {
        user_uid: { type: "string", required: true },
        role: ROLE,
      });
      const { user_uid, role = "member" } = body;
      if (!errors.user_uid && !findMember(world, organization.uid, user_uid)) {
        errors.user_uid = ["This user is no member of the organization."];
      }
      if (findPlace(world, team, user_uid)) {
        errors.user_uid = ["This user is in the team already."];
      }
      const refusal = refuse(errors);
      if (refusal) return refusal;
      const now = world.timestamp();
      const member = addPlace(world, team, user_uid, role, now);
      return answer(showMember(world, member), 201);
    }),
  },
  {
    method: "DELETE",
    path: `${MEMBERS}{userUid}/`,
    handle: withTeam("admin", ({ params, world }, team) => {
      const member = findPlace(world, team, params.userUid);
      if (!member) return notFound();
      places(world).delete(String(member.uid));
      return done();
    }),
  },
  {
    method: "PATCH",
    path: `${MEMBERS}{userUid}/role/`,
    handle: withTeam("admin", ({ params, body, world }, team) => {
      const member = findPlace(world, team, params.userUid);
      if (!member) return notFound();
      const refusal = refuse(
        fieldErrors(body, { role: { ...ROLE, required: true } }),
      );
      if (refusal) return refusal;
      member.role = body.role;
      return done();
    }),
  },
];

/** Teams, and who is in them. */
export const ORGANIZATION_TEAMS: EmulatedResource = { routes: ROUTES, seed };

/** Makes the handler of a route below a team. */
function withTeam(
  least: "admin" | "member",
  handle: (
    request: EmulatedRequest,
    team: WireRecord,
    organization: WireRecord,
  ) => EmulatedAnswer,
): Route["handle"] {
  return asMember(least, (request, organization) => {
    const { params, world } = request;
    const team = teams(world).all().find((team) =>
      team.organization_uid === organization.uid &&
      team.slug === params.teamSlug
    );
    return team ? handle(request, team, organization) : notFound();
  });
}

function teams(world: World): Collection {
  return world.collection("teams");
}

/** The places of all teams, each with the account that has it. */
function places(world: World): Collection {
  return world.collection("teamMembers");
}

function membersOf(world: World, team: WireRecord): WireRecord[] {
  return places(world).all().filter((place) => place.team === team.uid);
}

function findPlace(
  world: World,
  team: WireRecord,
  user: unknown,
): WireRecord | undefined {
  return places(world).get(`${team.uid} ${user}`);
}

function addPlace(
  world: World,
  team: WireRecord,
  user: unknown,
  role: unknown,
  since: string,
): WireRecord {
  return places(world).add({
    uid: `${team.uid} ${user}`,
    organization: team.organization_uid,
    team: team.uid,
    user_uid: user,
    role,
    created_at: since,
  });
}

function newTeam(
  world: World,
  organization: WireRecord,
  given: WireRecord,
): WireRecord {
  const taken = teams(world).all().filter((team) =>
    team.organization_uid === organization.uid
  ).map(({ slug }) => slug);
  return teams(world).add({
    uid: world.newUid(),
    slug: freeSlug(given.name, taken),
    description: null,
    color: null,
    organization_uid: organization.uid,
    organization_slug: organization.slug,
    ...given,
  });
}

function showTeam(team: WireRecord, world: World): WireRecord {
  const organization = world.collection("organizations").get(
    String(team.organization_uid),
  );
  return {
    ...team,
    organization_name: organization?.name ?? null,
    member_count: membersOf(world, team).length,
  };
}

/** Two teams of an organization cannot have one name (an assumption). */
function nameErrors(
  world: World,
  organization: WireRecord,
  name: unknown,
  self?: WireRecord,
): FieldErrors {
  const taken = teams(world).all().some((team) =>
    team !== self && team.organization_uid === organization.uid &&
    team.name === name
  );
  return taken ? { name: ["A team with this name exists."] } : {};
}

function seed(world: World): void {
  const people = accounts(world).all();
  for (const organization of world.collection("organizations").all()) {
    for (const [index, name] of ["Lidar", "Straße"].entries()) {
      const team = newTeam(world, organization, {
        name,
        color: index === 0 ? "#00aa88" : null,
        created_at: CREATED,
        updated_at: UPDATED,
      });
      for (const [place, { uid }] of people.slice(index, index + 3).entries()) {
        addPlace(world, team, uid, place === 0 ? "lead" : "member", CREATED);
      }
    }
  }
}
