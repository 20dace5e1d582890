/**
 * Emulated routes of a fleet's rules.
 *
 * @module
 */

import { crudRoutes } from "../engine/crud.ts";
import type { BodyFields } from "../engine/fields.ts";
import { release } from "./references.ts";
import type { EmulatedResource } from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const RULES = "fleetRules";

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
    collection: RULES,
    filters: ["enabled"],
    create: {
      fields: FIELDS,
      make: (given, { world }) => newRule(world, given),
    },
    update: FIELDS,
    delete: true,
    // assumption: an alert outlives the rule that raised it
    deleted: ({ uid }, { world }) =>
      release(uid, "rule", ["fleetAlerts"], world),
  }),
  seed,
};

function newRule(world: World, given: WireRecord): WireRecord {
  return {
    uid: world.newUid(),
    description: null,
    enabled: true,
    scope: null,
    hit_count: 0,
    last_hit_at: null,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...given,
  };
}

function seed(world: World): void {
  const rules = world.collection(RULES);
  const known = { created_at: CREATED, updated_at: UPDATED };
  rules.add(newRule(world, {
    name: "Motortemperatur",
    description: "über 80 °C",
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
    scope: { device_type: "crane_rig", tagsAny: ["hafen"], "site.id": 7 },
    hit_count: 3,
    last_hit_at: UPDATED,
    ...known,
  }));
  rules.add(newRule(world, {
    name: "Seil schlaff",
    enabled: false,
    condition: { type: "pattern", field: "label", value: "Seil schlaff" },
    actions: [{ type: "alert" }],
    ...known,
  }));
}
