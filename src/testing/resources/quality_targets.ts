/**
 * Emulated routes of quality targets and their evaluation.
 *
 * @module
 */

import { crudRoutes } from "../engine/crud.ts";
import { announce } from "./events.ts";
import type { BodyFields } from "../engine/fields.ts";
import { emailError } from "../engine/fields.ts";
import { measure, METRICS } from "./quality_metrics.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/projects/{projectUid}/quality-targets/";
const TARGETS = "qualityTargets";
const OPERATORS = ["gt", "lt", "gte", "lte"];

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  metric: { type: "string", required: true, choices: METRICS },
  threshold: { type: "number", required: true },
  operator: { type: "string", notNull: true, choices: OPERATORS },
  severity: { type: "string", choices: ["warning", "critical"] },
  is_active: { type: "boolean", notNull: true },
  notify_webhook: { type: "boolean", notNull: true },
  notify_emails: {
    type: "array",
    notNull: true,
    items: "string",
    check: (value) =>
      (value as string[]).map(emailError).find((text) => text !== undefined),
  },
};

/** Thresholds on the quality of a project. */
export const QUALITY_TARGETS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection: TARGETS,
      parent: hasProject,
      within: ({ project }, { params }) => project === params.projectUid,
      show: ({ project: _, ...target }) => target,
      create: {
        fields: FIELDS,
        make: (given, { params, world }) =>
          newTarget(world, params.projectUid, given),
      },
      update: FIELDS,
      delete: true,
    }),
    { method: "POST", path: `${PATH}evaluate/`, handle: evaluateAll },
  ],
  seed,
};

function hasProject({ params, world }: EmulatedRequest): boolean {
  return world.projects.get(params.projectUid ?? "") !== undefined;
}

function evaluateAll(request: EmulatedRequest) {
  const { params, world } = request;
  if (!hasProject(request)) return notFound();
  // assumption: a target that is not active is not evaluated
  const targets = world.collection(TARGETS).all().filter((target) =>
    target.project === params.projectUid && target.is_active
  );
  return answer(targets.map((target) => evaluate(target, world)));
}

function evaluate(target: WireRecord, world: World): WireRecord {
  const value = measure(world, target.project, String(target.metric));
  const breached = compares(value, target.operator, Number(target.threshold));
  const now = world.timestamp();
  Object.assign(target, {
    last_evaluated_at: now,
    last_value: value,
    is_breached: breached,
    ...(breached && {
      breach_count: Number(target.breach_count) + 1,
      last_breached_at: now,
    }),
  });
  const { uid, name, metric, threshold, operator, severity } = target;
  const result = {
    uid,
    name,
    metric,
    threshold,
    operator,
    current_value: value,
    is_breached: breached,
    severity,
  };
  if (breached && target.notify_webhook) {
    // assumption: the payload is the result, and names its project
    announce(world, "quality.alert", {
      ...result,
      project_uid: target.project,
    });
  }
  return result;
}

/** The operator tells what a breach is. */
function compares(value: number, operator: unknown, limit: number): boolean {
  if (operator === "gt") return value > limit;
  if (operator === "gte") return value >= limit;
  return operator === "lt" ? value < limit : value <= limit;
}

function newTarget(
  world: World,
  project: unknown,
  given: WireRecord,
): WireRecord {
  return {
    uid: world.newUid(),
    project,
    // assumption: these are the defaults of what is not given
    operator: "gt",
    severity: "warning",
    is_active: true,
    notify_webhook: true,
    notify_emails: [],
    last_evaluated_at: null,
    last_value: null,
    is_breached: false,
    breach_count: 0,
    last_breached_at: null,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...given,
  };
}

function seed(world: World): void {
  const project = world.projects.all()[0]?.uid;
  const known = { created_at: CREATED, updated_at: UPDATED };
  const targets = world.collection(TARGETS);
  targets.add(newTarget(world, project, {
    name: "Fehlerquote",
    metric: "issue_rate",
    operator: "gt",
    threshold: 0.05,
    severity: "critical",
    notify_emails: ["qa@nordlicht.example"],
    last_evaluated_at: UPDATED,
    last_value: 0.0625,
    is_breached: true,
    breach_count: 3,
    last_breached_at: UPDATED,
    ...known,
  }));
  targets.add(newTarget(world, project, {
    name: "Annahmequote",
    metric: "acceptance_rate",
    operator: "lt",
    threshold: 0.2,
    ...known,
  }));
}
