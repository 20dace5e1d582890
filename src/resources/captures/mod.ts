/**
 * Recordings that people hand in for capture campaigns, and what the machine and
 * the reviewers say of them.
 *
 * @example What a campaign still lacks
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [dataset] = (await client.datasets.list()).items;
 * const { campaigns } = await client.captures.listCampaigns(dataset!.uid);
 * for (const { name, projectUid, progress } of campaigns) {
 *   console.log(name, progress?.notRecorded);
 *   const coverage = await client.captures.getAcceptanceCoverage(projectUid);
 *   console.log(coverage.axes.map(({ axis, unfilled }) => [axis, unfilled]));
 * }
 * ```
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model, type Open } from "../../wire/codec.ts";
import {
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  query,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import type { McapExtractionStatus } from "../datasets/mcap.ts";
import { Resource } from "../resource.ts";
import type {
  AcceptanceCoverage,
  AcceptanceCoverageOptions,
  AcceptanceSummary,
  CaptureMachineVerdict,
  ResultAcceptance,
} from "./acceptance.ts";

export type {
  AcceptanceAgreement,
  AcceptanceBreakdown,
  AcceptanceCoverage,
  AcceptanceCoverageAxis,
  AcceptanceCoverageCell,
  AcceptanceCoverageOptions,
  AcceptanceCriterion,
  AcceptanceRejectReason,
  AcceptanceSummary,
  CaptureMachineVerdict,
  EpisodeSignals,
  ResultAcceptance,
} from "./acceptance.ts";
export type { McapExtractionStatus } from "../datasets/mcap.ts";

/** State of the review of a submission. */
export type CaptureSubmissionStatus = Open<
  "pending" | "accepted" | "rejected" | "overlooked"
>;

/** A person in a submission. Personal data. */
export interface CaptureActor {
  /** Unique id of the person. */
  uid: string;
  /** User name; it may be a telephone number. */
  username: string;
}

/** What a campaign asks of a recording. */
export interface CaptureConfig {
  /** What is recorded, such as `video` or `mcap`. */
  captureKind: string | null;
  /** Class of the device, such as `standard`. */
  captureTier: string | null;
  /** Camera, such as `rear`. */
  camera: string | null;
  /** Length that is wanted, in seconds. */
  durationS: number | null;
  /** Whether sound is recorded. */
  audio: boolean | null;
  /** How the device is held, such as `landscape`. */
  orientation: string | null;
  /** Number of clips in one session. */
  clipsPerSession: number | null;
  /** Whether hands must stay in view. */
  handGuardrail: boolean;
  /** How many hands at least. */
  handGuardrailMinHands: number | null;
  /** What is to be seen. */
  subject: string;
  /** What is to be seen, by locale, the JSON of the server untouched. */
  subjectByLocale: JsonObject;
  /** What the person is to do. */
  instructions: string;
  /** What the person is to do, by locale, the JSON of the server untouched. */
  instructionsByLocale: JsonObject;
}

/** Slots of a campaign by state. */
export interface CaptureProgress {
  /** Slots in all. */
  totalSlots: number;
  /** Slots without a recording. */
  notRecorded: number;
  /** Slots whose recording waits for its review. */
  awaitingReview: number;
  /** Slots whose recording was accepted. */
  accepted: number;
  /** Slots whose recording was rejected. */
  rejected: number;
  /** Slots that are to be recorded again. */
  recaptureRequested: number;
}

/** One thing to record within a campaign. */
export interface CaptureTaskDescription {
  /** Name that tells it from others of the campaign, such as `bench-left`. */
  spec: string;
  /** Display name. */
  name: string;
  /** What it asks of a recording. */
  config: CaptureConfig | null;
  /** Its slots; only inside campaigns. */
  progress: CaptureProgress | null;
}

/** A capture campaign that feeds a dataset. */
export interface CaptureCampaign {
  /** Unique id of the project that the campaign is; the methods about acceptance take it. */
  projectUid: string;
  /** Display name. */
  name: string;
  /** State, such as `active`. */
  status: string;
  /** When the campaign was created, ISO-8601. */
  createdAt: string | null;
  /** When the campaign ended, ISO-8601. */
  finishedAt: string | null;
  /** What it asks of a recording. */
  config: CaptureConfig | null;
  /** Its slots. */
  progress: CaptureProgress | null;
  /** Whether the caller may change it. */
  canManage: boolean;
  /** What is to be recorded. */
  taskDescriptions: CaptureTaskDescription[];
}

/** All campaigns of a dataset. */
export interface CaptureCampaigns {
  /** The campaigns. */
  campaigns: CaptureCampaign[];
  /** The slots of all campaigns; all zero when there are none. */
  progress: CaptureProgress | null;
}

/** What the machine says of a submission, in short. */
export interface CaptureSubmissionAcceptance {
  /** The verdict. */
  machineVerdict: CaptureMachineVerdict;
  /** What stands against the submission. */
  blockingReasons: string[];
  /** Criteria for which there is no evidence. */
  unmeasured: string[];
  /** When it was judged, ISO-8601. */
  evaluatedAt: string | null;
}

/** The campaign that a submission belongs to. */
export interface CaptureSubmissionCampaign {
  /** Unique id of the project that the campaign is. */
  uid: string;
  /** Display name. */
  name: string;
  /** What was to be recorded. */
  taskDescription: CaptureTaskDescription | null;
}

/** A recording that was handed in for a campaign. */
export interface CaptureSubmission {
  /** Unique id of the submission. */
  resultUid: string;
  /** Unique id of the dataset's item that was made of it. */
  itemUid: string | null;
  /** State of the review. */
  status: CaptureSubmissionStatus;
  /** Width of the picture in pixels. */
  mediaWidth: number | null;
  /** Height of the picture in pixels. */
  mediaHeight: number | null;
  /** Length in seconds. */
  durationS: number | null;
  /** Whether there is sound. */
  audio: boolean | null;
  /** Presigned address of the recording. Its query is a secret. */
  playbackUrl: string | null;
  /** Presigned address of a preview image. Its query is a secret. */
  thumbnailUrl: string | null;
  /** Who handed it in. Personal data. */
  submitter: CaptureActor | null;
  /** When it was handed in, ISO-8601. */
  submittedAt: string | null;
  /** Why it was rejected, such as `wrong_subject`. */
  rejectReason: string | null;
  /** What the reviewer says about the rejection. */
  rejectNote: string | null;
  /** Who has reviewed it. Personal data. */
  reviewedBy: CaptureActor | null;
  /** When it was reviewed, ISO-8601. */
  reviewedAt: string | null;
  /** Unique id of the MCAP episode, where the recording is one. */
  episodeUid: string | null;
  /** State of the server's reading of an MCAP recording. */
  extractionStatus: McapExtractionStatus | null;
  /** Channels of an MCAP recording. */
  channels: string[] | null;
  /** What the machine says of it; null until it was judged. */
  acceptance: CaptureSubmissionAcceptance | null;
  /** The campaign that it belongs to. */
  campaign: CaptureSubmissionCampaign | null;
}

/** Options of {@linkcode AsyncCaptures.listSubmissions}. */
export interface ListCaptureSubmissionsOptions extends PageOptions {
  /** Only submissions in this state of review. */
  status?: CaptureSubmissionStatus | undefined;
}

const decodeActor = model<CaptureActor>({ uid: null, username: null });

const decodeConfig = model<CaptureConfig>({
  captureKind: null,
  captureTier: null,
  camera: null,
  durationS: null,
  audio: null,
  orientation: null,
  clipsPerSession: null,
  handGuardrail: false,
  handGuardrailMinHands: null,
  subject: "",
  subjectByLocale: {},
  instructions: "",
  instructionsByLocale: {},
});

const decodeProgress = model<CaptureProgress>({
  totalSlots: 0,
  notRecorded: 0,
  awaitingReview: 0,
  accepted: 0,
  rejected: 0,
  recaptureRequested: 0,
});

const decodeTaskDescription = model<CaptureTaskDescription>({
  spec: null,
  name: null,
  config: decodeConfig,
  progress: decodeProgress,
});

const decodeCampaigns = model<CaptureCampaigns>({
  campaigns: [
    model<CaptureCampaign>({
      projectUid: null,
      name: null,
      status: null,
      createdAt: null,
      finishedAt: null,
      config: decodeConfig,
      progress: decodeProgress,
      canManage: false,
      taskDescriptions: [decodeTaskDescription],
    }),
  ],
  progress: decodeProgress,
});

const decodeSubmission = model<CaptureSubmission>({
  resultUid: null,
  itemUid: null,
  status: null,
  mediaWidth: null,
  mediaHeight: null,
  durationS: null,
  audio: null,
  playbackUrl: null,
  thumbnailUrl: null,
  submitter: decodeActor,
  submittedAt: null,
  rejectReason: null,
  rejectNote: null,
  reviewedBy: decodeActor,
  reviewedAt: null,
  episodeUid: null,
  extractionStatus: null,
  channels: null,
  acceptance: model<CaptureSubmissionAcceptance>({
    machineVerdict: null,
    blockingReasons: [],
    unmeasured: [],
    evaluatedAt: null,
  }),
  campaign: model<CaptureSubmissionCampaign>({
    uid: null,
    name: null,
    taskDescription: decodeTaskDescription,
  }),
});

const LIST: OptionTable<ListCaptureSubmissionsOptions> = {
  status: optional,
  ...PAGE,
};

/** Capture campaigns and what is handed in for them. */
export class AsyncCaptures extends Resource {
  /**
   * Lists what was handed in for the campaigns of a dataset.
   *
   * @param datasetUid Unique id of the dataset.
   * @param options State of the review, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all submissions when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listSubmissions(
    datasetUid: string,
    options: ListCaptureSubmissionsOptions = {},
    request?: RequestOptions,
  ): PagePromise<CaptureSubmission> {
    const where = path(
      "captures.listSubmissions",
      "/datasets/{datasetUid}/capture-submissions/",
      { datasetUid },
    );
    return this.pages(decodeSubmission, where, LIST, options, request);
  }

  /**
   * Reads what was handed in.
   *
   * @param resultUid Unique id of the submission.
   * @param request Request options.
   * @returns The submission.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such submission.
   * @throws {AvalaError} If the request fails.
   */
  async getSubmission(
    resultUid: string,
    request?: RequestOptions,
  ): Promise<CaptureSubmission> {
    const where = path(
      "captures.getSubmission",
      "/results/{resultUid}/capture-submission/",
      { resultUid },
    );
    return await this.one(decodeSubmission, "GET", where, request);
  }

  /**
   * Reads all campaigns of a dataset, and how far they are.
   *
   * @param datasetUid Unique id of the dataset.
   * @param request Request options.
   * @returns The campaigns.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If the request fails.
   */
  async listCampaigns(
    datasetUid: string,
    request?: RequestOptions,
  ): Promise<CaptureCampaigns> {
    const where = path(
      "captures.listCampaigns",
      "/datasets/{datasetUid}/capture-campaigns/",
      { datasetUid },
    );
    return await this.one(decodeCampaigns, "GET", where, request);
  }

  /**
   * Reads everything that the machine says of a submission.
   *
   * @param resultUid Unique id of the submission.
   * @param request Request options.
   * @returns The verdict, its criteria and measurements.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such submission, or it was not judged yet.
   * @throws {AvalaError} If the request fails.
   */
  async getResultAcceptance(
    resultUid: string,
    request?: RequestOptions,
  ): Promise<ResultAcceptance> {
    const where = path(
      "captures.getResultAcceptance",
      "/results/{resultUid}/acceptance/",
      { resultUid },
    );
    const { decodeResultAcceptance } = await import("./acceptance.ts");
    return await this.one(decodeResultAcceptance, "GET", where, request);
  }

  /**
   * Reads how the submissions of a campaign were judged.
   *
   * @param projectUid Unique id of the project that the campaign is.
   * @param request Request options.
   * @returns The numbers.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such campaign.
   * @throws {AvalaError} If the request fails.
   */
  async getAcceptanceSummary(
    projectUid: string,
    request?: RequestOptions,
  ): Promise<AcceptanceSummary> {
    const where = path(
      "captures.getAcceptanceSummary",
      "/projects/{projectUid}/acceptance/summary/",
      { projectUid },
    );
    const { decodeSummary } = await import("./acceptance.ts");
    return await this.one(decodeSummary, "GET", where, request);
  }

  /**
   * Reads what the accepted submissions of a campaign cover.
   *
   * @param projectUid Unique id of the project that the campaign is.
   * @param options Which axes.
   * @param request Request options.
   * @returns The axes with their values.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such campaign.
   * @throws {AvalaError} If the request fails.
   */
  async getAcceptanceCoverage(
    projectUid: string,
    options: AcceptanceCoverageOptions = {},
    request?: RequestOptions,
  ): Promise<AcceptanceCoverage> {
    const where = path(
      "captures.getAcceptanceCoverage",
      "/projects/{projectUid}/acceptance/coverage/",
      { projectUid },
    );
    const { COVERAGE, decodeCoverage } = await import("./acceptance.ts");
    const input = query(COVERAGE, options);
    return await this.one(decodeCoverage, "GET", where, request, input);
  }
}
