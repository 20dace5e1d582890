/**
 * Datasets with their items, sequences and frames.
 *
 * @example Create a dataset and read others
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const created = await client.datasets.create({
 *   name: "Night drive",
 *   slug: "night-drive",
 *   dataType: "image",
 *   metadata: { sensor_rig: "rig-04" }, // yours: never renamed
 * });
 * await client.datasets.wait(created.uid);
 * for await (const dataset of client.datasets.list({ dataType: "lidar" })) {
 *   console.log(dataset.name, dataset.itemCount);
 * }
 * ```
 *
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  requiredText,
  segment,
  show,
  toBody,
  toQuery,
} from "../arguments.ts";
import type { Decode, JsonObject } from "../codec.ts";
import { InvalidArgumentError } from "../errors.ts";
import { listPages, type PagePromise } from "../pagination.ts";
import type { RequestOptions } from "../request.ts";
import type { Transport } from "../transport.ts";
import { waitFor, type WaitOptions } from "../waiting.ts";
import {
  type Dataset,
  type DatasetDataType,
  type DatasetHealth,
  type DatasetItem,
  type DatasetSequence,
  type DatasetStatus,
  type DatasetVisibility,
  decodeDataset,
  decodeHealth,
  decodeItem,
  decodeSequence,
} from "./dataset_models.ts";
import {
  type DatasetCalibration,
  type DatasetFrame,
  framesOf,
  toCalibration,
  toFrame,
} from "./frames.ts";

export type {
  Dataset,
  DatasetDataType,
  DatasetHealth,
  DatasetItem,
  DatasetSequence,
  DatasetStatus,
  DatasetVisibility,
  SequenceHealth,
  SequenceStatus,
} from "./dataset_models.ts";
export type {
  CalibrationUnavailableReason,
  Camera,
  CameraCalibration,
  CameraModel,
  DatasetCalibration,
  DatasetFrame,
  FrameImage,
  Quat,
  Vec3,
} from "./frames.ts";

/** Filters of {@linkcode AsyncDatasets.list}. */
export interface ListDatasetsOptions extends PageOptions {
  /** Only datasets with this kind of media. */
  dataType?: DatasetDataType | undefined;
  /** Only datasets with this name. */
  name?: string | undefined;
  /** Only datasets in this state. */
  status?: DatasetStatus | undefined;
  /** Only datasets that these may read. */
  visibility?: DatasetVisibility | undefined;
}

/** Options of {@linkcode AsyncDatasets.create}. */
export interface CreateDatasetOptions {
  /** Display name. */
  name: string;
  /** URL name, unique under its owner. */
  slug: string;
  /** Kind of media. */
  dataType: DatasetDataType;
  /**
   * Who may read the dataset.
   *
   * @default {"private"}
   */
  visibility?: DatasetVisibility | undefined;
  /**
   * Have the server write metadata files.
   *
   * @default {true}
   */
  createMetadata?: boolean | undefined;
  /** Where the files are: provider, bucket, credentials, …; sent as it is. */
  providerConfig?: JsonObject | undefined;
  /** User name or organization slug of the owner. */
  ownerName?: string | undefined;
  /** Numeric id of the owning organization. */
  organizationId?: number | undefined;
  /** Unique id of the owning organization. */
  organizationUid?: string | undefined;
  /** Format of GPU-compressed textures. */
  gpuTextureFormat?: string | undefined;
  /** Your own metadata; sent as it is. */
  metadata?: JsonObject | undefined;
  /** Numeric id of an industry. */
  industry?: number | undefined;
  /** Numeric id of a license. */
  license?: number | undefined;
}

/** Options of {@linkcode AsyncDatasets.wait}. */
export interface WaitDatasetOptions extends WaitOptions<Dataset> {
  /**
   * The state to wait for.
   *
   * @default {"created"}
   */
  status?: DatasetStatus | undefined;
}

const LIST: Parameters<ListDatasetsOptions> = {
  dataType: optional,
  name: optional,
  status: optional,
  visibility: optional,
  ...PAGE_PARAMETERS,
};

const CREATE: Parameters<CreateDatasetOptions> = {
  name: requiredText,
  slug: requiredText,
  dataType: requiredText,
  visibility: { default: "private" },
  createMetadata: { default: true },
  providerConfig: optional,
  ownerName: optional,
  organizationId: optional,
  organizationUid: optional,
  gpuTextureFormat: optional,
  metadata: optional,
  industry: optional,
  license: optional,
};

/** Datasets. */
export class AsyncDatasets {
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
   * Lists datasets.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all datasets when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListDatasetsOptions = {},
    request?: RequestOptions,
  ): PagePromise<Dataset> {
    return listPages(
      this.#transport,
      () => ({ path: "/datasets/", query: toQuery(LIST, options) }),
      decodeDataset,
      request,
    );
  }

  /**
   * Reads a dataset.
   *
   * @param uid Unique id of the dataset.
   * @param request Request options.
   * @returns The dataset.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<Dataset> {
    const path = `/datasets/${segment("uid", uid)}/`;
    return await this.#get(decodeDataset, path, request);
  }

  /**
   * Reads a dataset by its owner and slug.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param request Request options.
   * @returns The dataset.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If the request fails.
   */
  async getBySlug(
    owner: string,
    slug: string,
    request?: RequestOptions,
  ): Promise<Dataset> {
    return await this.#get(decodeDataset, pathOf(owner, slug), request);
  }

  /**
   * Creates a dataset. It is never sent twice, unless the server says that it did
   * not process it.
   *
   * @param options Name, slug, kind of media and where the files are.
   * @param request Request options.
   * @returns The dataset; its import may take time, see {@linkcode AsyncDatasets.wait}.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateDatasetOptions,
    request?: RequestOptions,
  ): Promise<Dataset> {
    return await this.#transport.object(
      decodeDataset,
      { method: "POST", path: "/datasets/", body: toBody(CREATE, options) },
      request,
    );
  }

  /**
   * Lists the items of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
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
  ): PagePromise<DatasetItem> {
    return this.#list(owner, slug, "items", decodeItem, options, request);
  }

  /**
   * Reads an item of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
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
  ): Promise<DatasetItem> {
    const path = `${pathOf(owner, slug)}items/${segment("itemUid", itemUid)}/`;
    return await this.#get(decodeItem, path, request);
  }

  /**
   * Lists the sequences of a dataset, without their frames.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all sequences when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listSequences(
    owner: string,
    slug: string,
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<DatasetSequence> {
    return this.#list(
      owner,
      slug,
      "sequences",
      decodeSequence,
      options,
      request,
    );
  }

  /**
   * Reads a sequence with all its frames; the answer can be many megabytes.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param request Request options.
   * @returns The sequence.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async getSequence(
    owner: string,
    slug: string,
    sequenceUid: string,
    request?: RequestOptions,
  ): Promise<DatasetSequence> {
    const path = `${pathOf(owner, slug)}sequences/${
      segment("sequenceUid", sequenceUid)
    }/`;
    return await this.#get(decodeSequence, path, request);
  }

  /**
   * Reads the health of a dataset: counts, and what was found wrong at import.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param request Request options.
   * @returns The health.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If the request fails.
   */
  async getHealth(
    owner: string,
    slug: string,
    request?: RequestOptions,
  ): Promise<DatasetHealth> {
    return await this.#get(
      decodeHealth,
      `${pathOf(owner, slug)}health/`,
      request,
    );
  }

  /**
   * Picks a frame out of a sequence; one request, which reads the whole sequence.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param frameIdx Index of the frame, from 0.
   * @param request Request options.
   * @returns The frame.
   * @throws {InvalidArgumentError} If an argument is wrong, or the sequence has no such frame.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async getFrame(
    owner: string,
    slug: string,
    sequenceUid: string,
    frameIdx: number,
    request?: RequestOptions,
  ): Promise<DatasetFrame> {
    if (!Number.isSafeInteger(frameIdx) || frameIdx < 0) {
      throw new InvalidArgumentError(
        `Cannot get the frame as 'frameIdx' must be an integer from 0: current value is ${
          show(frameIdx)
        }`,
      );
    }
    const sequence = await this.getSequence(owner, slug, sequenceUid, request);
    const frames = framesOf(sequence);
    const frame = frames[frameIdx];
    if (!frame) {
      throw new InvalidArgumentError(
        `Cannot get the frame as 'frameIdx' must be below ${frames.length}, the number of frames in sequence "${sequenceUid}": current value is ${frameIdx}`,
      );
    }
    return toFrame(frame, frameIdx);
  }

  /**
   * Derives the camera rig of a sequence from its first frame; one request.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param request Request options.
   * @returns The rig, or why there is none.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async getCalibration(
    owner: string,
    slug: string,
    sequenceUid: string,
    request?: RequestOptions,
  ): Promise<DatasetCalibration> {
    const sequence = await this.getSequence(owner, slug, sequenceUid, request);
    return toCalibration(sequenceUid, sequence);
  }

  /**
   * Waits until a dataset is imported. It is read every 10,000 ms (`interval`, at
   * least 1,000) for at most 3,600,000 ms (`timeout`). The Avala docs name no
   * failure state: any status that holds "fail" or "error" ends the wait.
   *
   * @param uid Unique id of the dataset.
   * @param options Options of the wait.
   * @param request Options of every request.
   * @returns The dataset in its final state.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {WaitTimeoutError} If the state is not reached in time.
   * @throws {WaitFailedError} If the import has failed and `throwOnFailure` is set.
   * @throws {AvalaError} If a request fails.
   */
  async wait(
    uid: string,
    options: WaitDatasetOptions = {},
    request?: RequestOptions,
  ): Promise<Dataset> {
    segment("uid", uid);
    const { status: wanted = "created" } = options;
    return await waitFor(
      this.#transport,
      {
        name: `dataset "${uid}"`,
        read: (every) => this.get(uid, every),
        outcome: ({ status }) => {
          if (status === wanted) return "success";
          return /fail|error/i.test(String(status)) ? "failure" : "pending";
        },
        interval: 10_000,
        minInterval: 1_000,
        timeout: 3_600_000,
      },
      options,
      request,
    );
  }

  #get<T>(
    decode: Decode<T>,
    path: string,
    request?: RequestOptions,
  ): Promise<T> {
    return this.#transport.object(decode, { method: "GET", path }, request);
  }

  #list<T>(
    owner: string,
    slug: string,
    what: string,
    decode: Decode<T>,
    options: PageOptions,
    request?: RequestOptions,
  ): PagePromise<T> {
    return listPages(
      this.#transport,
      () => ({
        path: `${pathOf(owner, slug)}${what}/`,
        query: toQuery(PAGE_PARAMETERS, options),
      }),
      decode,
      request,
    );
  }
}

function pathOf(owner: string, slug: string): string {
  return `/datasets/${segment("owner", owner)}/${segment("slug", slug)}/`;
}
