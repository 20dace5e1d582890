/**
 * What happens, told to webhooks and agents.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import type { State } from "../engine/state.ts";
import { deliver } from "./webhooks/deliveries.ts";

/**
 * Tells everybody who wants to know that something has happened.
 *
 * @param state Where it happened.
 * @param event Name of the event.
 * @param payload What is known of it, as webhooks carry it.
 * @param project Unique id of the project that it happened in, where the payload does not tell.
 */
export function announce(
  state: State,
  event: string,
  payload: WireRecord,
  project: unknown = null,
): void {
  deliver(state, event, payload);
  const told = { project_uid: project, ...payload };
  for (const { record } of state.collection("agents").rows()) {
    if (!wants(record, event, told)) continue;
    state.collection("agentExecutions").add(
      newExecution(state, record, event, told),
    );
  }
}

/**
 * Makes an execution that waits for its agent.
 *
 * @param state Where it is.
 * @param agent The agent.
 * @param event Name of the event.
 * @param payload What is known of it, as webhooks carry it.
 * @returns The execution, which is in no collection yet.
 */
export function newExecution(
  state: State,
  agent: WireRecord,
  event: string,
  payload: WireRecord,
): WireRecord {
  const now = state.timestamp();
  const { task_uid = null, result_uid = null } = payload;
  return {
    uid: state.newUid(),
    registration: agent.uid,
    event_type: event,
    task: task_uid,
    result: result_uid,
    status: "pending",
    action: null,
    event_payload: agentPayload(event, payload),
    response_payload: null,
    error_message: null,
    started_at: null,
    completed_at: null,
    created_at: now,
    updated_at: now,
  };
}

/** Tells whether an agent is called for an event. */
function wants(
  agent: WireRecord,
  event: string,
  payload: WireRecord,
): boolean {
  const { events, task_types, project, is_active } = agent;
  if (!is_active || !includes(events, event)) return false;
  // assumption: limits hold for the events that name a project or a task type
  const { project_uid, task_type } = payload;
  if (project && project_uid && project !== project_uid) return false;
  return !task_type || !Array.isArray(task_types) || task_types.length === 0 ||
    task_types.includes(task_type);
}

function includes(list: unknown, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}

/** Datasets and exports are named by unique id alone; the rest is told whole. */
function agentPayload(event: string, payload: WireRecord): WireRecord {
  const kind = event.slice(0, event.indexOf("."));
  if (kind !== "dataset" && kind !== "export") return payload;
  const { uid, project_uid = null } = payload;
  return { [`${kind}_uid`]: uid, project_uid };
}
