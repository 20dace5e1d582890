/**
 * Emulated routes of consensus.
 *
 * @module
 */

import { type BodyFields, fieldErrors, pick } from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, type World } from "../engine/state.ts";

const PREFIX = "/projects/{projectUid}/consensus/";
const RATIO: BodyFields[string] = {
  type: "number",
  notNull: true,
  check: (value) =>
    Number(value) >= 0 && Number(value) <= 1
      ? undefined
      : "Ensure this value is between 0 and 1.",
};
const FIELDS: BodyFields = {
  iou_threshold: RATIO,
  min_agreement_ratio: RATIO,
  min_annotations: {
    type: "integer",
    notNull: true,
    check: (value) =>
      Number(value) >= 1
        ? undefined
        : "Ensure this value is greater than or equal to 1.",
  },
};

const ROUTES: Route[] = [
  {
    method: "GET",
    path: PREFIX,
    handle: (request) => hasProject(request) ? summary(request) : notFound(),
  },
  {
    method: "GET",
    path: `${PREFIX}scores/`,
    handle: (request) => {
      const { params, url, world } = request;
      if (!hasProject(request)) return notFound();
      return pageAnswer(world.scores.page(
        url,
        (score) => score.project === params.projectUid,
        ({ project: _, ...score }) => score,
      ));
    },
  },
  {
    method: "POST",
    path: `${PREFIX}compute/`,
    handle: (request) => {
      if (!hasProject(request)) return notFound();
      const count = compute(request.world, request.params.projectUid ?? "");
      // assumption: the computation ends before its answer
      return answer({ status: "completed", message: `Scores: ${count}.` });
    },
  },
  {
    method: "GET",
    path: `${PREFIX}config/`,
    handle: (request) => {
      const { params, world } = request;
      return hasProject(request)
        ? answer(configOf(world, params.projectUid ?? ""))
        : notFound();
    },
  },
  {
    method: "PUT",
    path: `${PREFIX}config/`,
    handle: (request) => {
      if (!hasProject(request)) return notFound();
      const { body, params, world } = request;
      const refusal = refuse(fieldErrors(body, FIELDS));
      if (refusal) return refusal;
      // assumption: settings that are not given are kept
      const config = configOf(world, params.projectUid ?? "");
      Object.assign(config, pick(body, FIELDS));
      config.updated_at = world.timestamp();
      return answer(config);
    },
  },
];

/** Agreement between annotators. */
export const CONSENSUS: EmulatedResource = { routes: ROUTES, seed };

function hasProject({ params, world }: EmulatedRequest): boolean {
  return world.projects.get(params.projectUid ?? "") !== undefined;
}

function configOf(world: World, project: string): WireRecord {
  const config = world.consensusConfigs.get(project) ?? {
    uid: world.newUid(),
    iou_threshold: 0.5,
    min_agreement_ratio: 0.5,
    min_annotations: 2,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
  };
  world.consensusConfigs.set(project, config);
  return config;
}

/**
 * Scores every item of a project anew, by its settings, from the overlaps of
 * what its annotators drew.
 */
function compute(world: World, project: string): number {
  const { iou_threshold, min_annotations } = configOf(world, project);
  const before = world.scores.all().filter((row) => row.project === project);
  for (const { uid } of before) world.scores.delete(String(uid));
  let count = 0;
  for (const drawn of world.collection("comparisons").all()) {
    if (drawn.project !== project) continue;
    if (Number(drawn.annotator_count) < Number(min_annotations)) continue;
    const overlaps = drawn.overlaps as number[];
    const matched = overlaps.filter((iou) => iou >= Number(iou_threshold));
    const known = before.find(({ uid }) => uid === drawn.score_uid);
    world.scores.add({
      uid: drawn.score_uid,
      project,
      dataset_item_uid: drawn.dataset_item_uid,
      task_name: drawn.task_name,
      score_type: "inter_annotator",
      // assumption: the share of pairs that overlap enough
      score: matched.length / overlaps.length,
      annotator_count: drawn.annotator_count,
      details: {
        mean_iou: mean(overlaps),
        matched_pairs: matched.length,
        unmatched_count: overlaps.length - matched.length,
      },
      created_at: known?.created_at ?? world.timestamp(),
    });
    count++;
  }
  return count;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

/** What annotators drew: scored for the first project, not yet for the second. */
function seed(world: World): void {
  const [first, second] = world.projects.all();
  const items = world.items.all().filter(({ dataset_slug }) =>
    dataset_slug === "strassen-bilder"
  );
  for (const [index, { uid }] of items.slice(0, 60).entries()) {
    world.collection("comparisons").add({
      uid: world.newUid(),
      score_uid: world.newUid(),
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
  const project = String(first?.uid);
  compute(world, project);
  Object.assign(configOf(world, project), {
    created_at: CREATED,
    updated_at: CREATED,
  });
  for (const score of world.scores.all()) score.created_at = CREATED;
}

function summary({ params, world }: EmulatedRequest) {
  const { min_agreement_ratio } = configOf(world, params.projectUid ?? "");
  const rows = world.scores.all().filter(({ project }) =>
    project === params.projectUid
  );
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
  const names = [...new Set(rows.map(({ task_name }) => String(task_name)))];
  return answer({
    mean_score: mean(scores),
    median_score: mean(middle),
    min_score: scores[0] ?? 0,
    max_score: scores[count - 1] ?? 0,
    total_items: count,
    items_with_consensus: scores.filter((score) =>
      score >= Number(min_agreement_ratio)
    ).length,
    score_distribution: Object.fromEntries(buckets),
    by_task_name: names.map((name) => ({
      task_name: name,
      mean_score: mean(
        rows.filter(({ task_name }) => task_name === name)
          .map(({ score }) => Number(score)),
      ),
    })),
  });
}
