/**
 * Emulated routes of organizations; their members and teams have files of their
 * own.
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
import {
  failure,
  invalid,
  noContent,
  refuse,
  respond,
} from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";
import { callerOf } from "../accounts.ts";
import {
  addMember,
  asMember,
  findMember,
  freeSlug,
  membershipOf,
  organizationOf,
  removeMember,
  roleGuard,
} from "./membership.ts";

const PATH = "/organizations/";
const ONE = `${PATH}{slug}/`;
const collection = "organizations";
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

/** Organizations. */
export const ORGANIZATIONS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      get: false,
      within: (request) => {
        const { uid } = callerOf(request);
        return (organization) =>
          findMember(request.state, organization.uid, uid) !== undefined;
      },
      show,
      create: {
        fields: FIELDS,
        make: (given, { state }) => newOrganization(state, given),
        then: ({ uid, created_at }, request) =>
          addMember(
            request.state,
            uid,
            callerOf(request).uid,
            "owner",
            String(created_at),
          ),
      },
    }),
    ...crudRoutes({
      path: PATH,
      one: "{slug}/",
      collection,
      list: "none",
      guard: roleGuard("member", "admin"),
      find: organizationOf,
      show,
      // assumption: neither a new name nor a new handle changes the slug
      update: {
        fields: { ...FIELDS, handle: { type: "string" } },
        check: handleErrors,
      },
    }),
    {
      method: "GET",
      path: `${PATH}industry-choices/`,
      handle: () =>
        // assumption: the shape of the choices is not documented
        respond(INDUSTRIES.map((value) => ({
          value,
          label: value.replaceAll("_", " "),
        }))),
    },
    { method: "DELETE", path: ONE, handle: asMember("owner", remove) },
    {
      method: "POST",
      path: `${ONE}leave/`,
      handle: asMember("member", (request) => {
        const member = membershipOf(request)!;
        if (member.role === "owner") return ownerStays("can't leave");
        removeMember(request.state, member);
        return noContent();
      }),
    },
    {
      method: "POST",
      path: `${ONE}transfer-ownership/`,
      handle: asMember("owner", transferOwnership),
    },
  ],
  seed,
  models: {
    organizations: {
      collection,
      fields: FIELDS,
      make: (given, state) => newOrganization(state, given),
      // whoever sends requests with any key owns it
      then: ({ uid, created_at }, state) =>
        addMember(
          state,
          uid,
          state.collection("users").find()?.uid,
          "owner",
          String(created_at),
        ),
    },
  },
};

/**
 * Refuses what would leave an organization without an owner, which is assumed
 * to be impossible.
 *
 * @param what What the owner does instead.
 * @returns The response.
 */
export function ownerStays(what: string) {
  return failure(400, `The owner ${what}. Transfer the ownership first.`);
}

function newOrganization(state: State, given: WireRecord): WireRecord {
  const taken = state.collection(collection).filter().map(({ slug }) => slug);
  return {
    uid: state.newUid(),
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
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}

/** Adds what is counted, and what the organization is to the caller. */
function show(organization: WireRecord, request: EmulatedRequest): WireRecord {
  const { state } = request;
  const { uid, slug } = organization;
  const member = findMember(state, uid, callerOf(request).uid);
  const owned = { owner_name: slug };
  return {
    ...organization,
    member_count: state.collection("organizationMembers").count({
      organization: uid,
    }),
    team_count: state.collection("teams").count({ organization_uid: uid }),
    dataset_count: state.collection("datasets").count(owned),
    project_count: state.collection("projects").count(owned),
    slice_count: state.collection("slices").count(owned),
    role: member?.role ?? null,
    joined_at: member?.created_at ?? null,
  };
}

function handleErrors(
  { handle }: WireRecord,
  { state }: EmulatedRequest,
  { uid }: WireRecord,
): FieldErrors {
  const other = typeof handle === "string" &&
    state.collection(collection).find([{ handle }, (o) => o.uid !== uid]);
  return other ? { handle: ["This handle is taken."] } : {};
}

function remove({ state }: EmulatedRequest, { uid, slug }: WireRecord) {
  // assumption: what still owns datasets cannot be deleted
  if (state.collection("datasets").find({ owner_name: slug })) {
    return failure(400, "An organization that owns datasets can't be deleted.");
  }
  for (const name of ["organizationInvitations", "teams"] as const) {
    const records = state.collection(name);
    for (const record of records.filter({ organization_slug: slug })) {
      records.delete(record.uid);
    }
  }
  const members = state.collection("organizationMembers");
  for (const member of members.filter({ organization: uid })) {
    removeMember(state, member);
  }
  state.collection(collection).delete(uid);
  return noContent();
}

function transferOwnership(
  request: EmulatedRequest,
  organization: WireRecord,
) {
  const { body, state } = request;
  const refusal = refuse(fieldErrors(body, {
    new_owner_uid: { type: "string", required: true },
  }));
  if (refusal) return refusal;
  const owner = membershipOf(request)!;
  const next = findMember(state, organization.uid, body.new_owner_uid);
  if (!next || next.uid === owner.uid) {
    const text = "Pick another member of the organization.";
    return invalid({ new_owner_uid: [text] });
  }
  const members = state.collection("organizationMembers");
  members.update(next, { role: "owner" });
  // assumption: who gives the ownership away stays as an admin
  members.update(owner, { role: "admin" });
  state.collection(collection).update(organization, {
    updated_at: state.timestamp(),
  });
  return noContent();
}

function seed(state: State): void {
  const { uid } = state.collection(collection).add(newOrganization(state, {
    name: "Northlight Robotics",
    handle: "northlight-robotics",
    description: "Harbors and streets",
    website: "https://northlight.example",
    industry: "robotics",
    email: "hello@northlight.example",
    plan: "pro",
    is_verified: true,
    allowed_domains: ["northlight.example"],
    created_at: CREATED,
    updated_at: UPDATED,
  }));
  const roles = ["owner", "admin"];
  for (const [index, user] of state.collection("users").filter().entries()) {
    addMember(state, uid, user.uid, roles[index] ?? "member", CREATED);
  }
}
