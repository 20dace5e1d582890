/**
 * Items and sequences of one's own, by the slug of their dataset.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import {
  addRecord,
  COUNT,
  isCount,
  refusal,
  type SeedModel,
} from "../../engine/seed.ts";
import type { State } from "../../engine/state.ts";
import { SAMPLES, sampleSize } from "../../storage/content.ts";
import { generateImages, newItem, newSequence } from "./samples.ts";

const OBJECT = { type: "object" } as const;
const LIST = { type: "array" } as const;

const ITEM: SeedModel = {
  collection: "items",
  fields: {
    id: { type: "integer" },
    dataset: { type: "string" },
    dataset_owner_name: { type: "string" },
    dataset_slug: { type: "string" },
    thumbnails: { type: "array", items: "string" },
    metadata: OBJECT,
    export_snippet: OBJECT,
    annotations: OBJECT,
    crop_data: OBJECT,
    related_items: LIST,
  },
  make: ({ dataset_owner_name: _, dataset_slug: __, ...given }, state) => {
    const uid = given.uid ?? state.newUid();
    const name = String(given.key ?? "item.jpg").split("/").at(-1);
    return newItem({
      // without an address of its own, it has a sample file
      ...given.url == null && { stored_key: `${SAMPLES}items/${uid}/${name}` },
      ...given,
      uid,
    });
  },
};
const SEQUENCE: SeedModel = {
  collection: "sequences",
  fields: {
    predefined_labels: LIST,
    frames: LIST,
    crop_data: OBJECT,
    metrics: OBJECT,
    dataset_uid: { type: "string" },
    dataset_data_type: { type: "string" },
    camera_calibration: { type: "any" },
    sequence_status_workflow: { type: "any" },
    sequence_deliverable_workflow: { type: "any" },
  },
  make: (given, state) =>
    newSequence({
      uid: state.newUid(),
      number_of_frames: (given.frames as unknown[] | undefined)?.length ?? 0,
      ...given,
    }),
};

/** What a seed holds of the contents of datasets. */
export interface Contents {
  /** Items, or how many, by the slug of their dataset. */
  items?: number | { [slug: string]: unknown } | undefined;
  /** Sequences by the slug of their dataset. */
  sequences?: number | { [slug: string]: unknown } | undefined;
}

/**
 * Adds the items and sequences of a seed, and counts the items of datasets.
 *
 * @param state Where the datasets are.
 * @param contents What the seed holds.
 * @throws {ConfigurationError} If a dataset is unknown, or a record is wrong.
 */
export function addContents(state: State, contents: Contents): void {
  const items = bySlug(contents.items);
  const datasets = state.collection("datasets");
  // those that are made when they are asked for come before all others
  for (const dataset of datasets.filter()) {
    const { uid, slug, item_count } = dataset;
    const given = items.get(String(slug));
    const isThere = state.collection("items").find({ dataset: uid });
    if (Array.isArray(given) || isThere) continue;
    const count = given ?? item_count;
    if (!isCount(count)) {
      throw refusal(
        `items.${slug}`,
        `must be an array of records or ${COUNT}`,
        count,
      );
    }
    if (count > 0) generateImages(state, uid, count, "images");
    datasets.update(dataset, { item_count: count });
  }
  addAll(state, "items", ITEM, contents.items, ({ uid }) => ({ dataset: uid }));
  addAll(
    state,
    "sequences",
    SEQUENCE,
    contents.sequences,
    ({ uid, data_type }) => ({
      dataset_uid: uid,
      dataset_data_type: data_type,
    }),
  );
}

function addAll(
  state: State,
  name: string,
  model: SeedModel,
  given: unknown,
  belonging: (dataset: WireRecord) => WireRecord,
): void {
  const datasets = state.collection("datasets");
  for (const [slug, records] of bySlug(given)) {
    const place = `${name}.${slug}`;
    const dataset = datasets.find({ slug });
    if (!dataset) {
      const slugs = datasets.filter().map((known) => `'${known.slug}'`);
      throw refusal(
        place,
        `is of no dataset: there ${slugs.length > 0 ? "are" : "is"} ${
          slugs.join(", ") || "none"
        }`,
        records,
      );
    }
    if (!Array.isArray(records)) {
      if (name === "items") continue;
      throw refusal(place, "must be an array of records", records);
    }
    for (const [index, record] of records.entries()) {
      addRecord(state, model, record, `${place}[${index}]`, belonging(dataset));
    }
    if (name === "items") countItems(state, dataset, records.length, place);
  }
}

/** What a dataset says of its items is what its list gives. */
function countItems(
  state: State,
  dataset: WireRecord,
  count: number,
  place: string,
): void {
  const { uid, item_count, size_bytes } = dataset;
  if (item_count && item_count !== count) {
    throw refusal(
      place,
      `must have ${item_count} entries, as its dataset says`,
      count,
    );
  }
  const items = state.collection("items").filter({ dataset: uid });
  state.collection("datasets").update(dataset, {
    item_count: count,
    size_bytes: size_bytes || items.reduce(
      (sum, { stored_key }) =>
        sum + (typeof stored_key === "string" ? sampleSize(stored_key) : 0),
      0,
    ),
  });
}

function bySlug(given: unknown): Map<string, unknown> {
  return new Map(typeof given === "object" ? Object.entries(given ?? {}) : []);
}
