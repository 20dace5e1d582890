/**
 * Emulated routes of sequence outcomes.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { withDataset, withSequence } from "./dataset_paths.ts";
import { type BodyFields, fieldErrors, pick } from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import type { World } from "../engine/state.ts";

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
const FILTERS = [
  "outcome",
  "evaluation_membership",
  "source",
  "autonomy_level",
  "model_version",
];

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
const RATIO: BodyFields[string] = {
  type: "number",
  // assumption: shares go from 0 to 1
  check: (value) =>
    Number(value) >= 0 && Number(value) <= 1
      ? undefined
      : "Ensure this value is between 0 and 1.",
};
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

const ROUTES: Route[] = [
  {
    method: "GET",
    path: OUTCOME,
    handle: withSequence(({ world }, sequence) => {
      const [current] = versions(world, sequence);
      return current ? answer(current) : notFound();
    }),
  },
  {
    method: "PUT",
    path: OUTCOME,
    handle: withSequence((request, sequence) => {
      const { body } = request;
      const refusal = refuse(fieldErrors(body, FIELDS));
      return refusal ?? answer(label(request, sequence, pick(body, FIELDS)));
    }),
  },
  {
    method: "GET",
    path: `${OUTCOME}history/`,
    handle: withSequence(({ world }, sequence) =>
      answer(versions(world, sequence))
    ),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/sequence-outcomes/",
    handle: withDataset(({ url, world }, dataset) =>
      pageAnswer(
        outcomes(world).page(url, (outcome) =>
          outcome.is_current === true &&
          world.sequences.get(String(outcome.sequence_uid))?.dataset_uid ===
            dataset.uid &&
          FILTERS.every((filter) => {
            const wanted = url.searchParams.get(filter);
            return wanted === null ||
              wanted.split(",").includes(String(outcome[filter]));
          })),
      )
    ),
  },
];

/** How the robot did in a sequence, in versions. */
export const SEQUENCE_OUTCOMES: EmulatedResource = { routes: ROUTES, seed };

function outcomes(world: World): Collection {
  return world.collection("sequenceOutcomes");
}

/** All versions of a sequence's label, the newest first. */
function versions(world: World, sequence: WireRecord): WireRecord[] {
  return outcomes(world).all()
    .filter(({ sequence_uid }) => sequence_uid === sequence.uid)
    .reverse();
}

/** Labels a sequence anew: what is not given becomes unset. */
function label(
  request: Pick<EmulatedRequest, "headers" | "world">,
  sequence: WireRecord,
  given: WireRecord,
): WireRecord {
  const { world } = request;
  const [before] = versions(world, sequence);
  const now = world.timestamp();
  if (before) Object.assign(before, { is_current: false, updated_at: now });
  const present = Object.entries(given).filter(([, value]) => value !== null);
  const { hand_actions, ...fields } = Object.fromEntries(present);
  return outcomes(world).add({
    uid: world.newUid(),
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

function seed(world: World): void {
  const [first, second] = world.sequences.all();
  const request = { headers: new Headers(), world };
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
    leakage_groups: { location: "halle_3", operator: "op-17" },
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
