/**
 * Emulated routes of a fleet's alerts.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { crudRoutes, findRecord } from "../engine/crud.ts";
import { fieldErrors } from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  refuse,
} from "../engine/router.ts";
import { newAlert } from "./rule_hits.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/fleet/alerts/";
const ALERTS = "fleetAlerts";

/** Alerts, and what became of them. */
export const FLEET_ALERTS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection: ALERTS,
      filters: ["status", "severity", "device", "rule"],
    }),
    { method: "POST", path: `${PATH}{uid}/acknowledge/`, handle: acknowledge },
    { method: "POST", path: `${PATH}{uid}/resolve/`, handle: resolve },
  ],
  seed,
};

function acknowledge(request: EmulatedRequest) {
  const { world } = request;
  const alert = findRecord({ collection: ALERTS }, request);
  if (!alert) return notFound();
  if (alert.status === "resolved") {
    // assumption: what is resolved can't be acknowledged anymore
    return answer({ detail: "The alert is resolved already." }, 400);
  }
  if (alert.status === "open") {
    Object.assign(alert, {
      status: "acknowledged",
      acknowledged_at: world.timestamp(),
      acknowledged_by: callerOf(request).username,
      updated_at: world.timestamp(),
    });
  }
  return answer(alert);
}

function resolve(request: EmulatedRequest) {
  const { body, world } = request;
  const alert = findRecord({ collection: ALERTS }, request);
  if (!alert) return notFound();
  const refusal = refuse(
    fieldErrors(body, { resolution_note: { type: "string" } }),
  );
  if (refusal) return refusal;
  // assumption: an alert can be resolved without being acknowledged, and
  // resolved again with another note
  alert.resolved_at ??= world.timestamp();
  Object.assign(alert, {
    status: "resolved",
    resolution_note: body.resolution_note ?? alert.resolution_note,
    updated_at: world.timestamp(),
  });
  return answer(alert);
}

function seed(world: World): void {
  const rule = world.collection("fleetRules").all()[0]?.uid;
  const device = world.collection("fleetDevices").all()[0]?.uid;
  const recording = world.collection("fleetRecordings").all()[0]?.uid;
  const acknowledged = {
    acknowledged_at: UPDATED,
    acknowledged_by: "ida.b",
  };
  for (
    const fields of [
      { rule, device, recording, severity: "critical" },
      { device, severity: "warning", message: "Kein Signal seit 10 min" },
      {
        rule,
        device,
        recording,
        severity: "critical",
        status: "acknowledged",
        ...acknowledged,
      },
      {
        rule,
        device,
        recording,
        severity: "error",
        status: "resolved",
        ...acknowledged,
        resolved_at: UPDATED,
        resolution_note: "Lüfter getauscht",
      },
    ]
  ) {
    world.collection(ALERTS).add(newAlert(world, {
      message: "Motortemperatur: 84 °C",
      triggered_at: CREATED,
      created_at: CREATED,
      updated_at: UPDATED,
      ...fields,
    }));
  }
}
