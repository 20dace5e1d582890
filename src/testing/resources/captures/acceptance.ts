/**
 * How the submissions of a campaign were judged, counted from the submissions.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";

const VERDICTS = ["accept", "reject", "quarantine"];
// assumption: these axes, as the sample submissions have values on them
const AXES = ["subject", "device_tier"];

/**
 * Sums up the verdicts.
 *
 * @param submissions The submissions of the campaign.
 * @returns The summary.
 */
export function summary(submissions: readonly WireRecord[]): WireRecord {
  const total = submissions.length;
  const verdicts = submissions.map(verdictOf);
  const count = (wanted: string) =>
    verdicts.filter((verdict) => verdict === wanted).length;
  const reviewed = submissions.filter(isReviewed);
  const accepted = reviewed.filter(({ status }) => status === "accepted");
  const agreement = agreementOf(submissions);
  const notRun = verdicts.filter((verdict) => verdict === null).length;
  return {
    total,
    by_machine_verdict: {
      ...Object.fromEntries(VERDICTS.map((name) => [name, count(name)])),
      not_run: notRun,
    },
    machine_acceptance_rate: share(count("accept"), total - notRun),
    reviewed: reviewed.length,
    actual_acceptance_rate: share(accepted.length, reviewed.length),
    agreement_rate: agreement.agreement_rate,
    agreement,
    by_device_tier: groups(
      submissions,
      (submission) => valueOn(submission, "device_tier"),
    ),
    by_operator: groups(
      submissions,
      ({ submitter }) => (submitter as WireRecord).username,
    ),
    top_reject_reasons: reasonsOf(submissions),
  };
}

/**
 * Tells what the accepted submissions cover.
 *
 * @param submissions The submissions of the campaign.
 * @param axes Names of axes, separated by commas; all without them.
 * @returns The coverage.
 */
export function coverage(
  submissions: readonly WireRecord[],
  axes: string | null,
): WireRecord {
  const accepted = submissions.filter(({ status }) => status === "accepted");
  const wanted = axes?.split(",") ?? AXES;
  return {
    total_accepted: accepted.length,
    axes: AXES.filter((axis) => wanted.includes(axis)).map((axis) => {
      const values = accepted.flatMap((submission) =>
        valueOn(submission, axis) ?? []
      );
      const cells = countsOf(values)
        .map(([value, count]) => ({ value, count }));
      return {
        axis,
        cells,
        distinct_values: cells.length,
        unfilled: accepted.length - values.length,
      };
    }),
  };
}

function verdictOf({ verdict }: WireRecord): unknown {
  return (verdict as WireRecord | null)?.machine_verdict ?? null;
}

function isReviewed({ status }: WireRecord): boolean {
  return status === "accepted" || status === "rejected";
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function valueOn(submission: WireRecord, axis: string): unknown {
  const { signals } = (submission.verdict ?? {}) as { signals?: WireRecord };
  const values = (signals?.axis_values ?? {}) as { [axis: string]: WireRecord };
  return values[axis]?.value;
}

function agreementOf(submissions: readonly WireRecord[]) {
  const confusion: { [verdict: string]: { [review: string]: number } } = {};
  const pairs = submissions.filter(isReviewed).flatMap((submission) => {
    const verdict = verdictOf(submission);
    const review = submission.status === "accepted" ? "accept" : "reject";
    return verdict === "accept" || verdict === "reject"
      ? [[verdict, review] as const]
      : [];
  });
  for (const [verdict, review] of pairs) {
    const row = confusion[verdict] ??= {};
    row[review] = (row[review] ?? 0) + 1;
  }
  const agreed = pairs.filter(([verdict, review]) => verdict === review).length;
  return {
    compared: pairs.length,
    agreed,
    agreement_rate: share(agreed, pairs.length),
    machine_abstained:
      submissions.filter((submission) => verdictOf(submission) === "quarantine")
        .length,
    not_reviewed: submissions.filter((submission) => !isReviewed(submission))
      .length,
    confusion,
    machine_rejected_human_accepted: confusion.reject?.accept ?? 0,
    machine_accepted_human_rejected: confusion.accept?.reject ?? 0,
  };
}

function groups(
  submissions: readonly WireRecord[],
  keyOf: (submission: WireRecord) => unknown,
): WireRecord[] {
  const keys = new Set(submissions.map(keyOf));
  keys.delete(undefined);
  return [...keys].map((key) => {
    const verdicts = submissions
      .filter((submission) => keyOf(submission) === key).map(verdictOf);
    const count = (wanted: string) =>
      verdicts.filter((verdict) => verdict === wanted).length;
    return {
      key,
      total: verdicts.length,
      accepted: count("accept"),
      quarantined: count("quarantine"),
      rejected: count("reject"),
      acceptance_rate: share(count("accept"), verdicts.length),
    };
  });
}

function reasonsOf(submissions: readonly WireRecord[]): WireRecord[] {
  const reasons = submissions.flatMap(({ verdict }) =>
    (verdict as { blocking_reasons: unknown[] } | null)?.blocking_reasons ?? []
  );
  return countsOf(reasons).map(([reason, count]) => ({ reason, count }));
}

/** How often each value is there, the most frequent first. */
function countsOf(values: readonly unknown[]): [unknown, number][] {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
