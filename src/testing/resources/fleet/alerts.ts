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
import { type CollectionName, CREATED, UPDATED } from "../../engine/state.ts";

const PATH = "/fleet/alerts/";
const collection = "fleetAlerts";

const ACKNOWLEDGED = { acknowledged_at: UPDATED, acknowledged_by: "ida.b" };
const HOT = { isRuled: true, message: "Motor temperature: 84 °C" };
const SAMPLES = [
  { ...HOT, severity: "critical" },
  { isRuled: false, severity: "warning", message: "No signal for 10 min" },
  { ...HOT, severity: "critical", status: "acknowledged", ...ACKNOWLEDGED },
  {
    ...HOT,
    severity: "error",
    status: "resolved",
    ...ACKNOWLEDGED,
    resolved_at: UPDATED,
    resolution_note: "Fan replaced",
  },
];

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
  makers: {
    alert: (index, uid, state, { rule, device, recording }) => {
      const { isRuled, ...sample } = SAMPLES[index % SAMPLES.length]!;
      return newAlert(state, {
        uid,
        device,
        ...isRuled && { rule, recording },
        triggered_at: CREATED,
        created_at: CREATED,
        updated_at: UPDATED,
        ...sample,
      });
    },
  },
  samples: {
    alerts: {
      count: SAMPLES.length,
      add: (state, count) => {
        const firstOf = (collection: CollectionName) =>
          state.collection(collection).uids({}, 1)[0] ?? null;
        state.generate({
          collection,
          maker: "alert",
          count,
          args: {
            rule: firstOf("fleetRules"),
            device: firstOf("fleetDevices"),
            recording: firstOf("fleetRecordings"),
          },
        });
      },
    },
  },
  models: {
    alerts: {
      collection,
      fields: {},
      make: (given, state) => newAlert(state, given),
    },
  },
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
