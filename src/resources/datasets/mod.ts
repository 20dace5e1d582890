/**
 * Datasets with their items, sequences and frames.
 *
 * `createFromLocal` and `uploadFiles` take `File`s, `{ path, blob }`, or
 * `{ path, size, stream(), slice() }`; `fromDirectory` of `@avala/client/files`
 * makes them of a folder. Files are streamed, eight at a time (`concurrency`), and
 * each is tried again with a fresh address when its old one has expired. Quota and
 * file types are checked first. `onError: "collect"` gives failures back instead of
 * ending at the first; with a `stateStore`, a second run sends only what is missing.
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
 * @example Upload files
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const files = [new File(["first"], "a.jpg"), new File(["second"], "b.jpg")];
 * const dataset = await client.datasets.createFromLocal(files, {
 *   name: "Night drive",
 *   slug: "night-drive",
 *   dataType: "image",
 *   wait: true,
 *   onProgress: ({ files, totalFiles, bytes }) =>
 *     console.log(`${files} of ${totalFiles} files, ${bytes} bytes`),
 * });
 * console.log(dataset.status);
 * ```
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { WaitTarget } from "../../http/waiting.ts";
import {
  body,
  integerUpTo,
  nonEmptyString,
  type OptionTable,
  PAGE,
  type PageOptions,
  query,
  refusal,
  toBody,
} from "../../wire/options.ts";
import { path, segment } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type { UploadFiles } from "../../uploads/sources.ts";
import type { CurationPreview, PreviewCurationOptions } from "./curation.ts";
import type { DatasetCalibration, DatasetFrame } from "./frames.ts";
import type {
  AllowedMimes,
  CreateFromLocalOptions,
  CreateFromManualUploadOptions,
  CreateManualUploadUrlOptions,
  ManualUploadPartUrls,
  ManualUploadPartUrlsOptions,
  ManualUploadQuotaOptions,
  ManualUploadTarget,
  UploadFilesOptions,
  UploadFilesResult,
  UploadQuota,
} from "./manual_upload.ts";
import type { ListMcapEpisodesOptions, McapEpisode } from "./mcap.ts";
import {
  CREATE,
  type CreateDatasetOptions,
  type Dataset,
  type DatasetHealth,
  type DatasetItem,
  type DatasetSequence,
  decodeDataset,
  decodeHealth,
  decodeItem,
  decodeSequence,
  LIST,
  type ListDatasetsOptions,
  TRANSFER,
  type TransferDatasetOptions,
  type WaitDatasetOptions,
} from "./models.ts";

export type {
  CurationCounts,
  CurationCriterion,
  CurationDeliverableStateField,
  CurationDimension,
  CurationEvidenceStatus,
  CurationPreview,
  CurationUnit,
  PreviewCurationOptions,
} from "./curation.ts";
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
export type {
  CreateDatasetOptions,
  Dataset,
  DatasetDataType,
  DatasetHealth,
  DatasetItem,
  DatasetSequence,
  DatasetStatus,
  DatasetVisibility,
  ListDatasetsOptions,
  SequenceHealth,
  SequenceStatus,
  TransferDatasetOptions,
  WaitDatasetOptions,
} from "./models.ts";
export type {
  AllowedMimes,
  CreateFromLocalOptions,
  CreateFromManualUploadOptions,
  CreateManualUploadUrlOptions,
  ManualUploadedPart,
  ManualUploadMethod,
  ManualUploadPartUrl,
  ManualUploadPartUrls,
  ManualUploadPartUrlsOptions,
  ManualUploadQuotaOptions,
  ManualUploadTarget,
  UploadFilesOptions,
  UploadFilesResult,
  UploadQuota,
} from "./manual_upload.ts";
export type {
  ListMcapEpisodesOptions,
  McapEpisode,
  McapExtractionStatus,
  McapTime,
  McapTopic,
} from "./mcap.ts";
export type {
  ByteStream,
  UploadBlob,
  UploadFile,
  UploadFiles,
  UploadSource,
} from "../../uploads/sources.ts";
export type { UploadFailure, UploadOptions } from "../../uploads/options.ts";
export type { PlannedUpload, StateStore } from "../../uploads/state_store.ts";
export type { UploadProgress } from "../../uploads/progress.ts";

const LIST_EPISODES: OptionTable<ListMcapEpisodesOptions> = {
  ...PAGE,
  limit: { check: integerUpTo(1_000) },
};

/** Datasets with their items, sequences and frames. */
export class AsyncDatasets extends Resource {
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
    const where = path("datasets.list", "/datasets/");
    return this.pages(decodeDataset, where, LIST, options, request);
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
    const where = path("datasets.get", "/datasets/{uid}/", { uid });
    return await this.one(decodeDataset, "GET", where, request);
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
    const where = path(
      "datasets.getBySlug",
      "/datasets/{owner}/{slug}/",
      { owner, slug },
    );
    return await this.one(decodeDataset, "GET", where, request);
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
    const where = path("datasets.create", "/datasets/");
    const input = body(CREATE, options);
    return await this.one(decodeDataset, "POST", where, request, input);
  }

  /**
   * Gives a dataset to an organization, or takes it back. It is not found under its
   * old owner any more, so the request is never sent twice, unless the server says
   * that it did not process it.
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
    const where = path(
      "datasets.transfer",
      "/datasets/{owner}/{slug}/transfer/",
      { owner, slug },
    );
    const input = { body: (method: string) => toOneOwner(method, options) };
    return await this.one(decodeDataset, "POST", where, request, input);
  }

  /**
   * Waits until a dataset is imported, for at most 3,600,000 ms (`timeout`). It is
   * read at once, after half a second, a second and so on, up to every 10,000 ms;
   * or every `interval` ms, at least 1,000. The Avala docs name no failure state:
   * any status that contains "fail" or "error" ends the wait.
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
    segment("datasets.wait", "uid", uid);
    const target: WaitTarget<Dataset> = {
      method: "datasets.wait",
      table: { status: { check: nonEmptyString, local: true } },
      name: `dataset "${uid}"`,
      read: (every) => this.get(uid, every),
      outcome: ({ status }) => {
        if (status === (options.status ?? "created")) return "success";
        return /fail|error/i.test(String(status)) ? "failure" : "pending";
      },
      interval: 10_000,
      minInterval: 1_000,
      timeout: 3_600_000,
    };
    const { waitFor } = await import("../../http/waiting.ts");
    return await waitFor(this.transport, target, options, request);
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
    const where = path(
      "datasets.listItems",
      "/datasets/{owner}/{slug}/items/",
      { owner, slug },
    );
    return this.pages(decodeItem, where, PAGE, options, request);
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
    const where = path(
      "datasets.getItem",
      "/datasets/{owner}/{slug}/items/{itemUid}/",
      { owner, slug, itemUid },
    );
    return await this.one(decodeItem, "GET", where, request);
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
    const where = path(
      "datasets.listSequences",
      "/datasets/{owner}/{slug}/sequences/",
      { owner, slug },
    );
    return this.pages(decodeSequence, where, PAGE, options, request);
  }

  /**
   * Reads a sequence with all its frames; the response can be many megabytes.
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
    const where = path(
      "datasets.getSequence",
      "/datasets/{owner}/{slug}/sequences/{sequenceUid}/",
      { owner, slug, sequenceUid },
    );
    return await this.one(decodeSequence, "GET", where, request);
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
    const where = path(
      "datasets.getHealth",
      "/datasets/{owner}/{slug}/health/",
      { owner, slug },
    );
    return await this.one(decodeHealth, "GET", where, request);
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
    const refuse = (wanted: string) =>
      refusal("datasets.getFrame", "'frameIdx'", wanted, frameIdx);
    if (!Number.isSafeInteger(frameIdx) || frameIdx < 0) {
      throw refuse("an integer from 0");
    }
    const sequence = await this.getSequence(owner, slug, sequenceUid, request);
    const { framesOf, toFrame } = await import("./frames.ts");
    const frames = framesOf(sequence);
    const frame = frames[frameIdx];
    if (frame) return toFrame(frame, frameIdx);
    throw refuse(
      `below ${frames.length}, the number of frames in sequence "${sequenceUid}"`,
    );
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
    const { toCalibration } = await import("./frames.ts");
    return toCalibration(sequence);
  }

  /**
   * Lists the MCAP episodes of a dataset; hidden and unfinished ones, too.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all episodes when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listMcapEpisodes(
    owner: string,
    slug: string,
    options: ListMcapEpisodesOptions = {},
    request?: RequestOptions,
  ): PagePromise<McapEpisode> {
    const where = path(
      "datasets.listMcapEpisodes",
      "/datasets/{owner}/{slug}/mcap-episodes/",
      { owner, slug },
    );
    return this.pages(
      asRead,
      where,
      LIST_EPISODES,
      options,
      request,
      "page",
      loadEpisodeReader,
    );
  }

  /**
   * Reads an MCAP episode with its channels.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const { datasets } = client;
   * for await (const { ownerName, slug } of datasets.list({ dataType: "mcap" })) {
   *   const [first] = (await datasets.listMcapEpisodes(ownerName!, slug)).items;
   *   const episode = await datasets.getMcapEpisode(ownerName!, slug, first!.uid);
   *   for (const { topicName, firstMessageTimeNs } of episode.topics) {
   *     console.log(topicName, BigInt(firstMessageTimeNs ?? 0) / 1_000_000n);
   *   }
   * }
   * ```
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param episodeUid Unique id of the episode; that of a sequence finds nothing.
   * @param request Request options.
   * @returns The episode.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such episode.
   * @throws {AvalaError} If the request fails.
   */
  async getMcapEpisode(
    owner: string,
    slug: string,
    episodeUid: string,
    request?: RequestOptions,
  ): Promise<McapEpisode> {
    const where = path(
      "datasets.getMcapEpisode",
      "/datasets/{owner}/{slug}/mcap-episodes/{episodeUid}/",
      { owner, slug, episodeUid },
    );
    const input = { reader: loadEpisodeReader };
    return await this.one(asRead, "GET", where, request, input);
  }

  /**
   * Looks for candidates for a training set, by one criterion of quality. It
   * changes nothing. The response is no page: `nextCursor` goes on as `cursor`.
   *
   * @example All candidates
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const [dataset] = (await client.datasets.list({ dataType: "lidar" })).items;
   * const criterion = {
   *   unit: "sequence",
   *   qcDimension: "sequence_workflow",
   *   requiredState: "completed",
   * };
   * const uids: string[] = [];
   * let cursor: string | undefined;
   * do {
   *   const options = { ...criterion, cursor };
   *   const preview = await client.datasets.previewCuration(dataset!.uid, options);
   *   uids.push(...preview.candidateUids);
   *   cursor = preview.nextCursor ?? undefined;
   * } while (cursor);
   * ```
   *
   * @param datasetUid Unique id of the dataset.
   * @param options The criterion, how many candidates, and where to go on.
   * @param request Request options.
   * @returns Candidates, and how many units meet the criterion.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {ValidationError} If the options do not fit one another.
   * @throws {AvalaError} If the request fails.
   */
  async previewCuration(
    datasetUid: string,
    options: PreviewCurationOptions,
    request?: RequestOptions,
  ): Promise<CurationPreview> {
    const where = path(
      "datasets.previewCuration",
      "/datasets/{datasetUid}/curation-preview/",
      { datasetUid },
    );
    const { CURATION, decodePreview } = await import("./curation.ts");
    const input = query(CURATION, options);
    return await this.one(decodePreview, "GET", where, request, input);
  }

  /**
   * Asks where a file is to be sent. Nothing is stored yet, so it may be asked
   * again; {@linkcode AsyncDatasets.uploadFiles} does all of it.
   *
   * @param options The dataset, and the path and size of the file.
   * @param request Request options.
   * @returns Where and how to send the file.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {QuotaExceededError} If the quota would be exceeded.
   * @throws {AvalaError} If the request fails.
   */
  async createManualUploadUrl(
    options: CreateManualUploadUrlOptions,
    request?: RequestOptions,
  ): Promise<ManualUploadTarget> {
    const { requestTarget } = await import("./manual_upload.ts");
    return await requestTarget(this.transport, options, request);
  }

  /**
   * Asks where parts of a large file are to be sent.
   *
   * @param uploadUid Id of the upload.
   * @param options Numbers of the parts.
   * @param request Request options.
   * @returns The addresses.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async manualUploadPartUrls(
    uploadUid: string,
    options: ManualUploadPartUrlsOptions,
    request?: RequestOptions,
  ): Promise<ManualUploadPartUrls> {
    const { requestPartUrls } = await import("./manual_upload.ts");
    return await requestPartUrls(this.transport, uploadUid, options, request);
  }

  /**
   * Says that all parts of a large file are stored. Saying it twice does no harm.
   *
   * @param uploadUid Id of the upload.
   * @param request Request options.
   * @returns The JSON of the response, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async completeManualUpload(
    uploadUid: string,
    request?: RequestOptions,
  ): Promise<unknown> {
    const { completeUpload } = await import("./manual_upload.ts");
    return await completeUpload(this.transport, uploadUid, request);
  }

  /**
   * Reads the quota for uploads.
   *
   * @param options Whose quota; the caller's by default.
   * @param request Request options.
   * @returns The quota.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async manualUploadQuota(
    options: ManualUploadQuotaOptions = {},
    request?: RequestOptions,
  ): Promise<UploadQuota> {
    const { readQuota } = await import("./manual_upload.ts");
    return await readQuota(this.transport, options, request);
  }

  /**
   * Reads which types of files uploads accept.
   *
   * @param request Request options.
   * @returns The types.
   * @throws {AvalaError} If the request fails.
   */
  async manualUploadAllowedMimes(
    request?: RequestOptions,
  ): Promise<AllowedMimes> {
    const { readAllowedMimes } = await import("./manual_upload.ts");
    return await readAllowedMimes(this.transport, request);
  }

  /**
   * Creates a dataset from files that were uploaded under its name. It is never
   * sent twice, unless the server says that it did not process it.
   *
   * @param options Name, slug and kind of media.
   * @param request Request options.
   * @returns The dataset; its import may take time.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async createFromManualUpload(
    options: CreateFromManualUploadOptions,
    request?: RequestOptions,
  ): Promise<Dataset> {
    const { createFromUpload } = await import("./manual_upload.ts");
    return await createFromUpload(this.transport, options, request);
  }

  /**
   * Uploads files for a dataset, as streams, some at a time. A file that fails is
   * sent again, up to 8 times, with a fresh address each time. With a `stateStore`, a later run sends only what is
   * missing or has changed.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const { files, bytes } = await client.datasets.uploadFiles("Run 7", [
   *   { path: "notes/rain.txt", blob: new Blob(["wet"]) },
   *   new File(["dry"], "sun.txt"),
   * ]);
   * assertEquals([files, bytes], [2, 6]);
   * ```
   *
   * @param datasetName Name of the dataset; it need not exist yet.
   * @param files The files.
   * @param options Concurrency, progress, what happens to failures.
   * @param request Request options: `signal` ends all of it, `maxRetries` is that
   * of one file (7 by default), `timeout` that of one request to the API and the
   * time that may pass without a byte going out.
   * @returns What was sent.
   * @throws {InvalidArgumentError} If an argument is wrong, a file is of a type that is not accepted, or gives another number of bytes than its size.
   * @throws {QuotaExceededError} If the quota would be exceeded.
   * @throws {AvalaError} If a request fails for good.
   */
  async uploadFiles(
    datasetName: string,
    files: UploadFiles,
    options: UploadFilesOptions = {},
    request: RequestOptions = {},
  ): Promise<UploadFilesResult> {
    const method = "datasets.uploadFiles";
    const wanted = nonEmptyString(datasetName);
    if (wanted) throw refusal(method, "'datasetName'", wanted, datasetName);
    const { uploadFiles } = await import("./upload_files.ts");
    const { transport } = this;
    return await uploadFiles(transport, datasetName, files, options, request);
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
    const { createFromLocal } = await import("./upload_files.ts");
    const { transport } = this;
    const dataset = await createFromLocal(transport, files, options, request);
    if (!options.wait) return dataset;
    const { maxRetries: _, ...once } = request;
    const wait = options.wait === true ? {} : options.wait;
    return await this.wait(dataset.uid, wait, once);
  }
}

/** What reads episodes decodes them, too. */
const asRead = (episode: unknown) => episode as McapEpisode;

async function loadEpisodeReader(): Promise<(text: string) => unknown> {
  const { readEpisodes } = await import("./mcap.ts");
  return readEpisodes;
}

function toOneOwner(method: string, options: TransferDatasetOptions): unknown {
  const body = toBody(method, TRANSFER, options);
  const owners = Object.values(body).filter((owner) => owner !== null);
  if (owners.length === 1) return body;
  throw new InvalidArgumentError(
    `Cannot call ${method} as exactly one of 'organizationUid' and 'ownerUsername' must be given: current number is ${owners.length}`,
  );
}
