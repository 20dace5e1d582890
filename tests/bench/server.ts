/**
 * The server of the benchmark, in a process of its own: 1 KB of JSON for every
 * request, or pages after a delay. Prints its base URL.
 *
 * @module
 */

import samples from "../contract/samples.json" with { type: "json" };
import { sleep } from "./measure.ts";

const dataset = JSON.stringify(samples.Dataset).replace(
  /\}$/,
  `,"padding":"${"x".repeat(400)}"}`,
);
const headers = { "content-type": "application/json" };

Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/api/v1`),
  },
  async ({ url }) => {
    if (!url.includes("/projects/")) return new Response(dataset, { headers });
    // a list of 200 pages, each after 20 ms
    await sleep(20);
    const page = Number(new URL(url).searchParams.get("cursor") ?? 1);
    const next = page < 200 ? `/api/v1/projects/?cursor=${page + 1}` : null;
    const results = [{ uid: `${page}` }];
    return Response.json({ next, previous: null, results });
  },
);
