/**
 * Emulated routes of auto-label jobs.
 *
 * @module
 */

import { passes } from "../engine/crud.ts";
import { type BodyFields, fieldErrors, pick } from "../engine/fields.ts";
import {
  answer,
  done,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { Collection, WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/auto-label-jobs/";
const UNFINISHED = ["pending", "running"];

const FIELDS: BodyFields = {
  model_type: { type: "string", notNull: true, choices: ["sam3", "yolo"] },
  confidence_threshold: {
    type: "number",
    notNull: true,
    check: (value) =>
      Number(value) >= 0 && Number(value) <= 1
        ? undefined
        : "Ensure this value is between 0 and 1.",
  },
  labels: { type: "array", notNull: true, items: "string" },
  dry_run: { type: "boolean", notNull: true },
};

const ROUTES: Route[] = [
  {
    method: "GET",
    path: PATH,
    handle: ({ url, world }) =>
      pageAnswer(
        jobs(world).page(
          url,
          (job) => passes(job, url, ["project", "status"]),
          withoutProject,
        ),
      ),
  },
  {
    method: "POST",
    path: "/projects/{projectUid}/auto-label/",
    handle: ({ params, body, world }) => {
      const project = world.projects.get(params.projectUid ?? "");
      if (!project) return notFound();
      const refusal = refuse(fieldErrors(body, FIELDS));
      if (refusal) return refusal;
      const job = newJob(world, project, pick(body, FIELDS));
      return answer(withoutProject(job), 202);
    },
  },
  {
    method: "GET",
    path: `${PATH}{uid}/`,
    handle: ({ params, world }) => {
      const job = jobs(world).get(params.uid ?? "");
      if (!job) return notFound();
      if (UNFINISHED.includes(String(job.status))) progress(job, world);
      return answer(withoutProject(job));
    },
  },
  {
    method: "DELETE",
    path: `${PATH}{uid}/`,
    handle: ({ params, world }) => {
      const job = jobs(world).get(params.uid ?? "");
      if (!job) return notFound();
      if (UNFINISHED.includes(String(job.status))) {
        job.status = "cancelled";
        job.completed_at = world.timestamp();
      }
      // assumption: a job that is canceled already can be canceled again
      return job.status === "cancelled" ? done() : answer({
        detail: `A job that is ${job.status} can't be canceled.`,
      }, 400);
    },
  },
];

/** Runs of a model over a project. */
export const AUTO_LABEL_JOBS: EmulatedResource = { routes: ROUTES, seed };

function jobs(world: World): Collection {
  return world.collection("autoLabelJobs");
}

/** The project filters jobs, but is not shown with them. */
function withoutProject(job: WireRecord): WireRecord {
  const { project: _, ...rest } = job;
  return rest;
}

function newJob(
  world: World,
  project: WireRecord,
  given: WireRecord,
): WireRecord {
  return jobs(world).add({
    uid: world.newUid(),
    project: project.uid,
    status: "pending",
    model_type: "yolo",
    confidence_threshold: 0.5,
    labels: [],
    dry_run: false,
    // assumption: every task of the project is an item
    total_items: world.tasks.all()
      .filter((task) => task.project === project.uid).length,
    processed_items: 0,
    successful_items: 0,
    failed_items: 0,
    skipped_items: 0,
    progress_pct: 0,
    error_message: null,
    summary: null,
    started_at: null,
    completed_at: null,
    created_at: world.timestamp(),
    ...given,
  });
}

/** Each read brings a job one step further, as it does an export. */
function progress(job: WireRecord, world: World): void {
  const reads = world.countRead(String(job.uid));
  const share = Math.min(1, reads / world.pollsUntilExported);
  job.started_at ??= world.timestamp();
  advance(job, share);
  if (share < 1) return;
  job.completed_at = world.timestamp();
  // assumption: a job that looks for this label fails
  if (!(job.labels as string[]).includes("fail")) return finish(job);
  job.status = "failed";
  job.error_message = "The model could not be loaded.";
}

/** Brings a job to a share of its items, of which some fail and some are skipped. */
function advance(job: WireRecord, share: number): void {
  const total = Number(job.total_items);
  const processed = Math.floor(total * share);
  const failed = Math.floor(processed / 10);
  const skipped = Math.floor(processed / 12);
  Object.assign(job, {
    status: "running",
    processed_items: processed,
    successful_items: processed - failed - skipped,
    failed_items: failed,
    skipped_items: skipped,
    progress_pct: Math.round(share * 1_000) / 10,
  });
}

function finish(job: WireRecord): void {
  const found = Number(job.successful_items);
  const labels = job.labels as string[];
  job.status = "completed";
  // assumption: the form of the summary is not documented
  job.summary = {
    by_label: Object.fromEntries(
      (labels.length > 0 ? labels : ["Kran", "container_40ft", "Fuß.gänger"])
        .map((label, index) => [label, found * (index + 1)]),
    ),
    avgConfidence: 0.71,
    saved_items: job.dry_run ? 0 : found,
  };
}

function seed(world: World): void {
  const [first, second] = world.projects.all();
  const known = { created_at: CREATED, started_at: CREATED };
  if (first) {
    const job = newJob(world, first, {
      model_type: "sam3",
      confidence_threshold: 0.35,
      labels: ["Kran", "Container"],
      completed_at: UPDATED,
      ...known,
    });
    advance(job, 1);
    finish(job);
  }
  if (second) {
    const job = newJob(world, second, known);
    world.countRead(String(job.uid));
    advance(job, 1 / world.pollsUntilExported);
  }
}
