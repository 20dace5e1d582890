/**
 * Export jobs and their results.
 *
 * `wait` polls until a job is final; `datasets.wait` and `autoLabelJobs.wait` take
 * the same options. A download that breaks off goes on where it broke, if the server
 * can do that; a file that does not arrive whole, or that has changed meanwhile, is
 * an error. For a download, `timeout` limits the time to the headers, then the time
 * between two chunks.
 *
 * @example Export, wait, download
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [dataset] = (await client.datasets.list()).items;
 * const job = await client.exports.create({ dataset: dataset!.uid });
 * const done = await client.exports.wait(job.uid, { interval: 500 });
 * const file = await client.exports.download(done);
 * console.log(file.size, (await file.bytes()).length);
 * ```
 *
 * @example Show a bar while the file arrives
 * ```ts
 * import { AsyncClient } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * const [project] = (await client.projects.list()).items;
 * const job = await client.exports.create({ project: project!.uid });
 * const done = await client.exports.wait(job.uid, {
 *   interval: 500, // milliseconds
 *   throwOnFailure: true,
 *   onPoll: ({ exportedTaskCount, totalTaskCount }) =>
 *     console.log(`${exportedTaskCount} of ${totalTaskCount} tasks`),
 * });
 * const file = await client.exports.download(done, {
 *   onProgress: ({ bytes, size }) => {
 *     const share = size === null ? 0 : bytes / size;
 *     console.log("█".repeat(Math.round(share * 40)).padEnd(40, "░"), bytes);
 *   },
 * });
 * let bytes = 0;
 * for await (const chunk of file.body) bytes += chunk.length;
 * console.log(file.contentType, bytes === file.size);
 * ```
 *
 * @module
 */

import type { Download, DownloadOptions } from "../downloads/download.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { PagePromise } from "../http/pages.ts";
import type { Call, RequestOptions } from "../http/request.ts";
import type { WaitOptions, WaitTarget } from "../http/waiting.ts";
import { isJsonObject, model, type Open } from "../wire/codec.ts";
import {
  local,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  refusal,
  toBody,
} from "../wire/options.ts";
import { path, segment } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** State of an export; `exported`, `completed` and `failed` are final. */
export type ExportStatus = Open<
  "requested" | "pending" | "processing" | "exported" | "completed" | "failed"
>;

/** Format of an export. */
export type ExportFormat = Open<"avala-json-external" | "YOLO">;

/** An export job and its result. */
export interface Export {
  /** Unique id of the export. */
  uid: string;
  /** State of the export. */
  status: ExportStatus | null;
  /** Where the result is once exported, else null. May carry a signature: a secret. */
  downloadUrl: string | null;
  /** Display name. Documented, but not used by the official SDKs. */
  name: string | null;
  /** Format. Documented, but not used by the official SDKs. */
  format: ExportFormat | null;
  /** Filter that was applied. Documented, but not used by the official SDKs. */
  filterQueryString: string | null;
  /** Tasks to export. Documented, but not used by the official SDKs. */
  totalTaskCount: number | null;
  /** Tasks already exported. Documented, but not used by the official SDKs. */
  exportedTaskCount: number | null;
  /** Datasets of the export, the server's JSON untouched. */
  datasets: unknown[] | null;
  /** Slices of the export, the server's JSON untouched. */
  slices: unknown[] | null;
  /** Projects of the export, the server's JSON untouched. */
  projects: unknown[] | null;
  /** Organization of the export, the server's JSON untouched. */
  organization: unknown;
  /** When the export was created, ISO-8601. */
  createdAt: string | null;
  /** When the export last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Options of {@linkcode AsyncExports.create}; at least one source is needed. */
export interface CreateExportOptions {
  /** Unique id of a project. */
  project?: string | undefined;
  /** Unique id of a dataset. */
  dataset?: string | undefined;
  /** Display name, 1 to 255 characters. Documented, but not used by the official SDKs. */
  name?: string | undefined;
  /** Format. Documented, but not used by the official SDKs. */
  format?: ExportFormat | undefined;
  /** Unique ids of datasets. Documented, but not used by the official SDKs. */
  datasets?: string[] | undefined;
  /** Unique ids of projects. Documented, but not used by the official SDKs. */
  projects?: string[] | undefined;
  /** Unique ids of slices. Documented, but not used by the official SDKs. */
  slices?: string[] | undefined;
  /** Filter to apply. Documented, but not used by the official SDKs. */
  filterQueryString?: string | undefined;
}

const decodeExport = model<Export>({
  uid: null,
  status: null,
  downloadUrl: null,
  name: null,
  format: null,
  filterQueryString: null,
  totalTaskCount: null,
  exportedTaskCount: null,
  datasets: null,
  slices: null,
  projects: null,
  organization: null,
  createdAt: null,
  updatedAt: null,
});

const CREATE: OptionTable<CreateExportOptions> = {
  project: optional,
  dataset: optional,
  name: optional,
  format: optional,
  datasets: optional,
  projects: optional,
  slices: optional,
  filterQueryString: optional,
};
const SOURCES = ["project", "dataset", "projects", "datasets", "slices"];

const DOWNLOAD: OptionTable<DownloadOptions> = {
  onProgress: local,
  renew: local,
};

/** Exports. */
export class AsyncExports extends Resource {
  /**
   * Lists exports.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all exports when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Export> {
    const where = path("exports.list", "/exports/");
    return this.pages(decodeExport, where, PAGE, options, request);
  }

  /**
   * Starts an export. It is never sent twice, unless the server says that it did
   * not process it. At most 5 are started at once: the service allows no more.
   *
   * @param options Sources and format.
   * @param request Request options.
   * @returns The export in its first state.
   * @throws {InvalidArgumentError} If an option is wrong, or no source is given.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateExportOptions,
    request?: RequestOptions,
  ): Promise<Export> {
    const call: Call = {
      method: "POST",
      path: path("exports.create", "/exports/"),
      body: (method) => bodyOf(method, options),
      group: "exports",
    };
    return decodeExport(await this.transport.send(call, "object", request));
  }

  /**
   * Reads an export.
   *
   * @param uid Unique id of the export.
   * @param request Request options.
   * @returns The export.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such export.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<Export> {
    const where = path("exports.get", "/exports/{uid}/", { uid });
    return await this.one(decodeExport, "GET", where, request);
  }

  /**
   * Waits until an export is finished, for at most 300,000 ms (`timeout`). It is
   * read at once, after half a second, after a second, then every 2,000 ms; or
   * every `interval` ms, at least 500.
   *
   * @param uid Unique id of the export.
   * @param options Options of the wait.
   * @param request Options of every request.
   * @returns The finished export; look at its `status`, it may have failed.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {WaitTimeoutError} If it is not finished in time.
   * @throws {WaitFailedError} If it has failed and `throwOnFailure` is set.
   * @throws {AvalaError} If a request fails.
   */
  async wait(
    uid: string,
    options?: WaitOptions<Export>,
    request?: RequestOptions,
  ): Promise<Export> {
    segment("exports.wait", "uid", uid);
    const target: WaitTarget<Export> = {
      method: "exports.wait",
      name: `export "${uid}"`,
      read: (every) => this.get(uid, every),
      outcome: ({ status }) => {
        if (status === "exported" || status === "completed") return "success";
        return status === "failed" ? "failure" : "pending";
      },
      interval: 2_000,
      minInterval: 500,
      timeout: 300_000,
    };
    const { waitFor } = await import("../http/waiting.ts");
    return await waitFor(this.transport, target, options, request);
  }

  /**
   * Downloads the result of a finished export as a stream. The credential goes
   * to the API's own origin only; when a signature has expired, the export is
   * read again for a fresh one.
   *
   * @param source The export, or its unique id.
   * @param options Options of the download.
   * @param request Request options; `timeout` limits the time to the headers, then
   * the time between two chunks.
   * @returns The file.
   * @throws {InvalidArgumentError} If the export is not finished, or its address is not to be trusted.
   * @throws {AvalaError} If a request fails.
   */
  async download(
    source: Export | string,
    options: DownloadOptions = {},
    request?: RequestOptions,
  ): Promise<Download> {
    toBody("exports.download", DOWNLOAD, options);
    const given = typeof source === "string"
      ? await this.get(source, request)
      : source;
    const url = addressOf(given);
    const renew = options.renew ??
      (async () => addressOf(await this.get(given.uid, request)));
    const { downloadFile } = await import("../downloads/mod.ts");
    const renewing = { ...options, renew };
    return await downloadFile(this.transport, url, renewing, request);
  }
}

function bodyOf(method: string, options: CreateExportOptions): unknown {
  const body = toBody(method, CREATE, options);
  if (SOURCES.some((source) => body[source] !== undefined)) return body;
  throw new InvalidArgumentError(
    `Cannot call ${method} as there is no source: give one of ${
      SOURCES.map((source) => `'${source}'`).join(", ")
    }`,
  );
}

function addressOf(source: Export): string {
  if (!isJsonObject(source)) {
    const wanted = "an export or its unique id";
    throw refusal("exports.download", "'source'", wanted, source);
  }
  const { uid, status, downloadUrl } = source;
  if (typeof downloadUrl === "string" && downloadUrl !== "") return downloadUrl;
  throw new InvalidArgumentError(
    `Cannot call exports.download as export "${uid}" has no result yet: current status is "${status}"`,
  );
}
