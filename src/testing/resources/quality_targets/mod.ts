/**
 * Emulated routes of quality targets and their evaluation.
 *
 * @module
 */

import { crudRoutes } from "../../engine/crud.ts";
import { announce } from "../events.ts";
import { type BodyFields, emailError } from "../../engine/fields.ts";
import { respond } from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { projectGuard } from "../projects.ts";
import { measure, METRICS } from "./metrics.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const PATH = "/projects/{projectUid}/quality-targets/";
const collection = "qualityTargets";
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
      collection,
      guard: projectGuard,
      within: ({ params }) => ({ project: params.projectUid }),
      show: ({ project: _, ...target }) => target,
      create: {
        fields: FIELDS,
        make: (given, { params, state }) =>
          newTarget(state, params.projectUid, given),
      },
      update: { fields: FIELDS },
      delete: true,
    }),
    { method: "POST", path: `${PATH}evaluate/`, handle: evaluateAll },
  ],
  seed,
};

function evaluateAll(request: EmulatedRequest) {
  const { params, state } = request;
  const refusal = projectGuard(request, "get");
  if (refusal) return refusal;
  // assumption: a target that is not active is not evaluated
  const targets = state.collection(collection).filter({
    project: params.projectUid,
    is_active: true,
  });
  return respond(targets.map((target) => evaluate(target, state)));
}

function evaluate(target: WireRecord, state: State): WireRecord {
  const value = measure(state, target.project, String(target.metric));
  const breached = compares(value, target.operator, Number(target.threshold));
  const now = state.timestamp();
  state.collection(collection).update(target, {
    last_evaluated_at: now,
    last_value: value,
    is_breached: breached,
    ...breached && {
      breach_count: Number(target.breach_count) + 1,
      last_breached_at: now,
    },
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
    announce(state, "quality.alert", {
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
  state: State,
  project: unknown,
  given: WireRecord,
): WireRecord {
  return {
    uid: state.newUid(),
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
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}

function seed(state: State): void {
  const project = state.collection("projects").find()?.uid;
  const known = { created_at: CREATED, updated_at: UPDATED };
  const targets = state.collection(collection);
  targets.add(newTarget(state, project, {
    name: "Issue rate",
    metric: "issue_rate",
    operator: "gt",
    threshold: 0.05,
    severity: "critical",
    notify_emails: ["qa@northlight.example"],
    last_evaluated_at: UPDATED,
    last_value: 0.0625,
    is_breached: true,
    breach_count: 3,
    last_breached_at: UPDATED,
    ...known,
  }));
  targets.add(newTarget(state, project, {
    name: "Acceptance rate",
    metric: "acceptance_rate",
    operator: "lt",
    threshold: 0.2,
    ...known,
  }));
}
