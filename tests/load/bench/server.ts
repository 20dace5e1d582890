/**
 * The server of the benchmark, in a process of its own: 1 KB of JSON for every
 * request, or pages after a delay, or a recording's upload, which it throws away,
 * or a dataset of small files, or a large file. Prints its base URL.
 *
 * @module
 */

import samples from "../../contract/samples.json" with { type: "json" };
import { sleep } from "./measure.ts";

const dataset = JSON.stringify(samples.Dataset).replace(
  /\}$/,
  `,"padding":"${"x".repeat(400)}"}`,
);
const headers = { "content-type": "application/json" };
const CHUNK = new Uint8Array(2 ** 16);
const CHUNKS = 4_096;

/** A list of 200 pages, each after 20 ms. */
async function list(url: URL): Promise<Response> {
  await sleep(20);
  const page = Number(url.searchParams.get("cursor") ?? 1);
  const next = page < 200 ? `/api/v1/projects/?cursor=${page + 1}` : null;
  const results = [{ uid: `${page}` }];
  return Response.json({ next, previous: null, results });
}

/** A recording that is being uploaded. */
const recording = { files: 0, bytes: 0, confirmed: 0, isOver: false };

/** The endpoints of a recording's upload, as far as a run without trouble needs. */
async function upload(request: Request, url: URL): Promise<Response> {
  const step = url.pathname.split("/").at(-2);
  const body = request.method === "POST" ? await request.json() : {};
  switch (step) {
    case "init":
      recording.files = body.files.length;
      recording.bytes = body.files.reduce(
        (sum: number, file: { size_bytes: number }) => sum + file.size_bytes,
        0,
      );
      recording.confirmed = 0;
      recording.isOver = false;
      break;
    case "urls":
      return Response.json({
        urls: body.file_paths.map((path: string) => ({
          path,
          put_url: `${url.origin}/api/v1/storage/${path}`,
          s3_key: `p/${path}`,
          headers: {},
        })),
      });
    case "confirm":
      recording.confirmed += body.files.length;
      break;
    case "finalize":
      recording.isOver = true;
  }
  return Response.json({
    uid: "session",
    session_uid: "session",
    s3_prefix: "p/",
    status: recording.isOver ? "completing" : "uploading",
    total_files: recording.files,
    total_bytes: recording.bytes,
    confirmed_files: recording.confirmed,
    total_confirmed: recording.confirmed,
    pending_paths: [],
  });
}

/** Throws a file away. */
async function swallow(request: Request): Promise<Response> {
  for await (const _ of request.body ?? []);
  return new Response(null, { headers: { etag: '"etag"' } });
}

function largeFile(): Response {
  let left = CHUNKS;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(CHUNK);
      else controller.close();
    },
  });
  const size = String(CHUNK.length * CHUNKS);
  return new Response(body, { headers: { "content-length": size } });
}

/** A page of a dataset with 10,000 items of 64 KiB. */
function items({ origin, searchParams }: URL): Response {
  const from = Number(searchParams.get("cursor") ?? 0);
  const to = from + Number(searchParams.get("limit") ?? 100);
  const results = Array.from({ length: to - from }, (_, index) => ({
    ...samples.DatasetItem,
    uid: `item-${from + index}`,
    key: `${from + index}.bin`,
    url: `${origin}/api/v1/storage/${from + index}`,
  }));
  const next = to < 10_000 ? `${origin}/?cursor=${to}` : null;
  return Response.json({ next, previous: null, results });
}

/** A file of 128 MiB, of which each response gives 16 MB in a second. */
function cappedFile({ headers }: Request): Response {
  const size = 128 * 2 ** 20;
  const [, first = "0", last] = /^bytes=(\d+)-(\d*)$/.exec(
    headers.get("range") ?? "",
  ) ?? [];
  const start = Number(first);
  const end = last ? Number(last) + 1 : size;
  const begun = performance.now();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const ahead = sent / 16_000 - (performance.now() - begun);
      if (ahead > 1) await sleep(ahead);
      const chunk = CHUNK.subarray(
        0,
        Math.min(CHUNK.length, end - start - sent),
      );
      sent += chunk.length;
      controller.enqueue(chunk);
      if (sent === end - start) controller.close();
    },
  });
  const isPart = headers.has("range");
  return new Response(body, {
    status: isPart ? 206 : 200,
    headers: {
      "content-length": String(end - start),
      "etag": '"1"',
      "accept-ranges": "bytes",
      ...(isPart && { "content-range": `bytes ${start}-${end - 1}/${size}` }),
    },
  });
}

Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/api/v1`),
  },
  (request) => {
    if (request.url.endsWith("/datasets/x/")) {
      return new Response(dataset, { headers });
    }
    const url = new URL(request.url);
    if (url.pathname.endsWith("/items/")) return items(url);
    if (url.pathname.includes("/projects/")) return list(url);
    if (url.pathname.includes("/storage/")) {
      return request.method === "GET"
        ? new Response(CHUNK, { headers: { etag: '"1"' } })
        : swallow(request);
    }
    if (url.pathname.endsWith("/capped")) return cappedFile(request);
    return url.pathname.endsWith("/file") ? largeFile() : upload(request, url);
  },
);
