/**
 * What happens in the world, told to webhooks and agents.
 *
 * @module
 */

import type { WireRecord } from "../engine/store.ts";
import type { World } from "../engine/state.ts";

/**
 * Tells everybody who wants to know that something has happened.
 *
 * @param world The world in which it happened.
 * @param event Name of the event.
 * @param payload What is known of it, as webhooks carry it.
 * @param project Unique id of the project that it happened in, where the payload does not tell.
 */
export function announce(
  world: World,
  event: string,
  payload: WireRecord,
  project: unknown = null,
): void {
  world.deliver(event, payload);
  const told = { project_uid: project, ...payload };
  for (const agent of world.collection("agents").all()) {
    if (wants(agent, event, told)) {
      world.collection("agentExecutions").add(
        newExecution(world, agent, event, told),
      );
    }
  }
}

/**
 * Makes an execution that waits for its agent.
 *
 * @param world Where it is.
 * @param agent The agent.
 * @param event Name of the event.
 * @param payload What is known of it, as webhooks carry it.
 * @returns The execution, which is in no collection yet.
 */
export function newExecution(
  world: World,
  agent: WireRecord,
  event: string,
  payload: WireRecord,
): WireRecord {
  const now = world.timestamp();
  const { task_uid = null, result_uid = null } = payload;
  return {
    uid: world.newUid(),
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
  if (kind !== "dataset" && kind !== "export") return { ...payload };
  const { uid, project_uid = null } = payload;
  return { [`${kind}_uid`]: uid, project_uid };
}
