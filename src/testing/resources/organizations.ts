/**
 * Emulated routes of organizations.
 *
 * @module
 */

import { accounts, callerOf } from "./accounts.ts";
import {
  type BodyFields,
  emailError,
  type FieldErrors,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import {
  addMember,
  asMember,
  findMember,
  freeSlug,
  removeMember,
} from "./membership.ts";
import {
  answer,
  done,
  type EmulatedRequest,
  type EmulatedResource,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/organizations/";
const ONE = `${PATH}{slug}/`;
const INDUSTRIES = ["robotics", "autonomous_vehicle", "ai_ml", "other"];

const FIELDS: BodyFields = {
  name: { type: "string", required: true },
  description: { type: "string" },
  logo: { type: "string" },
  website: { type: "string" },
  industry: { type: "string", choices: INDUSTRIES },
  email: { type: "string", check: emailError },
  phone: { type: "string" },
  visibility: { type: "string", choices: ["public", "private"] },
};
const UPDATE_FIELDS: BodyFields = { ...FIELDS, handle: { type: "string" } };

const ROUTES: Route[] = [
  {
    method: "GET",
    path: PATH,
    handle: (request) => {
      const { url, world } = request;
      const { uid } = callerOf(request);
      return pageAnswer(
        organizations(world).page(
          url,
          (organization) => Boolean(findMember(world, organization.uid, uid)),
          (organization) => show(organization, request),
        ),
      );
    },
  },
  {
    method: "POST",
    path: PATH,
    handle: (request) => {
      const { body, world } = request;
      const refusal = refuse(fieldErrors(body, FIELDS));
      if (refusal) return refusal;
      const now = world.timestamp();
      const organization = newOrganization(world, {
        ...pick(body, FIELDS),
        created_at: now,
        updated_at: now,
      });
      const { uid } = callerOf(request);
      addMember(world, organization.uid, uid, "owner", now);
      return answer(show(organization, request), 201);
    },
  },
  {
    method: "GET",
    path: `${PATH}industry-choices/`,
    handle: () =>
      // assumption: the shape of the choices is not documented
      answer(INDUSTRIES.map((value) => ({
        value,
        label: value.replaceAll("_", " "),
      }))),
  },
  {
    method: "GET",
    path: ONE,
    handle: asMember(
      "member",
      (request, organization) => answer(show(organization, request)),
    ),
  },
  {
    method: "PATCH",
    path: ONE,
    handle: asMember("admin", (request, organization) => {
      const { body, world } = request;
      const given = pick(body, UPDATE_FIELDS);
      const refusal = refuse({
        ...handleErrors(given, organization, world),
        ...fieldErrors(given, UPDATE_FIELDS, true),
      });
      if (refusal) return refusal;
      // assumption: neither a new name nor a new handle changes the slug
      Object.assign(organization, given, { updated_at: world.timestamp() });
      return answer(show(organization, request));
    }),
  },
  {
    method: "DELETE",
    path: ONE,
    handle: asMember("owner", ({ world }, organization) => {
      // assumption: what still owns datasets cannot be deleted
      if (count(world.datasets, "owner_name", organization.slug) > 0) {
        return refusal("An organization that owns datasets can't be deleted.");
      }
      for (const name of ["organizationInvitations", "teams"]) {
        const collection = world.collection(name);
        for (const record of collection.all()) {
          if (record.organization_slug === organization.slug) {
            collection.delete(String(record.uid));
          }
        }
      }
      for (const member of world.collection("organizationMembers").all()) {
        if (member.organization === organization.uid) {
          removeMember(world, member);
        }
      }
      organizations(world).delete(String(organization.uid));
      return done();
    }),
  },
  {
    method: "POST",
    path: `${ONE}leave/`,
    handle: asMember("member", ({ world }, _, member) => {
      // assumption: an organization always has an owner
      if (member.role === "owner") {
        return refusal("The owner can't leave. Transfer the ownership first.");
      }
      removeMember(world, member);
      return done();
    }),
  },
  {
    method: "POST",
    path: `${ONE}transfer-ownership/`,
    handle: asMember("owner", ({ body, world }, organization, member) => {
      const errors = fieldErrors(body, {
        new_owner_uid: { type: "string", required: true },
      });
      const next = findMember(world, organization.uid, body.new_owner_uid);
      if (!errors.new_owner_uid && (!next || next === member)) {
        errors.new_owner_uid = ["Pick another member of the organization."];
      }
      const refused = refuse(errors);
      if (refused || !next) return refused ?? done();
      next.role = "owner";
      // assumption: who gives the ownership away stays as an admin
      member.role = "admin";
      organization.updated_at = world.timestamp();
      return done();
    }),
  },
];

/** Organizations; their members, invitations and teams have files of their own. */
export const ORGANIZATIONS: EmulatedResource = { routes: ROUTES, seed };

function refusal(detail: string) {
  return { status: 400, body: { detail } };
}

function organizations(world: World): Collection {
  return world.collection("organizations");
}

function newOrganization(world: World, given: WireRecord): WireRecord {
  const taken = organizations(world).all().map(({ slug }) => slug);
  return organizations(world).add({
    uid: world.newUid(),
    slug: freeSlug(given.name, [...taken, "industry-choices"]),
    handle: null,
    description: null,
    logo: null,
    website: null,
    industry: null,
    email: null,
    phone: null,
    visibility: "private",
    plan: "basic",
    is_verified: false,
    is_active: true,
    slug_edits_remaining: 1,
    allowed_domains: [],
    billing_status: null,
    public_slug: null,
    readme: null,
    organization_type: null,
    x_url: null,
    hugging_face_url: null,
    github_url: null,
    linkedin_url: null,
    ...given,
  });
}

/** Adds what is counted, and what the organization is to the caller. */
function show(
  organization: WireRecord,
  request: EmulatedRequest,
): WireRecord {
  const { world } = request;
  const { uid, slug } = organization;
  const member = findMember(world, uid, callerOf(request).uid);
  return {
    ...organization,
    member_count: count(
      world.collection("organizationMembers"),
      "organization",
      uid,
    ),
    team_count: count(world.collection("teams"), "organization_uid", uid),
    dataset_count: count(world.datasets, "owner_name", slug),
    project_count: count(world.projects, "owner_name", slug),
    slice_count: count(world.collection("slices"), "owner_name", slug),
    role: member?.role ?? null,
    joined_at: member?.created_at ?? null,
  };
}

function count(collection: Collection, field: string, value: unknown): number {
  return collection.all().filter((record) => record[field] === value).length;
}

function handleErrors(
  { handle }: WireRecord,
  organization: WireRecord,
  world: World,
): FieldErrors {
  const taken = organizations(world).all().some((other) =>
    other !== organization && typeof handle === "string" &&
    other.handle === handle
  );
  return taken ? { handle: ["This handle is taken."] } : {};
}

function seed(world: World): void {
  const organization = newOrganization(world, {
    name: "Nordlicht Robotik",
    handle: "nordlicht-robotik",
    description: "Häfen und Straßen",
    website: "https://nordlicht.example",
    industry: "robotics",
    email: "hallo@nordlicht.example",
    plan: "pro",
    is_verified: true,
    allowed_domains: ["nordlicht.example"],
    created_at: CREATED,
    updated_at: UPDATED,
  });
  const roles = ["owner", "admin", "member", "member", "member"];
  for (const [index, { uid }] of accounts(world).all().entries()) {
    addMember(world, organization.uid, uid, roles[index] ?? "member", CREATED);
  }
}
