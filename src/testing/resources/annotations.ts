/**
 * The emulated route of bulk edits.
 *
 * @module
 */

import { isJsonObject } from "../../wire/codec.ts";
import { datasetBySlug } from "./dataset_paths.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
} from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import type { World } from "../engine/state.ts";

const CUBOID = "cuboid";
const FIELDS: BodyFields = {
  action: { type: "string", required: true, choices: ["upsert", "delete"] },
  object_uuid: { type: "string", required: true },
  object_type: {
    type: "string",
    required: true,
    choices: [CUBOID, "cuboid 3d", "point cloud polyline"],
  },
  dataset_item_uid: { type: "string" },
  sequence_uid: { type: "string" },
  object_data: { type: "object" },
  object_name: { type: "string" },
  object_name_plural: { type: "string" },
  duration: { type: "number" },
};

/** Annotated objects. */
export const ANNOTATIONS: EmulatedResource = {
  routes: [{
    method: "POST",
    path: "/datasets/{owner}/{slug}/bulk-edition/",
    takesList: true,
    handle: edit,
  }],
};

function edit(request: EmulatedRequest) {
  const { entries, world } = request;
  const dataset = datasetBySlug(request);
  if (!dataset) return notFound();
  if (dataset.data_type !== "lidar") {
    return { status: 400, body: ["Only LiDAR datasets can be edited."] };
  }
  const errors = entries.map((entry) => entryErrors(entry, dataset, world));
  // assumption: one bad entry refuses the whole batch
  if (errors.some((found) => Object.keys(found).length > 0)) {
    return { status: 400, body: errors };
  }
  for (const entry of entries) apply(entry as WireRecord, dataset, world);
  return answer({ updated: entries.length });
}

function entryErrors(
  entry: unknown,
  dataset: WireRecord,
  world: World,
): FieldErrors {
  if (!isJsonObject(entry)) {
    return { non_field_errors: ["Expected an object."] };
  }
  const errors = fieldErrors(entry, FIELDS);
  const { action, object_type, object_data } = entry;
  if (action === "upsert" && !errors.object_data && object_data == null) {
    errors.object_data = ["This field is required."];
  }
  const item = entry.dataset_item_uid ?? null;
  const sequence = entry.sequence_uid ?? null;
  if ((item === null) === (sequence === null)) {
    errors.non_field_errors = [
      "Give exactly one of dataset_item_uid and sequence_uid.",
    ];
  } else if (!errors.object_type) {
    const needed = object_type === CUBOID ? "dataset_item_uid" : "sequence_uid";
    const given = item === null ? "sequence_uid" : "dataset_item_uid";
    if (needed !== given) {
      errors[needed] = [`An object of the type "${object_type}" needs this.`];
    }
  }
  if (item !== null && world.items.get(String(item))?.dataset !== dataset.uid) {
    errors.dataset_item_uid ??= [`Object with uid=${item} does not exist.`];
  }
  const found = world.sequences.get(String(sequence));
  if (sequence !== null && found?.dataset_uid !== dataset.uid) {
    errors.sequence_uid ??= [`Object with uid=${sequence} does not exist.`];
  }
  return errors;
}

/** Objects are kept by their uuid, so that a repeat changes nothing. */
function apply(entry: WireRecord, dataset: WireRecord, world: World): void {
  const objects = world.collection("annotationObjects");
  const { action, object_uuid, dataset_item_uid, object_data } = entry;
  const uid = String(object_uuid);
  const key = `${dataset.uid} ${uid}`;
  const before = objects.get(key);
  const item = world.items.get(
    String(before?.dataset_item_uid ?? dataset_item_uid),
  );
  const annotations = { ...(item?.annotations as WireRecord | undefined) };
  if (action === "upsert") {
    objects.add({ ...entry, uid: key });
    annotations[uid] = object_data;
  } else {
    objects.delete(key);
    delete annotations[uid];
  }
  // assumption: an item shows its objects by their uuid
  if (item) item.annotations = annotations;
  const change = Number(objects.get(key) !== undefined) -
    Number(before !== undefined);
  dataset.annotations_count = Number(dataset.annotations_count) + change;
}
