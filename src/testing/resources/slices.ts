/**
 * Emulated routes of slices and their items.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { type Crud, crudRoutes } from "../engine/crud.ts";
import {
  between,
  type BodyFields,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import {
  type EmulatedResponse,
  notFound,
  refuse,
  respond,
} from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import { OWNER, type State } from "../engine/state.ts";
import { callerOf } from "./accounts.ts";
import { showItem, showItemOf } from "./datasets/contents.ts";
import { freeSlug } from "./organizations/membership.ts";

const SLICE = "/slices/{owner}/{slug}/";
const collection = "slices";

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  visibility: {
    type: "string",
    required: true,
    choices: ["private", "public", "unlisted"],
  },
  sub_slices: { type: "array", required: true, items: "object" },
  organization: { type: "string" },
  random_selection_count: { type: "integer", check: between(1) },
};

const ITEMS = {
  collection: "items",
  guard: (request) => sliceOf(request) ? undefined : notFound(),
  within: (request) => {
    const chosen = new Set(sliceOf(request)?.items as string[]);
    return ({ uid }) => chosen.has(String(uid));
  },
} satisfies Partial<Crud>;

/** Saved selections of items. */
export const SLICES: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: "/slices/{owner}/list/",
      collection,
      list: "numbered",
      get: false,
      within: ({ params }) => ({ owner_name: params.owner }),
      show,
    }),
    ...crudRoutes({
      path: "/slices/{owner}/",
      one: "{slug}/",
      collection,
      list: "none",
      find: sliceOf,
      show,
    }),
    { method: "POST", path: "/slices/", handle: create },
    ...crudRoutes({
      ...ITEMS,
      path: `${SLICE}items/list/`,
      get: false,
      show: showItem,
    }),
    ...crudRoutes({
      ...ITEMS,
      path: `${SLICE}items/`,
      one: "{itemUid}/",
      list: "none",
      show: showItemOf,
    }),
  ],
  seed,
};

function sliceOf(
  { params: { owner, slug }, state }: EmulatedRequest,
): WireRecord | undefined {
  return state.collection(collection).find({ owner_name: owner, slug });
}

/** Which items it holds is kept beside what responses show of a slice. */
function show(
  { items, ...slice }: WireRecord,
  request: EmulatedRequest,
): WireRecord {
  const all = request.state.collection("items");
  const featured = (items as string[]).slice(0, 3).map((uid) => all.get(uid));
  return {
    ...slice,
    featured_slice_item_urls: featured.flatMap((item) =>
      item ? showItem(item, request).url : []
    ),
  };
}

function create(request: EmulatedRequest): EmulatedResponse {
  const { body, state } = request;
  const errors = fieldErrors(body, FIELDS);
  const organization = state.collection("organizations").find({
    slug: body.organization,
  });
  if (body.organization && !organization) {
    errors.organization ??= ["There is no such organization."];
  }
  const refusal = refuse(errors);
  if (refusal) return refusal;
  const owner = organization?.slug ?? callerOf(request).username;
  const slice = newSlice(state, owner, pick(body, FIELDS), organization);
  return respond(show(slice, request), 201);
}

function newSlice(
  state: State,
  owner: unknown,
  given: WireRecord,
  organization?: WireRecord,
): WireRecord {
  const { name, visibility, random_selection_count } = given;
  const subSlices = given.sub_slices as WireRecord[];
  // assumption: `dataset` is a unique id or a slug and stands for all of its
  // items; whatever else a part asks for is kept, but not understood
  const datasets = state.collection("datasets").filter(({ uid, slug }) =>
    subSlices.some(({ dataset }) => dataset === uid || dataset === slug)
  );
  const all = datasets.flatMap(({ uid }) =>
    state.collection("items").uids({ dataset: uid })
      .map((item) => ({ item, dataset: uid }))
  );
  const items = spread(all, Number(random_selection_count ?? all.length));
  const slices = state.collection(collection);
  const taken = slices.filter({ owner_name: owner }).map(({ slug }) => slug);
  return slices.add({
    uid: state.newUid(),
    name,
    slug: freeSlug(name, ["list", ...taken]),
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
    items: items.map(({ item }) => item),
  });
}

/** Picks that many entries at even distances: the same ones every time. */
function spread<T>(entries: readonly T[], count: number): T[] {
  return entries.filter((_, index) =>
    Math.floor(index * count / entries.length) <
      Math.floor((index + 1) * count / entries.length)
  );
}

function seed(state: State): void {
  newSlice(state, OWNER, {
    name: "Night drives",
    visibility: "private",
    sub_slices: [{
      dataset: "street-images",
      query: "label=Crane",
      filterOptions: { min_conf: 0.3, "tag.any": ["night"] },
    }],
    random_selection_count: 24,
  });
}
