/**
 * The models of annotation issues.
 *
 * @module
 */

import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import type { DatasetDataType } from "../datasets/models.ts";

/** How urgent an issue is. */
export type IssuePriority = Open<
  | "lowest"
  | "low"
  | "medium"
  | "high"
  | "highest"
>;

/** How bad an issue is. */
export type IssueSeverity = Open<
  | "critical"
  | "moderate"
>;

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

/** Decodes {@linkcode AnnotationIssueProject}. */
export const decodeAnnotationIssueProject: Decode<AnnotationIssueProject> =
  model<
    AnnotationIssueProject
  >({
    uid: null,
    name: null,
  });

/** Decodes {@linkcode AnnotationIssueReporter}. */
export const decodeAnnotationIssueReporter: Decode<AnnotationIssueReporter> =
  model<
    AnnotationIssueReporter
  >({
    username: null,
    picture: null,
    fullName: null,
    type: null,
    isStaff: null,
  });

/** Decodes {@linkcode AnnotationIssueTool}. */
export const decodeAnnotationIssueTool: Decode<AnnotationIssueTool> = model<
  AnnotationIssueTool
>({
  uid: null,
  name: null,
  default: null,
});

/** Decodes {@linkcode AnnotationIssueProblem}. */
export const decodeAnnotationIssueProblem: Decode<AnnotationIssueProblem> =
  model<
    AnnotationIssueProblem
  >({
    uid: null,
    title: null,
  });

/** Decodes {@linkcode AnnotationIssue}. */
export const decodeAnnotationIssue: Decode<AnnotationIssue> = model<
  AnnotationIssue
>({
  uid: null,
  datasetItemUid: null,
  sequenceUid: null,
  project: decodeAnnotationIssueProject,
  reporter: decodeAnnotationIssueReporter,
  priority: null,
  severity: null,
  description: null,
  status: null,
  tool: decodeAnnotationIssueTool,
  problem: decodeAnnotationIssueProblem,
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

/** Decodes {@linkcode AnnotationIssueMetrics}. */
export const decodeAnnotationIssueMetrics: Decode<AnnotationIssueMetrics> =
  model<
    AnnotationIssueMetrics
  >({
    statusCount: null,
    priorityCount: null,
    severityCount: null,
    meanSecondsCloseTimeAll: null,
    meanSecondsCloseTimeCustomer: null,
    meanUnresolvedIssueAgeAll: null,
    meanUnresolvedIssueAgeCustomer: null,
    objectCountByAnnotationIssueProblemUid: null,
  });

/** Decodes {@linkcode AnnotationIssueToolDetail}. */
export const decodeAnnotationIssueToolDetail: Decode<
  AnnotationIssueToolDetail
> = model<AnnotationIssueToolDetail>({
  uid: null,
  name: null,
  datasetType: null,
  default: null,
  problems: decodeAnnotationIssueProblem,
});
