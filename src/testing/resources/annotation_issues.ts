/**
 * Emulated routes of annotation issues and the tools they are filed under.
 *
 * @module
 */

import { callerOf, fullName } from "./accounts.ts";
import { withDataset } from "./dataset_paths.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import {
  answer,
  done,
  type EmulatedAnswer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";
import { findProblem, findTool, QC_TOOLS } from "./qc_tools.ts";

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

const ROUTES: Route[] = [
  {
    method: "GET",
    path: PATH,
    handle: withSequence(({ url, world }, sequence) => {
      const item = url.searchParams.get("dataset_item_uid");
      const project = url.searchParams.get("project_uid");
      return answer(
        issues(world).all().filter((issue) =>
          issue.sequence_uid === sequence.uid &&
          (item === null || issue.dataset_item_uid === item) &&
          (project === null ||
            (issue.project as WireRecord | null)?.uid === project)
        ),
      );
    }),
  },
  {
    method: "POST",
    path: PATH,
    handle: withSequence((request, sequence) => {
      const { body, world } = request;
      const errors = fieldErrors(body, FIELDS);
      const refusal = refuse({
        ...unknownErrors(body, sequence, world),
        ...errors,
      });
      if (refusal) return refusal;
      const issue = issues(world).add(
        newIssue(request, pick(body, FIELDS), world.timestamp()),
      );
      return answer({ ...issue }, 201);
    }),
  },
  {
    method: "PATCH",
    path: `${PATH}{issueUid}/`,
    handle: withIssue(({ body, world }, issue, sequence) => {
      const given = pick(body, UPDATE_FIELDS);
      const { tool_uid, problem_uid, ...fields } = given;
      const tool = tool_uid ?? (issue.tool as WireRecord).uid;
      const refusal = refuse({
        ...unknownErrors(
          {
            tool_uid: tool,
            problem_uid: problem_uid ?? (issue.problem as WireRecord).uid,
          },
          sequence,
          world,
        ),
        ...fieldErrors(given, UPDATE_FIELDS, true),
      });
      if (refusal) return refusal;
      Object.assign(issue, fields);
      if (tool_uid) issue.tool = shownTool(tool_uid);
      if (problem_uid) issue.problem = findProblem(tool, problem_uid);
      if (CLOSED.includes(String(issue.status))) {
        issue.closed_at ??= world.timestamp();
      } else issue.closed_at = null;
      return answer(issue);
    }),
  },
  {
    method: "DELETE",
    path: `${PATH}{issueUid}/`,
    handle: withIssue(({ world }, issue) => {
      issues(world).delete(String(issue.uid));
      return done();
    }),
  },
  {
    method: "GET",
    path: OF_DATASET,
    handle: withDataset((request, dataset) =>
      answer(issuesOf(request, dataset))
    ),
  },
  {
    method: "GET",
    path: `${OF_DATASET}metrics/`,
    handle: withDataset((request, dataset) =>
      answer(metrics(issuesOf(request, dataset), request.world.timestamp()))
    ),
  },
  {
    method: "GET",
    path: "/qc-available-tools/",
    handle: ({ url }) => {
      const dataset_type = url.searchParams.get("dataset_type") ?? undefined;
      const refusal = refuse(fieldErrors({ dataset_type }, {
        dataset_type: { type: "string", required: true, choices: DATA_TYPES },
      }));
      return refusal ??
        answer(QC_TOOLS.filter((tool) => tool.dataset_type === dataset_type));
    },
  },
];

/** Reported annotation problems. */
export const ANNOTATION_ISSUES: EmulatedResource = { routes: ROUTES, seed };

function issues(world: World): Collection {
  return world.collection("annotationIssues");
}

/** Makes the handler of a route below a sequence, wherever it belongs. */
function withSequence(
  handle: (request: EmulatedRequest, sequence: WireRecord) => EmulatedAnswer,
): Route["handle"] {
  return (request) => {
    const { params, world } = request;
    const sequence = world.sequences.get(params.sequenceUid ?? "");
    return sequence ? handle(request, sequence) : notFound();
  };
}

function withIssue(
  handle: (
    request: EmulatedRequest,
    issue: WireRecord,
    sequence: WireRecord,
  ) => EmulatedAnswer,
): Route["handle"] {
  return withSequence((request, sequence) => {
    const issue = issues(request.world).get(request.params.issueUid ?? "");
    return issue && issue.sequence_uid === sequence.uid
      ? handle(request, issue, sequence)
      : notFound();
  });
}

function issuesOf(
  { url, world }: EmulatedRequest,
  dataset: WireRecord,
): WireRecord[] {
  const wanted = url.searchParams.get("sequence_uid");
  return issues(world).all().filter(({ sequence_uid }) =>
    world.sequences.get(String(sequence_uid))?.dataset_uid === dataset.uid &&
    (wanted === null || sequence_uid === wanted)
  );
}

/** Finds the unique ids of a body that lead nowhere. */
function unknownErrors(
  body: WireRecord,
  sequence: WireRecord,
  world: World,
): FieldErrors {
  const { tool_uid, problem_uid, project_uid, dataset_item_uid } = body;
  const errors: FieldErrors = {};
  const check = (field: string, known: boolean) => {
    if (!known) {
      errors[field] = [`Object with uid=${body[field]} does not exist.`];
    }
  };
  check(
    "tool_uid",
    findTool(tool_uid)?.dataset_type === sequence.dataset_data_type,
  );
  check("problem_uid", findProblem(tool_uid, problem_uid) !== undefined);
  if (project_uid) {
    check("project_uid", world.projects.get(String(project_uid)) !== undefined);
  }
  if (dataset_item_uid) {
    const item = world.items.get(String(dataset_item_uid));
    check("dataset_item_uid", item?.dataset === sequence.dataset_uid);
  }
  if (body.sequence_uid && body.sequence_uid !== sequence.uid) {
    errors.sequence_uid = ["This is not the sequence of the path."];
  }
  return errors;
}

function shownTool(uid: unknown): WireRecord {
  const tool = findTool(uid);
  return { uid, name: tool?.name, default: tool?.default };
}

function newIssue(
  request: Pick<EmulatedRequest, "headers" | "world">,
  given: WireRecord,
  at: string,
): WireRecord {
  const { world } = request;
  const { tool_uid, problem_uid, project_uid, ...fields } = given;
  const project = world.projects.get(String(project_uid));
  const reporter = callerOf(request);
  return {
    uid: world.newUid(),
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
    created_at: at,
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
  return times.reduce((sum, time) => sum + time, 0) / times.length / 1_000;
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

function seed(world: World): void {
  const sequence = world.sequences.all()[0];
  const tools = QC_TOOLS.filter(({ dataset_type }) =>
    dataset_type === sequence?.dataset_data_type
  );
  const request = { headers: new Headers(), world };
  for (let index = 0; index < 5; index++) {
    const tool = tools[index % tools.length];
    const issue = newIssue(request, {
      sequence_uid: sequence?.uid,
      tool_uid: tool?.uid,
      problem_uid: tool?.problems[index % 2]?.uid,
      project_uid: world.projects.all()[0]?.uid,
      priority: PRIORITIES[index],
      severity: index === 0 ? "critical" : "moderate",
      description: "Kran als Lkw markiert",
      wrong_class: "truck",
      correct_class: "crane",
      frames_affected: `${index}`,
      coordinates: { x_px: 120.5, yPx: index, "world.pos": [1, 2, 3] },
      query_params: { frame_idx: index, cameraName: "front" },
      object_uid: `o-${index % 3}`,
    }, CREATED);
    if (index >= 3) {
      Object.assign(issue, { status: "completed", closed_at: UPDATED });
    }
    issues(world).add(issue);
  }
}
