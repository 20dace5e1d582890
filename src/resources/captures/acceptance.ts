/**
 * What the machine says of submissions, one by one and over a campaign.
 *
 * @module
 */

import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import { nonEmptyString, type OptionTable } from "../../wire/options.ts";

/** What the machine says of a submission. */
export type CaptureMachineVerdict = Open<"accept" | "reject" | "quarantine">;

/** One criterion of a verdict. */
export interface AcceptanceCriterion {
  /** Name of the criterion, such as `framing`. */
  key: string;
  /** Its version. */
  version: number;
  /** Whether it is met, such as `fail`. */
  status: string;
  /** Why it is not. */
  reason: string | null;
  /** What was measured, the JSON of the server untouched. */
  detail: JsonObject;
}

/** The measurements that a verdict rests on. */
export interface EpisodeSignals {
  /** State of the measurements, such as `extracted`. */
  status: string | null;
  /** Version of what measures. */
  extractorVersion: number | null;
  /** What was recorded, such as `mcap`. */
  captureKind: string | null;
  /** Length in seconds. */
  durationS: number | null;
  /** Length that the campaign wants, in seconds. */
  campaignDurationS: number | null;
  /** Whether hands must stay in view. */
  handGuardrailRequired: boolean | null;
  /** How many hands at least. */
  handGuardrailMinHands: number | null;
  /** For how many seconds enough hands were seen. */
  handObservedS: number | null;
  /** For how many seconds they were not. */
  handMissingS: number | null;
  /** The longest time without them, in seconds. */
  handLongestGapS: number | null;
  /** How many times without them there were. */
  handGapCount: number | null;
  /** Whether the file is valid MCAP. */
  mcapValid: boolean | null;
  /** Channels of the recording. */
  channels: string[];
  /** Whether there is sound. */
  hasAudio: boolean | null;
  /** Whether the camera's intrinsics are there. */
  hasIntrinsics: boolean | null;
  /** Whether depth was recorded. */
  hasDepth: boolean | null;
  /** Class of the device, such as `lidar_current`. */
  deviceTier: string | null;
  /** Whether duplicates were looked for. */
  dedupSearched: boolean | null;
  /** What it is a duplicate of; empty when it is none. */
  duplicateOf: string | null;
  /** Values by the name of an axis, the JSON of the server untouched. */
  axisValues: JsonObject;
  /** JSON of the server, untouched. */
  narrationScores: unknown;
}

/** Everything that the machine says of a submission. */
export interface ResultAcceptance {
  /** Unique id of the submission. */
  resultUid: string;
  /** The verdict. */
  machineVerdict: CaptureMachineVerdict;
  /** The criteria. */
  criteria: AcceptanceCriterion[];
  /** What stands against the submission. */
  blockingReasons: string[];
  /** Criteria for which there is no evidence. */
  unmeasured: string[];
  /** Version of what judges. */
  engineVersion: number | null;
  /** Revision of the policy that was applied. */
  policyRevision: number | null;
  /** Version of what measures. */
  signalsExtractorVersion: number | null;
  /** When it was judged, ISO-8601. */
  evaluatedAt: string | null;
  /** The measurements. */
  signals: EpisodeSignals | null;
}

/** How the submissions of a group were judged. */
export interface AcceptanceBreakdown {
  /** Name of the group; an operator is a person. */
  key: string;
  /** Submissions. */
  total: number;
  /** Those that were accepted. */
  accepted: number;
  /** Those that were put aside. */
  quarantined: number;
  /** Those that were rejected. */
  rejected: number;
  /** Share of those that were accepted, from 0 to 1. */
  acceptanceRate: number | null;
}

/** How far the machine and the reviewers agree. */
export interface AcceptanceAgreement {
  /** Submissions that both have judged. */
  compared: number;
  /** Those that both judge alike. */
  agreed: number;
  /** Share of those, from 0 to 1. */
  agreementRate: number | null;
  /** Submissions of which the machine says nothing. */
  machineAbstained: number;
  /** Submissions that nobody has reviewed. */
  notReviewed: number;
  /** Numbers by the machine's verdict and the reviewers', the JSON of the server untouched. */
  confusion: JsonObject;
  /** Submissions that the machine rejected and the reviewers accepted. */
  machineRejectedHumanAccepted: number;
  /** Submissions that the machine accepted and the reviewers rejected. */
  machineAcceptedHumanRejected: number;
}

/** A reason, and how often it was given. */
export interface AcceptanceRejectReason {
  /** The reason. */
  reason: string;
  /** How often. */
  count: number;
}

/** How the submissions of a campaign were judged. */
export interface AcceptanceSummary {
  /** Submissions. */
  total: number;
  /** Numbers by verdict, the JSON of the server untouched. */
  byMachineVerdict: JsonObject;
  /** Share that the machine accepts, from 0 to 1. */
  machineAcceptanceRate: number | null;
  /** Submissions that were reviewed. */
  reviewed: number;
  /** Share that the reviewers accept, from 0 to 1. */
  actualAcceptanceRate: number | null;
  /** Share that the machine and the reviewers judge alike, from 0 to 1. */
  agreementRate: number | null;
  /** How far the machine and the reviewers agree. */
  agreement: AcceptanceAgreement | null;
  /** By class of the device. */
  byDeviceTier: AcceptanceBreakdown[];
  /** By the person who recorded. Personal data. */
  byOperator: AcceptanceBreakdown[];
  /** The most frequent reasons for a rejection. */
  topRejectReasons: AcceptanceRejectReason[];
}

/** One value of an axis. */
export interface AcceptanceCoverageCell {
  /** The value. */
  value: string;
  /** Accepted submissions that have it. */
  count: number;
}

/** Which values of an axis are covered. */
export interface AcceptanceCoverageAxis {
  /** Name of the axis. */
  axis: string;
  /** Its values. */
  cells: AcceptanceCoverageCell[];
  /** How many values there are. */
  distinctValues: number;
  /** Accepted submissions that have no value. */
  unfilled: number;
}

/** What the accepted submissions of a campaign cover. */
export interface AcceptanceCoverage {
  /** Accepted submissions. */
  totalAccepted: number;
  /** The axes. */
  axes: AcceptanceCoverageAxis[];
}

/** Options of {@linkcode AsyncCaptures.getAcceptanceCoverage}. */
export interface AcceptanceCoverageOptions {
  /**
   * Names of axes, separated by commas: `"subject,environment"`.
   *
   * @default {all axes (chosen by the server)}
   */
  axes?: string | undefined;
}

/** Decodes what the machine says of a submission. */
export const decodeResultAcceptance: Decode<ResultAcceptance> = model<
  ResultAcceptance
>({
  resultUid: null,
  machineVerdict: null,
  criteria: [
    model<AcceptanceCriterion>({
      key: null,
      version: null,
      status: null,
      reason: null,
      detail: {},
    }),
  ],
  blockingReasons: [],
  unmeasured: [],
  engineVersion: null,
  policyRevision: null,
  signalsExtractorVersion: null,
  evaluatedAt: null,
  signals: model<EpisodeSignals>({
    status: null,
    extractorVersion: null,
    captureKind: null,
    durationS: null,
    campaignDurationS: null,
    handGuardrailRequired: null,
    handGuardrailMinHands: null,
    handObservedS: null,
    handMissingS: null,
    handLongestGapS: null,
    handGapCount: null,
    mcapValid: null,
    channels: [],
    hasAudio: null,
    hasIntrinsics: null,
    hasDepth: null,
    deviceTier: null,
    dedupSearched: null,
    duplicateOf: null,
    axisValues: {},
    narrationScores: null,
  }),
});

const decodeBreakdown = model<AcceptanceBreakdown>({
  key: null,
  total: 0,
  accepted: 0,
  quarantined: 0,
  rejected: 0,
  acceptanceRate: null,
});

/** Decodes how the submissions of a campaign were judged. */
export const decodeSummary: Decode<AcceptanceSummary> = model<
  AcceptanceSummary
>({
  total: null,
  byMachineVerdict: {},
  machineAcceptanceRate: null,
  reviewed: 0,
  actualAcceptanceRate: null,
  agreementRate: null,
  agreement: model<AcceptanceAgreement>({
    compared: 0,
    agreed: 0,
    agreementRate: null,
    machineAbstained: 0,
    notReviewed: 0,
    confusion: {},
    machineRejectedHumanAccepted: 0,
    machineAcceptedHumanRejected: 0,
  }),
  byDeviceTier: [decodeBreakdown],
  byOperator: [decodeBreakdown],
  topRejectReasons: [
    model<AcceptanceRejectReason>({ reason: null, count: null }),
  ],
});

/** Decodes what the accepted submissions of a campaign cover. */
export const decodeCoverage: Decode<AcceptanceCoverage> = model<
  AcceptanceCoverage
>({
  totalAccepted: null,
  axes: [
    model<AcceptanceCoverageAxis>({
      axis: null,
      cells: [model<AcceptanceCoverageCell>({ value: null, count: null })],
      distinctValues: 0,
      unfilled: 0,
    }),
  ],
});

/** The options of {@linkcode AsyncCaptures.getAcceptanceCoverage}. */
export const COVERAGE: OptionTable<AcceptanceCoverageOptions> = {
  axes: { check: nonEmptyString },
};
