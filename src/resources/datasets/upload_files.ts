/**
 * Uploads files into a dataset: what is missing is sent, what is stored is
 * remembered.
 *
 * @module
 */

import {
  AvalaError,
  InvalidArgumentError,
  InvalidResponseError,
  QuotaExceededError,
} from "../../errors.ts";
import { internalsOf } from "../../http/internals.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import { type Step, UploadEngine } from "../../uploads/engine.ts";
import { formPayload } from "../../uploads/form_body.ts";
import { mediaType } from "../../uploads/media_types.ts";
import { sendMissingParts } from "../../uploads/parts.ts";
import { type FileMeter, Meter } from "../../uploads/progress.ts";
import {
  type BlobSource,
  collectSources,
  type UploadFiles,
  type UploadSource,
} from "../../uploads/sources.ts";
import type { StorageTarget } from "../../uploads/storage_request.ts";
import { type OptionTable, show, toBody } from "../../wire/options.ts";
import {
  type AllowedMimes,
  completeUpload,
  CREATE_FROM_LOCAL,
  CREATE_FROM_UPLOAD,
  type CreateFromLocalOptions,
  createFromUpload,
  type CreateManualUploadUrlOptions,
  type ManualUploadTarget,
  readAllowedMimes,
  readQuota,
  requestPartUrls,
  requestTarget,
  UPLOAD_FILES,
  type UploadFilesOptions,
  type UploadFilesResult,
  type UploadQuota,
} from "./manual_upload.ts";
import type { Dataset } from "./models.ts";
import { loadState, UploadRecord } from "./upload_record.ts";

const OPERATION = "datasets.uploadFiles";
/** How many parts of a file are sent at a time. */
const PARTS_AT_A_TIME = 2;
/** How many addresses of parts are asked for at a time. */
const PART_URLS_PER_CALL = 16;

/**
 * Uploads files for a dataset.
 *
 * @param transport Sends the requests.
 * @param datasetName Name of the dataset.
 * @param files The files.
 * @param options The caller's options.
 * @param request Request options.
 * @returns What was sent.
 */
export async function uploadFiles(
  transport: Transport,
  datasetName: string,
  files: UploadFiles,
  options: UploadFilesOptions,
  request: RequestOptions,
): Promise<UploadFilesResult> {
  toBody(OPERATION, UPLOAD_FILES, options);
  const engine = new UploadEngine(transport, OPERATION, options, request);
  return await transport.run(async (signal) => {
    const sources = await collectSources(files);
    const every = { ...request, signal };
    if (sources.length > 0 && options.preflight !== false) {
      await refuseHopeless(transport, sources, options, every);
    }
    const record = await UploadRecord.open(
      options.stateStore,
      recordKey(transport, datasetName, options),
      options.datasetUploadUid,
      sources,
    );
    const missing = sources.filter((source) => !record.isStored(source));
    const skipped = sources.filter((source) => record.isStored(source));
    if (options.dryRun) {
      const plan = sources.map((source) => ({
        path: source.path,
        size: source.size,
        action: record.isStored(source) ? "skip" as const : "send" as const,
      }));
      const { length } = skipped;
      return { files: 0, bytes: 0, skipped: length, failures: [], plan };
    }
    // before the first byte: a file that changes later must not pass for stored
    await record.save();
    const done = {
      files: skipped.length,
      bytes: skipped.reduce((sum, { size }) => sum + size, 0),
    };
    const sizes = sources.map(({ size }) => size);
    const meter = new Meter(sizes, done, options.onProgress);
    const run = new ManualUpload(engine, datasetName, options, record);
    try {
      const failures = await engine.forEach(
        missing,
        (source, inner) =>
          run.upload(source, meter.file(source.path, source.size), inner),
        signal,
        { done: (source) => record.stored(source) },
      );
      await record.save();
      const { sentFiles, sentBytes, skipped } = meter;
      return { files: sentFiles, bytes: sentBytes, skipped, failures };
    } catch (error) {
      // a store that fails as well does not hide what has failed first
      await record.save().catch(() => {});
      throw error;
    }
  }, request.signal);
}

/**
 * Uploads files and creates a dataset of them.
 *
 * @param transport Sends the requests.
 * @param files The files.
 * @param options The caller's options.
 * @param request Request options.
 * @returns The dataset.
 */
export async function createFromLocal(
  transport: Transport,
  files: UploadFiles,
  options: CreateFromLocalOptions,
  request: RequestOptions,
): Promise<Dataset> {
  // a wrong option is refused before the first byte leaves
  toBody("datasets.createFromLocal", CREATE_FROM_LOCAL, options);
  const { stateStore, name } = options;
  const { maxRetries: _, ...once } = request;
  return await transport.run(async (signal) => {
    const sources = await collectSources(files);
    if (sources.length === 0) {
      throw new InvalidArgumentError(
        "Cannot create a dataset as there are no files to upload",
      );
    }
    const key = recordKey(transport, name, options);
    const known = stateStore && await loadState(stateStore, key);
    refuseOrphans(known?.stored ?? [], sources);
    const datasetUploadUid = options.datasetUploadUid ??
      known?.datasetUploadUid ?? (stateStore && crypto.randomUUID());
    const all = { ...options, datasetUploadUid, onError: "throw" as const };
    const upload = pick(UPLOAD_FILES, all);
    await uploadFiles(transport, name, sources, upload, { ...request, signal });
    const dataset = await createFromUpload(
      transport,
      pick(CREATE_FROM_UPLOAD, all),
      { ...once, signal },
    );
    await stateStore?.save(key, null);
    return dataset;
  }, request.signal);
}

/** What is stored would become a part of the dataset, and can't be removed. */
function refuseOrphans(
  stored: readonly string[],
  sources: readonly UploadSource[],
): void {
  const paths = new Set(sources.map(({ path }) => path));
  const orphan = stored.find((path) => !paths.has(path));
  if (orphan === undefined) return;
  throw new InvalidArgumentError(
    `Cannot create a dataset as ${
      show(orphan)
    }, which an earlier run has stored, is no longer among the files: give it again, or use another name`,
  );
}

function recordKey(
  transport: Transport,
  datasetName: string,
  { organizationUid = "" }: Pick<UploadFilesOptions, "organizationUid">,
): string {
  const { baseUrl } = internalsOf(transport).config;
  return `avala-dataset-upload:${baseUrl}|${organizationUid}|${datasetName}`;
}

/** The way of one file after the other into a dataset. */
class ManualUpload {
  readonly #engine: UploadEngine;
  readonly #datasetName: string;
  readonly #options: UploadFilesOptions;
  readonly #record: UploadRecord;
  /** Changed files whose earlier version the storage keeps from a PUT. */
  readonly #isKept = new Set<string>();

  constructor(
    engine: UploadEngine,
    datasetName: string,
    options: UploadFilesOptions,
    record: UploadRecord,
  ) {
    this.#engine = engine;
    this.#datasetName = datasetName;
    this.#options = options;
    this.#record = record;
  }

  async upload(
    source: UploadSource & Partial<BlobSource>,
    meter: FileMeter,
    signal: AbortSignal,
  ): Promise<void> {
    let isSent = false;
    const target = await this.#engine.step(async (step) => {
      // inside of what is repeated: an address that has expired is replaced
      const target = await this.#target(source, step);
      if (target.complete === true || target.method === "MULTIPART") {
        return target;
      }
      // also when its response is lost, after which the server holds the file
      isSent = true;
      await this.#sendWhole(target, source, meter, step);
      return target;
    }, signal);
    if (target.complete !== true && target.method === "MULTIPART") {
      isSent = true;
      await this.#sendParts(target, source, meter, signal);
    }
    meter.stored(isSent);
  }

  /**
   * Asks where a file goes. Of one that has changed since an earlier run, the server
   * knows the earlier version, but only within the group; a form takes it in any case.
   */
  async #target(
    { path, size }: UploadSource,
    { api, request }: Step,
  ): Promise<ManualUploadTarget> {
    const { organizationUid, uploadProtocolVersion = 2 } = this.#options;
    const ask = (more: Partial<CreateManualUploadUrlOptions>) =>
      requestTarget(api, {
        datasetName: this.#datasetName,
        filePathInDataset: path,
        contentLength: size,
        organizationUid,
        uploadProtocolVersion,
        ...more,
      }, request);
    if (!this.#record.hasChanged(path)) {
      return await ask({ datasetUploadUid: this.#record.datasetUploadUid });
    }
    const fresh = this.#isKept.has(path) ? undefined : await ask({});
    if (fresh && fresh.complete !== true) return fresh;
    const form = await ask({ uploadProtocolVersion: 1 });
    if (form.complete !== true) return form;
    throw new InvalidResponseError(
      `Cannot upload ${
        show(path)
      } as it has changed since an earlier run and the server keeps that version: use another dataset name`,
    );
  }

  async #sendWhole(
    { method, url, fields, headers }: ManualUploadTarget,
    source: UploadSource & Partial<BlobSource>,
    meter: FileMeter,
    step: Step,
  ): Promise<void> {
    const { path, size, blob } = source;
    if (method === "PUT") {
      // 412: the object is stored already, in this version unless the file has changed
      const hasChanged = this.#record.hasChanged(path);
      const accepted = hasChanged ? [] : [412];
      const target: StorageTarget = { method: "PUT", url, headers, accepted };
      const open = () => source.stream();
      try {
        await step.send(target, { path, size, blob, open }, meter);
      } catch (error) {
        const isKept = hasChanged && error instanceof AvalaError &&
          error.statusCode === 412;
        if (!isKept) throw error;
        this.#isKept.add(path);
        const form = await this.#target(source, step);
        await this.#sendWhole(form, source, meter, step);
      }
    } else if (method === "POST") {
      const { payload, contentType } = formPayload(fields, source);
      const target: StorageTarget = {
        method: "POST",
        url,
        headers: { "content-type": contentType },
        fields,
      };
      await step.send(target, payload, meter);
    } else {
      throw new InvalidResponseError(
        `Cannot upload ${show(path)} as the server wants the method ${
          show(method)
        }, which this client does not know`,
      );
    }
  }

  async #sendParts(
    { uploadUid, partSize, partCount, uploadedParts }: ManualUploadTarget,
    source: UploadSource,
    meter: FileMeter,
    signal: AbortSignal,
  ): Promise<void> {
    if (!uploadUid) {
      throw new InvalidResponseError(
        `Cannot upload ${
          show(source.path)
        } as the server gives no id for its parts`,
      );
    }
    // parts of an earlier version of the file are not taken over
    const known = this.#record.hasChanged(source.path) ? [] : uploadedParts;
    await sendMissingParts(
      this.#engine,
      {
        source,
        partSize,
        partCount,
        stored: new Map(
          known.map(({ partNumber, size }) => [partNumber, size]),
        ),
        concurrency: PARTS_AT_A_TIME,
        batch: PART_URLS_PER_CALL,
        addresses: async (parts, { api, request }) => {
          const partNumbers = parts.map(({ number }) => number);
          const urls = await requestPartUrls(
            api,
            uploadUid,
            { partNumbers },
            request,
          );
          return new Map(urls.parts.map((part) => [part.partNumber, part]));
        },
      },
      meter,
      signal,
    );
    await this.#engine.step(
      ({ api, request }) => completeUpload(api, uploadUid, request),
      signal,
    );
  }
}

/** The options that a table knows. */
function pick<T extends object>(table: OptionTable<T>, options: object): T {
  const known = Object.entries(options).filter(([name]) =>
    Object.hasOwn(table, name)
  );
  return Object.fromEntries(known) as T;
}

/** Refuses an upload that can't succeed, as far as the server tells its limits. */
async function refuseHopeless(
  transport: Transport,
  sources: readonly UploadSource[],
  { organizationUid }: UploadFilesOptions,
  request: RequestOptions,
): Promise<void> {
  const [quota, mimes] = await Promise.all([
    readQuota(transport, { organizationUid }, request).catch(orUnknown),
    readAllowedMimes(transport, request).catch(orUnknown),
  ]);
  if (quota) checkQuota(sources, quota);
  if (mimes) checkTypes(sources, mimes);
}

/** 403, 404 and 405 mean: limit unknown. */
function orUnknown(error: unknown): undefined {
  const status = error instanceof AvalaError ? error.statusCode : null;
  if (status !== null && [403, 404, 405].includes(status)) return undefined;
  throw error;
}

function checkQuota(
  sources: readonly UploadSource[],
  quota: UploadQuota,
): void {
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  // files of an earlier try count as used: only the whole limit proves anything
  if (!Number.isSafeInteger(quota.limit) || total <= quota.limit) return;
  throw new QuotaExceededError(
    `Cannot upload the files as their ${total} bytes are more than the quota of ${quota.limit}`,
    quota,
  );
}

function checkTypes(
  sources: readonly UploadSource[],
  { mimeTypes, videoPrefix }: AllowedMimes,
): void {
  if (mimeTypes.length === 0) return;
  const wildcards = mimeTypes.filter((type) => type.endsWith("/*"));
  const prefixes = [
    ...(videoPrefix ? [videoPrefix] : []),
    ...wildcards.map((type) => type.slice(0, -1)),
  ];
  for (const source of sources) {
    // what is not known here is for the server to decide
    const type = mediaType(source)?.split(";")[0]?.trim().toLowerCase();
    const isAccepted = type === undefined || mimeTypes.includes(type) ||
      prefixes.some((prefix) => type.startsWith(prefix));
    if (isAccepted) continue;
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(source.path)
      } as files of the type ${type} are not accepted: accepted are ${
        [...mimeTypes, ...prefixes.map((prefix) => `${prefix}*`)].join(", ")
      }`,
    );
  }
}
