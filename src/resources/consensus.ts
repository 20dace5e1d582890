/**
 * Agreement between annotators.
 *
 * @example Look at the agreement in a project
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [project] = (await client.projects.list()).items;
 * await client.consensus.compute(project!.uid);
 * const { meanScore } = await client.consensus.getSummary(project!.uid);
 * console.log(meanScore);
 * for await (const score of client.consensus.listScores(project!.uid)) {
 *   if (score.score < 0.5) console.log(score.datasetItemUid, score.score);
 * }
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
import {
  body,
  fraction,
  type OptionTable,
  PAGE,
  type PageOptions,
  positiveInteger,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** Consensus settings of a project. */
export interface ConsensusConfig {
  /** Unique id of the configuration. */
  uid: string;
  /** Overlap from which two shapes count as the same, 0 to 1. */
  iouThreshold: number;
  /** Share of annotators that must agree, 0 to 1. */
  minAgreementRatio: number;
  /** Annotators needed before an item is scored. */
  minAnnotations: number;
  /** When the configuration was created, ISO-8601. */
  createdAt: string | null;
  /** When the configuration last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Agreement between annotators on one item. */
export interface ConsensusScore {
  /** Unique id of the score. */
  uid: string;
  /** Unique id of the dataset item. */
  datasetItemUid: string;
  /** Name of the task. */
  taskName: string;
  /** Kind of score. */
  scoreType: Open<"inter_annotator"> | null;
  /** Agreement, 0 to 1. */
  score: number;
  /** How many annotators took part. */
  annotatorCount: number;
  /** The server's JSON about how the score came about, untouched. */
  details: JsonObject | null;
  /** When the score was computed, ISO-8601. */
  createdAt: string | null;
}

/** Agreement over a project. */
export interface ConsensusSummary {
  /** Mean of the scores, 0 to 1. */
  meanScore: number;
  /** Median of the scores, 0 to 1. */
  medianScore: number;
  /** Least score, 0 to 1. */
  minScore: number;
  /** Greatest score, 0 to 1. */
  maxScore: number;
  /** Items in the project. */
  totalItems: number;
  /** Items that have a score. */
  itemsWithConsensus: number;
  /** Number of scores by bucket, bucket names untouched. */
  scoreDistribution: JsonObject | null;
  /** Rows per task, the server's JSON untouched. */
  byTaskName: unknown[] | null;
}

/** Acknowledgement that a computation was started. */
export interface ConsensusComputeResult {
  /** Whether it was started or is already completed. */
  status: Open<"started" | "completed">;
  /** What the server says about it. */
  message: string;
}

/** Options of {@linkcode AsyncConsensus.updateConfig}. */
export interface UpdateConsensusConfigOptions {
  /** Overlap from which two shapes count as the same, 0 to 1. */
  iouThreshold?: number | undefined;
  /** Share of annotators that must agree, 0 to 1. */
  minAgreementRatio?: number | undefined;
  /** Annotators needed before an item is scored. */
  minAnnotations?: number | undefined;
}

const decodeConfig = model<ConsensusConfig>({
  uid: null,
  iouThreshold: 0.5,
  minAgreementRatio: 0.5,
  minAnnotations: 2,
  createdAt: null,
  updatedAt: null,
});

const decodeScore = model<ConsensusScore>({
  uid: null,
  datasetItemUid: null,
  taskName: null,
  scoreType: null,
  score: null,
  annotatorCount: null,
  details: null,
  createdAt: null,
});

const decodeSummary = model<ConsensusSummary>({
  meanScore: null,
  medianScore: null,
  minScore: null,
  maxScore: null,
  totalItems: null,
  itemsWithConsensus: null,
  scoreDistribution: null,
  byTaskName: null,
});

const decodeComputeResult = model<ConsensusComputeResult>({
  status: "status",
  message: "message",
});

const UPDATE_CONFIG: OptionTable<UpdateConsensusConfigOptions> = {
  iouThreshold: { check: fraction },
  minAgreementRatio: { check: fraction },
  minAnnotations: { check: positiveInteger },
};

/** Consensus of projects. */
export class AsyncConsensus extends Resource {
  /**
   * Reads the agreement over a project.
   *
   * @param projectUid Unique id of the project.
   * @param request Request options.
   * @returns The summary.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such project.
   * @throws {AvalaError} If the request fails.
   */
  async getSummary(
    projectUid: string,
    request?: RequestOptions,
  ): Promise<ConsensusSummary> {
    const where = path(
      "consensus.getSummary",
      "/projects/{projectUid}/consensus/",
      { projectUid },
    );
    return await this.one(decodeSummary, "GET", where, request);
  }

  /**
   * Lists the scores of a project.
   *
   * @param projectUid Unique id of the project.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all scores when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listScores(
    projectUid: string,
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<ConsensusScore> {
    const where = path(
      "consensus.listScores",
      "/projects/{projectUid}/consensus/scores/",
      { projectUid },
    );
    return this.pages(decodeScore, where, PAGE, options, request);
  }

  /**
   * Starts the computation of all scores of a project. Doing it twice gives the
   * same scores.
   *
   * @param projectUid Unique id of the project.
   * @param request Request options.
   * @returns What the server says about it.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such project.
   * @throws {AvalaError} If the request fails.
   */
  async compute(
    projectUid: string,
    request?: RequestOptions,
  ): Promise<ConsensusComputeResult> {
    const where = path(
      "consensus.compute",
      "/projects/{projectUid}/consensus/compute/",
      { projectUid },
    );
    const input = { idempotent: true };
    return await this.one(decodeComputeResult, "POST", where, request, input);
  }

  /**
   * Reads the settings of a project.
   *
   * @param projectUid Unique id of the project.
   * @param request Request options.
   * @returns The settings.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such project.
   * @throws {AvalaError} If the request fails.
   */
  async getConfig(
    projectUid: string,
    request?: RequestOptions,
  ): Promise<ConsensusConfig> {
    const where = path(
      "consensus.getConfig",
      "/projects/{projectUid}/consensus/config/",
      { projectUid },
    );
    return await this.one(decodeConfig, "GET", where, request);
  }

  /**
   * Changes the settings of a project. The Avala docs don't say whether settings
   * that are not given are kept or reset: give all of them to be sure.
   *
   * @param projectUid Unique id of the project.
   * @param options The settings.
   * @param request Request options.
   * @returns The settings.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such project.
   * @throws {AvalaError} If the request fails.
   */
  async updateConfig(
    projectUid: string,
    options: UpdateConsensusConfigOptions,
    request?: RequestOptions,
  ): Promise<ConsensusConfig> {
    const where = path(
      "consensus.updateConfig",
      "/projects/{projectUid}/consensus/config/",
      { projectUid },
    );
    const input = body(UPDATE_CONFIG, options);
    return await this.one(decodeConfig, "PUT", where, request, input);
  }
}
