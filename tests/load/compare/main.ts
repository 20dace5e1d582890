/**
 * What a client does when a server misbehaves, on one runtime: prints each case as
 * a line of JSON. The argument is the official SDK's bundle, which takes part.
 *
 * @module
 */

import process from "node:process";
import { inspect } from "node:util";
import { AsyncClient } from "@avala/client";
import {
  type Misbehavior,
  startFaultServer,
} from "../../servers/fault_server.ts";

const [officialPath = ""] = process.argv.slice(2);
process.env.AVALA_ALLOW_INSECURE_BASE_URL = "1";
const { default: Official } = await import(officialPath);
const apiKey = "avk_compare_0123456789";
const timeout = 500;

/** What both clients have. */
interface Client {
  tasks: {
    list(options?: object): PromiseLike<{ items: unknown[] }>;
  };
  datasets: {
    listItems(
      owner: string,
      slug: string,
    ): PromiseLike<{ items: { metadata: unknown }[] }>;
  };
  exports: {
    create(options: { name: string; dataset: string }): Promise<unknown>;
  };
  close?(): void;
}

/** A client that takes part. */
type Make = (baseUrl: string) => Client;

const clients: Make[] = [
  (baseUrl) => new Official({ apiKey, baseUrl, timeout }),
  (baseUrl) => new AsyncClient({ apiKey, baseUrl, timeout }) as Client,
];

/** What is called; a text that it gives is shown. */
type Use = (client: Client) => PromiseLike<unknown>;

const list: Use = (client) =>
  client.tasks.list().then(({ items }) => `${items.length} items`);
const body = JSON.stringify({ next: null, previous: null, results: [] });
const well: Misbehavior = { body };
const detail = JSON.stringify({ detail: "Wait." });
const inAMinute = new Date(Date.now() + 90_000).toUTCString();

/** Prints what each client made of a script, and how many requests it sent. */
async function row(
  name: string,
  script: (baseUrl: string) => Misbehavior[],
  use: Use,
  keepAlive = false,
): Promise<void> {
  const cells: string[] = [];
  for (const make of clients) {
    const entries: Misbehavior[] = [];
    await using server = await startFaultServer(entries, { keepAlive });
    entries.push(...script(server.baseUrl));
    const client = make(server.baseUrl);
    const outcome = await Promise.resolve(use(client)).then(
      String,
      (error) => {
        const { retryAfter } = error;
        return typeof retryAfter === "number"
          ? `${error.name}, retryAfter ${Math.round(retryAfter)}`
          : error.name;
      },
    );
    client.close?.();
    cells.push(`${outcome}, ${server.seen.length} sent`);
  }
  console.log(JSON.stringify([name, ...cells]));
}

const CREATIONS = 20;

await row(
  `${CREATIONS} creations without a response`,
  () => Array.from({ length: 200 }, () => ({ cut: "before" as const })),
  async (client) => {
    for (let i = 0; i < CREATIONS; i++) {
      await client.exports.create({ name: "n", dataset: "d" }).catch(() => {});
    }
    return "errors";
  },
);
// what Deno sends again by itself: a request on a connection that was used before
await row(
  "a read, then a creation without a response",
  () => [well, { cut: "before" }, { cut: "before" }, { cut: "before" }],
  async (client) => {
    await client.tasks.list();
    return await client.exports.create({ name: "n", dataset: "d" });
  },
  true,
);
await row("a read without a response", () => [{ cut: "before" }, well], list);
await row("a read cut in its body", () => [{ body, cut: "body" }, well], list);
await row("a body that stalls", () => [{ body, hang: "body" }, well], list);
await row("503", () => [{ status: 503, body: detail }, well], list);
await row("429, Retry-After: 1", () => [
  { status: 429, body: detail, headers: { "retry-after": "1" } },
  well,
], list);
await row("429, Retry-After: a date 90 s from now", () => [
  { status: 429, body: detail, headers: { "retry-after": inAMinute } },
  well,
], list);
await row(
  "a next page that is the same again",
  (baseUrl) =>
    Array.from({ length: 100 }, () => ({
      body: JSON.stringify({
        next: `${baseUrl}/tasks/?cursor=same`,
        previous: null,
        results: [{ uid: "a" }],
      }),
    })),
  async (client) => {
    if (client instanceof AsyncClient) {
      for await (const _ of client.tasks.list()) { /* to the end */ }
      return "ended";
    }
    let cursor: string | undefined;
    for (let page = 0; page < 50; page++) {
      const { nextCursor, hasMore } = await client.tasks.list({ cursor }) as {
        nextCursor?: string;
        hasMore?: boolean;
        items: unknown[];
      };
      if (!hasMore) return "ended";
      cursor = nextCursor;
    }
    return "stopped by hand";
  },
);
await row(
  "a misspelled option",
  () => [well],
  (client) =>
    client.tasks.list({ projct: "p" }).then(({ items }) =>
      `${items.length} items`
    ),
);
await row("metadata: { sensor_rig: 1 }", () => [{
  body: JSON.stringify({
    next: null,
    previous: null,
    results: [{ uid: "a", metadata: { sensor_rig: 1 } }],
  }),
}], async (client) => {
  const { items } = await client.datasets.listItems("o", "s");
  return JSON.stringify(items[0]?.metadata);
});
await row(
  "the key when the client is printed",
  () => [],
  (client) =>
    Promise.resolve(
      inspect(client, { depth: 9 }).includes(apiKey) ? "shown" : "hidden",
    ),
);
process.exit(0);
