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

import {
  NUMBERED_PAGE_PARAMETERS,
  type NumberedPageOptions,
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  positiveInteger,
  requiredList,
  requiredText,
  segment,
  toBody,
  toQuery,
} from "../wire/options.ts";
import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../wire/codec.ts";
import { listPages, type PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";
import type { DatasetVisibility } from "./datasets/models.ts";

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

/** One media item as seen through a slice; same shape as DatasetItem. */
export interface SliceItem {
  /** Numeric database id. */
  id: number | null;
  /** Unique id of the item. */
  uid: string;
  /** Storage key or file path of the item. */
  key: string | null;
  /** Unique id of the dataset the item belongs to. */
  dataset: string | null;
  /** Owner of the dataset; only on detail responses. */
  datasetOwnerName: string | null;
  /** Slug of the dataset; only on detail responses. */
  datasetSlug: string | null;
  /** Address of the media; may carry a signature: a secret. */
  url: string | null;
  /** Address of the GPU-compressed texture, when one was built. */
  gpuTextureUrl: string | null;
  /** Addresses of still thumbnails. */
  thumbnails: string[] | null;
  /** Address of an animated preview. */
  videoThumbnail: string | null;
  /** Your own metadata, untouched. */
  metadata: JsonObject | null;
  /** What an export would contain for this item. */
  exportSnippet: JsonObject | null;
  /** Annotation JSON keyed by the server. */
  annotations: JsonObject | null;
  /** Crop description. */
  cropData: JsonObject | null;
  /** Other items captured together with this one. */
  relatedItems: JsonObject[] | null;
  /** Unique id of the sequence this item is part of. */
  relatedSequenceUid: string | null;
  /** Hidden items are kept but left out of the normal views. */
  isHidden: boolean;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

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

const decodeSlice: Decode<Slice> = model<Slice>({
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

const decodeSliceItem: Decode<SliceItem> = model<SliceItem>({
  id: null,
  uid: null,
  key: null,
  dataset: null,
  datasetOwnerName: null,
  datasetSlug: null,
  url: null,
  gpuTextureUrl: null,
  thumbnails: null,
  videoThumbnail: null,
  metadata: null,
  exportSnippet: null,
  annotations: null,
  cropData: null,
  relatedItems: null,
  relatedSequenceUid: null,
  isHidden: false,
  createdAt: null,
  updatedAt: null,
});

const CREATE: Parameters<CreateSliceOptions> = {
  name: requiredText,
  visibility: requiredText,
  subSlices: requiredList,
  organization: optional,
  randomSelectionCount: { check: positiveInteger },
};

/** Slices. */
export class AsyncSlices {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

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
    return listPages(
      this.#transport,
      () => ({
        path: `/slices/${segment("owner", owner)}/list/`,
        query: toQuery(NUMBERED_PAGE_PARAMETERS, options),
      }),
      decodeSlice,
      request,
    );
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
    const path = `/slices/${segment("owner", owner)}/${segment("slug", slug)}/`;
    return await this.#transport.object(
      decodeSlice,
      { method: "GET", path },
      request,
    );
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
    return await this.#transport.object(decodeSlice, {
      method: "POST",
      path: "/slices/",
      body: toBody(CREATE, options),
    }, request);
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
    return listPages(
      this.#transport,
      () => ({
        path: `/slices/${segment("owner", owner)}/${
          segment("slug", slug)
        }/items/list/`,
        query: toQuery(PAGE_PARAMETERS, options),
      }),
      decodeSliceItem,
      request,
    );
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
    const path = `/slices/${segment("owner", owner)}/${
      segment("slug", slug)
    }/items/${segment("itemUid", itemUid)}/`;
    return await this.#transport.object(decodeSliceItem, {
      method: "GET",
      path,
    }, request);
  }
}
