/**
 * Emulated routes of exports.
 *
 * @module
 */

import { announce } from "./events.ts";
import { type BodyFields, fieldErrors, pick } from "../engine/fields.ts";
import {
  answer,
  type EmulatedAnswer,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

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

const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/exports/",
    handle: ({ url, world }) =>
      pageAnswer(
        world.exports.page(url, undefined, (record) => show(record, url)),
      ),
  },
  {
    method: "POST",
    path: "/exports/",
    handle: ({ body, world }) => {
      const errors = fieldErrors(body, FIELDS);
      if (SOURCES.every((source) => !isGiven(body[source]))) {
        errors.non_field_errors = ["Give a project, dataset or slice."];
      }
      const refusal = refuse(errors);
      if (refusal) return refusal;
      // assumption: what a source names is not looked up
      const record = world.exports.add(
        newExport(world, pick(body, FIELDS), world.timestamp()),
      );
      return answer({ ...record }, 201);
    },
  },
  {
    method: "GET",
    path: "/exports/{uid}/",
    handle: ({ params, url, world }) => {
      const record = world.exports.get(params.uid ?? "");
      if (!record) return notFound();
      if (record.status !== "exported" && record.status !== "failed") {
        progress(record, url, world);
      }
      return answer(show(record, url));
    },
  },
];

/** The route of the result, which is outside the API's prefix. */
const DOWNLOAD_ROUTES: Route[] = [{
  method: "GET",
  path: "/exports/{uid}/download",
  handle: async ({ params, headers, world }) => {
    const record = world.exports.get(params.uid ?? "");
    if (record?.status !== "exported") return notFound();
    const bytes = new TextEncoder().encode(JSON.stringify({
      export: record.uid,
      items: itemsOf(record, world),
    }));
    return await fileAnswer(bytes, String(record.updated_at), headers);
  },
}];

/** Answers with a file or, when the version asked for is still there, with a part of it. */
async function fileAnswer(
  bytes: Uint8Array<ArrayBuffer>,
  updatedAt: string,
  asked: Headers,
): Promise<EmulatedAnswer> {
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

/** Exports and their results. */
export const EXPORTS: EmulatedResource = {
  routes: ROUTES,
  storage: DOWNLOAD_ROUTES,
  seed,
};

function isGiven(source: unknown): boolean {
  return Array.isArray(source) ? source.length > 0 : Boolean(source);
}

function newExport(world: World, given: WireRecord, at: string): WireRecord {
  const { project, dataset, datasets, projects, slices } = given;
  return {
    uid: world.newUid(),
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
function itemsOf(record: WireRecord, world: World): WireRecord[] {
  const datasets = record.datasets as unknown[];
  return world.items.all().filter((item) =>
    datasets.length === 0 || datasets.includes(item.dataset)
  );
}

/** Each read brings an export one step further. */
function progress(record: WireRecord, url: URL, world: World): void {
  const reads = world.countRead(String(record.uid));
  const share = Math.min(1, reads / world.pollsUntilExported);
  record.exported_task_count = Math.floor(TOTAL_TASKS * share);
  record.updated_at = world.timestamp();
  record.status = share < 1
    ? reads === 1 ? "pending" : "processing"
    : "exported";
  if (share < 1) return;
  // assumption: an export fails when its name says so
  if (String(record.name).includes("fail")) record.status = "failed";
  const { uid, status, download_url, format, created_at } = show(record, url);
  announce(
    world,
    status === "failed" ? "export.failed" : "export.completed",
    { uid, status, download_url, format, created_at },
    (record.projects as unknown[])[0],
  );
}

/** Adds where the result is, on the host that was asked. */
function show(record: WireRecord, url: URL): WireRecord {
  return record.status === "exported"
    ? {
      ...record,
      download_url: `${url.origin}/exports/${record.uid}/download`,
    }
    : record;
}

function seed(world: World): void {
  const images = world.datasets.all().find(({ data_type }) =>
    data_type === "image"
  );
  world.exports.add({
    ...newExport(world, { dataset: images?.uid, name: "Nachtlauf" }, CREATED),
    status: "exported",
    exported_task_count: TOTAL_TASKS,
    updated_at: UPDATED,
  });
}
