/**
 * Emulated routes of a fleet's rules.
 *
 * @module
 */

import { crudRoutes, equals } from "../../engine/crud.ts";
import type { BodyFields } from "../../engine/fields.ts";
import { release } from "../references.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const collection = "fleetRules";

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  description: { type: "string" },
  enabled: { type: "boolean", notNull: true },
  condition: { type: "object", required: true },
  actions: { type: "array", required: true, items: "object" },
  scope: { type: "object" },
};

/** Rules that turn events into alerts. */
export const FLEET_RULES: EmulatedResource = {
  routes: crudRoutes({
    path: "/fleet/rules/",
    collection,
    filters: { enabled: equals },
    create: {
      fields: FIELDS,
      make: (given, { state }) => newRule(state, given),
    },
    update: { fields: FIELDS },
    delete: true,
    // assumption: an alert outlives the rule that raised it
    deleted: ({ uid }, { state }) =>
      release(uid, "rule", ["fleetAlerts"], state),
  }),
  seed,
  models: {
    rules: {
      collection,
      fields: FIELDS,
      make: (given, state) => newRule(state, given),
    },
  },
};

function newRule(state: State, given: WireRecord): WireRecord {
  return {
    uid: state.newUid(),
    description: null,
    enabled: true,
    scope: null,
    hit_count: 0,
    last_hit_at: null,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}

function seed(state: State): void {
  const rules = state.collection(collection);
  const known = { created_at: CREATED, updated_at: UPDATED };
  rules.add(newRule(state, {
    name: "Motor temperature",
    description: "above 80 °C",
    condition: {
      type: "composite",
      all_of: [{
        type: "threshold",
        field: "motor.temp",
        op: "gt",
        value: 80,
      }],
      window_ms: 5_000,
      minHits: null,
    },
    actions: [
      { type: "alert", severity: "critical" },
      { type: "tag", tagName: "hot_motor" },
    ],
    scope: { device_type: "crane_rig", tagsAny: ["harbor"], "site.id": 7 },
    hit_count: 3,
    last_hit_at: UPDATED,
    ...known,
  }));
  rules.add(newRule(state, {
    name: "Rope slack",
    enabled: false,
    condition: { type: "pattern", field: "label", value: "Rope slack" },
    actions: [{ type: "alert" }],
    ...known,
  }));
}
