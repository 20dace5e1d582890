/**
 * An API with one dataset, and the storage of its files.
 *
 * @module
 */

import { createServer } from "node:http";
import { type RangeServer, serveRanges } from "./range_server.ts";

/** An item, and the bytes behind its address. */
export interface ServedItem {
  /** Unique id. */
  uid: string;
  /** Its key. */
  key: string | null;
  /** How many bytes it has. */
  size: number;
  /** Version of its bytes. */
  seed: number;
  /** When the item last changed. */
  updatedAt: string | null;
  /** Unique id of its sequence. */
  sequence?: string;
  /** Further fields of its record. */
  more?: { [wire: string]: unknown };
}

/** A running server. */
export interface DatasetServer {
  /** Address of the API. */
  baseUrl: string;
  /** The storage. */
  storage: RangeServer;
  /** The items; may be changed at any time. */
  items: ServedItem[];
  /** Number of the signature that addresses have; older ones have expired. */
  signature: number;
  /** Whether items come without an address. */
  withoutAddress: boolean;
  /** Paths that the API was asked for. */
  calls: string[];
  /** Ends it. */
  [Symbol.asyncDispose](): Promise<void>;
}

const PAGE = 100;

/** Makes items of these sizes, by their keys. */
export function itemsOf(sizes: { [key: string]: number }): ServedItem[] {
  return Object.entries(sizes).map(([key, size], index) => ({
    uid: `item-${index}`,
    key,
    size,
    seed: index + 1,
    updatedAt: "2026-01-01T00:00:00Z",
  }));
}

/** Serves the dataset `ada/drive`. */
export async function serveDataset(
  items: ServedItem[],
): Promise<DatasetServer> {
  const served: Omit<DatasetServer, "baseUrl" | "storage"> = {
    items,
    signature: 1,
    withoutAddress: false,
    calls: [],
    [Symbol.asyncDispose]: async () => {
      await storage[Symbol.asyncDispose]();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  const byUid = (uid: string) => served.items.find((item) => item.uid === uid);
  const storage = await serveRanges({
    versionOf: (path) => {
      const item = byUid(path.split("/")[1] ?? "");
      const seed = item?.seed ?? 0;
      return { seed, etag: `"${item?.uid}-${seed}"` };
    },
  });
  const faultless = (path: string) => {
    const signed = Number(new URL(path, "http://x").searchParams.get("sig"));
    return signed === served.signature ? undefined : { status: 403 };
  };
  storage.behavior.fault = ({ path }) => faultless(path);
  const recordOf = (
    { uid, key, size, updatedAt, sequence, more }: ServedItem,
  ) => ({
    uid,
    key,
    url: served.withoutAddress
      ? null
      : `${storage.origin}/${uid}/${size}?sig=${served.signature}`,
    related_sequence_uid: sequence ?? null,
    updated_at: updatedAt,
    ...more,
  });
  const server = createServer(({ url = "" }, response) => {
    served.calls.push(url);
    const { pathname, searchParams } = new URL(url, "http://x");
    const [, uid] = /^\/api\/v1\/datasets\/ada\/drive\/items\/(?:([^/]+)\/)?$/
      .exec(pathname) ?? [pathname, "none"];
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (uid !== undefined) {
      const item = byUid(uid);
      if (item) reply(200, recordOf(item));
      else reply(404, { detail: "Not found." });
      return;
    }
    const from = Number(searchParams.get("cursor") ?? 0);
    const results = served.items.slice(from, from + PAGE).map(recordOf);
    const next = from + PAGE < served.items.length
      ? `http://x${pathname}?cursor=${from + PAGE}`
      : null;
    reply(200, { next, previous: null, results });
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return Object.assign(served, {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    storage,
  });
}
