/**
 * Edits of annotations in bulk.
 *
 * @module
 */

import { AvalaError, InvalidArgumentError } from "../errors.ts";
import type { RequestOptions } from "../http/request.ts";
import type { JsonObject, Open } from "../wire/codec.ts";
import {
  optional,
  type OptionTable,
  positiveInteger,
  refusal,
  requiredList,
  requiredText,
  toBody,
} from "../wire/options.ts";
import { path, segment } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** What to do with an object. */
export type BulkEditAction = Open<"upsert" | "delete">;

/** Kind of object. */
export type BulkEditObjectType = Open<
  "cuboid" | "cuboid 3d" | "point cloud polyline"
>;

/** One entry of a bulk edit. */
export interface BulkEditEntry {
  /** Whether to write or to delete the object. */
  action: BulkEditAction;
  /** UUID of the object; the server finds it by this, so a repeat changes nothing. */
  objectUuid: string;
  /** Kind of object: `cuboid` goes with `datasetItemUid`, the others with `sequenceUid`. */
  objectType: BulkEditObjectType;
  /** Unique id of the item; exactly one of this and `sequenceUid`. */
  datasetItemUid?: string | undefined;
  /** Unique id of the sequence; exactly one of this and `datasetItemUid`. */
  sequenceUid?: string | undefined;
  /** Geometry, sent as it is; needed to upsert. */
  objectData?: JsonObject | undefined;
  /** Name of the object. */
  objectName?: string | undefined;
  /** Its plural. */
  objectNamePlural?: string | undefined;
  /** Time spent. */
  duration?: number | undefined;
}

/** Options of {@linkcode AsyncAnnotations.bulkEdit}. */
export interface BulkEditOptions {
  /**
   * Edits per request. The Avala docs do not name the greatest number that the
   * server takes.
   *
   * @default {500}
   */
  chunkSize?: number | undefined;
}

/** What became of one chunk of a bulk edit. */
export interface BulkEditChunk {
  /** Index of the chunk, from 0. */
  index: number;
  /** The server's JSON as it is. */
  response: JsonObject;
}

/** Edits, also lazy or asynchronous ones. */
export type BulkEdits = Iterable<BulkEditEntry> | AsyncIterable<BulkEditEntry>;

const ENTRY: OptionTable<BulkEditEntry> = {
  action: requiredText,
  objectUuid: requiredText,
  objectType: requiredText,
  datasetItemUid: optional,
  sequenceUid: optional,
  objectData: optional,
  objectName: optional,
  objectNamePlural: optional,
  duration: optional,
};

const BATCH = { entries: { ...requiredList, fields: ENTRY } };

const BULK_EDIT: OptionTable<BulkEditOptions> = {
  chunkSize: { check: positiveInteger, local: true },
};

/** Annotations. */
export class AsyncAnnotations extends Resource {
  /**
   * Edits objects of a LiDAR dataset in one request. The server finds an object by
   * its UUID, so that a repeat leaves the same state.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param entries The edits.
   * @param request Request options.
   * @returns The server's JSON as it is.
   * @throws {InvalidArgumentError} If an argument or an edit is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If the request fails.
   */
  async bulkEditBatch(
    owner: string,
    slug: string,
    entries: readonly BulkEditEntry[],
    request?: RequestOptions,
  ): Promise<JsonObject> {
    const where = path(
      "annotations.bulkEditBatch",
      "/datasets/{owner}/{slug}/bulk-edition/",
      { owner, slug },
    );
    const input = {
      body: (method: string) => toBatch(method, entries),
      idempotent: true,
    };
    return await this.json("POST", where, request, input);
  }

  /**
   * Edits any number of objects of a LiDAR dataset, in chunks, one after the
   * other. The edits are taken lazily. A chunk that fails ends it; the chunks
   * before it stay applied, and the `batch` of the error tells the index of the
   * chunk and the edits that are left, to go on with.
   *
   * @example Go on after a failure
   * ```ts
   * import { AsyncClient, AvalaError, type BulkEditEntry } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const emulator = new AvalaEmulator();
   * const { fetch } = emulator;
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const place = ["northlight", "harbor-crane"] as const;
   * const [sequence] = (await client.datasets.listSequences(...place)).items;
   * const edits = ["a", "b", "c"].map((objectUuid): BulkEditEntry => ({
   *   action: "delete",
   *   objectUuid,
   *   objectType: "cuboid 3d",
   *   sequenceUid: sequence?.uid,
   * }));
   *
   * emulator.fault({ path: "bulk-edition", status: 403 });
   * try {
   *   for await (const { index } of client.annotations.bulkEdit(...place, edits)) {
   *     console.log(`chunk ${index} is applied`);
   *   }
   * } catch (error) {
   *   if (!(error instanceof AvalaError) || !error.batch) throw error;
   *   assertEquals(error.batch.index, 0);
   *   const left = error.batch.remaining as AsyncIterable<BulkEditEntry>;
   *   for await (const chunk of client.annotations.bulkEdit(...place, left)) {
   *     assertEquals(chunk.index, 0);
   *   }
   * }
   * ```
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param edits The edits: any iterable, also an asynchronous one.
   * @param options Size of a chunk.
   * @param request Options of every request.
   * @returns An iterator over the chunks that were applied; without edits, nothing is sent.
   * @throws {InvalidArgumentError} If an argument or an edit is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If a request fails.
   */
  async *bulkEdit(
    owner: string,
    slug: string,
    edits: BulkEdits,
    options: BulkEditOptions = {},
    request?: RequestOptions,
  ): AsyncGenerator<BulkEditChunk, void, undefined> {
    segment("annotations.bulkEdit", "owner", owner);
    segment("annotations.bulkEdit", "slug", slug);
    toBody("annotations.bulkEdit", BULK_EDIT, options);
    const chunkSize = options.chunkSize ?? 500;
    const source = iterate(edits);
    let index = 0;
    let failed = false;
    try {
      while (true) {
        const chunk: BulkEditEntry[] = [];
        while (chunk.length < chunkSize) {
          const { done, value } = await source.next();
          if (done) break;
          chunk.push(value);
        }
        if (chunk.length === 0) return;
        let response: JsonObject;
        try {
          response = await this.bulkEditBatch(owner, slug, chunk, request);
        } catch (error) {
          failed = true;
          if (error instanceof AvalaError) {
            error.batch = { index, remaining: chain(chunk, source) };
          }
          throw error;
        }
        yield { index, response };
        index++;
      }
    } finally {
      // after a failure the rest belongs to the caller
      if (!failed) await source.return?.();
    }
  }
}

/** The edits as they are sent, checked. */
function toBatch(method: string, entries: readonly BulkEditEntry[]): unknown {
  const { entries: wire } = toBody(method, BATCH, { entries });
  for (const [index, entry] of entries.entries()) {
    const name = `entries[${index}]`;
    const { action, datasetItemUid, sequenceUid, objectData } = entry;
    const isItem = datasetItemUid !== undefined;
    if (isItem === (sequenceUid !== undefined)) {
      throw new InvalidArgumentError(
        `Cannot call ${method} as '${name}' must name exactly one of 'datasetItemUid' and 'sequenceUid': current value has ${
          isItem ? "both" : "none"
        }`,
      );
    }
    if (action === "upsert" && !objectData) {
      throw refusal(
        method,
        `'${name}.objectData'`,
        "given to upsert",
        objectData,
      );
    }
  }
  return wire;
}

async function* iterate(
  edits: BulkEdits,
): AsyncGenerator<BulkEditEntry, void, undefined> {
  yield* edits;
}

async function* chain(
  chunk: BulkEditEntry[],
  rest: AsyncIterable<BulkEditEntry>,
): AsyncGenerator<BulkEditEntry, void, undefined> {
  yield* chunk;
  yield* rest;
}
