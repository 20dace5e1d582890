/**
 * Saved selections of items across datasets.
 *
 * @example Walk the items of a slice
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [dataset] = (await client.datasets.list()).items;
 * const { ownerName } = dataset!;
 * const [slice] = (await client.slices.list(ownerName!)).items;
 * for await (const item of client.slices.listItems(ownerName!, slice!.slug!)) {
 *   console.log(item.key);
 * }
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
import {
  body,
  NUMBERED_PAGE,
  type NumberedPageOptions,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  positiveInteger,
  requiredList,
  requiredText,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";
import {
  type DatasetItem,
  type DatasetVisibility,
  decodeItem,
} from "./datasets/models.ts";

/** State of a slice. */
export type SliceStatus = Open<
  "ready"
>;

/** A saved selection of items across datasets. */
export interface Slice {
  /** Unique id of the slice. */
  uid: string;
  /** Display name. */
  name: string;
  /** URL name. */
  slug: string | null;
  /** User name or organization slug of the owner. */
  ownerName: string | null;
  /** Organization that owns the slice, the JSON of the server untouched. */
  organization: JsonObject | null;
  /** Who may read the slice. */
  visibility: DatasetVisibility | null;
  /** State. */
  status: SliceStatus | null;
  /** Number of items. */
  itemCount: number | null;
  /** Sources the slice is made of, your JSON untouched. */
  subSlices: JsonObject[] | null;
  /** JSON of the server, untouched. */
  sourceData: unknown;
  /** Addresses of preview images. */
  featuredSliceItemUrls: string[] | null;
}

/** A media item as seen through a slice. */
export type SliceItem = DatasetItem;

/** Options of {@linkcode AsyncSlices.create}. */
export interface CreateSliceOptions {
  /** Display name. */
  name: string;
  /** Who may read the slice. */
  visibility: DatasetVisibility;
  /** Sources the slice is made of, your JSON untouched. */
  subSlices: JsonObject[];
  /** Organization that owns the slice, the JSON of the server untouched. */
  organization?: string | undefined;
  /** Keep only this many items, picked at random. */
  randomSelectionCount?: number | undefined;
}

const decodeSlice = model<Slice>({
  uid: null,
  name: null,
  slug: null,
  ownerName: null,
  organization: null,
  visibility: null,
  status: null,
  itemCount: null,
  subSlices: null,
  sourceData: null,
  featuredSliceItemUrls: null,
});

const CREATE: OptionTable<CreateSliceOptions> = {
  name: requiredText,
  visibility: requiredText,
  subSlices: requiredList,
  organization: optional,
  randomSelectionCount: { check: positiveInteger },
};

/** Slices. */
export class AsyncSlices extends Resource {
  /**
   * Lists slices.
   *
   * @param owner User name or organization slug of the owner.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all slices when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    owner: string,
    options: NumberedPageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Slice> {
    const where = path("slices.list", "/slices/{owner}/list/", { owner });
    return this.pages(decodeSlice, where, NUMBERED_PAGE, options, request);
  }

  /**
   * Reads a slice.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the slice.
   * @param request Request options.
   * @returns The slice.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such slice.
   * @throws {AvalaError} If the request fails.
   */
  async get(
    owner: string,
    slug: string,
    request?: RequestOptions,
  ): Promise<Slice> {
    const where = path(
      "slices.get",
      "/slices/{owner}/{slug}/",
      { owner, slug },
    );
    return await this.one(decodeSlice, "GET", where, request);
  }

  /**
   * Creates a slice. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The slice.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateSliceOptions,
    request?: RequestOptions,
  ): Promise<Slice> {
    const where = path("slices.create", "/slices/");
    const input = body(CREATE, options);
    return await this.one(decodeSlice, "POST", where, request, input);
  }

  /**
   * Lists the items of a slice.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the slice.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all items when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listItems(
    owner: string,
    slug: string,
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<SliceItem> {
    const where = path(
      "slices.listItems",
      "/slices/{owner}/{slug}/items/list/",
      { owner, slug },
    );
    return this.pages(decodeItem, where, PAGE, options, request);
  }

  /**
   * Reads an item of a slice.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the slice.
   * @param itemUid Unique id of the item.
   * @param request Request options.
   * @returns The item.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such item.
   * @throws {AvalaError} If the request fails.
   */
  async getItem(
    owner: string,
    slug: string,
    itemUid: string,
    request?: RequestOptions,
  ): Promise<SliceItem> {
    const where = path(
      "slices.getItem",
      "/slices/{owner}/{slug}/items/{itemUid}/",
      { owner, slug, itemUid },
    );
    return await this.one(decodeItem, "GET", where, request);
  }
}
