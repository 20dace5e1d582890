/**
 * The third step: a server that is out for a moment, and one that has had enough.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import type { Stage } from "./main.ts";
import { count, expect, row, step } from "./screen.ts";

/** Walks a list through a 503 and a 429. */
export async function survivesRefusals(stage: Stage): Promise<string> {
  step(
    "The server is out for a moment, then limits the rate",
    "While a list of 250 items is walked page by page, the server responds with",
    "503, then with 429 and `Retry-After: 1`.",
  );
  const { emulator, baseUrl } = stage;
  let retries = 0;
  await using client = new AsyncClient({
    apiKey: "avk_demo_key",
    baseUrl,
    allowInsecureBaseUrl: true,
    hooks: {
      onRetry: ({ error, waitMs }) => {
        retries++;
        row(`${error.statusCode}`, `again in ${Math.round(waitMs)} ms`);
      },
    },
  });
  emulator.fault({ path: "/items/", status: 503 });
  emulator.fault({ path: "/items/", status: 429, retryAfter: 1 });
  let items = 0;
  const limit = 50;
  for await (
    const _ of client.datasets.listItems("northlight", "street-images", {
      limit,
    })
  ) items++;
  row(
    "@avala/client",
    `${items} items, each once, on ${count(items / limit, "page")}`,
    true,
  );
  expect(items === 250 && retries === 2, "250 items and 2 retries");
  return "A 503 and a rate limit are waited out, as the server asks";
}
