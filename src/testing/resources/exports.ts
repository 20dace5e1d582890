/**
 * Emulated routes of exports.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { crudRoutes } from "../engine/crud.ts";
import type { BodyFields } from "../engine/fields.ts";
import { fileResponse } from "../engine/file_response.ts";
import { notFound } from "../engine/responses.ts";
import type { EmulatedResource } from "../engine/router.ts";
import { CREATED, type State, UPDATED } from "../engine/state.ts";
import { announce } from "./events.ts";

const collection = "exports";
const SOURCES = ["project", "dataset", "projects", "datasets", "slices"];
const FIELDS: BodyFields = {
  project: { type: "string" },
  dataset: { type: "string" },
  name: { type: "string", maxLength: 255 },
  format: { type: "string", choices: ["avala-json-external", "YOLO"] },
  datasets: { type: "array", items: "string" },
  projects: { type: "array", items: "string" },
  slices: { type: "array", items: "string" },
  filter_query_string: { type: "string" },
};
const TOTAL_TASKS = 40;

/** Exports and their results. */
export const EXPORTS: EmulatedResource = {
  routes: crudRoutes({
    path: "/exports/",
    collection,
    read: (record, { state }) => goOn(record, state, 1),
    show: (record, { url }) => show(record, url.origin),
    create: {
      fields: FIELDS,
      // assumption: what a source names is not looked up
      check: (given) =>
        SOURCES.some((source) => isGiven(given[source]))
          ? {}
          : { non_field_errors: ["Give a project, dataset or slice."] },
      make: (given, { url, state }) =>
        newExport(state, { ...given, origin: url.origin }),
    },
  }),
  results: [{
    method: "GET",
    path: "/exports/{uid}/download",
    handle: ({ params, headers, state }) => {
      const record = state.collection(collection).get(params.uid);
      if (record?.status !== "exported") return notFound();
      return fileResponse({
        bytes: new TextEncoder().encode(JSON.stringify({
          export: record.uid,
          items: itemsOf(record, state),
        })),
        type: "application/json",
        updatedAt: record.updated_at,
      }, headers);
    },
  }],
  seed,
  models: {
    exports: {
      collection,
      fields: {
        name: FIELDS.name!,
        format: FIELDS.format!,
        organization: { type: "any" },
      },
      make: (given, state) => {
        const { origin: _, ...record } = newExport(state, given);
        return { ...record, ...given };
      },
    },
  },
  advance: (state, steps) => {
    for (const record of state.collection(collection).filter()) {
      goOn(record, state, steps);
    }
  },
};

function isGiven(source: unknown): boolean {
  return Array.isArray(source) ? source.length > 0 : Boolean(source);
}

function newExport(state: State, given: WireRecord): WireRecord {
  const { project, dataset, datasets, projects, slices } = given;
  return {
    uid: state.newUid(),
    status: "requested",
    download_url: null,
    name: given.name ?? null,
    format: given.format ?? "avala-json-external",
    filter_query_string: given.filter_query_string ?? null,
    total_task_count: TOTAL_TASKS,
    exported_task_count: 0,
    datasets: datasets ?? (dataset ? [dataset] : []),
    slices: slices ?? [],
    projects: projects ?? (project ? [project] : []),
    organization: null,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    // where it was asked for: nobody else tells where the result is
    origin: given.origin ?? "https://api.avala.ai",
  };
}

/** The items of the datasets; every item for any other source. */
function itemsOf(record: WireRecord, state: State): WireRecord[] {
  const datasets = record.datasets as unknown[];
  const items = state.collection("items");
  const found = datasets.length === 0
    ? items.filter()
    : datasets.flatMap((dataset) => items.filter({ dataset }));
  return found.map(({ stored_key: _, ...item }) => item);
}

/** Lets an export that has not ended go on by some reads. */
function goOn(record: WireRecord, state: State, steps: number): WireRecord {
  if (record.status === "exported" || record.status === "failed") return record;
  const reads = state.countRead(record.uid, steps);
  const share = Math.min(1, reads / state.pollsUntilExported);
  // assumption: an export fails when its name says so
  const end = String(record.name).includes("fail") ? "failed" : "exported";
  const updated = state.collection(collection).update(record, {
    exported_task_count: Math.floor(TOTAL_TASKS * share),
    updated_at: state.timestamp(),
    status: share === 1 ? end : reads <= 1 ? "pending" : "processing",
  });
  if (share < 1) return updated;
  const { uid, status, download_url, format, created_at } = show(
    updated,
    updated.origin,
  );
  announce(
    state,
    status === "failed" ? "export.failed" : "export.completed",
    { uid, status, download_url, format, created_at },
    (record.projects as unknown[])[0],
  );
  return updated;
}

/** Adds where the result is, on the host that was asked. */
function show({ origin: _, ...record }: WireRecord, host: unknown): WireRecord {
  const download_url = record.status === "exported"
    ? `${host}/exports/${record.uid}/download`
    : null;
  return { ...record, download_url };
}

function seed(state: State): void {
  const dataset = state.collection("datasets").find({ data_type: "image" })
    ?.uid;
  state.collection(collection).add({
    ...newExport(state, { dataset, name: "Night run" }),
    status: "exported",
    exported_task_count: TOTAL_TASKS,
    created_at: CREATED,
    updated_at: UPDATED,
  });
}
