/**
 * Emulated routes of datasets.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { contains, crudRoutes, equals } from "../../engine/crud.ts";
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
import { OWNER, type State } from "../../engine/state.ts";
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
import {
  eventOf,
  showItem,
  showItemOf,
  showSequence,
  showSequenceWithFrames,
} from "./contents.ts";
import { addImages, addLidar, MAKERS, newDataset } from "./samples.ts";

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
        name: contains,
        status: equals,
        visibility: equals,
      },
      read: (dataset, { state }) => goOn(dataset, state, 1),
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
      show: showSequence,
      detail: showSequenceWithFrames,
    }),
    {
      method: "POST",
      path: `${ONE}transfer/`,
      handle: withDataset(transfer),
    },
    { method: "GET", path: `${ONE}health/`, handle: withDataset(health) },
  ],
  makers: MAKERS,
  samples: {
    sequences: { count: 3, add: addLidar },
    items: { count: 250, add: addImages },
  },
  models: {
    datasets: {
      collection: "datasets",
      fields: {
        name: FIELDS.name!,
        slug: FIELDS.slug!,
        data_type: FIELDS.data_type!,
        owner_name: FIELDS.owner_name!,
      },
      make: (given, state) =>
        newDataset(state, { owner_name: OWNER, status: "created", ...given }),
    },
  },
  advance: (state, steps) => {
    const creating = { status: "creating" };
    for (const dataset of state.collection("datasets").filter(creating)) {
      goOn(dataset, state, steps);
    }
  },
};

/** Lets an import go on, if there is one. */
function goOn(dataset: WireRecord, state: State, steps: number): WireRecord {
  if (dataset.status !== "creating") return dataset;
  // assumption: an import is finished when it is read for the second time
  return state.countRead(dataset.uid, steps) < 2
    ? dataset
    : state.collection("datasets").update(dataset, { status: "created" });
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
