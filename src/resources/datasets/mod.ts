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

import { segment, toBody, toQuery } from "../../wire/options.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { collectSources, type UploadFiles } from "../../uploads/sources.ts";
import type { Transport } from "../../http/transport.ts";
import { waitFor } from "../../http/waiting.ts";
import { type Dataset, decodeDataset } from "./models.ts";
import {
  CREATE,
  type CreateDatasetOptions,
  LIST,
  type ListDatasetsOptions,
  type WaitDatasetOptions,
} from "./options.ts";
import {
  CREATE_FROM_UPLOAD,
  type CreateFromLocalOptions,
  TRANSFER,
  type TransferDatasetOptions,
} from "./upload_models.ts";

import { DatasetContents, pathOf } from "./contents.ts";

export { DatasetContents } from "./contents.ts";
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
} from "./models.ts";
export type {
  CreateDatasetOptions,
  ListDatasetsOptions,
  WaitDatasetOptions,
} from "./options.ts";
export * from "./uploads.ts";
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

/**
 * Datasets. The methods for what is in them, such as
 * {@linkcode DatasetContents.listItems}, come from {@linkcode DatasetContents};
 * those that upload files, such as {@linkcode ManualUploads.uploadFiles}, from
 * {@linkcode ManualUploads}.
 */
export class AsyncDatasets extends DatasetContents {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    super(transport);
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
    return await this.#transport.object(
      decodeDataset,
      { method: "GET", path },
      request,
    );
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
    return await this.#transport.object(
      decodeDataset,
      { method: "GET", path: pathOf(owner, slug) },
      request,
    );
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
   * Uploads files and creates a dataset of them.
   *
   * @param files The files; `fromDirectory` of `@avala/client/files` gives those of a folder.
   * @param options Name, slug, kind of media; concurrency and progress; whether to wait.
   * @param request Request options, as for {@linkcode AsyncDatasets.uploadFiles}.
   * @returns The dataset, imported when `wait` is set.
   * @throws {InvalidArgumentError} If an argument is wrong, or there are no files.
   * @throws {QuotaExceededError} If the quota would be exceeded.
   * @throws {AvalaError} If a request fails for good.
   */
  async createFromLocal(
    files: UploadFiles,
    options: CreateFromLocalOptions,
    request: RequestOptions = {},
  ): Promise<Dataset> {
    // a wrong option is refused before the first byte leaves
    toBody(CREATE_FROM_UPLOAD, options);
    const { maxRetries: _, ...once } = request;
    return await this.#transport.run(async (signal) => {
      const sources = await collectSources(files);
      if (sources.length === 0) {
        throw new InvalidArgumentError(
          "Cannot create a dataset as there are no files to upload",
        );
      }
      await this.uploadFiles(
        options.name,
        sources,
        { ...options, onError: "throw" },
        { ...request, signal },
      );
      const bounded = { ...once, signal };
      const dataset = await this.createFromManualUpload(options, bounded);
      if (!options.wait) return dataset;
      const wait = options.wait === true ? {} : options.wait;
      return await this.wait(dataset.uid, wait, bounded);
    }, request.signal);
  }

  /**
   * Gives a dataset to an organization, or takes it back. The old address of the
   * dataset ends with it, so it is never sent twice.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param options Who is to own it: exactly one of them.
   * @param request Request options.
   * @returns The dataset under its new owner.
   * @throws {InvalidArgumentError} If an argument is wrong, or not exactly one owner is given.
   * @throws {ForbiddenError} If the dataset is not the caller's.
   * @throws {AvalaError} If the request fails.
   */
  async transfer(
    owner: string,
    slug: string,
    options: TransferDatasetOptions,
    request?: RequestOptions,
  ): Promise<Dataset> {
    const body = toBody(TRANSFER, options);
    if (Object.values(body).filter((value) => value !== null).length !== 1) {
      throw new InvalidArgumentError(
        "Cannot transfer the dataset as exactly one of 'organizationUid' and 'ownerUsername' must be given",
      );
    }
    return await this.#transport.object(
      decodeDataset,
      { method: "POST", path: `${pathOf(owner, slug)}transfer/`, body },
      request,
    );
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
}
