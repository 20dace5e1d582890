/**
 * Emulated routes of a fleet's alerts.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { callerOf } from "../accounts.ts";
import { crudRoutes, equals, withRecord } from "../../engine/crud.ts";
import { fieldErrors } from "../../engine/fields.ts";
import { failure, refuse, respond } from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { newAlert } from "./rule_hits.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const PATH = "/fleet/alerts/";
const collection = "fleetAlerts";

/** Alerts, and what became of them. */
export const FLEET_ALERTS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      filters: {
        status: equals,
        severity: equals,
        device: equals,
        rule: equals,
      },
    }),
    {
      method: "POST",
      path: `${PATH}{uid}/acknowledge/`,
      handle: withRecord({ collection }, acknowledge),
    },
    {
      method: "POST",
      path: `${PATH}{uid}/resolve/`,
      handle: withRecord({ collection }, resolve),
    },
  ],
  seed,
};

function acknowledge(alert: WireRecord, request: EmulatedRequest) {
  const { state } = request;
  if (alert.status === "resolved") {
    // assumption: what is resolved can't be acknowledged anymore
    return failure(400, "The alert is resolved already.");
  }
  if (alert.status !== "open") return respond(alert);
  return respond(
    state.collection(collection).update(alert, {
      status: "acknowledged",
      acknowledged_at: state.timestamp(),
      acknowledged_by: callerOf(request).username,
      updated_at: state.timestamp(),
    }),
  );
}

function resolve(alert: WireRecord, { body, state }: EmulatedRequest) {
  const refusal = refuse(
    fieldErrors(body, { resolution_note: { type: "string" } }),
  );
  if (refusal) return refusal;
  // assumption: an alert can be resolved without being acknowledged, and
  // resolved again with another note
  return respond(
    state.collection(collection).update(alert, {
      status: "resolved",
      resolved_at: alert.resolved_at ?? state.timestamp(),
      resolution_note: body.resolution_note ?? alert.resolution_note,
      updated_at: state.timestamp(),
    }),
  );
}

function seed(state: State): void {
  const rule = state.collection("fleetRules").find()?.uid;
  const device = state.collection("fleetDevices").find()?.uid;
  const recording = state.collection("fleetRecordings").find()?.uid;
  const acknowledged = {
    acknowledged_at: UPDATED,
    acknowledged_by: "ida.b",
  };
  for (
    const fields of [
      { rule, device, recording, severity: "critical" },
      { device, severity: "warning", message: "No signal for 10 min" },
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
        resolution_note: "Fan replaced",
      },
    ]
  ) {
    state.collection(collection).add(newAlert(state, {
      message: "Motor temperature: 84 °C",
      triggered_at: CREATED,
      created_at: CREATED,
      updated_at: UPDATED,
      ...fields,
    }));
  }
}
