/**
 * Thresholds on the quality of a project.
 *
 * @example A target that is watched
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [project] = (await client.projects.list()).items;
 * await client.qualityTargets.create(project!.uid, {
 *   name: "Most results are accepted",
 *   metric: "acceptance_rate",
 *   operator: "lt", // lower than the threshold is a breach
 *   threshold: 0.95,
 * });
 * const evaluations = await client.qualityTargets.evaluate(project!.uid);
 * for (const { name, currentValue, isBreached } of evaluations) {
 *   console.log(name, currentValue, isBreached);
 * }
 * ```
 *
 * @example A nightly report
 * ```ts
 * import { AsyncClient } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * for await (const project of client.projects.list()) {
 *   const breached = (await client.qualityTargets.evaluate(project.uid))
 *     .filter(({ isBreached }) => isBreached);
 *   await client.consensus.compute(project.uid);
 *   const { meanScore } = await client.consensus.getSummary(project.uid);
 *   console.log(project.name, "agreement", meanScore);
 *   for (const { name, currentValue, threshold } of breached) {
 *     console.log("  breached:", name, currentValue, "against", threshold);
 *   }
 * }
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { model, type Open } from "../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  required,
  requiredText,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** What a target measures. */
export type QualityMetric = Open<
  | "issue_rate"
  | "acceptance_rate"
  | "rejection_rate"
  | "mean_resolution_time"
  | "critical_issue_count"
>;

/** Comparison that counts as a breach. */
export type QualityOperator = Open<"gt" | "lt" | "gte" | "lte">;

/** How bad a breach is. */
export type QualitySeverity = Open<"warning" | "critical">;

/** A threshold on a project's quality metrics. */
export interface QualityTarget {
  /** Unique id of the target. */
  uid: string;
  /** Display name. */
  name: string;
  /** What is measured. */
  metric: QualityMetric;
  /** Comparison that counts as a breach. */
  operator: QualityOperator;
  /** Rates 0 to 1, counts as integers, times in seconds. */
  threshold: number;
  /** How bad it is. */
  severity: QualitySeverity | null;
  /** Whether it is evaluated. */
  isActive: boolean;
  /** Emit quality.alert on a breach. */
  notifyWebhook: boolean;
  /** Addresses that hear of a breach. */
  notifyEmails: string[];
  /** When it was last evaluated, ISO-8601. */
  lastEvaluatedAt: string | null;
  /** Value at the last evaluation. */
  lastValue: number | null;
  /** Whether the threshold is breached. */
  isBreached: boolean;
  /** How often it was breached. */
  breachCount: number;
  /** When it was last breached, ISO-8601. */
  lastBreachedAt: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Result of evaluating one target. */
export interface QualityTargetEvaluation {
  /** Unique id of the target. */
  uid: string;
  /** Display name. */
  name: string;
  /** What is measured. */
  metric: QualityMetric;
  /** Threshold: rates from 0 to 1, counts as integers, times in seconds. */
  threshold: number;
  /** Comparison that counts as a breach. */
  operator: QualityOperator;
  /** Value of the metric: rates from 0 to 1, counts as integers, times in seconds. */
  currentValue: number;
  /** Whether the threshold is breached. */
  isBreached: boolean;
  /** How bad it is. */
  severity: QualitySeverity | null;
}

/** Options of {@linkcode AsyncQualityTargets.create}. */
export interface CreateQualityTargetOptions {
  /** Display name. */
  name: string;
  /** What is measured. */
  metric: QualityMetric;
  /** Threshold: rates from 0 to 1, counts as integers, times in seconds. */
  threshold: number;
  /** Comparison that counts as a breach. */
  operator?: QualityOperator | undefined;
  /** How bad it is. */
  severity?: QualitySeverity | undefined;
  /** Whether it is evaluated. */
  isActive?: boolean | undefined;
  /** Whether a breach sends `quality.alert` to webhooks. */
  notifyWebhook?: boolean | undefined;
  /** Addresses that hear of a breach. */
  notifyEmails?: string[] | undefined;
}

/** Options of {@linkcode AsyncQualityTargets.update}. Null should clear a field; the Avala docs don't say so. */
export interface UpdateQualityTargetOptions {
  /** Display name. */
  name?: string | undefined;
  /** What is measured. */
  metric?: QualityMetric | undefined;
  /** Threshold: rates from 0 to 1, counts as integers, times in seconds. */
  threshold?: number | undefined;
  /** Comparison that counts as a breach. */
  operator?: QualityOperator | undefined;
  /** How bad it is. */
  severity?: QualitySeverity | null | undefined;
  /** Whether it is evaluated. */
  isActive?: boolean | undefined;
  /** Whether a breach sends `quality.alert` to webhooks. */
  notifyWebhook?: boolean | undefined;
  /** Addresses that hear of a breach. */
  notifyEmails?: string[] | undefined;
}

const decodeTarget = model<QualityTarget>({
  uid: null,
  name: null,
  metric: null,
  operator: null,
  threshold: null,
  severity: null,
  isActive: true,
  notifyWebhook: true,
  notifyEmails: [],
  lastEvaluatedAt: null,
  lastValue: null,
  isBreached: false,
  breachCount: 0,
  lastBreachedAt: null,
  createdAt: null,
  updatedAt: null,
});

const decodeEvaluation = model<QualityTargetEvaluation>({
  uid: null,
  name: null,
  metric: null,
  threshold: null,
  operator: null,
  currentValue: null,
  isBreached: null,
  severity: null,
});

const CREATE: OptionTable<CreateQualityTargetOptions> = {
  name: requiredText,
  metric: requiredText,
  threshold: required,
  operator: optional,
  severity: optional,
  isActive: optional,
  notifyWebhook: optional,
  notifyEmails: optional,
};

const UPDATE: OptionTable<UpdateQualityTargetOptions> = {
  name: optional,
  metric: optional,
  threshold: optional,
  operator: optional,
  severity: optional,
  isActive: optional,
  notifyWebhook: optional,
  notifyEmails: optional,
};

/** Quality targets. */
export class AsyncQualityTargets extends Resource {
  /**
   * Lists targets.
   *
   * @param projectUid Unique id of the project.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all targets when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    projectUid: string,
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<QualityTarget> {
    const where = path(
      "qualityTargets.list",
      "/projects/{projectUid}/quality-targets/",
      { projectUid },
    );
    return this.pages(decodeTarget, where, PAGE, options, request);
  }

  /**
   * Reads a target.
   *
   * @param projectUid Unique id of the project.
   * @param uid Unique id of the target.
   * @param request Request options.
   * @returns The target.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such target.
   * @throws {AvalaError} If the request fails.
   */
  async get(
    projectUid: string,
    uid: string,
    request?: RequestOptions,
  ): Promise<QualityTarget> {
    const where = path(
      "qualityTargets.get",
      "/projects/{projectUid}/quality-targets/{uid}/",
      { projectUid, uid },
    );
    return await this.one(decodeTarget, "GET", where, request);
  }

  /**
   * Creates a target. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param projectUid Unique id of the project.
   * @param options The options.
   * @param request Request options.
   * @returns The target.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    projectUid: string,
    options: CreateQualityTargetOptions,
    request?: RequestOptions,
  ): Promise<QualityTarget> {
    const where = path(
      "qualityTargets.create",
      "/projects/{projectUid}/quality-targets/",
      { projectUid },
    );
    const input = body(CREATE, options);
    return await this.one(decodeTarget, "POST", where, request, input);
  }

  /**
   * Changes a target.
   *
   * @param projectUid Unique id of the project.
   * @param uid Unique id of the target.
   * @param options What to change.
   * @param request Request options.
   * @returns The target.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such target.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    projectUid: string,
    uid: string,
    options: UpdateQualityTargetOptions,
    request?: RequestOptions,
  ): Promise<QualityTarget> {
    const where = path(
      "qualityTargets.update",
      "/projects/{projectUid}/quality-targets/{uid}/",
      { projectUid, uid },
    );
    const input = body(UPDATE, options);
    return await this.one(decodeTarget, "PATCH", where, request, input);
  }

  /**
   * Deletes a target.
   *
   * @param projectUid Unique id of the project.
   * @param uid Unique id of the target.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such target.
   * @throws {AvalaError} If the request fails.
   */
  async delete(
    projectUid: string,
    uid: string,
    request?: RequestOptions,
  ): Promise<void> {
    const where = path(
      "qualityTargets.delete",
      "/projects/{projectUid}/quality-targets/{uid}/",
      { projectUid, uid },
    );
    await this.nothing("DELETE", where, request);
  }

  /**
   * Evaluates all targets of a project now.
   *
   * @param projectUid Unique id of the project.
   * @param request Request options.
   * @returns One evaluation for each target.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async evaluate(
    projectUid: string,
    request?: RequestOptions,
  ): Promise<QualityTargetEvaluation[]> {
    const where = path(
      "qualityTargets.evaluate",
      "/projects/{projectUid}/quality-targets/evaluate/",
      { projectUid },
    );
    const input = { idempotent: true };
    return await this.array(decodeEvaluation, "POST", where, request, input);
  }
}
