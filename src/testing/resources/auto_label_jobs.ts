/**
 * Emulated routes of auto-label jobs.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { crudRoutes, equals, withRecord } from "../engine/crud.ts";
import {
  between,
  type BodyFields,
  fieldErrors,
  pick,
} from "../engine/fields.ts";
import {
  failure,
  noContent,
  notFound,
  refuse,
  respond,
} from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import { CREATED, type State, UPDATED } from "../engine/state.ts";

const PATH = "/auto-label-jobs/";
const collection = "autoLabelJobs";

const FIELDS: BodyFields = {
  model_type: { type: "string", notNull: true, choices: ["sam3", "yolo"] },
  confidence_threshold: {
    type: "number",
    notNull: true,
    check: between(0, 1),
  },
  labels: { type: "array", notNull: true, items: "string" },
  dry_run: { type: "boolean", notNull: true },
};

/** Runs of a model over a project. */
export const AUTO_LABEL_JOBS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      filters: { project: equals, status: equals },
      read: (job, { state }) => goOn(job, state, 1),
      show: withoutProject,
    }),
    {
      method: "POST",
      path: "/projects/{projectUid}/auto-label/",
      handle: create,
    },
    {
      method: "DELETE",
      path: `${PATH}{uid}/`,
      handle: withRecord({ collection }, (job, { state }) => {
        // assumption: a job that is canceled already can be canceled again
        if (job.status === "cancelled") return noContent();
        if (!isRunning(job)) {
          return failure(400, `A job that is ${job.status} can't be canceled.`);
        }
        state.collection(collection).update(job, {
          status: "cancelled",
          completed_at: state.timestamp(),
        });
        return noContent();
      }),
    },
  ],
  seed,
  advance: (state, steps) => {
    for (const job of state.collection(collection).filter()) {
      goOn(job, state, steps);
    }
  },
};

function create({ params, body, state }: EmulatedRequest) {
  const project = state.collection("projects").get(params.projectUid);
  if (!project) return notFound();
  const refusal = refuse(fieldErrors(body, FIELDS));
  if (refusal) return refusal;
  const job = newJob(state, project.uid, pick(body, FIELDS));
  return respond(withoutProject(state.collection(collection).add(job)), 202);
}

function isRunning({ status }: WireRecord): boolean {
  return status === "pending" || status === "running";
}

/** The project filters jobs, but is not shown with them. */
function withoutProject({ project: _, ...job }: WireRecord): WireRecord {
  return job;
}

function newJob(
  state: State,
  project: unknown,
  given: WireRecord,
): WireRecord {
  return {
    uid: state.newUid(),
    project,
    status: "pending",
    model_type: "yolo",
    confidence_threshold: 0.5,
    labels: [],
    dry_run: false,
    // assumption: every task of the project is an item
    total_items: state.collection("tasks").count({ project }),
    processed_items: 0,
    successful_items: 0,
    failed_items: 0,
    skipped_items: 0,
    progress_pct: 0,
    error_message: null,
    summary: null,
    started_at: null,
    completed_at: null,
    created_at: state.timestamp(),
    ...given,
  };
}

/** Lets a job that has not ended go on by some reads, as an export does. */
function goOn(job: WireRecord, state: State, steps: number): WireRecord {
  if (!isRunning(job)) return job;
  const reads = state.countRead(job.uid, steps);
  const share = Math.min(1, reads / state.pollsUntilExported);
  const now = state.timestamp();
  const isFailed = (job.labels as string[]).includes("fail");
  const advanced = advance(job, share);
  return state.collection(collection).update(job, {
    ...advanced,
    started_at: job.started_at ?? now,
    ...share === 1 && { completed_at: now },
    // assumption: a job that looks for this label fails
    ...share === 1 && (isFailed ? FAILED : finish({ ...job, ...advanced })),
  });
}

const FAILED = {
  status: "failed",
  error_message: "The model could not be loaded.",
};

/** Brings a job to a share of its items, of which some fail and some are skipped. */
function advance({ total_items }: WireRecord, share: number): WireRecord {
  const processed = Math.floor(Number(total_items) * share);
  const failed = Math.floor(processed / 10);
  const skipped = Math.floor(processed / 12);
  return {
    status: "running",
    processed_items: processed,
    successful_items: processed - failed - skipped,
    failed_items: failed,
    skipped_items: skipped,
    progress_pct: Math.round(share * 1_000) / 10,
  };
}

function finish(job: WireRecord): WireRecord {
  const found = Number(job.successful_items);
  const labels = job.labels as string[];
  return {
    status: "completed",
    // assumption: the form of the summary is not documented
    summary: {
      by_label: Object.fromEntries(
        (labels.length > 0
          ? labels
          : ["Crane", "container_40ft", "walking.person"])
          .map((label, index) => [label, found * (index + 1)]),
      ),
      avgConfidence: 0.71,
      saved_items: job.dry_run ? 0 : found,
    },
  };
}

function seed(state: State): void {
  const [first, second] = state.collection("projects").filter();
  const jobs = state.collection(collection);
  const known = { created_at: CREATED, started_at: CREATED };
  const ended = newJob(state, first?.uid, {
    model_type: "sam3",
    confidence_threshold: 0.35,
    labels: ["Crane", "Container"],
    completed_at: UPDATED,
    ...known,
  });
  const whole = { ...ended, ...advance(ended, 1) };
  jobs.add({ ...whole, ...finish(whole) });
  const running = jobs.add(newJob(state, second?.uid, known));
  const share = state.countRead(running.uid) / state.pollsUntilExported;
  jobs.update(running, advance(running, share));
}
