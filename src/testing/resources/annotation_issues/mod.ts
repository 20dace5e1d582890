/**
 * Emulated routes of annotation issues and the tools they are filed under.
 *
 * @module
 */

import type { Match, WireRecord } from "../../engine/collection.ts";
import { crudRoutes, equals, passing } from "../../engine/crud.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
} from "../../engine/fields.ts";
import { notFound, refuse, respond } from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";
import { callerOf, fullName } from "../accounts.ts";
import { datasetGuard, datasetOf, withDataset } from "../datasets/paths.ts";
import { referenceErrors, unknownText } from "../references.ts";
import { findProblem, findTool, QC_TOOLS } from "./qc_tools.ts";

const collection = "annotationIssues";
const PATH = "/sequences/{sequenceUid}/annotation-issues/";
const OF_DATASET = "/datasets/{owner}/{slug}/annotation-issues/";
const DATA_TYPES = ["image", "video", "lidar", "mcap", "splat", "image_3d"];
const PRIORITIES = ["lowest", "low", "medium", "high", "highest"];
const SEVERITIES = ["critical", "moderate"];
const STATUSES = [
  "open",
  "relabeling",
  "in_review",
  "completed",
  "cant_reproduce",
  "awaiting_feedback",
  "no_action_taken",
];
// assumption: these end an issue
const CLOSED = ["completed", "cant_reproduce", "no_action_taken"];

const UPDATE_FIELDS: BodyFields = {
  status: { type: "string", notNull: true, choices: STATUSES },
  priority: { type: "string", choices: PRIORITIES },
  severity: { type: "string", choices: SEVERITIES },
  description: { type: "string" },
  tool_uid: { type: "string" },
  problem_uid: { type: "string" },
  wrong_class: { type: "string" },
  frames_affected: { type: "string" },
};
const { status: _, ...GIVEN_FIELDS } = UPDATE_FIELDS;
const FIELDS: BodyFields = {
  ...GIVEN_FIELDS,
  tool_uid: { type: "string", required: true },
  problem_uid: { type: "string", required: true },
  sequence_uid: { type: "string", required: true },
  dataset_item_uid: { type: "string" },
  project_uid: { type: "string" },
  correct_class: { type: "string" },
  should_re_annotate: { type: "boolean" },
  should_delete: { type: "boolean" },
  coordinates: { type: "any" },
  query_params: { type: "object" },
  object_uid: { type: "string" },
};
const TOOL_FIELDS: BodyFields = {
  dataset_type: { type: "string", required: true, choices: DATA_TYPES },
};
const OF_SEQUENCE = { sequence_uid: equals };

/** Reported annotation problems. */
export const ANNOTATION_ISSUES: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      one: "{issueUid}/",
      collection,
      list: "whole",
      get: false,
      guard: ({ params, state }) =>
        state.collection("sequences").get(params.sequenceUid)
          ? undefined
          : notFound(),
      within: ({ params }) => ({ sequence_uid: params.sequenceUid }),
      filters: {
        dataset_item_uid: equals,
        project_uid: (_, wanted, { project }) =>
          (project as WireRecord | null)?.uid === wanted,
      },
      create: {
        fields: FIELDS,
        check: unknownErrors,
        make: (given, request) => newIssue(request, given),
      },
      update: {
        fields: UPDATE_FIELDS,
        check: (given, request, { tool, problem }) =>
          unknownErrors({
            tool_uid: given.tool_uid ?? (tool as WireRecord).uid,
            problem_uid: given.problem_uid ?? (problem as WireRecord).uid,
          }, request),
        changes,
      },
      delete: true,
    }),
    ...crudRoutes({
      path: OF_DATASET,
      collection,
      list: "whole",
      get: false,
      guard: datasetGuard,
      within: inDataset,
      filters: OF_SEQUENCE,
    }),
    {
      method: "GET",
      path: `${OF_DATASET}metrics/`,
      handle: withDataset((request) => {
        const { url, state } = request;
        const rows = state.collection(collection)
          .filter([inDataset(request), passing(url, OF_SEQUENCE)]);
        return respond(metrics(rows, state.timestamp()));
      }),
    },
    {
      method: "GET",
      path: "/qc-available-tools/",
      handle: ({ url }) => {
        const dataset_type = url.searchParams.get("dataset_type") ?? undefined;
        return refuse(fieldErrors({ dataset_type }, TOOL_FIELDS)) ??
          respond(
            QC_TOOLS.filter((tool) => tool.dataset_type === dataset_type),
          );
      },
    },
  ],
  seed,
};

/** The issues of all sequences of the path's dataset. */
function inDataset(request: EmulatedRequest): Match {
  const dataset = datasetOf(request);
  const sequences = request.state.collection("sequences");
  return ({ sequence_uid }) =>
    sequences.get(sequence_uid)?.dataset_uid === dataset?.uid;
}

/** Finds the unique ids of a body that lead nowhere. */
function unknownErrors(
  given: WireRecord,
  { params, state }: EmulatedRequest,
): FieldErrors {
  const { tool_uid, problem_uid, dataset_item_uid, sequence_uid } = given;
  const sequence = state.collection("sequences").get(params.sequenceUid);
  const errors = referenceErrors(given, { project_uid: "projects" }, state);
  if (findTool(tool_uid)?.dataset_type !== sequence?.dataset_data_type) {
    errors.tool_uid = unknownText(tool_uid);
  }
  if (!findProblem(tool_uid, problem_uid)) {
    errors.problem_uid = unknownText(problem_uid);
  }
  const item = state.collection("items").get(dataset_item_uid);
  if (dataset_item_uid && item?.dataset !== sequence?.dataset_uid) {
    errors.dataset_item_uid = unknownText(dataset_item_uid);
  }
  if (sequence_uid && sequence_uid !== sequence?.uid) {
    errors.sequence_uid = ["This is not the sequence of the path."];
  }
  return errors;
}

function changes(
  { tool_uid, problem_uid, ...given }: WireRecord,
  { state }: EmulatedRequest,
  issue: WireRecord,
): WireRecord {
  const tool = tool_uid ? shownTool(tool_uid) : issue.tool as WireRecord;
  const isClosed = CLOSED.includes(String(given.status ?? issue.status));
  return {
    ...given,
    tool,
    problem: problem_uid ? findProblem(tool.uid, problem_uid) : issue.problem,
    closed_at: isClosed ? issue.closed_at ?? state.timestamp() : null,
  };
}

function shownTool(uid: unknown): WireRecord {
  const tool = findTool(uid);
  return { uid, name: tool?.name, default: tool?.default };
}

function newIssue(
  request: Pick<EmulatedRequest, "headers" | "state">,
  given: WireRecord,
): WireRecord {
  const { state } = request;
  const { tool_uid, problem_uid, project_uid, ...fields } = given;
  const project = state.collection("projects").get(project_uid);
  const reporter = callerOf(request);
  return {
    uid: state.newUid(),
    dataset_item_uid: null,
    project: project ? { uid: project.uid, name: project.name } : null,
    reporter: {
      username: reporter.username,
      picture: reporter.picture,
      full_name: fullName(reporter),
      type: reporter.type,
      is_staff: reporter.is_staff,
    },
    // assumption: what is not given is of middle weight
    priority: "medium",
    severity: "moderate",
    description: null,
    status: "open",
    tool: shownTool(tool_uid),
    problem: findProblem(tool_uid, problem_uid),
    wrong_class: null,
    correct_class: null,
    should_re_annotate: false,
    should_delete: false,
    frames_affected: null,
    coordinates: null,
    query_params: null,
    created_at: state.timestamp(),
    closed_at: null,
    object_uid: null,
    ...fields,
  };
}

/** Counts issues and measures how long they are, or were, open. */
function metrics(rows: readonly WireRecord[], now: string): WireRecord {
  const byCustomers = rows.filter(({ reporter }) =>
    (reporter as WireRecord).type === "customer"
  );
  return {
    status_count: countBy(rows, "status", STATUSES),
    priority_count: countBy(rows, "priority", PRIORITIES),
    severity_count: countBy(rows, "severity", SEVERITIES),
    mean_seconds_close_time_all: meanSeconds(rows, true, now),
    mean_seconds_close_time_customer: meanSeconds(byCustomers, true, now),
    mean_unresolved_issue_age_all: meanSeconds(rows, false, now),
    mean_unresolved_issue_age_customer: meanSeconds(byCustomers, false, now),
    object_count_by_annotation_issue_problem_uid: objectsByProblem(rows),
  };
}

function countBy(
  rows: readonly WireRecord[],
  field: string,
  names: readonly string[],
): { [name: string]: number } {
  return Object.fromEntries(
    names.map((name) => [name, rows.filter((r) => r[field] === name).length]),
  );
}

/** The mean time that issues were open, of the closed or of the open ones. */
function meanSeconds(
  rows: readonly WireRecord[],
  closed: boolean,
  now: string,
): number | null {
  const times = rows.filter(({ closed_at }) => (closed_at !== null) === closed)
    .map(({ created_at, closed_at }) =>
      Date.parse(String(closed_at ?? now)) - Date.parse(String(created_at))
    );
  if (times.length === 0) return null;
  const sum = times.reduce((sum, time) => sum + time, 0);
  return Math.round(sum / times.length / 1_000);
}

function objectsByProblem(rows: readonly WireRecord[]): WireRecord[] {
  const objects = new Map<unknown, Set<unknown>>();
  for (const { problem, object_uid, uid } of rows) {
    const problemUid = (problem as WireRecord).uid;
    const known = objects.get(problemUid) ?? new Set();
    // an issue without an object counts as one
    objects.set(problemUid, known.add(object_uid ?? uid));
  }
  return [...objects].map(([problem_uid, { size }]) => ({
    problem_uid,
    count: size,
  }));
}

function seed(state: State): void {
  const sequence = state.collection("sequences").find();
  const project = state.collection("projects").find();
  const tools = QC_TOOLS.filter(({ dataset_type }) =>
    dataset_type === sequence?.dataset_data_type
  );
  for (let index = 0; index < 5; index++) {
    const tool = tools[index % tools.length];
    state.collection(collection).add(
      newIssue({ headers: new Headers(), state }, {
        sequence_uid: sequence?.uid,
        tool_uid: tool?.uid,
        problem_uid: tool?.problems[index % 2]?.uid,
        project_uid: project?.uid,
        priority: PRIORITIES[index],
        severity: index === 0 ? "critical" : "moderate",
        description: "Crane labeled as a truck",
        wrong_class: "truck",
        correct_class: "crane",
        frames_affected: `${index}`,
        coordinates: { x_px: 120.5, yPx: index, "world.pos": [1, 2, 3] },
        query_params: { frame_idx: index, cameraName: "front" },
        object_uid: `o-${index % 3}`,
        created_at: CREATED,
        ...index >= 3 && { status: "completed", closed_at: UPDATED },
      }),
    );
  }
}
