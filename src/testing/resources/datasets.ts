/**
 * Emulated routes of datasets.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { passes } from "../engine/crud.ts";
import { datasetBySlug, withDataset, withSequence } from "./dataset_paths.ts";
import { announce } from "./events.ts";
import { type BodyFields, fieldErrors } from "../engine/fields.ts";
import { findMember, ROLES } from "./membership.ts";
import {
  answer,
  type EmulatedAnswer,
  type EmulatedRequest,
  type EmulatedResource,
  forbidden,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { newDataset, type World } from "../engine/state.ts";

const FILTERS = ["data_type", "name", "status", "visibility"];
const FIELDS: BodyFields = {
  name: { type: "string", required: true },
  slug: {
    type: "string",
    required: true,
    check: (value) =>
      /^[\w-]+$/.test(String(value))
        ? undefined
        : "Enter a valid slug of letters, digits, _ and -.",
  },
  data_type: {
    type: "string",
    required: true,
    choices: ["image", "video", "lidar", "mcap", "splat", "image_3d"],
  },
  visibility: { type: "string", choices: ["private", "public", "unlisted"] },
  create_metadata: { type: "boolean" },
  provider_config: { type: "object" },
  owner_name: { type: "string" },
  organization_id: { type: "integer" },
  organization_uid: { type: "string" },
  gpu_texture_format: { type: "string" },
  metadata: { type: "object" },
  industry: { type: "integer" },
  license: { type: "integer" },
};
const TRANSFER_FIELDS: BodyFields = {
  organization_uid: { type: "string" },
  owner_username: { type: "string" },
};

const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/datasets/",
    handle: ({ url, world }) =>
      pageAnswer(
        world.datasets.page(url, (dataset) => passes(dataset, url, FILTERS)),
      ),
  },
  { method: "POST", path: "/datasets/", handle: create },
  {
    method: "GET",
    path: "/datasets/{uid}/",
    handle: ({ params, world }) => {
      const dataset = world.datasets.get(params.uid ?? "");
      // assumption: an import is finished when it is read for the second time
      if (
        dataset?.status === "creating" &&
        world.countRead(String(dataset.uid)) > 1
      ) dataset.status = "created";
      return answer(dataset);
    },
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/",
    handle: (request) => answer(datasetBySlug(request)),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/items/",
    handle: withDataset(({ url, world }, dataset) =>
      pageAnswer(world.items.page(url, (i) => i.dataset === dataset.uid))
    ),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/items/{itemUid}/",
    handle: withDataset(({ params, world }, dataset) => {
      const item = world.items.get(params.itemUid ?? "");
      return answer(item?.dataset === dataset.uid ? item : undefined);
    }),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/sequences/",
    handle: withDataset(({ url, world }, dataset) =>
      pageAnswer(world.sequences.page(
        url,
        (sequence) => sequence.dataset_uid === dataset.uid,
        withoutFrames,
      ))
    ),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/sequences/{sequenceUid}/",
    handle: withSequence((_, sequence) => answer(sequence)),
  },
  {
    method: "POST",
    path: "/datasets/{owner}/{slug}/transfer/",
    handle: withDataset(transfer),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/health/",
    handle: withDataset(({ world }, dataset) => {
      const sequences = world.sequences.all()
        .filter(({ dataset_uid }) => dataset_uid === dataset.uid)
        .map((sequence) => ({
          uid: sequence.uid,
          key: sequence.key,
          status: sequence.status,
          frame_count: sequence.number_of_frames,
          has_lidar_calibration: sequence.lidar_calibration_enabled,
          has_camera_calibration: sequence.camera_calibration_enabled,
        }));
      const frames = sequences.map(({ frame_count }) => Number(frame_count));
      return answer({
        dataset_uid: dataset.uid,
        dataset_slug: dataset.slug,
        dataset_status: dataset.status,
        item_count: dataset.item_count,
        sequence_count: sequences.length,
        total_frames: frames.reduce((sum, count) => sum + count, 0),
        s3_prefix: null,
        gc_storage_prefix: null,
        last_updated_at: dataset.updated_at,
        sequences,
        ingest_ok: true,
        issues: [],
        data_type: dataset.data_type,
        is_sequence: dataset.is_sequence,
      });
    }),
  },
];

/** Datasets with their items, sequences and frames. */
export const DATASETS: EmulatedResource = { routes: ROUTES };

function create(request: EmulatedRequest): EmulatedAnswer {
  const { body, world } = request;
  const errors = fieldErrors(body, FIELDS);
  const owner = ownerOf(request);
  if (owner === undefined) {
    // assumption: the owner is the caller or an organization of his
    const field = body.organization_uid ? "organization_uid" : "owner_name";
    errors[field] ??= ["Pick yourself or an organization of yours."];
  } else if (!errors.slug && isTaken(world, owner, body.slug)) {
    errors.slug = ["A dataset with this slug exists."];
  }
  const refusal = refuse(errors);
  if (refusal) return refusal;
  const now = world.timestamp();
  const { name, slug, data_type, visibility } = body;
  const dataset = world.datasets.add(newDataset(world, {
    name,
    slug,
    data_type,
    visibility: visibility ?? "private",
    status: "creating",
    owner_name: owner,
    project_count: 0,
    created_at: now,
    updated_at: now,
  }));
  announce(world, "dataset.created", eventOf(dataset));
  return answer({ ...dataset }, 201);
}

function transfer(
  request: EmulatedRequest,
  dataset: WireRecord,
): EmulatedAnswer {
  const { body, world } = request;
  const owned = [callerOf(request).username, ...slugs(request, ["owner"])];
  // assumption: who owns an organization owns its datasets
  if (!owned.includes(dataset.owner_name)) return forbidden();
  const { organization_uid, owner_username } = body;
  if ((organization_uid == null) === (owner_username == null)) {
    const text = "Give exactly one of organization_uid and owner_username.";
    return { status: 400, body: { non_field_errors: [text] } };
  }
  const errors = fieldErrors(body, TRANSFER_FIELDS);
  const [field, target] = organization_uid == null
    ? ["owner_username", selfOf(request, owner_username)]
    : ["organization_uid", organizationOf(request, organization_uid)];
  if (target === undefined) {
    errors[field] ??= ["Pick yourself or an organization of yours."];
  } else if (isTaken(world, target, dataset.slug)) {
    // assumption: a slug is unique under its owner, also after a transfer
    errors[field] ??= ["This owner has a dataset with this slug."];
  }
  const refusal = refuse(errors);
  if (refusal) return refusal;
  dataset.owner_name = target;
  dataset.updated_at = world.timestamp();
  for (const item of world.items.all()) {
    if (item.dataset === dataset.uid) item.dataset_owner_name = target;
  }
  announce(world, "dataset.updated", eventOf(dataset));
  return answer(dataset);
}

/** The slugs of the caller's organizations, or of those where he has a role. */
function slugs(
  request: EmulatedRequest,
  roles: readonly string[],
): unknown[] {
  const { uid } = callerOf(request);
  const { world } = request;
  return world.collection("organizations").all().filter((organization) => {
    const role = findMember(world, organization.uid, uid)?.role;
    return roles.includes(String(role));
  }).map(({ slug }) => slug);
}

/** Who shall own a dataset, as a body says; undefined for a stranger. */
function ownerOf(request: EmulatedRequest): unknown {
  const { organization_uid, owner_name } = request.body;
  if (organization_uid != null) {
    return organizationOf(request, organization_uid);
  }
  if (owner_name == null) return callerOf(request).username;
  return selfOf(request, owner_name) ??
    slugs(request, ROLES).find((slug) => slug === owner_name);
}

function selfOf(request: EmulatedRequest, name: unknown): unknown {
  return name === callerOf(request).username ? name : undefined;
}

function organizationOf(request: EmulatedRequest, uid: unknown): unknown {
  const found = request.world.collection("organizations").get(String(uid));
  return slugs(request, ROLES).find((slug) => slug === found?.slug);
}

function isTaken(world: World, owner: unknown, slug: unknown): boolean {
  return world.datasets.all().some((dataset) =>
    dataset.owner_name === owner && dataset.slug === slug
  );
}

/** What webhooks are told of a dataset. */
function eventOf(dataset: WireRecord): WireRecord {
  const { uid, name, owner_name, slug, data_type, item_count } = dataset;
  const { created_at, updated_at } = dataset;
  return {
    uid,
    name,
    owner: owner_name,
    slug,
    data_type,
    item_count,
    created_at,
    updated_at,
  };
}

function withoutFrames(sequence: WireRecord): WireRecord {
  const { frames: _, ...rest } = sequence;
  return rest;
}
