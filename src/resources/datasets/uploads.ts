/**
 * Uploads into datasets.
 *
 * @module
 */

import { requiredText, segment, toBody, toQuery } from "../../wire/options.ts";
import { AvalaError } from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import { collectSources, type UploadFiles } from "../../uploads/sources.ts";
import type { Transport } from "../../http/transport.ts";
import { UploadEngine } from "../../uploads/engine.ts";
import { Meter } from "../../uploads/progress.ts";
import { type Dataset, decodeDataset } from "./models.ts";
import {
  type AllowedMimes,
  CREATE_FROM_UPLOAD,
  type CreateFromManualUploadOptions,
  type CreateManualUploadUrlOptions,
  decodeMimes,
  decodePartUrls,
  decodeQuota,
  decodeTarget,
  type ManualUploadPartUrls,
  type ManualUploadPartUrlsOptions,
  type ManualUploadQuotaOptions,
  type ManualUploadTarget,
  PART_URLS,
  QUOTA,
  TARGET,
  type UploadFilesOptions,
  type UploadFilesResult,
  type UploadQuota,
} from "./upload_models.ts";
import { refuseHopeless, uploadManually } from "./upload_files.ts";

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
  TransferDatasetOptions,
  UploadFilesOptions,
  UploadFilesResult,
  UploadQuota,
} from "./upload_models.ts";
export type {
  ByteStream,
  UploadBlob,
  UploadFile,
  UploadFiles,
  UploadSource,
} from "../../uploads/sources.ts";
export type { UploadFailure, UploadOptions } from "../../uploads/engine.ts";
export type { UploadProgress } from "../../uploads/progress.ts";

const UPLOADS = "/datasets/manual-upload/";

/** The part of the datasets that uploads files. */
export class ManualUploads {
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
   * Asks where a file is to be sent. Nothing is stored yet, so it may be asked
   * again; {@linkcode ManualUploads.uploadFiles} does all of it.
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
    return await this.#transport.object(decodeTarget, {
      method: "POST",
      path: `${UPLOADS}file-upload-url/`,
      body: toBody(TARGET, options),
      idempotent: true,
    }, request);
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
    return await this.#transport.object(decodePartUrls, {
      method: "POST",
      path: `${UPLOADS}uploads/${segment("uploadUid", uploadUid)}/parts/`,
      body: toBody(PART_URLS, options),
      idempotent: true,
    }, request);
  }

  /**
   * Says that all parts of a large file are stored. Saying it twice does no harm.
   *
   * @param uploadUid Id of the upload.
   * @param request Request options.
   * @returns The JSON of the answer, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async completeManualUpload(
    uploadUid: string,
    request?: RequestOptions,
  ): Promise<unknown> {
    return await this.#transport.send({
      method: "POST",
      path: `${UPLOADS}uploads/${segment("uploadUid", uploadUid)}/complete/`,
      body: {},
      idempotent: true,
      promised: "json",
    }, request);
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
    return await this.#transport.object(decodeQuota, {
      method: "GET",
      path: `${UPLOADS}quota/`,
      query: toQuery(QUOTA, options),
    }, request);
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
    return await this.#transport.object(
      decodeMimes,
      { method: "GET", path: `${UPLOADS}allowed-mimes/` },
      request,
    );
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
    return await this.#transport.object(decodeDataset, {
      method: "POST",
      path: UPLOADS,
      body: toBody(CREATE_FROM_UPLOAD, options),
    }, request);
  }

  /**
   * Uploads files for a dataset, as streams, some at a time. A file that fails is
   * sent again, up to 8 times, with a fresh address each time.
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
    const { organizationUid, datasetUploadUid, uploadProtocolVersion = 2 } =
      options;
    toBody({ datasetName: requiredText }, { datasetName });
    const engine = new UploadEngine(this.#transport, options, request);
    return await this.#transport.run(async (signal) => {
      const sources = await collectSources(files);
      const sizes = sources.map(({ size }) => size);
      const meter = new Meter(
        sizes,
        { bytes: 0, files: 0 },
        options.onProgress,
      );
      if (sources.length > 0 && options.preflight !== false) {
        const [quota, mimes] = await Promise.all([
          this.manualUploadQuota({ organizationUid }, { ...request, signal })
            .catch(orNothing),
          this.manualUploadAllowedMimes({ ...request, signal })
            .catch(orNothing),
        ]);
        refuseHopeless(sources, quota, mimes);
      }
      const calls = {
        target: ({ path, size }: { path: string; size: number }, every = {}) =>
          this.createManualUploadUrl({
            datasetName,
            filePathInDataset: path,
            contentLength: size,
            organizationUid,
            datasetUploadUid,
            uploadProtocolVersion,
          }, every),
        partUrls: (uid: string, partNumbers: number[], every = {}) =>
          this.manualUploadPartUrls(uid, { partNumbers }, every),
        complete: (uid: string, every = {}) =>
          this.completeManualUpload(uid, every),
      };
      const failures = await engine.each(sources, (source, inner) => {
        const counted = meter.file(source.path, source.size);
        return uploadManually(engine, calls, source, counted, inner);
      }, signal);
      return { files: meter.sentFiles, bytes: meter.sentBytes, failures };
    }, request.signal);
  }
}

/** Servers that do not tell their limits are asked for nothing more. */
function orNothing(error: unknown): undefined {
  const status = error instanceof AvalaError ? error.statusCode : null;
  if (status !== null && [403, 404, 405].includes(status)) return undefined;
  throw error;
}
