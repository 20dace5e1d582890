/**
 * The server of the benchmark, in a process of its own: 1 KB of JSON for every
 * request, or pages after a delay, or a recording's upload, which it throws away,
 * or a large file. Prints its base URL.
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

Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/api/v1`),
  },
  (request) => {
    if (request.url.includes("/datasets/")) {
      return new Response(dataset, { headers });
    }
    const url = new URL(request.url);
    if (url.pathname.includes("/projects/")) return list(url);
    if (url.pathname.includes("/storage/")) return swallow(request);
    return url.pathname.endsWith("/file") ? largeFile() : upload(request, url);
  },
);
