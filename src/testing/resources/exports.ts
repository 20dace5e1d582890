/**
 * Emulated routes of exports.
 *
 * @module
 */

import {
  answer,
  type EmulatedResource,
  notFound,
  pageAnswer,
  type Route,
} from "../router.ts";
import type { WireRecord } from "../store.ts";
import type { World } from "../world.ts";

const SOURCES = ["project", "dataset", "projects", "datasets", "slices"];
const TOTAL_TASKS = 40;

const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/exports/",
    handle: ({ url, world }) => pageAnswer(world.exports.page(url)),
  },
  {
    method: "POST",
    path: "/exports/",
    handle: ({ body, world }) => {
      if (SOURCES.every((source) => body[source] === undefined)) {
        return {
          status: 400,
          body: { non_field_errors: ["Give a project, dataset or slice."] },
        };
      }
      const now = world.timestamp();
      const record = world.exports.add({
        uid: world.newUid(),
        status: "requested",
        download_url: null,
        name: body.name ?? null,
        format: body.format ?? "avala-json-external",
        filter_query_string: body.filter_query_string ?? null,
        total_task_count: TOTAL_TASKS,
        exported_task_count: 0,
        datasets: body.datasets ?? (body.dataset ? [body.dataset] : []),
        slices: body.slices ?? [],
        projects: body.projects ?? (body.project ? [body.project] : []),
        organization: null,
        created_at: now,
        updated_at: now,
      });
      return answer({ ...record }, 201);
    },
  },
  {
    method: "GET",
    path: "/exports/{uid}/",
    handle: ({ params, url, world }) => {
      const record = world.exports.get(params.uid ?? "");
      if (
        record && record.status !== "exported" && record.status !== "failed"
      ) {
        progress(record, url, world);
      }
      return answer(record);
    },
  },
];

/** The route of the result, which is outside the API's prefix. */
const DOWNLOAD_ROUTES: Route[] = [{
  method: "GET",
  path: "/exports/{uid}/download",
  handle: ({ params, headers, world }) => {
    const record = world.exports.get(params.uid ?? "");
    if (record?.status !== "exported") return notFound();
    const bytes = new TextEncoder().encode(JSON.stringify({
      export: record.uid,
      items: world.items.all(),
    }));
    const common = {
      "content-type": "application/json",
      "accept-ranges": "bytes",
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.get("range") ?? "");
    if (!range) return { status: 200, body: bytes, headers: common };
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
  },
}];

/** Exports and their results. */
export const EXPORTS: EmulatedResource = {
  routes: ROUTES,
  storage: DOWNLOAD_ROUTES,
};

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
  if (String(record.name).includes("fail")) record.status = "failed";
  else record.download_url = `${url.origin}/exports/${record.uid}/download`;
  const { uid, status, download_url, format, created_at } = record;
  world.deliver(
    status === "failed" ? "export.failed" : "export.completed",
    { uid, status, download_url, format, created_at },
  );
}
