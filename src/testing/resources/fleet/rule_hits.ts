/**
 * Rules of a fleet that events meet, and the alerts that they raise.
 *
 * The docs leave the form of conditions, scopes and actions to the caller. What
 * is understood here is an assumption, and everything else is never met:
 *
 * - `{ field, op, value }` compares a field of the event, or of its metadata;
 *   `op` is `eq`, `ne`, `gt`, `gte`, `lt` or `lte`, and `eq` without one;
 * - `{ all_of: […] }` and `{ any_of: […] }` hold further conditions;
 * - `{ device_type }` limits the scope to devices of a type;
 * - `{ type: "alert", severity }` raises an alert, as severe as the event when it
 *   does not say how severe.
 *
 * @module
 */

import { isJsonObject } from "../../../wire/codec.ts";
import type { WireRecord } from "../../engine/collection.ts";
import type { State } from "../../engine/state.ts";

/**
 * Holds an event against all rules that are enabled.
 *
 * @param state Where the rules are, and where alerts are raised.
 * @param event The event.
 */
export function applyRules(state: State, event: WireRecord): void {
  const device = state.collection("fleetDevices").get(event.device);
  const rules = state.collection("fleetRules");
  for (const rule of rules.filter({ enabled: true })) {
    const { scope, condition, actions } = rule;
    if (!covers(scope, device) || !isMet(condition, event)) continue;
    rules.update(rule, {
      hit_count: Number(rule.hit_count) + 1,
      last_hit_at: state.timestamp(),
    });
    for (const action of actions as WireRecord[]) {
      if (action.type === "alert") {
        state.collection("fleetAlerts").add(newAlert(state, {
          rule: rule.uid,
          device: event.device,
          recording: event.recording,
          severity: action.severity ?? event.severity,
          message: `${rule.name}: ${event.label}`,
        }));
      }
    }
  }
}

/**
 * Makes an open alert.
 *
 * @param state Where it is.
 * @param fields What is known of it.
 * @returns The alert, which is in no collection yet.
 */
export function newAlert(state: State, fields: WireRecord): WireRecord {
  const now = state.timestamp();
  return {
    uid: fields.uid ?? state.newUid(),
    rule: null,
    device: null,
    recording: null,
    severity: "warning",
    status: "open",
    message: null,
    triggered_at: now,
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolution_note: null,
    created_at: now,
    updated_at: now,
    ...fields,
  };
}

function covers(scope: unknown, device: WireRecord | undefined): boolean {
  return !isJsonObject(scope) || scope.device_type === undefined ||
    scope.device_type === device?.type;
}

function isMet(condition: unknown, event: WireRecord): boolean {
  if (!isJsonObject(condition)) return false;
  const { all_of, any_of, field, op = "eq", value } = condition;
  if (Array.isArray(all_of)) {
    return all_of.every((part) => isMet(part, event));
  }
  if (Array.isArray(any_of)) {
    return any_of.some((part) => isMet(part, event));
  }
  const metadata = isJsonObject(event.metadata) ? event.metadata : {};
  const found = own(event, field) ?? own(metadata, field);
  if (found === undefined) return false;
  if (op === "eq") return found === value;
  if (op === "ne") return found !== value;
  if (typeof found !== "number" || typeof value !== "number") return false;
  if (op === "gt") return found > value;
  if (op === "gte") return found >= value;
  if (op === "lt") return found < value;
  return op === "lte" && found <= value;
}

function own(record: WireRecord, field: unknown): unknown {
  const name = String(field);
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
