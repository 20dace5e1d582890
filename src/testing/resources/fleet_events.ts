/**
 * Emulated routes of a fleet's events.
 *
 * @module
 */

import { crudRoutes } from "../engine/crud.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import { referenceErrors } from "./references.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  refuse,
} from "../engine/router.ts";
import { applyRules } from "./rule_hits.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/fleet/events/";
const EVENTS = "fleetEvents";
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
    check: (value) =>
      Number(value) < 0
        ? "Ensure this value is greater than or equal to 0."
        : undefined,
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
      collection: EVENTS,
      filters: ["recording", "device", "type", "severity"],
      create: {
        fields: FIELDS,
        make: (given, { world }) =>
          refuse(placeErrors(given, world)) ?? newEvent(world, given),
        then: (event, { world }) => applyRules(world, event),
      },
      delete: true,
    }),
    { method: "POST", path: `${PATH}batch/`, handle: createBatch },
  ],
  seed,
};

/** All or nothing: one wrong event refuses the batch. */
function createBatch({ body, world }: EmulatedRequest) {
  const refusal = refuse(fieldErrors(body, BATCH_FIELDS));
  if (refusal) return refusal;
  const given = (body.events as WireRecord[]).map((e) => pick(e, FIELDS));
  const byIndex: FieldErrors = {};
  for (const [index, entry] of given.entries()) {
    const errors = placeErrors(entry, world);
    if (Object.keys(errors).length > 0) byIndex[index] = errors;
  }
  if (Object.keys(byIndex).length > 0) {
    return answer({ events: byIndex }, 400);
  }
  for (const entry of given) {
    applyRules(world, world.collection(EVENTS).add(newEvent(world, entry)));
  }
  return answer({ created: given.length }, 201);
}

/** Finds out whether the recording and the device are there, and the moment in it. */
function placeErrors(given: WireRecord, world: World): FieldErrors {
  const errors = referenceErrors(given, {
    recording: "fleetRecordings",
    device: "fleetDevices",
  }, world);
  const recording = world.collection("fleetRecordings")
    .get(String(given.recording));
  const at = Date.parse(String(given.timestamp));
  // assumption: a recording that has no end yet has no last moment
  const start = Date.parse(String(recording?.started_at));
  const end = Date.parse(String(recording?.ended_at));
  if (at < start || at > end) {
    errors.timestamp = ["The timestamp lies outside the recording."];
  }
  return errors;
}

function newEvent(world: World, given: WireRecord): WireRecord {
  return {
    uid: world.newUid(),
    description: null,
    duration_ms: null,
    metadata: null,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...given,
    tags: given.tags ?? [],
    // assumption: an event is as harmless as can be when it does not say
    severity: given.severity ?? "info",
  };
}

function seed(world: World): void {
  const recordings = world.collection("fleetRecordings").all().slice(0, 2);
  for (let index = 0; index < 12; index++) {
    const recording = recordings[index % 2];
    const minute = String(index >> 1).padStart(2, "0");
    const day = String(recording?.started_at).slice(0, 10);
    world.collection(EVENTS).add(newEvent(world, {
      recording: recording?.uid,
      device: recording?.device,
      label: index % 3 ? "Seil schlaff" : "Motor heiß",
      type: TYPES[index % TYPES.length],
      timestamp: `${day}T22:${minute}:30Z`,
      severity: SEVERITIES[index % SEVERITIES.length],
      description: index % 2 ? "Beim Absenken" : null,
      duration_ms: 1_500 * (1 + index),
      tags: index % 4 ? [] : ["geprüft"],
      metadata: {
        "motor.temp": 70 + index,
        zScore: 4.2,
        sensor_rig: { cameraId: "front_left", frame_idx: index },
      },
      created_at: CREATED,
      updated_at: UPDATED,
    }));
  }
}
