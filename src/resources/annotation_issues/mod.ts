/**
 * Problems that were found in annotations.
 *
 * @example Report a problem
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [dataset] = (await client.datasets.list({ dataType: "lidar" })).items;
 * const { ownerName, slug } = dataset!;
 * const sequences = await client.datasets.listSequences(ownerName!, slug);
 * const [tool] = await client.annotationIssues.listTools({ datasetType: "lidar" });
 * const issue = await client.annotationIssues.create(sequences.items[0]!.uid, {
 *   toolUid: tool!.uid,
 *   problemUid: tool!.problems![0]!.uid,
 *   severity: "moderate",
 *   description: "The box ends before the crane does",
 * });
 * console.log(issue.status);
 * ```
 *
 * @module
 */

import {
  optional,
  type Parameters,
  requiredText,
  segment,
  toBody,
  toQuery,
} from "../../wire/options.ts";
import type { JsonObject } from "../../wire/codec.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import type { DatasetDataType } from "../datasets/models.ts";
import {
  type AnnotationIssue,
  type AnnotationIssueMetrics,
  type AnnotationIssueToolDetail,
  decodeAnnotationIssue,
  decodeAnnotationIssueMetrics,
  decodeAnnotationIssueToolDetail,
  type IssuePriority,
  type IssueSeverity,
  type IssueStatus,
} from "./models.ts";

export type {
  AnnotationIssue,
  AnnotationIssueMetrics,
  AnnotationIssueProblem,
  AnnotationIssueProject,
  AnnotationIssueReporter,
  AnnotationIssueTool,
  AnnotationIssueToolDetail,
  IssuePriority,
  IssueSeverity,
  IssueStatus,
} from "./models.ts";

/** Filters of {@linkcode AsyncAnnotationIssues.listBySequence}. */
export interface ListSequenceIssuesOptions {
  /** Unique id of the dataset item. */
  datasetItemUid?: string | undefined;
  /** Unique id of the project. */
  projectUid?: string | undefined;
}

/** Options of {@linkcode AsyncAnnotationIssues.create}. */
export interface CreateAnnotationIssueOptions {
  /** Unique id of the tool. */
  toolUid: string;
  /** Unique id of the kind of problem. */
  problemUid: string;
  /** Unique id of the dataset item. */
  datasetItemUid?: string | undefined;
  /** Unique id of the project. */
  projectUid?: string | undefined;
  /** How urgent it is. */
  priority?: IssuePriority | undefined;
  /** How bad it is. */
  severity?: IssueSeverity | undefined;
  /** Description. */
  description?: string | undefined;
  /** Class that was annotated. */
  wrongClass?: string | undefined;
  /** Class that would be right. */
  correctClass?: string | undefined;
  /** Whether the object must be annotated again. */
  shouldReAnnotate?: boolean | undefined;
  /** Whether the object must be deleted. */
  shouldDelete?: boolean | undefined;
  /** Frame numbers as text, such as a list or a range. */
  framesAffected?: string | undefined;
  /** Where the problem is, the JSON as it was sent. */
  coordinates?: unknown | undefined;
  /** State of the viewer, the JSON as it was sent. */
  queryParams?: JsonObject | undefined;
  /** Unique id of the object. */
  objectUid?: string | undefined;
}

/** Options of {@linkcode AsyncAnnotationIssues.update}; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateAnnotationIssueOptions {
  /** State. */
  status?: IssueStatus | null | undefined;
  /** How urgent it is. */
  priority?: IssuePriority | null | undefined;
  /** How bad it is. */
  severity?: IssueSeverity | null | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Unique id of the tool. */
  toolUid?: string | undefined;
  /** Unique id of the kind of problem. */
  problemUid?: string | undefined;
  /** Class that was annotated. */
  wrongClass?: string | null | undefined;
  /** Frame numbers as text, such as a list or a range. */
  framesAffected?: string | null | undefined;
}

/** Filters of {@linkcode AsyncAnnotationIssues.listByDataset}. */
export interface ListDatasetIssuesOptions {
  /** Unique id of the sequence. */
  sequenceUid?: string | undefined;
}

/** Options of {@linkcode AsyncAnnotationIssues.getMetrics}. */
export interface AnnotationIssueMetricsOptions {
  /** Unique id of the sequence. */
  sequenceUid?: string | undefined;
}

/** Filters of {@linkcode AsyncAnnotationIssues.listTools}. */
export interface ListIssueToolsOptions {
  /** Kind of media. */
  datasetType: DatasetDataType;
}

const LIST_BY_SEQUENCE: Parameters<ListSequenceIssuesOptions> = {
  datasetItemUid: optional,
  projectUid: optional,
};

const CREATE: Parameters<CreateAnnotationIssueOptions> = {
  toolUid: requiredText,
  problemUid: requiredText,
  datasetItemUid: optional,
  projectUid: optional,
  priority: optional,
  severity: optional,
  description: optional,
  wrongClass: optional,
  correctClass: optional,
  shouldReAnnotate: optional,
  shouldDelete: optional,
  framesAffected: optional,
  coordinates: optional,
  queryParams: optional,
  objectUid: optional,
};

const UPDATE: Parameters<UpdateAnnotationIssueOptions> = {
  status: optional,
  priority: optional,
  severity: optional,
  description: optional,
  toolUid: optional,
  problemUid: optional,
  wrongClass: optional,
  framesAffected: optional,
};

const LIST_BY_DATASET: Parameters<ListDatasetIssuesOptions> = {
  sequenceUid: optional,
};

const GET_METRICS: Parameters<AnnotationIssueMetricsOptions> = {
  sequenceUid: optional,
};

const LIST_TOOLS: Parameters<ListIssueToolsOptions> = {
  datasetType: requiredText,
};

/** Issues of annotations. */
export class AsyncAnnotationIssues {
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
   * Lists the issues of a sequence.
   *
   * @param sequenceUid Unique id of the sequence.
   * @param options Filters.
   * @param request Request options.
   * @returns The issues.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async listBySequence(
    sequenceUid: string,
    options: ListSequenceIssuesOptions = {},
    request?: RequestOptions,
  ): Promise<AnnotationIssue[]> {
    const path = `/sequences/${
      segment("sequenceUid", sequenceUid)
    }/annotation-issues/`;
    return await this.#transport.array(decodeAnnotationIssue, {
      method: "GET",
      path,
      query: toQuery(LIST_BY_SEQUENCE, options),
    }, request);
  }

  /**
   * Reports an issue. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param sequenceUid Unique id of the sequence.
   * @param options The options.
   * @param request Request options.
   * @returns The issue.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    sequenceUid: string,
    options: CreateAnnotationIssueOptions,
    request?: RequestOptions,
  ): Promise<AnnotationIssue> {
    const path = `/sequences/${
      segment("sequenceUid", sequenceUid)
    }/annotation-issues/`;
    return await this.#transport.object(decodeAnnotationIssue, {
      method: "POST",
      path,
      body: { sequence_uid: sequenceUid, ...toBody(CREATE, options) },
    }, request);
  }

  /**
   * Changes an issue.
   *
   * @param sequenceUid Unique id of the sequence.
   * @param issueUid Unique id of the issue.
   * @param options What to change.
   * @param request Request options.
   * @returns The issue.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such issue.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    sequenceUid: string,
    issueUid: string,
    options: UpdateAnnotationIssueOptions,
    request?: RequestOptions,
  ): Promise<AnnotationIssue> {
    const path = `/sequences/${
      segment("sequenceUid", sequenceUid)
    }/annotation-issues/${segment("issueUid", issueUid)}/`;
    return await this.#transport.object(decodeAnnotationIssue, {
      method: "PATCH",
      path,
      body: toBody(UPDATE, options),
    }, request);
  }

  /**
   * Deletes an issue.
   *
   * @param sequenceUid Unique id of the sequence.
   * @param issueUid Unique id of the issue.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such issue.
   * @throws {AvalaError} If the request fails.
   */
  async delete(
    sequenceUid: string,
    issueUid: string,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/sequences/${
      segment("sequenceUid", sequenceUid)
    }/annotation-issues/${segment("issueUid", issueUid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Lists the issues of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param datasetSlug URL name of the dataset.
   * @param options Filters.
   * @param request Request options.
   * @returns The issues.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async listByDataset(
    owner: string,
    datasetSlug: string,
    options: ListDatasetIssuesOptions = {},
    request?: RequestOptions,
  ): Promise<AnnotationIssue[]> {
    const path = `/datasets/${segment("owner", owner)}/${
      segment("datasetSlug", datasetSlug)
    }/annotation-issues/`;
    return await this.#transport.array(decodeAnnotationIssue, {
      method: "GET",
      path,
      query: toQuery(LIST_BY_DATASET, options),
    }, request);
  }

  /**
   * Reads the statistics of the issues of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param datasetSlug URL name of the dataset.
   * @param options Filters.
   * @param request Request options.
   * @returns The statistics.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async getMetrics(
    owner: string,
    datasetSlug: string,
    options: AnnotationIssueMetricsOptions = {},
    request?: RequestOptions,
  ): Promise<AnnotationIssueMetrics> {
    const path = `/datasets/${segment("owner", owner)}/${
      segment("datasetSlug", datasetSlug)
    }/annotation-issues/metrics/`;
    return await this.#transport.object(decodeAnnotationIssueMetrics, {
      method: "GET",
      path,
      query: toQuery(GET_METRICS, options),
    }, request);
  }

  /**
   * Lists the tools that issues can be filed under, each with its kinds of
   * problem.
   *
   * @param options Kind of media.
   * @param request Request options.
   * @returns The tools.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async listTools(
    options: ListIssueToolsOptions,
    request?: RequestOptions,
  ): Promise<AnnotationIssueToolDetail[]> {
    return await this.#transport.array(decodeAnnotationIssueToolDetail, {
      method: "GET",
      path: "/qc-available-tools/",
      query: toQuery(LIST_TOOLS, options),
    }, request);
  }
}
