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
} from "../../wire/options.ts";
import type { JsonObject } from "../../wire/codec.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import {
  decodeSequenceOutcome,
  type SequenceAutonomyLevel,
  type SequenceEvaluationMembership,
  type SequenceHandActionInput,
  type SequenceHandActionsInput,
  type SequenceLeakageGroupsInput,
  type SequenceOutcome,
  type SequenceOutcomeSource,
  type SequenceOutcomeSubtaskInput,
  type SequenceOutcomeType,
} from "./models.ts";

export type {
  SequenceAutonomyLevel,
  SequenceEvaluationMembership,
  SequenceHandAction,
  SequenceHandActionInput,
  SequenceHandActions,
  SequenceHandActionsInput,
  SequenceLeakageGroups,
  SequenceLeakageGroupsInput,
  SequenceOutcome,
  SequenceOutcomeSource,
  SequenceOutcomeSubtask,
  SequenceOutcomeSubtaskInput,
  SequenceOutcomeType,
} from "./models.ts";

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
