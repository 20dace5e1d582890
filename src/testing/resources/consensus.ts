/**
 * Emulated routes of consensus.
 *
 * @module
 */

import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../router.ts";
import type { WireRecord } from "../store.ts";

const PREFIX = "/projects/{projectUid}/consensus/";
const RATIOS = ["iou_threshold", "min_agreement_ratio"];

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
    handle: (request) =>
      hasProject(request)
        ? answer({ status: "completed", message: "All scores are up to date." })
        : notFound(),
  },
  {
    method: "GET",
    path: `${PREFIX}config/`,
    handle: (request) =>
      hasProject(request) ? answer(configOf(request)) : notFound(),
  },
  {
    method: "PUT",
    path: `${PREFIX}config/`,
    handle: (request) => {
      if (!hasProject(request)) return notFound();
      const { body, world } = request;
      const errors: { [field: string]: string[] } = {};
      for (const field of RATIOS) {
        const value = body[field];
        const fine = typeof value === "number" && value >= 0 && value <= 1;
        if (value !== undefined && !fine) {
          errors[field] = ["Ensure this value is between 0 and 1."];
        }
      }
      const refusal = refuse(errors);
      if (refusal) return refusal;
      // assumption: settings that are not given are kept
      const config = configOf(request);
      for (const field of [...RATIOS, "min_annotations"]) {
        if (body[field] !== undefined) config[field] = body[field];
      }
      config.updated_at = world.timestamp();
      return answer(config);
    },
  },
];

/** Agreement between annotators. */
export const CONSENSUS: EmulatedResource = { routes: ROUTES };

function hasProject({ params, world }: EmulatedRequest): boolean {
  return world.projects.get(params.projectUid ?? "") !== undefined;
}

function configOf({ params, world }: EmulatedRequest): WireRecord {
  const project = params.projectUid ?? "";
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

function summary({ params, world }: EmulatedRequest) {
  const rows = world.scores.all().filter(({ project }) =>
    project === params.projectUid
  );
  const scores = rows.map(({ score }) => Number(score)).sort((a, b) => a - b);
  const count = scores.length;
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
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
    items_with_consensus: count,
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
