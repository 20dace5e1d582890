/**
 * A sample campaign, and what was handed in for it.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

/** Slots of the campaign. */
export const SLOTS = 12;
/** What the campaign asks of a recording. */
export const CONFIG: WireRecord = {
  capture_kind: "video",
  capture_tier: "standard",
  camera: "rear",
  duration_s: 15,
  audio: true,
  orientation: "landscape",
  clips_per_session: 2,
  hand_guardrail: true,
  hand_guardrail_min_hands: 2,
  subject: "crane hook",
  subject_by_locale: { de_DE: "Kranhaken", "pt-BR": "gancho" },
  instructions: "Show the whole hook.",
  instructions_by_locale: { de_DE: "Den ganzen Haken zeigen." },
};
/** What there is to record. */
export const TASKS: readonly WireRecord[] = [
  { spec: "hook-left", name: "Hook from the left", config: CONFIG },
  { spec: "hook-right", name: "Hook from the right", config: CONFIG },
];

const ZOE = { uid: "5eed0000-0000-4000-8000-00000000a001", username: "zoë.k" };
const KAI = { uid: "5eed0000-0000-4000-8000-00000000a002", username: "kai" };

/** Review, verdict, kind of device, value on the axis `subject`, who recorded. */
const SAMPLES: readonly [
  status: string,
  verdict: string | null,
  tier: string,
  subject: string | null,
  submitter: WireRecord,
][] = [
  ["accepted", "accept", "lidar_current", "hook", ZOE],
  ["accepted", "accept", "standard", "chain", KAI],
  ["accepted", "reject", "standard", null, KAI],
  ["rejected", "reject", "standard", "hook", ZOE],
  ["pending", "quarantine", "lidar_current", "hook", ZOE],
  ["pending", null, "standard", null, KAI],
  ["overlooked", "accept", "standard", "chain", ZOE],
];

/**
 * Adds the campaign and its submissions.
 *
 * @param state Where they are.
 */
export function seedCaptures(state: State): void {
  const dataset = state.collection("datasets").find({ data_type: "lidar" });
  const project = state.collection("projects").find({ status: "active" });
  if (!dataset || !project) return;
  state.collection("captureCampaigns").add({
    uid: project.uid,
    dataset: dataset.uid,
  });
  const items = state.collection("items").filter({ dataset: dataset.uid });
  const [episode] = state.collection("mcapEpisodes").filter({
    dataset: dataset.uid,
  });
  for (const [index, sample] of SAMPLES.entries()) {
    const [status, verdict, tier, subject, submitter] = sample;
    const isMcap = index === 0 && episode !== undefined;
    const isReviewed = status === "accepted" || status === "rejected";
    state.collection("captureSubmissions").add({
      uid: state.newUid(),
      dataset: dataset.uid,
      project: project.uid,
      item_uid: items[index]?.uid ?? null,
      status,
      media_width: 1920,
      media_height: 1080,
      duration_s: 12.5 + index,
      audio: true,
      submitter,
      submitted_at: CREATED,
      reject_reason: status === "rejected" ? "wrong_subject" : null,
      reject_note: status === "rejected" ? "The hook is not in view." : null,
      reviewed_by: isReviewed ? KAI : null,
      reviewed_at: isReviewed ? UPDATED : null,
      episode_uid: isMcap ? episode.uid : null,
      extraction_status: isMcap ? episode.extraction_status : null,
      channels: isMcap
        ? (episode.topics as WireRecord[]).map(({ topic_name }) => topic_name)
        : null,
      verdict: verdict && verdictOf(verdict, tier, subject, isMcap),
      task: index % TASKS.length,
    });
  }
}

function verdictOf(
  machine_verdict: string,
  device_tier: string,
  subject: string | null,
  isMcap: boolean,
): WireRecord {
  const isRejected = machine_verdict === "reject";
  const reasons = isRejected ? ["hook_not_visible"] : [];
  return {
    machine_verdict,
    criteria: [{
      key: "framing",
      version: 2,
      status: isRejected ? "fail" : "pass",
      reason: reasons[0] ?? null,
      detail: {
        missing_fraction: isRejected ? 0.4 : 0,
        perHand: { left_hand: 1 },
      },
    }],
    blocking_reasons: reasons,
    unmeasured: machine_verdict === "quarantine" ? ["hands"] : [],
    engine_version: 3,
    policy_revision: 7,
    signals_extractor_version: 4,
    evaluated_at: UPDATED,
    signals: {
      status: "extracted",
      extractor_version: 4,
      capture_kind: isMcap ? "mcap" : "video",
      duration_s: 15,
      campaign_duration_s: 15,
      hand_guardrail_required: true,
      hand_guardrail_min_hands: 2,
      hand_observed_s: 13,
      hand_missing_s: 2,
      hand_longest_gap_s: 1.5,
      hand_gap_count: 2,
      mcap_valid: isMcap ? true : null,
      channels: [],
      has_audio: true,
      has_intrinsics: isMcap,
      has_depth: null,
      device_tier,
      dedup_searched: true,
      duplicate_of: "",
      axis_values: {
        ...subject && { subject: { value: subject, source_kind: "declared" } },
        device_tier: { value: device_tier, source_kind: "measured" },
      },
      narration_scores: null,
    },
  };
}
