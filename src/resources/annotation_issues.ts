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

import type { RequestOptions } from "../http/request.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  query,
  requiredText,
  toBody,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";
import type { DatasetDataType } from "./datasets/models.ts";

/** How urgent an issue is. */
export type IssuePriority = Open<
  "lowest" | "low" | "medium" | "high" | "highest"
>;

/** How bad an issue is. */
export type IssueSeverity = Open<"critical" | "moderate">;

/** State of an issue. */
export type IssueStatus = Open<
  | "open"
  | "relabeling"
  | "in_review"
  | "completed"
  | "cant_reproduce"
  | "awaiting_feedback"
  | "no_action_taken"
>;

/** Project of an issue. */
export interface AnnotationIssueProject {
  /** Unique id. */
  uid: string;
  /** Display name. */
  name: string;
}

/** Who reported an issue. */
export interface AnnotationIssueReporter {
  /** User name. */
  username: string | null;
  /** Address of the avatar. */
  picture: string | null;
  /** Full name. */
  fullName: string | null;
  /** Kind. */
  type: string | null;
  /** Whether the service employs the user. */
  isStaff: boolean | null;
}

/** Tool an issue is filed under. */
export interface AnnotationIssueTool {
  /** Unique id. */
  uid: string;
  /** Display name. */
  name: string;
  /** Whether it is there by default. */
  default: boolean | null;
}

/** Problem kind of an issue or tool. */
export interface AnnotationIssueProblem {
  /** Unique id. */
  uid: string;
  /** Title. */
  title: string;
}

/** A reported annotation problem. */
export interface AnnotationIssue {
  /** Unique id of the issue. */
  uid: string;
  /** Unique id of the dataset item. */
  datasetItemUid: string | null;
  /** Unique id of the sequence. */
  sequenceUid: string | null;
  /** Project the issue belongs to. */
  project: AnnotationIssueProject | null;
  /** Who reported it. */
  reporter: AnnotationIssueReporter | null;
  /** How urgent it is. */
  priority: IssuePriority | null;
  /** How bad it is. */
  severity: IssueSeverity | null;
  /** Description. */
  description: string | null;
  /** State. */
  status: IssueStatus | null;
  /** Tool it is filed under. */
  tool: AnnotationIssueTool | null;
  /** Kind of problem. */
  problem: AnnotationIssueProblem | null;
  /** Class that was annotated. */
  wrongClass: string | null;
  /** Class that would be right. */
  correctClass: string | null;
  /** Whether the object must be annotated again. */
  shouldReAnnotate: boolean | null;
  /** Whether the object must be deleted. */
  shouldDelete: boolean | null;
  /** Frame numbers as text, e.g. a list or range. */
  framesAffected: string | null;
  /** Where the problem is, the JSON as it was sent. */
  coordinates: unknown;
  /** State of the viewer, the JSON as it was sent. */
  queryParams: unknown;
  /** When it was created, ISO-8601. */
  createdAt: string | null;
  /** When it was closed, ISO-8601. */
  closedAt: string | null;
  /** Unique id of the object. */
  objectUid: string | null;
}

/** Issue statistics of a dataset. */
export interface AnnotationIssueMetrics {
  /** Number of issues by status. */
  statusCount: JsonObject | null;
  /** Number of issues by priority. */
  priorityCount: JsonObject | null;
  /** Number of issues by severity. */
  severityCount: JsonObject | null;
  /** Mean time to close an issue, in seconds. */
  meanSecondsCloseTimeAll: number | null;
  /** Mean time to close an issue that a customer reported, in seconds. */
  meanSecondsCloseTimeCustomer: number | null;
  /** Mean age of open issues, in seconds. */
  meanUnresolvedIssueAgeAll: number | null;
  /** Mean age of open issues that a customer reported, in seconds. */
  meanUnresolvedIssueAgeCustomer: number | null;
  /** Number of objects by kind of problem, the rows of the server untouched. */
  objectCountByAnnotationIssueProblemUid: JsonObject[] | null;
}

/** A QC tool with its problem kinds. */
export interface AnnotationIssueToolDetail {
  /** Unique id. */
  uid: string;
  /** Display name. */
  name: string;
  /** Kind of media. */
  datasetType: DatasetDataType | null;
  /** Whether it is there by default. */
  default: boolean | null;
  /** Kinds of problem that can be filed under it. */
  problems: AnnotationIssueProblem[] | null;
}

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

/** Options of {@linkcode AsyncAnnotationIssues.update}. Null should clear a field; the Avala docs don't say so. */
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

const decodeProblem = model<AnnotationIssueProblem>({ uid: null, title: null });

const decodeIssue = model<AnnotationIssue>({
  uid: null,
  datasetItemUid: null,
  sequenceUid: null,
  project: model<AnnotationIssueProject>({ uid: null, name: null }),
  reporter: model<AnnotationIssueReporter>({
    username: null,
    picture: null,
    fullName: null,
    type: null,
    isStaff: null,
  }),
  priority: null,
  severity: null,
  description: null,
  status: null,
  tool: model<AnnotationIssueTool>({ uid: null, name: null, default: null }),
  problem: decodeProblem,
  wrongClass: null,
  correctClass: null,
  shouldReAnnotate: null,
  shouldDelete: null,
  framesAffected: null,
  coordinates: null,
  queryParams: null,
  createdAt: null,
  closedAt: null,
  objectUid: null,
});

const decodeMetrics = model<AnnotationIssueMetrics>({
  statusCount: null,
  priorityCount: null,
  severityCount: null,
  meanSecondsCloseTimeAll: null,
  meanSecondsCloseTimeCustomer: null,
  meanUnresolvedIssueAgeAll: null,
  meanUnresolvedIssueAgeCustomer: null,
  objectCountByAnnotationIssueProblemUid: null,
});

const decodeTool = model<AnnotationIssueToolDetail>({
  uid: null,
  name: null,
  datasetType: null,
  default: null,
  problems: decodeProblem,
});

const LIST_BY_SEQUENCE: OptionTable<ListSequenceIssuesOptions> = {
  datasetItemUid: optional,
  projectUid: optional,
};

const CREATE: OptionTable<CreateAnnotationIssueOptions> = {
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

const UPDATE: OptionTable<UpdateAnnotationIssueOptions> = {
  status: optional,
  priority: optional,
  severity: optional,
  description: optional,
  toolUid: optional,
  problemUid: optional,
  wrongClass: optional,
  framesAffected: optional,
};

/** Issues of annotations. */
export class AsyncAnnotationIssues extends Resource {
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
    const where = path(
      "annotationIssues.listBySequence",
      "/sequences/{sequenceUid}/annotation-issues/",
      { sequenceUid },
    );
    const input = query(LIST_BY_SEQUENCE, options);
    return await this.array(decodeIssue, "GET", where, request, input);
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
    const where = path(
      "annotationIssues.create",
      "/sequences/{sequenceUid}/annotation-issues/",
      { sequenceUid },
    );
    const input = {
      body: (method: string) => ({
        sequence_uid: sequenceUid,
        ...toBody(method, CREATE, options),
      }),
    };
    return await this.one(decodeIssue, "POST", where, request, input);
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
    const where = path(
      "annotationIssues.update",
      "/sequences/{sequenceUid}/annotation-issues/{issueUid}/",
      { sequenceUid, issueUid },
    );
    const input = body(UPDATE, options);
    return await this.one(decodeIssue, "PATCH", where, request, input);
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
    const where = path(
      "annotationIssues.delete",
      "/sequences/{sequenceUid}/annotation-issues/{issueUid}/",
      { sequenceUid, issueUid },
    );
    await this.nothing("DELETE", where, request);
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
    const where = path(
      "annotationIssues.listByDataset",
      "/datasets/{owner}/{datasetSlug}/annotation-issues/",
      { owner, datasetSlug },
    );
    const input = query({ sequenceUid: optional }, options);
    return await this.array(decodeIssue, "GET", where, request, input);
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
    const where = path(
      "annotationIssues.getMetrics",
      "/datasets/{owner}/{datasetSlug}/annotation-issues/metrics/",
      { owner, datasetSlug },
    );
    const input = query({ sequenceUid: optional }, options);
    return await this.one(decodeMetrics, "GET", where, request, input);
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
    const where = path("annotationIssues.listTools", "/qc-available-tools/");
    const input = query({ datasetType: requiredText }, options);
    return await this.array(decodeTool, "GET", where, request, input);
  }
}
