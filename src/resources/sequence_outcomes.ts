/**
 * How sequences ended: labels of behavior, in versions.
 *
 * @example Label how a sequence ended
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [dataset] = (await client.datasets.list({ dataType: "lidar" })).items;
 * const { ownerName, slug } = dataset!;
 * const sequences = await client.datasets.listSequences(ownerName!, slug);
 * const outcome = await client.sequenceOutcomes.set(
 *   ownerName!,
 *   slug,
 *   sequences.items[0]!.uid,
 *   {
 *     outcome: "mistake_and_recovery",
 *     subtasks: [{ label: "grasp", startTs: 0.5, endTs: 4.25 }], // seconds
 *   },
 * );
 * console.log(outcome.version);
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
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
  "train" | "held_out_eval" | "none"
>;

/** Where a label comes from. */
export type SequenceOutcomeSource = Open<"human" | "model" | "imported">;

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

/** The actions of both hands: in order, without overlap, at most 3,600 for each. */
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
  /** Whether it is the current version. */
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
  /** Keys that must not be split over train and test. */
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

/** The actions of both hands, as they are sent. */
export interface SequenceHandActionsInput {
  /** Actions of the left hand. */
  left?: SequenceHandActionInput[] | undefined;
  /** Actions of the right hand. */
  right?: SequenceHandActionInput[] | undefined;
}

/** Keys that must not be split over train and test, as they are sent. */
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

/** Options of {@linkcode AsyncSequenceOutcomes.set}. */
export interface SetSequenceOutcomeOptions {
  /** How the sequence ended. */
  outcome: SequenceOutcomeType;
  /** How far the behavior got. */
  progress?: number | null | undefined;
  /** Quality of the behavior. */
  quality?: number | null | undefined;
  /** Speed of the behavior. */
  speed?: number | null | undefined;
  /** Labeled spans. */
  subtasks?: SequenceOutcomeSubtaskInput[] | undefined;
  /** Actions of both hands. */
  handActions?: SequenceHandActionsInput | undefined;
  /** Kind of mistake. */
  mistakeType?: string | undefined;
  /** Kind of recovery. */
  recoveryType?: string | undefined;
  /** Where it failed. */
  failureStage?: string | undefined;
  /** Who was in control; an empty text clears it. */
  autonomyLevel?: SequenceAutonomyLevel | undefined;
  /** Version of the model that acted. */
  modelVersion?: string | undefined;
  /** Which split it belongs to; an empty text clears it. */
  evaluationMembership?: SequenceEvaluationMembership | undefined;
  /** Keys that must not be split over train and test. */
  leakageGroups?: SequenceLeakageGroupsInput | undefined;
  /** Where the label comes from. */
  source?: SequenceOutcomeSource | undefined;
  /** Confidence of the label. */
  confidence?: number | null | undefined;
  /** Flat JSON of yours: at most 20 keys of at most 64 characters; texts of at most 512, numbers, booleans. */
  sourceMetadata?: JsonObject | undefined;
}

/** Filters of {@linkcode AsyncSequenceOutcomes.list}. */
export interface ListSequenceOutcomesOptions extends PageOptions {
  /** Only outcomes of this kind, or of these. */
  outcome?: SequenceOutcomeType | SequenceOutcomeType[] | undefined;
  /** Only sequences of this split, or of these. */
  evaluationMembership?:
    | SequenceEvaluationMembership
    | SequenceEvaluationMembership[]
    | undefined;
  /** Only labels from this source, or from these. */
  source?: SequenceOutcomeSource | SequenceOutcomeSource[] | undefined;
  /** Only sequences with this control, or with these. */
  autonomyLevel?: SequenceAutonomyLevel | SequenceAutonomyLevel[] | undefined;
  /** Only sequences in which this version of the model acted. */
  modelVersion?: string | undefined;
}

const decodeSubtask = model<SequenceOutcomeSubtask>({
  label: null,
  startTs: null,
  endTs: null,
  outcome: null,
});

const decodeHandAction = model<SequenceHandAction>({
  startTs: null,
  endTs: null,
  action: null,
  object: null,
  verb: null,
  contact: null,
});

const decodeHandActions = model<SequenceHandActions>({
  left: [decodeHandAction],
  right: [decodeHandAction],
});

const decodeLeakageGroups = model<SequenceLeakageGroups>({
  location: null,
  object: null,
  mechanism: null,
  operator: null,
  environmentFamily: null,
});

const decodeOutcome = model<SequenceOutcome>({
  uid: null,
  sequenceUid: null,
  version: null,
  isCurrent: null,
  outcome: null,
  progress: null,
  quality: null,
  speed: null,
  subtasks: [decodeSubtask],
  handActions: { default: { left: [], right: [] }, model: decodeHandActions },
  mistakeType: "",
  recoveryType: "",
  failureStage: "",
  autonomyLevel: "",
  modelVersion: "",
  evaluationMembership: "",
  leakageGroups: { default: {}, model: decodeLeakageGroups },
  source: "human",
  sourceMetadata: {},
  labeledBy: null,
  confidence: null,
  createdAt: null,
  updatedAt: null,
});

const SUBTASK: OptionTable<SequenceOutcomeSubtaskInput> = {
  label: requiredText,
  startTs: required,
  endTs: required,
  outcome: optional,
};

const HAND_ACTION: OptionTable<SequenceHandActionInput> = {
  startTs: required,
  endTs: required,
  action: requiredText,
  object: optional,
  verb: optional,
  contact: optional,
};

const HAND_ACTIONS: OptionTable<SequenceHandActionsInput> = {
  left: { fields: HAND_ACTION },
  right: { fields: HAND_ACTION },
};

const LEAKAGE_GROUPS: OptionTable<SequenceLeakageGroupsInput> = {
  location: optional,
  object: optional,
  mechanism: optional,
  operator: optional,
  environmentFamily: optional,
};

const SET: OptionTable<SetSequenceOutcomeOptions> = {
  outcome: requiredText,
  progress: optional,
  quality: optional,
  speed: optional,
  subtasks: { fields: SUBTASK },
  handActions: { fields: HAND_ACTIONS },
  mistakeType: optional,
  recoveryType: optional,
  failureStage: optional,
  autonomyLevel: optional,
  modelVersion: optional,
  evaluationMembership: optional,
  leakageGroups: { fields: LEAKAGE_GROUPS },
  source: optional,
  confidence: optional,
  sourceMetadata: optional,
};

const LIST: OptionTable<ListSequenceOutcomesOptions> = {
  outcome: optional,
  evaluationMembership: optional,
  source: optional,
  autonomyLevel: optional,
  modelVersion: optional,
  ...PAGE,
};

/** Outcomes of sequences. */
export class AsyncSequenceOutcomes extends Resource {
  /**
   * Reads the current outcome of a sequence.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param request Request options.
   * @returns The outcome.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such outcome.
   * @throws {AvalaError} If the request fails.
   */
  async get(
    owner: string,
    slug: string,
    sequenceUid: string,
    request?: RequestOptions,
  ): Promise<SequenceOutcome> {
    const where = path(
      "sequenceOutcomes.get",
      "/datasets/{owner}/{slug}/sequences/{sequenceUid}/outcome/",
      { owner, slug, sequenceUid },
    );
    return await this.one(decodeOutcome, "GET", where, request);
  }

  /**
   * Sets the outcome of a sequence as a whole: what is left out becomes unset.
   * Every call adds a version.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param options The options.
   * @param request Request options.
   * @returns The outcome.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async set(
    owner: string,
    slug: string,
    sequenceUid: string,
    options: SetSequenceOutcomeOptions,
    request?: RequestOptions,
  ): Promise<SequenceOutcome> {
    const where = path(
      "sequenceOutcomes.set",
      "/datasets/{owner}/{slug}/sequences/{sequenceUid}/outcome/",
      { owner, slug, sequenceUid },
    );
    const input = body(SET, options);
    return await this.one(decodeOutcome, "PUT", where, request, input);
  }

  /**
   * Lists all versions of the outcome of a sequence.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param request Request options.
   * @returns The versions.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async history(
    owner: string,
    slug: string,
    sequenceUid: string,
    request?: RequestOptions,
  ): Promise<SequenceOutcome[]> {
    const where = path(
      "sequenceOutcomes.history",
      "/datasets/{owner}/{slug}/sequences/{sequenceUid}/outcome/history/",
      { owner, slug, sequenceUid },
    );
    return await this.array(decodeOutcome, "GET", where, request);
  }

  /**
   * Lists the outcomes of the sequences of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all outcomes when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    owner: string,
    slug: string,
    options: ListSequenceOutcomesOptions = {},
    request?: RequestOptions,
  ): PagePromise<SequenceOutcome> {
    const where = path(
      "sequenceOutcomes.list",
      "/datasets/{owner}/{slug}/sequence-outcomes/",
      { owner, slug },
    );
    return this.pages(decodeOutcome, where, LIST, options, request);
  }
}
