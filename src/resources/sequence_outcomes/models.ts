/**
 * The models of sequence outcomes.
 *
 * @module
 */

import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";

/** How a sequence ended. */
export type SequenceOutcomeType = Open<
  | "expert_success"
  | "slow_success"
  | "partial_success"
  | "mistake_and_recovery"
  | "intervention"
  | "unsafe"
  | "aborted"
  | "failure"
  | "novel_strategy"
  | "inefficient_strategy"
>;

/** Who was in control. */
export type SequenceAutonomyLevel = Open<
  | "human_demonstration"
  | "teleoperation"
  | "autonomous"
  | "shared_autonomy"
  | "intervention"
>;

/** Which split a sequence belongs to. */
export type SequenceEvaluationMembership = Open<
  | "train"
  | "held_out_eval"
  | "none"
>;

/** Where a label comes from. */
export type SequenceOutcomeSource = Open<
  | "human"
  | "model"
  | "imported"
>;

/** One labeled span. */
export interface SequenceOutcomeSubtask {
  /** What the span shows. */
  label: string;
  /** Start in seconds from the start of the sequence. */
  startTs: number;
  /** End in seconds from the start of the sequence. */
  endTs: number;
  /** Outcome. */
  outcome: SequenceOutcomeType | null;
}

/** One action of one hand. */
export interface SequenceHandAction {
  /** Start in seconds from the start of the sequence. */
  startTs: number;
  /** End in seconds from the start of the sequence. */
  endTs: number;
  /** The action in words. */
  action: string;
  /** What was handled. */
  object: string | null;
  /** What was done to it. */
  verb: string | null;
  /** Whether the hand touched it; null when unknown. */
  contact: boolean | null;
}

/** Two independent hand timelines; ordered, not overlapping, at most 3600 entries each. */
export interface SequenceHandActions {
  /** Actions of the left hand. */
  left: SequenceHandAction[];
  /** Actions of the right hand. */
  right: SequenceHandAction[];
}

/** Keys that must not be split over train and test. */
export interface SequenceLeakageGroups {
  /** Location. */
  location: string | null;
  /** Object. */
  object: string | null;
  /** Mechanism. */
  mechanism: string | null;
  /** Who operated the robot. */
  operator: string | null;
  /** Family of environments. */
  environmentFamily: string | null;
}

/** One version of the behavior label of a sequence. */
export interface SequenceOutcome {
  /** Unique id of the label version. */
  uid: string;
  /** Unique id of the sequence. */
  sequenceUid: string;
  /** Number of the version, from 1. */
  version: number;
  /** Whether it is the version in force. */
  isCurrent: boolean;
  /** Outcome. */
  outcome: SequenceOutcomeType;
  /** How far the behavior got. */
  progress: number | null;
  /** Quality of the behavior. */
  quality: number | null;
  /** Speed of the behavior. */
  speed: number | null;
  /** Labeled spans. */
  subtasks: SequenceOutcomeSubtask[];
  /** Actions of both hands. */
  handActions: SequenceHandActions;
  /** Kind of mistake; an empty text when unset. */
  mistakeType: string;
  /** Kind of recovery; an empty text when unset. */
  recoveryType: string;
  /** Where it failed; an empty text when unset. */
  failureStage: string;
  /** Who was in control; an empty text when unset. */
  autonomyLevel: SequenceAutonomyLevel;
  /** Version of the model that acted; an empty text when unset. */
  modelVersion: string;
  /** Which split it belongs to; an empty text when unset. */
  evaluationMembership: SequenceEvaluationMembership;
  /** On the wire only the keys that were set are present. */
  leakageGroups: SequenceLeakageGroups;
  /** Where the label comes from. */
  source: SequenceOutcomeSource;
  /** Flat JSON of yours, untouched. */
  sourceMetadata: JsonObject;
  /** Null unless the caller may edit the dataset. */
  labeledBy: string | null;
  /** Confidence of the label. */
  confidence: number | null;
  /** When the version was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** One labeled span, as it is sent. */
export interface SequenceOutcomeSubtaskInput {
  /** What the span shows. */
  label: string;
  /** Start in seconds from the start of the sequence. */
  startTs: number;
  /** End in seconds from the start of the sequence. */
  endTs: number;
  /** Outcome. */
  outcome?: SequenceOutcomeType | null | undefined;
}

/** One action of one hand, as it is sent. */
export interface SequenceHandActionInput {
  /** Start in seconds from the start of the sequence. */
  startTs: number;
  /** End in seconds from the start of the sequence. */
  endTs: number;
  /** The action in words. */
  action: string;
  /** What was handled. */
  object?: string | null | undefined;
  /** What was done to it. */
  verb?: string | null | undefined;
  /** Whether the hand touched it; null when unknown. */
  contact?: boolean | null | undefined;
}

/** Two independent hand timelines; ordered, not overlapping, at most 3600 entries each, as it is sent. */
export interface SequenceHandActionsInput {
  /** Actions of the left hand. */
  left?: SequenceHandActionInput[] | undefined;
  /** Actions of the right hand. */
  right?: SequenceHandActionInput[] | undefined;
}

/** Keys that must not be split over train and test, as it is sent. */
export interface SequenceLeakageGroupsInput {
  /** Location. */
  location?: string | null | undefined;
  /** Object. */
  object?: string | null | undefined;
  /** Mechanism. */
  mechanism?: string | null | undefined;
  /** Who operated the robot. */
  operator?: string | null | undefined;
  /** Family of environments. */
  environmentFamily?: string | null | undefined;
}

/** Decodes {@linkcode SequenceOutcomeSubtask}. */
export const decodeSequenceOutcomeSubtask: Decode<SequenceOutcomeSubtask> =
  model<
    SequenceOutcomeSubtask
  >({
    label: null,
    startTs: null,
    endTs: null,
    outcome: null,
  });

/** Decodes {@linkcode SequenceHandAction}. */
export const decodeSequenceHandAction: Decode<SequenceHandAction> = model<
  SequenceHandAction
>({
  startTs: null,
  endTs: null,
  action: null,
  object: null,
  verb: null,
  contact: null,
});

/** Decodes {@linkcode SequenceHandActions}. */
export const decodeHandActions: Decode<SequenceHandActions> = model<
  SequenceHandActions
>({
  left: [decodeSequenceHandAction],
  right: [decodeSequenceHandAction],
});

/** Decodes {@linkcode SequenceLeakageGroups}. */
export const decodeSequenceLeakageGroups: Decode<SequenceLeakageGroups> = model<
  SequenceLeakageGroups
>({
  location: null,
  object: null,
  mechanism: null,
  operator: null,
  environmentFamily: null,
});

/** Decodes {@linkcode SequenceOutcome}. */
export const decodeSequenceOutcome: Decode<SequenceOutcome> = model<
  SequenceOutcome
>({
  uid: null,
  sequenceUid: null,
  version: null,
  isCurrent: null,
  outcome: null,
  progress: null,
  quality: null,
  speed: null,
  subtasks: [decodeSequenceOutcomeSubtask],
  handActions: {
    default: { "left": [], "right": [] },
    model: decodeHandActions,
  },
  mistakeType: "",
  recoveryType: "",
  failureStage: "",
  autonomyLevel: "",
  modelVersion: "",
  evaluationMembership: "",
  leakageGroups: { default: {}, model: decodeSequenceLeakageGroups },
  source: "human",
  sourceMetadata: {},
  labeledBy: null,
  confidence: null,
  createdAt: null,
  updatedAt: null,
});
