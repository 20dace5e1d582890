/**
 * Runs of a model over a project.
 *
 * @example Label a project and wait
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [project] = (await client.projects.list()).items;
 * const job = await client.autoLabelJobs.create(project!.uid, {
 *   modelType: "yolo",
 *   labels: ["crane"],
 * });
 * const done = await client.autoLabelJobs.wait(job.uid, {
 *   interval: 500, // milliseconds
 *   onPoll: ({ progressPct }) => console.log(progressPct),
 * });
 * console.log(done.successfulItems, "of", done.totalItems);
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import type { WaitOptions } from "../http/waiting.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
import {
  body,
  fraction,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
} from "../wire/options.ts";
import { path, segment } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** State of a job; `completed`, `failed` and `cancelled` (or `canceled`) are final. */
export type AutoLabelJobStatus = Open<
  "pending" | "running" | "completed" | "failed" | "cancelled"
>;

/** Model that labels. */
export type AutoLabelModelType = Open<"sam3" | "yolo">;

/** A run of a model over a project. */
export interface AutoLabelJob {
  /** Unique id of the job. */
  uid: string;
  /** State of the job; the Avala docs do not spell that of a canceled one. */
  status: AutoLabelJobStatus | null;
  /** Model to run. */
  modelType: AutoLabelModelType | null;
  /** Confidence from which a prediction counts, 0 to 1. */
  confidenceThreshold: number | null;
  /** Class names to look for; empty means all. */
  labels: string[];
  /** Predict without saving. */
  dryRun: boolean;
  /** Items in all. */
  totalItems: number;
  /** Items done so far, whatever became of them. */
  processedItems: number;
  /** Items that were labeled. */
  successfulItems: number;
  /** Items that failed. */
  failedItems: number;
  /** Items that were left out. */
  skippedItems: number;
  /** Progress in percent, 0 to 100. */
  progressPct: number | null;
  /** What went wrong, if anything. */
  errorMessage: string | null;
  /** Totals by the server's own keys (class names may be keys). */
  summary: JsonObject | null;
  /** When it started, ISO-8601. */
  startedAt: string | null;
  /** When it ended, ISO-8601. */
  completedAt: string | null;
  /** When it was created, ISO-8601. */
  createdAt: string | null;
}

/** Filters of {@linkcode AsyncAutoLabelJobs.list}. */
export interface ListAutoLabelJobsOptions extends PageOptions {
  /** Project. */
  project?: string | undefined;
  /** State of the job; the Avala docs do not spell that of a canceled one. */
  status?: AutoLabelJobStatus | undefined;
}

/** Options of {@linkcode AsyncAutoLabelJobs.create}. */
export interface CreateAutoLabelJobOptions {
  /**
   * Model to run.
   *
   * @default {"yolo" (chosen by the server)}
   */
  modelType?: AutoLabelModelType | undefined;
  /**
   * Confidence from which a prediction counts, 0 to 1.
   *
   * @default {0.5 (chosen by the server)}
   */
  confidenceThreshold?: number | undefined;
  /**
   * Class names to look for; empty means all.
   *
   * @default {[] (chosen by the server)}
   */
  labels?: string[] | undefined;
  /**
   * Predict without saving.
   *
   * @default {false (chosen by the server)}
   */
  dryRun?: boolean | undefined;
}

const decodeJob = model<AutoLabelJob>({
  uid: null,
  status: null,
  modelType: null,
  confidenceThreshold: null,
  labels: [],
  dryRun: false,
  totalItems: 0,
  processedItems: 0,
  successfulItems: 0,
  failedItems: 0,
  skippedItems: 0,
  progressPct: null,
  errorMessage: null,
  summary: null,
  startedAt: null,
  completedAt: null,
  createdAt: null,
});

const LIST: OptionTable<ListAutoLabelJobsOptions> = {
  project: optional,
  status: optional,
  ...PAGE,
};

const CREATE: OptionTable<CreateAutoLabelJobOptions> = {
  modelType: optional,
  confidenceThreshold: { check: fraction },
  labels: optional,
  dryRun: optional,
};

// the Avala docs don't say how the state of a canceled job is spelled
const FAILURES = ["failed", "cancelled", "canceled"];

/** Auto-label jobs. */
export class AsyncAutoLabelJobs extends Resource {
  /**
   * Lists jobs.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all jobs when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListAutoLabelJobsOptions = {},
    request?: RequestOptions,
  ): PagePromise<AutoLabelJob> {
    const where = path("autoLabelJobs.list", "/auto-label-jobs/");
    return this.pages(decodeJob, where, LIST, options, request);
  }

  /**
   * Reads a job.
   *
   * @param uid Unique id of the job.
   * @param request Request options.
   * @returns The job.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such job.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<AutoLabelJob> {
    const where = path("autoLabelJobs.get", "/auto-label-jobs/{uid}/", { uid });
    return await this.one(decodeJob, "GET", where, request);
  }

  /**
   * Starts a job over a project. It is never sent twice, unless the server
   * says that it did not process it.
   *
   * @param projectUid Unique id of the project.
   * @param options The options.
   * @param request Request options.
   * @returns The job; see {@linkcode AsyncAutoLabelJobs.wait}.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    projectUid: string,
    options: CreateAutoLabelJobOptions = {},
    request?: RequestOptions,
  ): Promise<AutoLabelJob> {
    const where = path(
      "autoLabelJobs.create",
      "/projects/{projectUid}/auto-label/",
      { projectUid },
    );
    const input = body(CREATE, options);
    return await this.one(decodeJob, "POST", where, request, input);
  }

  /**
   * Cancels a job that is not finished.
   *
   * @param uid Unique id of the job.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such job.
   * @throws {AvalaError} If the request fails.
   */
  async cancel(uid: string, request?: RequestOptions): Promise<void> {
    const where = path(
      "autoLabelJobs.cancel",
      "/auto-label-jobs/{uid}/",
      { uid },
    );
    await this.nothing("DELETE", where, request);
  }

  /**
   * Waits until a job is finished, for at most 3,600,000 ms (`timeout`). It is
   * read at once, then at intervals that grow up to 2,000 ms (`interval` sets a
   * fixed one, of at least 500).
   *
   * @param uid Unique id of the job.
   * @param options Options of the wait.
   * @param request Options of every request.
   * @returns The finished job; look at its `status`, it may have failed.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {WaitTimeoutError} If it is not finished in time.
   * @throws {WaitFailedError} If it has failed or was canceled and `throwOnFailure` is set.
   * @throws {AvalaError} If a request fails.
   */
  async wait(
    uid: string,
    options?: WaitOptions<AutoLabelJob>,
    request?: RequestOptions,
  ): Promise<AutoLabelJob> {
    segment("autoLabelJobs.wait", "uid", uid);
    const { waitFor } = await import("../http/waiting.ts");
    return await waitFor(
      this.transport,
      {
        method: "autoLabelJobs.wait",
        name: `auto-label job "${uid}"`,
        read: (every) => this.get(uid, every),
        outcome: ({ status }) => {
          if (status === "completed") return "success";
          return FAILURES.includes(status ?? "") ? "failure" : "pending";
        },
        interval: 2_000,
        minInterval: 500,
        timeout: 3_600_000,
      },
      options,
      request,
    );
  }
}
