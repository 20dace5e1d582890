/**
 * Emulated routes of sequence outcomes.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { crudRoutes, oneOf } from "../engine/crud.ts";
import {
  between,
  type BodyFields,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import { refuse, respond } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import type { State } from "../engine/state.ts";
import { callerOf } from "./accounts.ts";
import { datasetGuard, datasetOf, withSequence } from "./datasets/paths.ts";

const collection = "sequenceOutcomes";
const OUTCOME = "/datasets/{owner}/{slug}/sequences/{sequenceUid}/outcome/";
const HAND_ACTIONS_LIMIT = 3_600;
const OUTCOMES = [
  "expert_success",
  "slow_success",
  "partial_success",
  "mistake_and_recovery",
  "intervention",
  "unsafe",
  "aborted",
  "failure",
  "novel_strategy",
  "inefficient_strategy",
];
const FILTERS = {
  outcome: oneOf,
  evaluation_membership: oneOf,
  source: oneOf,
  autonomy_level: oneOf,
  model_version: oneOf,
};

const SPAN: BodyFields = {
  start_ts: { type: "number", required: true },
  end_ts: { type: "number", required: true },
};
const HAND: BodyFields[string] = {
  type: "array",
  notNull: true,
  fields: {
    ...SPAN,
    action: { type: "string", required: true },
    object: { type: "string" },
    verb: { type: "string" },
    contact: { type: "boolean" },
  },
  check: timelineError,
};
// assumption: shares go from 0 to 1
const RATIO: BodyFields[string] = { type: "number", check: between(0, 1) };
const TEXT: BodyFields[string] = { type: "string" };

const FIELDS: BodyFields = {
  outcome: { type: "string", required: true, choices: OUTCOMES },
  progress: RATIO,
  quality: { type: "integer" },
  speed: { type: "integer" },
  subtasks: {
    type: "array",
    fields: {
      label: { type: "string", required: true },
      ...SPAN,
      outcome: { type: "string", choices: OUTCOMES },
    },
  },
  hand_actions: { type: "object", fields: { left: HAND, right: HAND } },
  mistake_type: TEXT,
  recovery_type: TEXT,
  failure_stage: TEXT,
  autonomy_level: {
    type: "string",
    choices: [
      "human_demonstration",
      "teleoperation",
      "autonomous",
      "shared_autonomy",
      "intervention",
      "",
    ],
  },
  model_version: TEXT,
  evaluation_membership: {
    type: "string",
    choices: ["train", "held_out_eval", "none", ""],
  },
  leakage_groups: {
    type: "object",
    fields: {
      location: TEXT,
      object: TEXT,
      mechanism: TEXT,
      operator: TEXT,
      environment_family: TEXT,
    },
  },
  source: { type: "string", choices: ["human", "model", "imported"] },
  confidence: RATIO,
  source_metadata: { type: "object", check: metadataError },
};

/** How the robot did in a sequence, in versions. */
export const SEQUENCE_OUTCOMES: EmulatedResource = {
  routes: [
    {
      method: "GET",
      path: OUTCOME,
      handle: withSequence(({ state }, sequence) =>
        respond(versions(state, sequence)[0])
      ),
    },
    {
      method: "PUT",
      path: OUTCOME,
      handle: withSequence((request, sequence) => {
        const { body } = request;
        return refuse(fieldErrors(body, FIELDS)) ??
          respond(label(request, sequence, pick(body, FIELDS)));
      }),
    },
    {
      method: "GET",
      path: `${OUTCOME}history/`,
      handle: withSequence(({ state }, sequence) =>
        respond(versions(state, sequence))
      ),
    },
    ...crudRoutes({
      path: "/datasets/{owner}/{slug}/sequence-outcomes/",
      collection,
      get: false,
      guard: datasetGuard,
      within: (request) => {
        const dataset = datasetOf(request);
        const sequences = request.state.collection("sequences");
        return ({ is_current, sequence_uid }) =>
          is_current === true &&
          sequences.get(sequence_uid)?.dataset_uid === dataset?.uid;
      },
      filters: FILTERS,
    }),
  ],
  seed,
};

/** All versions of a sequence's label, the newest first. */
function versions(state: State, { uid }: WireRecord): WireRecord[] {
  return state.collection(collection).filter({ sequence_uid: uid }).reverse();
}

/** Labels a sequence anew: what is not given becomes unset. */
function label(
  request: Pick<EmulatedRequest, "headers" | "state">,
  sequence: WireRecord,
  given: WireRecord,
): WireRecord {
  const { state } = request;
  const outcomes = state.collection(collection);
  const [before] = versions(state, sequence);
  const now = state.timestamp();
  if (before) outcomes.update(before, { is_current: false, updated_at: now });
  const present = Object.entries(given).filter(([, value]) => value !== null);
  const { hand_actions, ...fields } = Object.fromEntries(present);
  return outcomes.add({
    uid: state.newUid(),
    sequence_uid: sequence.uid,
    version: Number(before?.version ?? 0) + 1,
    is_current: true,
    progress: null,
    quality: null,
    speed: null,
    subtasks: [],
    hand_actions: { left: [], right: [], ...hand_actions as WireRecord },
    mistake_type: "",
    recovery_type: "",
    failure_stage: "",
    autonomy_level: "",
    model_version: "",
    evaluation_membership: "",
    leakage_groups: {},
    source: "human",
    source_metadata: {},
    labeled_by: callerOf(request).username,
    confidence: null,
    created_at: now,
    updated_at: now,
    ...fields,
  });
}

/** A hand does one thing after the other. */
function timelineError(value: unknown): string | undefined {
  const actions = value as { start_ts: number; end_ts: number }[];
  if (actions.length > HAND_ACTIONS_LIMIT) {
    return `Ensure this field has no more than ${HAND_ACTIONS_LIMIT} elements.`;
  }
  const fine = actions.every(({ start_ts, end_ts }, index) =>
    start_ts <= end_ts && start_ts >= (actions[index - 1]?.end_ts ?? 0)
  );
  return fine ? undefined : "Actions must be in order and must not overlap.";
}

function metadataError(value: unknown): string | undefined {
  const entries = Object.entries(value as WireRecord);
  const fine = entries.length <= 20 &&
    entries.every(([key, entry]) =>
      key.length <= 64 &&
      (typeof entry === "string"
        ? entry.length <= 512
        : typeof entry === "number" || typeof entry === "boolean")
    );
  return fine ? undefined : "Give at most 20 texts, numbers or booleans.";
}

function seed(state: State): void {
  const [first, second] = state.collection("sequences").filter();
  const request = { headers: new Headers(), state };
  if (!first || !second) return;
  label(request, first, {
    outcome: "mistake_and_recovery",
    progress: 0.9,
    quality: 4,
    subtasks: [{ label: "grasp", start_ts: 0.5, end_ts: 4.25, outcome: null }],
    hand_actions: {
      left: [{
        start_ts: 0.5,
        end_ts: 2,
        action: "holding the hook",
        object: "hook",
        verb: null,
        contact: true,
      }],
    },
    mistake_type: "slip",
    recovery_type: "regrasp",
    autonomy_level: "teleoperation",
    evaluation_membership: "held_out_eval",
    leakage_groups: { location: "hall_3", operator: "op-17" },
    source_metadata: { runId: "r-88", "temp.c": 0.2, is_ensemble: false },
  });
  label(request, second, {
    outcome: "expert_success",
    progress: 1,
    evaluation_membership: "train",
    autonomy_level: "autonomous",
    source: "model",
    model_version: "v7",
    confidence: 0.66,
  });
}
