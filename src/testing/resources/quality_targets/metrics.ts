/**
 * The quality of a project, measured from what is known of it.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { State } from "../../engine/state.ts";
import { configOf } from "../consensus.ts";

/** What the docs know of; how it is measured is an assumption. */
export const METRICS: readonly string[] = [
  "issue_rate",
  "acceptance_rate",
  "rejection_rate",
  "mean_resolution_time",
  "critical_issue_count",
];

/**
 * Measures a project.
 *
 * @param state Where it is.
 * @param project Unique id of the project.
 * @param metric What to measure: issues per task, the share of consensus scores
 * that accept or reject the work, the mean time in seconds that closed issues
 * were open, or how many critical issues are open.
 * @returns The value; 0 where there is nothing to measure.
 */
export function measure(
  state: State,
  project: unknown,
  metric: string,
): number {
  const issues = state.collection("annotationIssues").filter((issue) =>
    (issue.project as WireRecord | null)?.uid === project
  );
  if (metric === "issue_rate") {
    return ratio(issues.length, state.collection("tasks").count({ project }));
  }
  if (metric === "critical_issue_count") {
    return issues.filter(({ severity, closed_at }) =>
      severity === "critical" && closed_at === null
    ).length;
  }
  if (metric === "mean_resolution_time") return meanSeconds(issues);
  const scores = state.collection("consensusScores").filter({ project });
  // assumption: enough agreement accepts the work
  const { min_agreement_ratio } = configOf(state, project);
  const accepted = scores.filter(({ score }) =>
    Number(score) >= Number(min_agreement_ratio)
  );
  return ratio(
    metric === "acceptance_rate"
      ? accepted.length
      : scores.length - accepted.length,
    scores.length,
  );
}

function meanSeconds(issues: readonly WireRecord[]): number {
  const closed = issues.filter(({ closed_at }) => closed_at !== null);
  const milliseconds = closed.reduce(
    (sum, { created_at, closed_at }) =>
      sum + Date.parse(String(closed_at)) - Date.parse(String(created_at)),
    0,
  );
  return ratio(milliseconds / 1_000, closed.length);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
