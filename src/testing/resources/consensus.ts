/**
 * Emulated routes of consensus.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { crudRoutes } from "../engine/crud.ts";
import {
  between,
  type BodyFields,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import { type EmulatedResponse, refuse, respond } from "../engine/responses.ts";
import type {
  EmulatedRequest,
  EmulatedResource,
  Route,
} from "../engine/router.ts";
import { CREATED, type State } from "../engine/state.ts";
import { projectGuard } from "./projects.ts";

const PREFIX = "/projects/{projectUid}/consensus/";
const RATIO = { type: "number", notNull: true, check: between(0, 1) } as const;
const FIELDS: BodyFields = {
  iou_threshold: RATIO,
  min_agreement_ratio: RATIO,
  min_annotations: { type: "integer", notNull: true, check: between(1) },
};

/** Agreement between annotators. */
export const CONSENSUS: EmulatedResource = {
  routes: [
    inProject("GET", "", summary),
    ...crudRoutes({
      path: `${PREFIX}scores/`,
      collection: "consensusScores",
      guard: projectGuard,
      get: false,
      within: ({ params }) => ({ project: params.projectUid }),
      show: ({ project: _, ...score }) => score,
    }),
    inProject("POST", "compute/", ({ params, state }) => {
      const count = compute(state, params.projectUid);
      // assumption: the computation ends before its response
      return respond({ status: "completed", message: `Scores: ${count}.` });
    }),
    inProject(
      "GET",
      "config/",
      ({ params, state }) => respond(show(configOf(state, params.projectUid))),
    ),
    inProject("PUT", "config/", ({ body, params, state }) => {
      const config = configOf(state, params.projectUid);
      // assumption: settings that are not given are kept
      return refuse(fieldErrors(body, FIELDS)) ??
        respond(show(
          state.collection("consensusConfigs").update(config, {
            ...pick(body, FIELDS),
            updated_at: state.timestamp(),
          }),
        ));
    }),
  ],
  seed,
};

/**
 * Gives the consensus settings of a project.
 *
 * @param state Where they are.
 * @param project Unique id of the project.
 * @returns The settings; those of a project without any are made.
 */
export function configOf(state: State, project: unknown): WireRecord {
  const configs = state.collection("consensusConfigs");
  return configs.find({ project }) ?? configs.add({
    uid: state.newUid(),
    project,
    iou_threshold: 0.5,
    min_agreement_ratio: 0.5,
    min_annotations: 2,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
  });
}

function inProject(
  method: string,
  path: string,
  handle: (request: EmulatedRequest) => EmulatedResponse,
): Route {
  return {
    method,
    path: PREFIX + path,
    handle: (request) => projectGuard(request, "get") ?? handle(request),
  };
}

function show({ project: _, ...config }: WireRecord): WireRecord {
  return config;
}

/**
 * Scores every item of a project anew, by its settings, from the overlaps of
 * what its annotators drew.
 */
function compute(state: State, project: unknown): number {
  const { iou_threshold, min_annotations } = configOf(state, project);
  const scores = state.collection("consensusScores");
  const before = new Map(
    scores.filter({ project }).map((score) => [score.uid, score]),
  );
  for (const uid of before.keys()) scores.delete(uid);
  const drawn = state.collection("comparisons").filter([
    { project },
    (row) => Number(row.annotator_count) >= Number(min_annotations),
  ]);
  for (const { score_uid: uid, overlaps, ...row } of drawn) {
    const shares = overlaps as number[];
    const matched = shares.filter((iou) => iou >= Number(iou_threshold));
    scores.add({
      uid,
      project,
      dataset_item_uid: row.dataset_item_uid,
      task_name: row.task_name,
      score_type: "inter_annotator",
      // assumption: the share of pairs that overlap enough
      score: matched.length / shares.length,
      annotator_count: row.annotator_count,
      details: {
        mean_iou: mean(shares),
        matched_pairs: matched.length,
        unmatched_count: shares.length - matched.length,
      },
      created_at: before.get(uid)?.created_at ?? state.timestamp(),
    });
  }
  return drawn.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

function summary({ params, state }: EmulatedRequest): EmulatedResponse {
  const { projectUid: project } = params;
  const { min_agreement_ratio } = configOf(state, project);
  const rows = state.collection("consensusScores").filter({ project });
  const scores = rows.map(({ score }) => Number(score)).sort((a, b) => a - b);
  const count = scores.length;
  const middle = scores.slice(
    Math.ceil(count / 2) - 1,
    Math.floor(count / 2) + 1,
  );
  const buckets = [0, 0.2, 0.4, 0.6, 0.8].map((low) => {
    const high = Math.round((low + 0.2) * 10) / 10;
    const inside = scores.filter((score) =>
      score >= low && (score < high || high === 1)
    );
    return [`${low.toFixed(1)}-${high.toFixed(1)}`, inside.length];
  });
  const names = [...new Set(rows.map(({ task_name }) => task_name))];
  return respond({
    mean_score: mean(scores),
    median_score: mean(middle),
    min_score: scores[0] ?? 0,
    max_score: scores[count - 1] ?? 0,
    total_items: count,
    items_with_consensus: scores.filter((score) =>
      score >= Number(min_agreement_ratio)
    ).length,
    score_distribution: Object.fromEntries(buckets),
    by_task_name: names.map((task_name) => ({
      task_name,
      mean_score: mean(
        rows.filter((row) => row.task_name === task_name)
          .map(({ score }) => Number(score)),
      ),
    })),
  });
}

/** What annotators drew: scored for the first project, not yet for the second. */
function seed(state: State): void {
  const [first, second] = state.collection("projects").filter();
  const dataset = state.collection("datasets").find({ data_type: "image" })
    ?.uid;
  const items = state.collection("items").filter({ dataset }, 60);
  for (const [index, { uid }] of items.entries()) {
    state.collection("comparisons").add({
      uid: state.newUid(),
      score_uid: state.newUid(),
      project: index < 30 ? first?.uid : second?.uid,
      dataset_item_uid: uid,
      task_name: index % 2 ? "Boxes" : "Lanes",
      annotator_count: 2 + index % 3,
      overlaps: Array.from(
        { length: 5 },
        (_, pair) => (35 + (index * 7 + pair * 13) % 60) / 100,
      ),
    });
  }
  const config = configOf(state, first?.uid);
  compute(state, first?.uid);
  state.collection("consensusConfigs").update(config, {
    created_at: CREATED,
    updated_at: CREATED,
  });
  for (const score of state.collection("consensusScores").filter()) {
    state.collection("consensusScores").update(score, { created_at: CREATED });
  }
}
