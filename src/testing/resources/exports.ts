/**
 * Emulated routes of exports.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { crudRoutes } from "../engine/crud.ts";
import type { BodyFields } from "../engine/fields.ts";
import { type EmulatedResponse, notFound } from "../engine/responses.ts";
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
    read: (record, { url, state }) =>
      record.status === "exported" || record.status === "failed"
        ? record
        : progress(record, url, state),
    show: (record, { url }) => show(record, url),
    create: {
      fields: FIELDS,
      // assumption: what a source names is not looked up
      check: (given) =>
        SOURCES.some((source) => isGiven(given[source]))
          ? {}
          : { non_field_errors: ["Give a project, dataset or slice."] },
      make: (given, { state }) => newExport(state, given, state.timestamp()),
    },
  }),
  results: [{
    method: "GET",
    path: "/exports/{uid}/download",
    handle: async ({ params, headers, state }) => {
      const record = state.collection(collection).get(params.uid);
      if (record?.status !== "exported") return notFound();
      const bytes = new TextEncoder().encode(JSON.stringify({
        export: record.uid,
        items: itemsOf(record, state),
      }));
      return await fileResponse(bytes, String(record.updated_at), headers);
    },
  }],
  seed,
};

/** Responds with a file or, when the version asked for is still there, with a part of it. */
async function fileResponse(
  bytes: Uint8Array<ArrayBuffer>,
  updatedAt: string,
  asked: Headers,
): Promise<EmulatedResponse> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const hex = Array.from(
    new Uint8Array(digest, 0, 16),
    (byte) => byte.toString(16).padStart(2, "0"),
  );
  const version = {
    etag: `"${hex.join("")}"`,
    "last-modified": new Date(updatedAt).toUTCString(),
  };
  const common = {
    "content-type": "application/json",
    "accept-ranges": "bytes",
    ...version,
  };
  const ifRange = asked.get("if-range");
  const current = ifRange === null || Object.values(version).includes(ifRange);
  const range = /^bytes=(\d+)-(\d*)$/.exec(asked.get("range") ?? "");
  if (!range || !current) return { status: 200, body: bytes, headers: common };
  const first = Number(range[1]);
  const last = Math.min(Number(range[2] || Infinity), bytes.length - 1);
  if (first > last) {
    return {
      status: 416,
      body: null,
      headers: { "content-range": `bytes */${bytes.length}` },
    };
  }
  return {
    status: 206,
    body: bytes.slice(first, last + 1),
    headers: {
      ...common,
      "content-range": `bytes ${first}-${last}/${bytes.length}`,
    },
  };
}

function isGiven(source: unknown): boolean {
  return Array.isArray(source) ? source.length > 0 : Boolean(source);
}

function newExport(state: State, given: WireRecord, at: string): WireRecord {
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
    created_at: at,
    updated_at: at,
  };
}

/** The items of the datasets; every item for any other source. */
function itemsOf(record: WireRecord, state: State): WireRecord[] {
  const datasets = record.datasets as unknown[];
  return state.collection("items").filter((item) =>
    datasets.length === 0 || datasets.includes(item.dataset)
  );
}

/** Each read brings an export one step further. */
function progress(record: WireRecord, url: URL, state: State): WireRecord {
  const reads = state.countRead(record.uid);
  const share = Math.min(1, reads / state.pollsUntilExported);
  // assumption: an export fails when its name says so
  const end = String(record.name).includes("fail") ? "failed" : "exported";
  const updated = state.collection(collection).update(record, {
    exported_task_count: Math.floor(TOTAL_TASKS * share),
    updated_at: state.timestamp(),
    status: share === 1 ? end : reads === 1 ? "pending" : "processing",
  });
  if (share < 1) return updated;
  const { uid, status, download_url, format, created_at } = show(updated, url);
  announce(
    state,
    status === "failed" ? "export.failed" : "export.completed",
    { uid, status, download_url, format, created_at },
    (record.projects as unknown[])[0],
  );
  return updated;
}

/** Adds where the result is, on the host that was asked. */
function show(record: WireRecord, url: URL): WireRecord {
  const download_url = record.status === "exported"
    ? `${url.origin}/exports/${record.uid}/download`
    : null;
  return { ...record, download_url };
}

function seed(state: State): void {
  const dataset = state.collection("datasets").find({ data_type: "image" })
    ?.uid;
  state.collection(collection).add({
    ...newExport(state, { dataset, name: "Night run" }, CREATED),
    status: "exported",
    exported_task_count: TOTAL_TASKS,
    updated_at: UPDATED,
  });
}
