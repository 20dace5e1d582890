/**
 * Emulated routes of agents, their executions and actions.
 *
 * @module
 */

import type { Match, WireRecord } from "../engine/collection.ts";
import { crudRoutes, equals, passing, withRecord } from "../engine/crud.ts";
import { type BodyFields, fieldErrors } from "../engine/fields.ts";
import { cursorPage } from "../engine/pages.ts";
import { invalid, refuse, respond } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import { CREATED, type State, UPDATED } from "../engine/state.ts";
import { announce, newExecution } from "./events.ts";
import { referenceErrors, unknownText } from "./references.ts";

const collection = "agents";
const EVENTS = [
  "dataset.created",
  "dataset.updated",
  "dataset.deleted",
  "export.completed",
  "export.failed",
  "task.completed",
  "result.submitted",
  "result.accepted",
  "result.rejected",
];

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  description: { type: "string" },
  events: { type: "array", notNull: true, choices: EVENTS },
  callback_url: {
    type: "string",
    maxLength: 2048,
    check: (value) =>
      value === "" || URL.canParse(String(value))
        ? undefined
        : "Enter a valid URL.",
  },
  is_active: { type: "boolean", notNull: true },
  project: { type: "string" },
  task_types: { type: "array", notNull: true, items: "string" },
};

const ACTION_FIELDS: BodyFields = {
  execution: { type: "string", required: true },
  action: {
    type: "string",
    required: true,
    choices: ["approve", "reject", "flag", "skip"],
  },
  reason: { type: "string" },
};

/** Agents, what they are called for, and what they do about it. */
export const AGENTS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: "/agents/",
      collection,
      show: withoutSecret,
      detail: (agent, { state }) => withStats(withoutSecret(agent), state),
      create: {
        fields: { ...FIELDS, secret: { type: "string", maxLength: 255 } },
        check: projectErrors,
        make: (given, { state }) => newAgent(state, given),
        // this response alone carries the secret
        show: (agent, { state }) => withStats(agent, state),
      },
      update: { fields: FIELDS, check: projectErrors },
      delete: true,
    }),
    {
      method: "GET",
      path: "/agents/{uid}/executions/",
      handle: withRecord({ collection }, executions),
    },
    {
      method: "POST",
      path: "/agents/{uid}/test/",
      handle: withRecord({ collection }, ({ callback_url }) => {
        // assumption: an agent that polls has nowhere to deliver to
        const delivered = Boolean(callback_url);
        return respond({
          success: true,
          delivered,
          status_code: delivered ? 200 : null,
        });
      }),
    },
    { method: "POST", path: "/agent-actions/", handle: act },
  ],
  seed,
  models: {
    agents: {
      collection,
      fields: FIELDS,
      make: (given, state) => newAgent(state, given),
    },
  },
};

function newAgent(state: State, given: WireRecord): WireRecord {
  const uid = state.newUid();
  return {
    uid,
    description: null,
    events: [],
    callback_url: null,
    is_active: true,
    project: null,
    task_types: [],
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
    secret: given.secret || `emulated-agent-secret-${uid}`,
  };
}

function projectErrors(given: WireRecord, { state }: EmulatedRequest) {
  return given.project
    ? referenceErrors(given, { project: "projects" }, state)
    : {};
}

function withoutSecret({ secret: _, ...agent }: WireRecord): WireRecord {
  return { ...agent, execution_stats: null };
}

function withStats(agent: WireRecord, state: State): WireRecord {
  const execution_stats: { [status: string]: number } = {
    pending: 0,
    success: 0,
  };
  const ofAgent = { registration: agent.uid };
  for (
    const { status } of state.collection("agentExecutions").filter(ofAgent)
  ) {
    const name = String(status);
    execution_stats[name] = (execution_stats[name] ?? 0) + 1;
  }
  return { ...agent, execution_stats };
}

function executions(agent: WireRecord, { url, state }: EmulatedRequest) {
  const project = url.searchParams.get("project");
  const types = url.searchParams.get("task_types")?.split(",");
  const match: Match[] = [
    { registration: agent.uid },
    passing(url, { status: equals }),
    ({ event_payload }) => {
      const { project_uid, task_type } = event_payload as WireRecord;
      return (project === null || project_uid === project) &&
        (types === undefined || types.includes(String(task_type)));
    },
  ];
  return cursorPage(state.collection("agentExecutions"), url, { match });
}

function act({ body, state }: EmulatedRequest) {
  const refusal = refuse(fieldErrors(body, ACTION_FIELDS));
  if (refusal) return refusal;
  const { action, reason } = body;
  const executions = state.collection("agentExecutions");
  const execution = executions.get(body.execution);
  if (!execution) return invalid({ execution: unknownText(body.execution) });
  if (execution.status !== "pending") {
    // assumption: an execution is acted on once
    return invalid({ execution: ["This execution has ended."] });
  }
  const now = state.timestamp();
  executions.update(execution, {
    // assumption: each action is a success, also skip
    status: "success",
    action,
    response_payload: reason ? { action, reason } : { action },
    started_at: execution.started_at ?? now,
    completed_at: now,
    updated_at: now,
  });
  // assumption: what an agent decides about a result is an event of its own
  const decided = action === "approve"
    ? "result.accepted"
    : action === "reject"
    ? "result.rejected"
    : undefined;
  if (decided && execution.event_type === "result.submitted") {
    announce(state, decided, execution.event_payload as WireRecord);
  }
  return respond({ status: "ok" });
}

function seed(state: State): void {
  const [project] = state.collection("projects").filter();
  const agents = state.collection(collection);
  const dates = { created_at: CREATED, updated_at: UPDATED };
  const reviewer = agents.add(newAgent(state, {
    name: "Result reviewer",
    description: "Looks at every result",
    events: ["result.submitted", "task.completed"],
    secret: "emulated-agent-secret-0",
    ...dates,
  }));
  const importer = agents.add(newAgent(state, {
    name: "Harbor messenger",
    events: ["dataset.created", "export.completed"],
    callback_url: "https://agents.northlight.example/avala",
    secret: "emulated-agent-secret-1",
    ...dates,
  }));
  const tasks = state.collection("tasks").filter({ project: project?.uid }, 4);
  for (const [index, task] of tasks.entries()) {
    addExecution(state, reviewer, "result.submitted", {
      task_uid: task.uid,
      result_uid: state.newUid(),
      result_data: [{ object_id: `o-${index}`, boundingBox: { x_min: 1.5 } }],
      result_metadata: { timeSpent_ms: 51_234 + index, "dotted.key": null },
      task_name: task.name,
      task_type: task.type,
      project_uid: task.project,
    }, index === 3 ? "approve" : null);
  }
  for (
    const [index, { uid }] of state.collection("datasets").filter().entries()
  ) {
    const action = index === 0 ? "skip" : null;
    addExecution(state, importer, "dataset.created", { uid }, action);
  }
}

function addExecution(
  state: State,
  agent: WireRecord,
  event: string,
  payload: WireRecord,
  action: string | null,
): void {
  state.collection("agentExecutions").add({
    ...newExecution(state, agent, event, payload),
    created_at: CREATED,
    updated_at: CREATED,
    ...action && {
      status: "success",
      action,
      response_payload: { action },
      started_at: CREATED,
      completed_at: UPDATED,
      updated_at: UPDATED,
    },
  });
}
