/**
 * Emulated routes of agents, their executions and actions.
 *
 * @module
 */

import { crudRoutes, findRecord, passes } from "../engine/crud.ts";
import { announce, newExecution } from "./events.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
} from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const REGISTRATIONS = "agents";
const EXECUTIONS = "agentExecutions";
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
      collection: REGISTRATIONS,
      show: withoutSecret,
      detail: withStats,
      create: {
        fields: { ...FIELDS, secret: { type: "string", maxLength: 255 } },
        make: (given, { world }) => {
          const refusal = refuse(projectErrors(given, world));
          const uid = world.newUid();
          return refusal ?? newAgent(world, uid, {
            ...given,
            secret: given.secret || `emulated-agent-secret-${uid}`,
          });
        },
        show: (agent, { world }) => ({
          ...agent,
          execution_stats: stats(agent, world),
        }),
      },
      update: FIELDS,
      check: (given, { world }) => projectErrors(given, world),
      delete: true,
    }),
    { method: "GET", path: "/agents/{uid}/executions/", handle: executions },
    { method: "POST", path: "/agents/{uid}/test/", handle: test },
    { method: "POST", path: "/agent-actions/", handle: act },
  ],
  seed,
};

function newAgent(world: World, uid: string, given: WireRecord): WireRecord {
  return {
    description: null,
    events: [],
    callback_url: null,
    is_active: true,
    project: null,
    task_types: [],
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...given,
    uid,
  };
}

function projectErrors(given: WireRecord, world: World): FieldErrors {
  const { project } = given;
  const known = !project || world.projects.get(String(project));
  return known
    ? {}
    : { project: [`Object with uid=${project} does not exist.`] };
}

/** The secret is shown by the creation alone. */
function withoutSecret(agent: WireRecord): WireRecord {
  const { secret: _, ...rest } = agent;
  return { ...rest, execution_stats: null };
}

function withStats(agent: WireRecord, { world }: EmulatedRequest): WireRecord {
  return { ...withoutSecret(agent), execution_stats: stats(agent, world) };
}

function stats(agent: WireRecord, world: World): { [status: string]: number } {
  const counts: { [status: string]: number } = { pending: 0, success: 0 };
  for (const { registration, status } of world.collection(EXECUTIONS).all()) {
    const name = String(status);
    if (registration === agent.uid) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function executions(request: EmulatedRequest) {
  const { url, world } = request;
  const agent = findRecord({ collection: REGISTRATIONS }, request);
  if (!agent) return notFound();
  const project = url.searchParams.get("project");
  const types = url.searchParams.get("task_types")?.split(",");
  return pageAnswer(
    world.collection(EXECUTIONS).page(url, (execution) => {
      const { project_uid, task_type } = execution.event_payload as WireRecord;
      return execution.registration === agent.uid &&
        passes(execution, url, ["status"]) &&
        (project === null || project_uid === project) &&
        (types === undefined || types.includes(String(task_type)));
    }),
  );
}

function test(request: EmulatedRequest) {
  const agent = findRecord({ collection: REGISTRATIONS }, request);
  if (!agent) return notFound();
  // assumption: an agent that polls has nowhere to deliver to
  const delivered = Boolean(agent.callback_url);
  return answer({
    success: true,
    delivered,
    status_code: delivered ? 200 : null,
  });
}

function act({ body, world }: EmulatedRequest) {
  const errors = fieldErrors(body, ACTION_FIELDS);
  const execution = world.collection(EXECUTIONS).get(String(body.execution));
  if (!errors.execution && !execution) {
    errors.execution = [`Object with uid=${body.execution} does not exist.`];
  }
  // assumption: an execution is acted on once
  if (execution && execution.status !== "pending") {
    errors.execution = ["This execution has ended."];
  }
  const refusal = refuse(errors);
  if (refusal || !execution) return refusal ?? notFound();
  const { action, reason } = body;
  const now = world.timestamp();
  Object.assign(execution, {
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
    announce(world, decided, execution.event_payload as WireRecord);
  }
  return answer({ status: "ok" });
}

function seed(world: World): void {
  const [project] = world.projects.all();
  const agents = world.collection(REGISTRATIONS);
  const dates = { created_at: CREATED, updated_at: UPDATED };
  const reviewer = agents.add(newAgent(world, world.newUid(), {
    name: "Qualitätswächter",
    description: "Looks at every result",
    events: ["result.submitted", "task.completed"],
    secret: "emulated-agent-secret-0",
    ...dates,
  }));
  const importer = agents.add(newAgent(world, world.newUid(), {
    name: "Hafenbote",
    events: ["dataset.created", "export.completed"],
    callback_url: "https://agents.nordlicht.example/avala",
    secret: "emulated-agent-secret-1",
    ...dates,
  }));
  const tasks = world.tasks.all().filter((task) =>
    task.project === project?.uid
  );
  for (const [index, task] of tasks.slice(0, 4).entries()) {
    addExecution(world, reviewer, "result.submitted", {
      task_uid: task.uid,
      result_uid: world.newUid(),
      result_data: [{ object_id: `o-${index}`, boundingBox: { x_min: 1.5 } }],
      result_metadata: { timeSpent_ms: 51_234 + index, "dotted.key": null },
      task_name: task.name,
      task_type: task.type,
      project_uid: task.project,
    }, index === 3 ? "approve" : null);
  }
  for (const [index, dataset] of world.datasets.all().entries()) {
    const { uid } = dataset;
    const action = index === 0 ? "skip" : null;
    addExecution(world, importer, "dataset.created", { uid }, action);
  }
}

function addExecution(
  world: World,
  agent: WireRecord,
  event: string,
  payload: WireRecord,
  action: string | null,
): void {
  world.collection(EXECUTIONS).add({
    ...newExecution(world, agent, event, payload),
    created_at: CREATED,
    updated_at: CREATED,
    ...(action && {
      status: "success",
      action,
      response_payload: { action },
      started_at: CREATED,
      completed_at: UPDATED,
      updated_at: UPDATED,
    }),
  });
}
