/**
 * The emulated route of bulk edits.
 *
 * @module
 */

import { isJsonObject } from "../../wire/codec.ts";
import type { WireRecord } from "../engine/collection.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
} from "../engine/fields.ts";
import { type EmulatedResponse, respond } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import type { State } from "../engine/state.ts";
import { withDataset } from "./datasets/paths.ts";
import { unknownText } from "./references.ts";

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
    handle: withDataset(edit),
  }],
};

function edit(
  { entries, state }: EmulatedRequest,
  dataset: WireRecord,
): EmulatedResponse {
  if (dataset.data_type !== "lidar") {
    return { status: 400, body: ["Only LiDAR datasets can be edited."] };
  }
  const errors = entries.map((entry) => entryErrors(entry, dataset, state));
  // assumption: one bad entry refuses the whole batch
  if (errors.some((found) => Object.keys(found).length > 0)) {
    return { status: 400, body: errors };
  }
  for (const entry of entries) apply(entry as WireRecord, dataset, state);
  return respond({ updated: entries.length });
}

function entryErrors(
  entry: unknown,
  dataset: WireRecord,
  state: State,
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
  const { uid } = dataset;
  if (item !== null && state.collection("items").get(item)?.dataset !== uid) {
    errors.dataset_item_uid ??= unknownText(item);
  }
  const found = state.collection("sequences").get(sequence);
  if (sequence !== null && found?.dataset_uid !== uid) {
    errors.sequence_uid ??= unknownText(sequence);
  }
  return errors;
}

/** Objects are kept by their uuid, so that a repeat changes nothing. */
function apply(entry: WireRecord, dataset: WireRecord, state: State): void {
  const objects = state.collection("annotationObjects");
  const items = state.collection("items");
  const { action, object_uuid, dataset_item_uid, object_data } = entry;
  const uuid = String(object_uuid);
  const uid = `${dataset.uid} ${uuid}`;
  const before = objects.get(uid);
  const item = items.get(before?.dataset_item_uid ?? dataset_item_uid);
  const { [uuid]: _, ...others } = { ...item?.annotations as WireRecord };
  const isKept = action === "upsert";
  if (isKept) objects.add({ ...entry, uid });
  else objects.delete(uid);
  if (item) {
    // assumption: an item shows its objects by their uuid
    items.update(item, {
      annotations: isKept ? { ...others, [uuid]: object_data } : others,
    });
  }
  const { annotations_count } = state.collection("datasets").get(dataset.uid) ??
    dataset;
  state.collection("datasets").update(dataset, {
    annotations_count: Number(annotations_count) + Number(isKept) -
      Number(before !== undefined),
  });
}
