/**
 * Export jobs and their results.
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
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  segment,
  toBody,
  toQuery,
} from "../wire/options.ts";
import { type Decode, model, type Open } from "../wire/codec.ts";
import type { Download, DownloadOptions } from "../downloads/download.ts";
import { downloadFile } from "../downloads/open_download.ts";
import { InvalidArgumentError } from "../errors.ts";
import { listPages, type PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";
import { waitFor, type WaitOptions } from "../http/waiting.ts";

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
  /** Display name; named by the Avala docs only. */
  name: string | null;
  /** Format; named by the Avala docs only. */
  format: ExportFormat | null;
  /** Filter that was applied; named by the Avala docs only. */
  filterQueryString: string | null;
  /** Tasks to export; named by the Avala docs only. */
  totalTaskCount: number | null;
  /** Tasks already exported; named by the Avala docs only. */
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
  /** Display name, 1 to 255 characters; named by the Avala docs only. */
  name?: string | undefined;
  /** Format; named by the Avala docs only. */
  format?: ExportFormat | undefined;
  /** Unique ids of datasets; named by the Avala docs only. */
  datasets?: string[] | undefined;
  /** Unique ids of projects; named by the Avala docs only. */
  projects?: string[] | undefined;
  /** Unique ids of slices; named by the Avala docs only. */
  slices?: string[] | undefined;
  /** Filter to apply; named by the Avala docs only. */
  filterQueryString?: string | undefined;
}

const decodeExport: Decode<Export> = model<Export>({
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

const CREATE: Parameters<CreateExportOptions> = {
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

/** Exports. */
export class AsyncExports {
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
    return listPages(
      this.#transport,
      () => ({ path: "/exports/", query: toQuery(PAGE_PARAMETERS, options) }),
      decodeExport,
      request,
    );
  }

  /**
   * Starts an export. It is never sent twice, unless the server says that it did
   * not process it. At most 5 are being started at once, as the service asks for.
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
    const body = toBody(CREATE, options);
    if (SOURCES.every((source) => body[source] === undefined)) {
      throw new InvalidArgumentError(
        `Cannot create an export as there is no source: give one of ${
          SOURCES.map((source) => `'${source}'`).join(", ")
        }`,
      );
    }
    return await this.#transport.object(
      decodeExport,
      { method: "POST", path: "/exports/", body, lane: "exports" },
      request,
    );
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
    const path = `/exports/${segment("uid", uid)}/`;
    return await this.#transport.object(
      decodeExport,
      { method: "GET", path },
      request,
    );
  }

  /**
   * Waits until an export is finished. It is read every 2,000 ms (`interval`, at
   * least 500) for at most 300,000 ms (`timeout`).
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
    segment("uid", uid);
    return await waitFor(
      this.#transport,
      {
        name: `export "${uid}"`,
        read: (every) => this.get(uid, every),
        outcome: ({ status }) => {
          if (status === "exported" || status === "completed") return "success";
          return status === "failed" ? "failure" : "pending";
        },
        interval: 2_000,
        minInterval: 500,
        timeout: 300_000,
      },
      options,
      request,
    );
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
    const given = typeof source === "string"
      ? await this.get(source, request)
      : source;
    return await downloadFile(this.#transport, addressOf(given), {
      ...options,
      renew: options.renew ??
        (async () => addressOf(await this.get(given.uid, request))),
    }, request);
  }
}

function addressOf({ uid, status, downloadUrl }: Export): string {
  if (typeof downloadUrl === "string" && downloadUrl !== "") return downloadUrl;
  throw new InvalidArgumentError(
    `Cannot download export "${uid}" as it has no result yet: current status is "${status}"`,
  );
}
