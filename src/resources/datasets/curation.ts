/**
 * Candidates for a training set, by one criterion of quality.
 *
 * @module
 */

import { type Decode, model, type Open } from "../../wire/codec.ts";
import {
  fraction,
  integerUpTo,
  nonEmptyString,
  optional,
  type OptionTable,
  requiredText,
} from "../../wire/options.ts";

/** What is counted and selected. */
export type CurationUnit = Open<"dataset_item" | "sequence">;

/** What every unit is judged by. */
export type CurationDimension = Open<
  | "sequence_workflow"
  | "deliverable"
  | "result_status"
  | "object_qc_status"
  | "consensus"
>;

/** Which state of a deliverable is compared. */
export type CurationDeliverableStateField = Open<
  "workflow_state" | "approval_state" | "approval_outcome"
>;

/** Whether there is evidence to judge by. */
export type CurationEvidenceStatus = Open<
  "available" | "insufficient_evidence"
>;

/** The criterion, as the server has understood it. */
export interface CurationCriterion {
  /** What every unit is judged by. */
  dimension: CurationDimension;
  /** State that is wanted. */
  requiredState: string | null;
  /** Agreement that is wanted, from 0 to 1. */
  minimumConsensus: number | null;
  /** Unique id of the project, without hyphens. */
  projectUid: string | null;
  /** Name of the task. */
  taskName: string | null;
  /** Id of the deliverable. */
  deliverableId: string | null;
  /** Which state of the deliverable is compared. */
  deliverableStateField: CurationDeliverableStateField | null;
  /** Whether there is evidence to judge by; for consensus there is none as yet. */
  evidenceStatus: CurationEvidenceStatus;
}

/** Numbers over all units of the dataset; each unit counts once. */
export interface CurationCounts {
  /** Units that meet the criterion. */
  selected: number;
  /** Units that are in the slice that is left out. */
  excludedByMembership: number;
  /** Units for which there is no evidence. */
  missingQcEvidence: number;
  /** Units that do not meet the criterion. */
  rejectedByThreshold: number;
}

/** Candidates for a training set. */
export interface CurationPreview {
  /** Unique id of the dataset, without hyphens. */
  datasetUid: string;
  /** What is counted and selected. */
  unit: CurationUnit;
  /** The criterion, as the server has understood it. */
  criterion: CurationCriterion;
  /** Unique ids of units that meet it, without hyphens; at most 100. */
  candidateUids: string[];
  /** Numbers over all units of the dataset. */
  counts: CurationCounts;
  /** Whether there are more candidates. */
  hasMore: boolean;
  /** Where they start, to be given as `cursor` with the same options; null at the end. */
  nextCursor: string | null;
  /** What the response does not cover. */
  limitations: string[];
}

/** Options of {@linkcode AsyncDatasets.previewCuration}. */
export interface PreviewCurationOptions {
  /** What is counted and selected. */
  unit: CurationUnit;
  /** What every unit is judged by. */
  qcDimension: CurationDimension;
  /** State that is wanted; needed for every dimension but `consensus`. */
  requiredState?: string | undefined;
  /**
   * Agreement that is wanted, from 0 to 1; needed for `consensus` alone.
   *
   * @default {none}
   */
  minimumConsensus?: number | undefined;
  /** Unique id of the project; needed for `result_status` and `consensus`. */
  projectUid?: string | undefined;
  /** Name of the task; needed for `result_status`, `object_qc_status` and `consensus`. */
  taskName?: string | undefined;
  /** Id of the deliverable, for `deliverable` alone. */
  deliverableId?: string | undefined;
  /** Which state of the deliverable is compared. */
  deliverableStateField?: CurationDeliverableStateField | undefined;
  /** Unique id of a slice whose members are left out. */
  excludeSliceUid?: string | undefined;
  /**
   * Candidates in one response, at most 100.
   *
   * @default {chosen by the server}
   */
  limit?: number | undefined;
  /** Where to go on: the `nextCursor` of an earlier response. */
  cursor?: string | undefined;
}

/** The options of {@linkcode AsyncDatasets.previewCuration}. */
export const CURATION: OptionTable<PreviewCurationOptions> = {
  unit: requiredText,
  qcDimension: requiredText,
  requiredState: optional,
  minimumConsensus: { check: fraction },
  projectUid: optional,
  taskName: optional,
  deliverableId: optional,
  deliverableStateField: optional,
  excludeSliceUid: optional,
  limit: { check: integerUpTo(100) },
  cursor: { check: nonEmptyString },
};

/** Decodes candidates. */
export const decodePreview: Decode<CurationPreview> = model<CurationPreview>({
  datasetUid: null,
  unit: null,
  criterion: model<CurationCriterion>({
    dimension: null,
    requiredState: null,
    minimumConsensus: null,
    projectUid: null,
    taskName: null,
    deliverableId: null,
    deliverableStateField: null,
    evidenceStatus: null,
  }),
  candidateUids: [],
  counts: model<CurationCounts>({
    selected: null,
    excludedByMembership: null,
    missingQcEvidence: null,
    rejectedByThreshold: null,
  }),
  hasMore: false,
  nextCursor: null,
  limitations: [],
});
