/**
 * How sequences ended: labels of behavior, in versions.
 *
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  required,
  requiredText,
  segment,
  toBody,
  toQuery,
} from "../arguments.ts";
import { type Decode, type JsonObject, model, type Open } from "../codec.ts";
import { listPages, type PagePromise } from "../pagination.ts";
import type { RequestOptions } from "../request.ts";
import type { Transport } from "../transport.ts";

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

/** Options of {@linkcode AsyncSequenceOutcomes.set}. */
export interface SetSequenceOutcomeOptions {
  /** Outcome. */
  outcome: SequenceOutcomeType;
  /** How far the behavior got. */
  progress?: number | undefined;
  /** Quality of the behavior. */
  quality?: number | undefined;
  /** Speed of the behavior. */
  speed?: number | undefined;
  /** Labeled spans. */
  subtasks?: SequenceOutcomeSubtaskInput[] | undefined;
  /** Actions of both hands. */
  handActions?: SequenceHandActionsInput | undefined;
  /** Kind of mistake; an empty text when unset. */
  mistakeType?: string | undefined;
  /** Kind of recovery; an empty text when unset. */
  recoveryType?: string | undefined;
  /** Where it failed; an empty text when unset. */
  failureStage?: string | undefined;
  /** Who was in control; an empty text when unset. */
  autonomyLevel?: SequenceAutonomyLevel | undefined;
  /** Version of the model that acted; an empty text when unset. */
  modelVersion?: string | undefined;
  /** Which split it belongs to; an empty text when unset. */
  evaluationMembership?: SequenceEvaluationMembership | undefined;
  /** Keys that must not be split over train and test. */
  leakageGroups?: SequenceLeakageGroupsInput | undefined;
  /** Where the label comes from. */
  source?: SequenceOutcomeSource | undefined;
  /** Confidence of the label. */
  confidence?: number | undefined;
  /** Flat JSON of yours, untouched. */
  sourceMetadata?: JsonObject | undefined;
}

/** Filters of {@linkcode AsyncSequenceOutcomes.list}. */
export interface ListSequenceOutcomesOptions extends PageOptions {
  /** Outcome. */
  outcome?: SequenceOutcomeType | undefined;
  /** Which split it belongs to; an empty text when unset. */
  evaluationMembership?: SequenceEvaluationMembership | undefined;
  /** Where the label comes from. */
  source?: SequenceOutcomeSource | undefined;
  /** Who was in control; an empty text when unset. */
  autonomyLevel?: SequenceAutonomyLevel | undefined;
  /** Version of the model that acted; an empty text when unset. */
  modelVersion?: string | undefined;
}

const decodeSequenceOutcomeSubtask: Decode<SequenceOutcomeSubtask> = model<
  SequenceOutcomeSubtask
>({
  label: null,
  startTs: null,
  endTs: null,
  outcome: null,
});

const decodeSequenceHandAction: Decode<SequenceHandAction> = model<
  SequenceHandAction
>({
  startTs: null,
  endTs: null,
  action: null,
  object: null,
  verb: null,
  contact: null,
});

const decodeHandActions: Decode<SequenceHandActions> = model<
  SequenceHandActions
>({
  left: [decodeSequenceHandAction],
  right: [decodeSequenceHandAction],
});

const decodeSequenceLeakageGroups: Decode<SequenceLeakageGroups> = model<
  SequenceLeakageGroups
>({
  location: null,
  object: null,
  mechanism: null,
  operator: null,
  environmentFamily: null,
});

const decodeSequenceOutcome: Decode<SequenceOutcome> = model<SequenceOutcome>({
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

const SUBTASK: Parameters<SequenceOutcomeSubtaskInput> = {
  label: requiredText,
  startTs: required,
  endTs: required,
  outcome: optional,
};

const HAND_ACTION: Parameters<SequenceHandActionInput> = {
  startTs: required,
  endTs: required,
  action: requiredText,
  object: optional,
  verb: optional,
  contact: optional,
};

const HAND_ACTIONS: Parameters<SequenceHandActionsInput> = {
  left: { fields: HAND_ACTION },
  right: { fields: HAND_ACTION },
};

const LEAKAGE_GROUPS: Parameters<SequenceLeakageGroupsInput> = {
  location: optional,
  object: optional,
  mechanism: optional,
  operator: optional,
  environmentFamily: optional,
};

const SET: Parameters<SetSequenceOutcomeOptions> = {
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

const LIST: Parameters<ListSequenceOutcomesOptions> = {
  outcome: optional,
  evaluationMembership: optional,
  source: optional,
  autonomyLevel: optional,
  modelVersion: optional,
  ...PAGE_PARAMETERS,
};

/** Outcomes of sequences. */
export class AsyncSequenceOutcomes {
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
   * Reads the outcome of a sequence that is in force.
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
    const path = `/datasets/${segment("owner", owner)}/${
      segment("slug", slug)
    }/sequences/${segment("sequenceUid", sequenceUid)}/outcome/`;
    return await this.#transport.object(decodeSequenceOutcome, {
      method: "GET",
      path,
    }, request);
  }

  /**
   * Sets the outcome of a sequence, as a whole: what is left out becomes
   * unset. Every call adds a version.
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
    const path = `/datasets/${segment("owner", owner)}/${
      segment("slug", slug)
    }/sequences/${segment("sequenceUid", sequenceUid)}/outcome/`;
    return await this.#transport.object(decodeSequenceOutcome, {
      method: "PUT",
      path,
      body: toBody(SET, options),
    }, request);
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
    const path = `/datasets/${segment("owner", owner)}/${
      segment("slug", slug)
    }/sequences/${segment("sequenceUid", sequenceUid)}/outcome/history/`;
    return await this.#transport.array(decodeSequenceOutcome, {
      method: "GET",
      path,
    }, request);
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
    return listPages(
      this.#transport,
      () => ({
        path: `/datasets/${segment("owner", owner)}/${
          segment("slug", slug)
        }/sequence-outcomes/`,
        query: toQuery(LIST, options),
      }),
      decodeSequenceOutcome,
      request,
    );
  }
}
