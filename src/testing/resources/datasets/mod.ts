/**
 * Emulated routes of datasets.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { crudRoutes, equals } from "../../engine/crud.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
} from "../../engine/fields.ts";
import {
  type EmulatedResponse,
  forbidden,
  invalid,
  refuse,
  respond,
} from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { CREATED, OWNER, type State, UPDATED } from "../../engine/state.ts";
import { callerOf } from "../accounts.ts";
import { announce } from "../events.ts";
import {
  FOREIGN_OWNER,
  isTaken,
  ownerField,
  ownerOf,
  ownName,
  ownOrganization,
} from "./owners.ts";
import { datasetGuard, datasetOf, withDataset } from "./paths.ts";
import { seedContents } from "./samples.ts";

const ONE = "/datasets/{owner}/{slug}/";
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

/** Datasets with their items, sequences and frames. */
export const DATASETS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: "/datasets/",
      collection: "datasets",
      filters: {
        data_type: equals,
        name: equals,
        status: equals,
        visibility: equals,
      },
      read: (dataset, { state }) =>
        // assumption: an import is finished when it is read for the second time
        dataset.status === "creating" && state.countRead(dataset.uid) > 1
          ? state.collection("datasets").update(dataset, { status: "created" })
          : dataset,
      create: {
        fields: FIELDS,
        check: ownerErrors,
        make: (given, request) =>
          newDataset(request.state, {
            name: given.name,
            slug: given.slug,
            data_type: given.data_type,
            visibility: given.visibility ?? "private",
            owner_name: ownerOf(request),
          }),
        then: (dataset, { state }) =>
          announce(state, "dataset.created", eventOf(dataset)),
      },
    }),
    {
      method: "GET",
      path: ONE,
      handle: (request) => respond(datasetOf(request)),
    },
    ...crudRoutes({
      path: `${ONE}items/`,
      one: "{itemUid}/",
      collection: "items",
      guard: datasetGuard,
      within: (request) => ({ dataset: datasetOf(request)?.uid }),
      show: showItem,
      detail: showItemOf,
    }),
    ...crudRoutes({
      path: `${ONE}sequences/`,
      one: "{sequenceUid}/",
      collection: "sequences",
      guard: datasetGuard,
      within: (request) => ({ dataset_uid: datasetOf(request)?.uid }),
      show: ({ frames: _, ...sequence }) => sequence,
      detail: (sequence) => sequence,
    }),
    {
      method: "POST",
      path: `${ONE}transfer/`,
      handle: withDataset(transfer),
    },
    { method: "GET", path: `${ONE}health/`, handle: withDataset(health) },
  ],
  seed,
};

/**
 * Makes a dataset of which the import has begun.
 *
 * @param state Where it is.
 * @param fields What is known of it.
 * @returns The dataset, which is in no collection yet.
 */
export function newDataset(state: State, fields: WireRecord): WireRecord {
  return {
    uid: state.newUid(),
    item_count: 0,
    status: "creating",
    is_sequence: fields.data_type !== "image",
    predefined_labels: [],
    visibility: "private",
    project_count: 0,
    size_bytes: 0,
    annotations_count: 0,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...fields,
  };
}

/**
 * Shows an item as lists do.
 *
 * @param item The item.
 * @returns What responses show of it.
 */
export function showItem(item: WireRecord): WireRecord {
  // the dataset is named with one item alone
  return { ...item, dataset_owner_name: null, dataset_slug: null };
}

/**
 * Shows an item with the names of its dataset.
 *
 * @param item The item.
 * @param request The request.
 * @returns What responses show of it.
 */
export function showItemOf(
  item: WireRecord,
  { state }: EmulatedRequest,
): WireRecord {
  const dataset = state.collection("datasets").get(item.dataset);
  return {
    ...item,
    dataset_owner_name: dataset?.owner_name ?? null,
    dataset_slug: dataset?.slug ?? null,
  };
}

function ownerErrors(given: WireRecord, request: EmulatedRequest): FieldErrors {
  const owner = ownerOf(request);
  // assumption: the owner is the caller or an organization of his
  if (owner === undefined) return { [ownerField(given)]: FOREIGN_OWNER };
  return isTaken(request.state, owner, given.slug)
    ? { slug: ["A dataset with this slug exists."] }
    : {};
}

function transfer(
  request: EmulatedRequest,
  dataset: WireRecord,
): EmulatedResponse {
  const { body, state } = request;
  const { owner_name, slug } = dataset;
  // assumption: who owns an organization owns its datasets
  const isOwner = owner_name === callerOf(request).username ||
    ownOrganization(request, { slug: owner_name }, "owner") !== undefined;
  if (!isOwner) return forbidden();
  const { organization_uid, owner_username } = body;
  if ((organization_uid == null) === (owner_username == null)) {
    const text = "Give exactly one of organization_uid and owner_username.";
    return invalid({ non_field_errors: [text] });
  }
  const refusal = refuse(fieldErrors(body, TRANSFER_FIELDS));
  if (refusal) return refusal;
  const [field, target] = organization_uid == null
    ? ["owner_username", ownName(request, owner_username)]
    : ["organization_uid", ownOrganization(request, { uid: organization_uid })];
  if (target === undefined) return invalid({ [field]: FOREIGN_OWNER });
  if (isTaken(state, target, slug)) {
    // assumption: a slug is unique under its owner, also after a transfer
    return invalid({ [field]: ["This owner has a dataset with this slug."] });
  }
  const transferred = state.collection("datasets").update(dataset, {
    owner_name: target,
    updated_at: state.timestamp(),
  });
  announce(state, "dataset.updated", eventOf(transferred));
  return respond(transferred);
}

function health(
  { state }: EmulatedRequest,
  dataset: WireRecord,
): EmulatedResponse {
  const sequences = state.collection("sequences")
    .filter({ dataset_uid: dataset.uid })
    .map((sequence) => ({
      uid: sequence.uid,
      key: sequence.key,
      status: sequence.status,
      frame_count: sequence.number_of_frames,
      has_lidar_calibration: sequence.lidar_calibration_enabled,
      has_camera_calibration: sequence.camera_calibration_enabled,
    }));
  return respond({
    dataset_uid: dataset.uid,
    dataset_slug: dataset.slug,
    dataset_status: dataset.status,
    item_count: dataset.item_count,
    sequence_count: sequences.length,
    total_frames: sequences.reduce(
      (sum, { frame_count }) => sum + Number(frame_count),
      0,
    ),
    s3_prefix: null,
    gc_storage_prefix: null,
    last_updated_at: dataset.updated_at,
    sequences,
    ingest_ok: true,
    issues: [],
    data_type: dataset.data_type,
    is_sequence: dataset.is_sequence,
  });
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

function seed(state: State): void {
  const known = {
    owner_name: OWNER,
    status: "created",
    project_count: 1,
    created_at: CREATED,
    updated_at: UPDATED,
  };
  const datasets = state.collection("datasets");
  const lidar = datasets.add(newDataset(state, {
    ...known,
    name: "Harbor crane",
    slug: "harbor-crane",
    data_type: "lidar",
    visibility: "public",
    item_count: 15,
    size_bytes: 73_400_320_001,
    predefined_labels: [{ label_name: "Crane", colorHex: "#0fa" }],
  }));
  const images = datasets.add(newDataset(state, {
    ...known,
    name: "Street images",
    slug: "street-images",
    data_type: "image",
    item_count: 250,
    size_bytes: 512_000_000,
  }));
  seedContents(state, lidar, images);
}
