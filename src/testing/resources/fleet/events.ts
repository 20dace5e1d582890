/**
 * Emulated routes of a fleet's events.
 *
 * @module
 */

import { crudRoutes, equals } from "../../engine/crud.ts";
import {
  between,
  type BodyFields,
  type FieldErrors,
  fieldErrors,
  pick,
} from "../../engine/fields.ts";
import { referenceErrors, REFERRED } from "../references.ts";
import { invalid, refuse, respond } from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { applyRules } from "./rule_hits.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const PATH = "/fleet/events/";
const collection = "fleetEvents";
const MAX_BATCH = 1_000;
const TYPES = [
  "error",
  "warning",
  "info",
  "state_change",
  "anomaly",
  "custom",
];
const SEVERITIES = ["info", "warning", "error", "critical"];

const FIELDS: BodyFields = {
  recording: { type: "string", required: true },
  device: { type: "string", required: true },
  label: { type: "string", required: true, maxLength: 120 },
  type: { type: "string", required: true, choices: TYPES },
  timestamp: {
    type: "string",
    required: true,
    check: (value) =>
      Number.isNaN(Date.parse(String(value)))
        ? "Datetime has wrong format."
        : undefined,
  },
  severity: { type: "string", choices: SEVERITIES },
  description: { type: "string" },
  duration_ms: {
    type: "integer",
    check: between(0),
  },
  tags: { type: "array", items: "string" },
  metadata: { type: "object" },
};

const BATCH_FIELDS: BodyFields = {
  events: {
    type: "array",
    required: true,
    check: (value) =>
      (value as unknown[]).length > MAX_BATCH
        ? `Ensure this field has no more than ${MAX_BATCH} elements.`
        : undefined,
    fields: FIELDS,
  },
};

/** Marked moments in recordings. */
export const FLEET_EVENTS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      filters: {
        recording: equals,
        device: equals,
        type: equals,
        severity: equals,
      },
      create: {
        fields: FIELDS,
        check: (given, { state }) => placeErrors(given, state),
        make: (given, { state }) => newEvent(state, given),
        then: (event, { state }) => applyRules(state, event),
      },
      delete: true,
    }),
    { method: "POST", path: `${PATH}batch/`, handle: createBatch },
  ],
  makers: {
    event: (index, uid, state, args) => {
      const recordings = args.recordings as WireRecord[];
      const recording = recordings[index % recordings.length];
      // half a minute past each minute of the recording
      const offset = (Math.floor(index / recordings.length) % 10 + 0.5) *
        60_000;
      const start = Date.parse(String(recording?.started_at ?? CREATED));
      return newEvent(state, {
        uid,
        recording: recording?.uid ?? null,
        device: recording?.device ?? null,
        label: index % 3 ? "Rope slack" : "Motor hot",
        type: TYPES[index % TYPES.length],
        timestamp: new Date(start + offset).toISOString(),
        severity: SEVERITIES[index % SEVERITIES.length],
        description: index % 2 ? "While lowering" : null,
        duration_ms: 1_500 * (1 + index),
        tags: index % 4 ? [] : ["checked"],
        metadata: {
          "motor.temp": 70 + index,
          zScore: 4.2,
          sensor_rig: { cameraId: "front_left", frame_idx: index },
        },
        created_at: CREATED,
        updated_at: UPDATED,
      });
    },
  },
  samples: {
    events: {
      count: 12,
      add: (state, count) => {
        // all of the few that there are by default lie in the first two
        const recordings = state.collection("fleetRecordings")
          .filter({}, count > 12 ? REFERRED : 2)
          .map(({ uid, device, started_at }) => ({ uid, device, started_at }));
        state.generate({
          collection,
          maker: "event",
          count,
          args: { recordings },
        });
      },
    },
  },
  models: {
    events: {
      collection,
      fields: FIELDS,
      make: (given, state) => newEvent(state, given),
    },
  },
};

/** All or nothing: one wrong event refuses the batch. */
function createBatch({ body, state }: EmulatedRequest) {
  const refusal = refuse(fieldErrors(body, BATCH_FIELDS));
  if (refusal) return refusal;
  const given = (body.events as WireRecord[]).map((e) => pick(e, FIELDS));
  const byIndex: FieldErrors = {};
  for (const [index, entry] of given.entries()) {
    const errors = placeErrors(entry, state);
    if (Object.keys(errors).length > 0) byIndex[index] = errors;
  }
  if (Object.keys(byIndex).length > 0) {
    return invalid({ events: byIndex });
  }
  for (const entry of given) {
    applyRules(state, state.collection(collection).add(newEvent(state, entry)));
  }
  return respond({ created: given.length }, 201);
}

/** Finds out whether the recording and the device are there, and the moment in it. */
function placeErrors(given: WireRecord, state: State): FieldErrors {
  const errors = referenceErrors(given, {
    recording: "fleetRecordings",
    device: "fleetDevices",
  }, state);
  const recording = state.collection("fleetRecordings").get(given.recording);
  const { timestamp } = given;
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  // assumption: a recording that has no end yet has no last moment
  const start = Date.parse(String(recording?.started_at));
  const end = Date.parse(String(recording?.ended_at));
  if (at < start || at > end) {
    errors.timestamp = ["The timestamp lies outside the recording."];
  }
  return errors;
}

function newEvent(state: State, given: WireRecord): WireRecord {
  return {
    uid: given.uid ?? state.newUid(),
    description: null,
    duration_ms: null,
    metadata: null,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
    tags: given.tags ?? [],
    // assumption: an event is as harmless as can be when it does not say
    severity: given.severity ?? "info",
  };
}
