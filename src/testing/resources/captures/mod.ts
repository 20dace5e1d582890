/**
 * Emulated routes of capture campaigns and their submissions.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { equals, passing } from "../../engine/crud.ts";
import { cursorPage } from "../../engine/pages.ts";
import {
  type EmulatedResponse,
  notFound,
  respond,
} from "../../engine/responses.ts";
import type {
  EmulatedRequest,
  EmulatedResource,
  Handler,
} from "../../engine/router.ts";
import { CREATED, type State } from "../../engine/state.ts";
import { mcapFile, picture } from "../public_datasets/contents.ts";
import { coverage, summary } from "./acceptance.ts";
import { CONFIG, seedCaptures, SLOTS, TASKS } from "./samples.ts";

const collection = "captureSubmissions";
const DATASET = "/datasets/{datasetUid}/";
const RESULT = "/results/{resultUid}/";
const ACCEPTANCE = "/projects/{projectUid}/acceptance/";

/** Capture campaigns, what is handed in for them, and how it is judged. */
export const CAPTURES: EmulatedResource = {
  routes: [
    { path: `${DATASET}capture-submissions/`, handle: withDataset(list) },
    { path: `${DATASET}capture-campaigns/`, handle: withDataset(campaigns) },
    { path: `${RESULT}capture-submission/`, handle: withSubmission(showWhole) },
    { path: `${RESULT}acceptance/`, handle: withSubmission(acceptance) },
    { path: `${ACCEPTANCE}summary/`, handle: withCampaign(summary) },
    {
      path: `${ACCEPTANCE}coverage/`,
      handle: withCampaign((submissions, { url }) =>
        coverage(submissions, url.searchParams.get("axes"))
      ),
    },
  ].map((route) => ({ method: "GET", ...route })),
  results: [
    {
      path: "/captures/{resultUid}/playback",
      handle: withSubmission(({ episode_uid }) =>
        // assumption: a recording that is no MCAP is a picture that stands still
        episode_uid
          ? file(mcapFile(0), "application/x-mcap")
          : file(picture("Hook"), "image/svg+xml")
      ),
    },
    {
      path: "/captures/{resultUid}/thumbnail",
      handle: withSubmission(() => file(picture("Hook"), "image/svg+xml")),
    },
  ].map((route) => ({ method: "GET", ...route })),
  seed: seedCaptures,
};

function withDataset(
  handle: (request: EmulatedRequest, dataset: WireRecord) => EmulatedResponse,
): Handler {
  return (request) => {
    const { params: { datasetUid }, state } = request;
    const dataset = state.collection("datasets").get(datasetUid);
    return dataset ? handle(request, dataset) : notFound();
  };
}

function withSubmission(
  handle: (
    submission: WireRecord,
    request: EmulatedRequest,
  ) => EmulatedResponse,
): Handler {
  return (request) => {
    const { params: { resultUid }, state } = request;
    const submission = state.collection(collection).get(resultUid);
    return submission ? handle(submission, request) : notFound();
  };
}

function withCampaign(
  handle: (
    submissions: readonly WireRecord[],
    request: EmulatedRequest,
  ) => WireRecord,
): Handler {
  return (request) => {
    const { params: { projectUid }, state } = request;
    const campaign = state.collection("captureCampaigns").get(projectUid);
    if (!campaign) return notFound();
    const submissions = state.collection(collection).filter({
      project: projectUid,
    });
    return respond(handle(submissions, request));
  };
}

function file(
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
): EmulatedResponse {
  return { status: 200, body, headers: { "content-type": type } };
}

function list(
  { url, state }: EmulatedRequest,
  { uid }: WireRecord,
): EmulatedResponse {
  return cursorPage(state.collection(collection), url, {
    match: [{ dataset: uid }, passing(url, { status: equals })],
    show: (submission) => show(submission, url, state),
  });
}

function showWhole(
  submission: WireRecord,
  { url, state }: EmulatedRequest,
): EmulatedResponse {
  return respond(show(submission, url, state));
}

function show(
  submission: WireRecord,
  { origin }: URL,
  state: State,
): WireRecord {
  const { uid, dataset: _, project, verdict, task, ...shown } = submission;
  const { name } = state.collection("projects").get(project) ?? {};
  const { machine_verdict, blocking_reasons, unmeasured, evaluated_at } =
    (verdict ?? {}) as WireRecord;
  return {
    result_uid: uid,
    ...shown,
    playback_url: `${origin}/captures/${uid}/playback`,
    thumbnail_url: `${origin}/captures/${uid}/thumbnail`,
    acceptance: verdict &&
      { machine_verdict, blocking_reasons, unmeasured, evaluated_at },
    campaign: { uid: project, name, task_description: TASKS[Number(task)] },
  };
}

function acceptance({ uid, verdict }: WireRecord): EmulatedResponse {
  // assumption: what was not judged yet has no verdict to read
  return verdict
    ? respond({ result_uid: uid, ...verdict as WireRecord })
    : notFound();
}

function campaigns(
  { state }: EmulatedRequest,
  { uid }: WireRecord,
): EmulatedResponse {
  const found = state.collection("captureCampaigns").filter({ dataset: uid });
  const all = found.map((campaign) => {
    const project = state.collection("projects").get(campaign.uid);
    const submissions = state.collection(collection).filter({
      project: campaign.uid,
    });
    return {
      project_uid: campaign.uid,
      name: project?.name,
      status: project?.status,
      created_at: project?.created_at ?? CREATED,
      finished_at: null,
      config: CONFIG,
      progress: progressOf(submissions, SLOTS),
      can_manage: true,
      task_descriptions: TASKS.map((task, index) => ({
        ...task,
        progress: progressOf(
          submissions.filter(({ task }) => task === index),
          SLOTS / TASKS.length,
        ),
      })),
    };
  });
  return respond({
    campaigns: all,
    progress: sum(all.map(({ progress }) => progress)),
  });
}

type Progress = { readonly [state: string]: number };

/** The slots by state: one for each submission, the others are empty. */
function progressOf(
  submissions: readonly WireRecord[],
  slots: number,
): Progress {
  const count = (wanted: string) =>
    submissions.filter(({ status }) => status === wanted).length;
  return {
    total_slots: slots,
    not_recorded: slots - submissions.length,
    awaiting_review: count("pending"),
    accepted: count("accepted"),
    rejected: count("rejected"),
    // assumption: what was overlooked is asked for again
    recapture_requested: count("overlooked"),
  };
}

function sum(all: readonly Progress[]): Progress {
  const none = progressOf([], 0);
  return Object.fromEntries(
    Object.keys(none).map((name) => [
      name,
      all.reduce((sum, progress) => sum + Number(progress[name]), 0),
    ]),
  );
}
