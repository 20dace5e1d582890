/**
 * The emulated preview of candidates for a training set.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { type FieldErrors, fieldErrors } from "../../engine/fields.ts";
import {
  type EmulatedResponse,
  notFound,
  refuse,
  respond,
} from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";

// assumption: a preview without a limit has as many as one with the largest
const MAX_LIMIT = 100;
const DIMENSIONS = [
  "sequence_workflow",
  "deliverable",
  "result_status",
  "object_qc_status",
  "consensus",
];
/** Which options each dimension needs. */
const NEEDED: { readonly [option: string]: readonly string[] } = {
  required_state: DIMENSIONS.filter((dimension) => dimension !== "consensus"),
  minimum_consensus: ["consensus"],
  project_uid: ["result_status", "consensus"],
  task_name: ["result_status", "object_qc_status", "consensus"],
  deliverable_id: ["deliverable"],
};
/** Options that no other dimension takes. */
const EXCLUSIVE = ["minimum_consensus", "deliverable_id"];

/** The preview. */
export const CURATION: EmulatedResource = {
  routes: [{
    method: "GET",
    path: "/datasets/{datasetUid}/curation-preview/",
    handle: preview,
  }],
};

function preview(request: EmulatedRequest): EmulatedResponse {
  const { params: { datasetUid }, url, state } = request;
  const dataset = state.collection("datasets").get(datasetUid);
  if (!dataset) return notFound();
  const { limit: _, cursor: __, ...criterion } = Object.fromEntries(
    url.searchParams,
  );
  const limit = Number(url.searchParams.get("limit") ?? MAX_LIMIT);
  const start = readCursor(url.searchParams.get("cursor"), criterion);
  const errors = wrongOptions(criterion);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    errors.limit = [`Ensure this value is from 1 to ${MAX_LIMIT}.`];
  }
  if (start === undefined) errors.cursor = ["Invalid cursor."];
  const excluded = membersOf(criterion.exclude_slice_uid, state);
  if (!excluded) errors.exclude_slice_uid = ["There is no such slice."];
  const refusal = refuse(errors);
  if (refusal || !excluded || start === undefined) return refusal!;
  const { selected, counts } = judge(dataset, criterion, excluded, state);
  const end = start + limit;
  const hasMore = end < selected.length;
  return respond({
    dataset_uid: plain(dataset.uid),
    unit: criterion.unit,
    criterion: show(criterion),
    candidate_uids: selected.slice(start, end),
    counts,
    has_more: hasMore,
    next_cursor: hasMore ? toCursor(end, criterion) : null,
    limitations: criterion.qc_dimension === "consensus"
      ? ["consensus_without_run_provenance"]
      : [],
  });
}

type Criterion = { readonly [option: string]: string };

function wrongOptions(criterion: Criterion): FieldErrors {
  const errors = fieldErrors(criterion, {
    unit: {
      type: "string",
      required: true,
      choices: ["dataset_item", "sequence"],
    },
    qc_dimension: { type: "string", required: true, choices: DIMENSIONS },
  });
  const dimension = criterion.qc_dimension ?? "";
  for (const [option, dimensions] of Object.entries(NEEDED)) {
    const isNeeded = dimensions.includes(dimension);
    const isGiven = criterion[option] !== undefined;
    if (isNeeded && !isGiven) errors[option] = ["This field is required."];
    if (isGiven && !isNeeded && EXCLUSIVE.includes(option)) {
      errors[option] = ["This field does not go with the dimension."];
    }
  }
  const share = Number(criterion.minimum_consensus ?? 0);
  if (!(share >= 0 && share <= 1)) {
    errors.minimum_consensus = ["Ensure this value is from 0 to 1."];
  }
  return errors;
}

/** Parts all units by what is known of them; each counts once. */
function judge(
  dataset: WireRecord,
  criterion: Criterion,
  excluded: ReadonlySet<unknown>,
  state: State,
): { selected: string[]; counts: WireRecord } {
  const sequences = state.collection("sequences");
  const units = criterion.unit === "sequence"
    ? sequences.filter({ dataset_uid: dataset.uid })
    : state.collection("items").filter({ dataset: dataset.uid });
  const selected: string[] = [];
  const counts = {
    selected: 0,
    excluded_by_membership: 0,
    missing_qc_evidence: 0,
    rejected_by_threshold: 0,
  };
  for (const unit of units) {
    // assumption: the state of a sequence is that of its items, and there is no
    // evidence of any other dimension
    const sequence = criterion.unit === "sequence"
      ? unit
      : sequences.get(unit.related_sequence_uid);
    const found = criterion.qc_dimension === "sequence_workflow"
      ? sequence?.status
      : undefined;
    if (excluded.has(unit.uid)) counts.excluded_by_membership++;
    else if (found === undefined) counts.missing_qc_evidence++;
    else if (found !== criterion.required_state) counts.rejected_by_threshold++;
    else selected.push(plain(unit.uid));
  }
  counts.selected = selected.length;
  return { selected, counts };
}

function membersOf(
  slice: string | undefined,
  state: State,
): ReadonlySet<unknown> | undefined {
  if (slice === undefined) return new Set();
  const found = state.collection("slices").find(({ uid }) =>
    plain(uid) === plain(slice)
  );
  return found && new Set(found.items as unknown[]);
}

function show(criterion: Criterion): WireRecord {
  const { qc_dimension, project_uid, minimum_consensus } = criterion;
  return {
    dimension: qc_dimension,
    required_state: criterion.required_state ?? null,
    minimum_consensus: minimum_consensus === undefined
      ? null
      : Number(minimum_consensus),
    project_uid: project_uid === undefined ? null : plain(project_uid),
    task_name: criterion.task_name ?? null,
    deliverable_id: criterion.deliverable_id ?? null,
    deliverable_state_field: criterion.deliverable_state_field ?? null,
    evidence_status: qc_dimension === "consensus"
      ? "insufficient_evidence"
      : "available",
  };
}

/** A unique id without hyphens. */
function plain(uid: unknown): string {
  return String(uid).replaceAll("-", "");
}

/** A cursor is good for its criterion alone. */
function toCursor(start: number, criterion: Criterion): string {
  const entries = Object.entries(criterion).sort();
  return btoa(encodeURIComponent(JSON.stringify([start, entries])));
}

function readCursor(
  cursor: string | null,
  criterion: Criterion,
): number | undefined {
  if (cursor === null) return 0;
  try {
    const [start] = JSON.parse(decodeURIComponent(atob(cursor)));
    return cursor === toCursor(start, criterion) ? start : undefined;
  } catch {
    return undefined;
  }
}
