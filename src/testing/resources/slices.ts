/**
 * Emulated routes of slices and their items.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { type BodyFields, fieldErrors, pick } from "../engine/fields.ts";
import { freeSlug } from "./membership.ts";
import {
  answer,
  type EmulatedAnswer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  numberedAnswer,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { OWNER, type World } from "../engine/state.ts";

const SLICE = "/slices/{owner}/{slug}/";

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  visibility: {
    type: "string",
    required: true,
    choices: ["private", "public", "unlisted"],
  },
  sub_slices: { type: "array", required: true, items: "object" },
  organization: { type: "string" },
  random_selection_count: {
    type: "integer",
    check: (value) =>
      Number(value) < 1
        ? "Ensure this value is greater than or equal to 1."
        : undefined,
  },
};

const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/slices/{owner}/list/",
    handle: ({ params, url, world }) =>
      numberedAnswer(
        slices(world).numberedPage(
          url,
          ({ owner_name }) => owner_name === params.owner,
          withoutItems,
        ),
      ),
  },
  { method: "POST", path: "/slices/", handle: create },
  {
    method: "GET",
    path: SLICE,
    handle: withSlice((_, slice) => answer(withoutItems(slice))),
  },
  {
    method: "GET",
    path: `${SLICE}items/list/`,
    handle: withSlice(({ url, world }, slice) => {
      const chosen = new Set(slice.items as string[]);
      return pageAnswer(
        world.items.page(
          url,
          ({ uid }) => chosen.has(String(uid)),
          // the dataset is named with one item alone
          (item) => ({ ...item, dataset_owner_name: null, dataset_slug: null }),
        ),
      );
    }),
  },
  {
    method: "GET",
    path: `${SLICE}items/{itemUid}/`,
    handle: withSlice(({ params, world }, slice) => {
      const uid = params.itemUid ?? "";
      const chosen = (slice.items as string[]).includes(uid);
      return answer(chosen ? world.items.get(uid) : undefined);
    }),
  },
];

/** Saved selections of items. */
export const SLICES: EmulatedResource = { routes: ROUTES, seed };

function slices(world: World): Collection {
  return world.collection("slices");
}

function withSlice(
  handle: (request: EmulatedRequest, slice: WireRecord) => EmulatedAnswer,
): Route["handle"] {
  return (request) => {
    const { params, world } = request;
    const slice = slices(world).all().find((found) =>
      found.owner_name === params.owner && found.slug === params.slug
    );
    return slice ? handle(request, slice) : notFound();
  };
}

/** Which items it holds is kept beside what answers show of a slice. */
function withoutItems(slice: WireRecord): WireRecord {
  const { items: _, ...rest } = slice;
  return rest;
}

function create(request: EmulatedRequest) {
  const { body, world } = request;
  const errors = fieldErrors(body, FIELDS);
  const organization = world.collection("organizations").all()
    .find(({ slug }) => slug === body.organization);
  if (body.organization && !organization) {
    errors.organization ??= ["There is no such organization."];
  }
  const refusal = refuse(errors);
  if (refusal) return refusal;
  const owner = organization?.slug ?? callerOf(request).username;
  const slice = newSlice(world, owner, pick(body, FIELDS), organization);
  return answer(withoutItems(slice), 201);
}

function newSlice(
  world: World,
  owner: unknown,
  given: WireRecord,
  organization?: WireRecord,
): WireRecord {
  const { name, visibility, random_selection_count } = given;
  const subSlices = given.sub_slices as WireRecord[];
  // assumption: `dataset` is a unique id or a slug and stands for all of its
  // items; whatever else a part asks for is kept, but not understood
  const datasets = world.datasets.all().filter(({ uid, slug }) =>
    subSlices.some(({ dataset }) => dataset === uid || dataset === slug)
  );
  const all = world.items.all().filter(({ dataset }) =>
    datasets.some(({ uid }) => uid === dataset)
  );
  const items = spread(all, Number(random_selection_count ?? all.length));
  const taken = slices(world).all().filter(({ owner_name }) =>
    owner_name === owner
  );
  return slices(world).add({
    uid: world.newUid(),
    name,
    slug: freeSlug(name, ["list", ...taken.map(({ slug }) => slug)]),
    owner_name: owner,
    organization: organization
      ? {
        uid: organization.uid,
        displayName: organization.name,
        logo_url: organization.logo,
      }
      : null,
    visibility,
    status: "ready",
    item_count: items.length,
    sub_slices: subSlices,
    source_data: datasets.map(({ uid, slug }) => ({
      dataset_slug: slug,
      itemCount: items.filter(({ dataset }) => dataset === uid).length,
    })),
    featured_slice_item_urls: items.slice(0, 3).map(({ url }) => url),
    items: items.map(({ uid }) => String(uid)),
  });
}

/** Picks that many records at even distances: the same ones every time. */
function spread(records: readonly WireRecord[], count: number): WireRecord[] {
  return count >= records.length
    ? [...records]
    : records.filter((_, index) =>
      Math.floor(index * count / records.length) <
        Math.floor((index + 1) * count / records.length)
    );
}

function seed(world: World): void {
  newSlice(world, OWNER, {
    name: "Nachtfahrten",
    visibility: "private",
    sub_slices: [{
      dataset: "strassen-bilder",
      query: "label=Kran",
      filterOptions: { min_conf: 0.3, "tag.any": ["nacht"] },
    }],
    random_selection_count: 24,
  });
}
