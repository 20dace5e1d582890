/**
 * Valid arguments for every tool of the server for assistants: what its schema
 * asks for, filled from the records of an emulator.
 *
 * @module
 */

import type { AvalaEmulator } from "@avala/client/testing";

/** A JSON object. */
export type Json = { [key: string]: unknown };

/** What the list of tools tells of one. */
export interface ListedTool {
  /** Its name. */
  name: string;
  /** What it does. */
  description?: string;
  /** What it takes. */
  inputSchema: Schema;
  /** What it gives, if it promises that. */
  outputSchema?: object;
  /** How it behaves. */
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean };
}

/** The part of JSON Schema that the tools use. */
export interface Schema {
  /** The type, or several. */
  type?: string | string[];
  /** Fields of an object. */
  properties?: { [name: string]: Schema };
  /** Those that must be there. */
  required?: string[];
  /** Entries of an array. */
  items?: Schema;
  /** Values that are known. */
  examples?: unknown[];
}

type Collection = Parameters<AvalaEmulator["records"]>[0];

/** What a `uid` means, by the beginning of the tool's name. */
const UIDS: readonly [RegExp, Collection][] = [
  [/^fleet_alert_channels_/, "fleetAlertChannels"],
  [/^fleet_(?:acknowledge_alert|alerts_)/, "fleetAlerts"],
  [/^fleet_(?:get_device|devices_)/, "fleetDevices"],
  [/^fleet_events_/, "fleetEvents"],
  [/^fleet_(?:get_recording|recordings_)/, "fleetRecordings"],
  [/^fleet_rules_/, "fleetRules"],
  [/agent/, "agents"],
  [/^auto_label_jobs_/, "autoLabelJobs"],
  [/export/, "exports"],
  [/^inference_providers_/, "inferenceProviders"],
  [/project/, "projects"],
  [/^quality_targets_/, "qualityTargets"],
  [/storage_config/, "storageConfigs"],
  [/task/, "tasks"],
  [/^webhook_deliveries_/, "webhookDeliveries"],
  [/webhook/, "webhooks"],
  [/dataset/, "datasets"],
];

/** What an argument means, whatever the tool. */
const RECORDS: { readonly [argument: string]: [Collection, string] } = {
  agentUid: ["agents", "uid"],
  dataset: ["datasets", "uid"],
  datasetSlug: ["datasets", "slug"],
  datasetUid: ["datasets", "uid"],
  device: ["fleetDevices", "uid"],
  episodeUid: ["mcapEpisodes", "uid"],
  execution: ["agentExecutions", "uid"],
  invitationUid: ["organizationInvitations", "uid"],
  issueUid: ["annotationIssues", "uid"],
  itemUid: ["items", "uid"],
  objectUid: ["revisionObjects", "uid"],
  owner: ["datasets", "owner_name"],
  project: ["projects", "uid"],
  projectUid: ["projects", "uid"],
  recording: ["fleetRecordings", "uid"],
  recordingUid: ["fleetRecordings", "uid"],
  resultUid: ["captureSubmissions", "uid"],
  revisionSha256: ["datasetRevisions", "revision_sha256"],
  sequenceUid: ["sequences", "uid"],
  teamSlug: ["teams", "slug"],
};

/** What no schema and no record can tell. */
const VALUES: { readonly [argument: string]: unknown } = {
  contentSha256: "ab".repeat(32),
  deliverableId: "cuboids",
  email: "new@northlight.example",
  frameIdx: 0,
  organizationUid: "0b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  path: "night/run.mcap",
  filePaths: ["night/run.mcap"],
  protocol: "fleet-managed-mcap-v1",
  sessionUid: "1b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  slug: "made-by-a-tool",
  targetUrl: "https://hooks.example.com/avala",
  timestamp: "2026-03-10T22:01:00Z",
};

const MANAGED = [
  "fleet_uploads_managed_admit",
  "fleet_uploads_managed_multipart_init",
];

type Filler = (emulator: AvalaEmulator, made: Json) => Json;

const member: Filler = (emulator) => ({
  userUid: emulator.records("organizationMembers").records[1]?.user_uid,
});
/** The start of a file is given as it is on the wire. */
const managedFile: Filler = (_, { files, generation }) => {
  const [file] = files as Json[];
  const generationUid = (generation as Json | undefined)?.generation_uid;
  return { fileUid: file?.fileUid, generationUid };
};
const session: Filler = (_, { uid }) => ({ sessionUid: uid });

/** Tools that must have been called before another one. */
const BEFORE: { readonly [tool: string]: readonly string[] } = {
  fleet_uploads_confirm_upload: ["fleet_uploads_init_upload"],
  fleet_uploads_finalize_upload: ["fleet_uploads_init_upload"],
  fleet_uploads_get_upload_status: ["fleet_uploads_init_upload"],
  fleet_uploads_get_upload_urls: ["fleet_uploads_init_upload"],
  fleet_uploads_managed_finalize: MANAGED,
  fleet_uploads_managed_multipart_init: ["fleet_uploads_managed_admit"],
  fleet_uploads_managed_multipart_parts: MANAGED,
  fleet_uploads_managed_multipart_progress: MANAGED,
  fleet_uploads_managed_status: ["fleet_uploads_managed_admit"],
  organizations_leave: ["organizations_transfer_ownership"],
};

/**
 * What the service refuses although the arguments are valid: bytes that have gone
 * up, which no tool can send, are missing.
 */
export const REFUSED: readonly string[] = [
  "datasets_complete_manual_upload",
  "datasets_create_from_manual_upload",
  "datasets_manual_upload_part_urls",
  "fleet_uploads_confirm_upload",
  "fleet_uploads_finalize_upload",
  "fleet_uploads_managed_finalize",
];

/** Names the tools that must have been called before this one. */
export function toolsBefore(tool: string): readonly string[] {
  return BEFORE[tool] ?? [];
}

/** What a tool needs beyond what its schema asks for; `made` is what those before it gave. */
const FURTHER: { readonly [tool: string]: Filler } = {
  annotations_bulk_edit_batch: (emulator) => ({
    entries: [{
      action: "delete",
      objectUuid: "2b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
      objectType: "cuboid",
      datasetItemUid: first(emulator, "items"),
    }],
  }),
  auto_label_jobs_cancel: (emulator) => {
    const { records } = emulator.records("autoLabelJobs");
    return { uid: records.find(({ status }) => status !== "completed")?.uid };
  },
  create_annotation_issue: (emulator) => {
    const [issue] = emulator.records("annotationIssues").records;
    const { tool, problem } = issue as { tool: Json; problem: Json };
    return { toolUid: tool.uid, problemUid: problem.uid };
  },
  create_annotation_pipeline: () => ({
    dataset: { name: "Night", slug: "night", dataType: "lidar" },
    agent: { name: "Reviewer", events: ["task.completed"] },
    webhook: {
      targetUrl: "https://hooks.example.com/avala",
      events: ["task.completed"],
    },
  }),
  create_export: (emulator) => ({ project: first(emulator, "projects") }),
  create_storage_config: () => ({
    s3BucketName: "northlight",
    s3BucketRegion: "us-west-2",
  }),
  datasets_transfer: (emulator) => ({
    organizationUid: first(emulator, "organizations"),
  }),
  fleet_events_create_batch: (emulator) => ({
    events: [{
      recording: first(emulator, "fleetRecordings"),
      device: first(emulator, "fleetDevices"),
      label: "Hard braking",
      type: "warning",
      timestamp: VALUES.timestamp,
    }],
  }),
  fleet_uploads_confirm_upload: session,
  fleet_uploads_finalize_upload: session,
  fleet_uploads_get_upload_urls: session,
  fleet_uploads_managed_finalize: (emulator, made) => ({
    files: [managedFile(emulator, made)],
  }),
  fleet_uploads_managed_multipart_init: managedFile,
  fleet_uploads_managed_multipart_parts: managedFile,
  fleet_uploads_managed_multipart_progress: managedFile,
  organizations_add_team_member: (emulator) => {
    const { records } = emulator.records("organizationMembers");
    return { userUid: records.at(-1)?.user_uid };
  },
  organizations_create_invitation: organization,
  organizations_create_team: organization,
  organizations_leave: organization,
  organizations_remove_member: member,
  organizations_remove_team_member: member,
  organizations_transfer_ownership: (emulator, made) => ({
    newOwnerUid: member(emulator, made).userUid,
  }),
  organizations_update_member_role: (emulator, made) => ({
    ...member(emulator, made),
    role: "admin",
  }),
  organizations_update_team_member_role: member,
  preview_curation_candidates: () => ({ requiredState: "completed" }),
  public_datasets_resolve: (emulator) => ({
    dataset: first(emulator, "datasets", "slug"),
    selector: "release-1",
  }),
  slices_get_item: (emulator) => {
    const items = first(emulator, "slices", "items") as string[];
    return { itemUid: items[0] };
  },
};

function organization(emulator: AvalaEmulator): Json {
  return { slug: first(emulator, "organizations", "slug") };
}

/** The first record of a collection, and a field of it. */
function first(
  emulator: AvalaEmulator,
  collection: Collection,
  field = "uid",
): unknown {
  return emulator.records(collection, { limit: 1 }).records[0]?.[field];
}

/** Fills what a schema asks for. */
export function argumentsOf(
  { name, inputSchema }: ListedTool,
  emulator: AvalaEmulator,
  made: Json,
): Json {
  const { properties = {}, required = [] } = inputSchema;
  const given = Object.fromEntries(
    required.map((argument) => [
      argument,
      recordOf(name, argument, emulator) ??
        valueOf(argument, properties[argument] ?? {}),
    ]),
  );
  const further = FURTHER[name]?.(emulator, made) ?? {};
  const wanted = Object.entries(further)
    .filter(([argument]) => argument in properties);
  return { ...given, ...Object.fromEntries(wanted) };
}

function recordOf(
  tool: string,
  argument: string,
  emulator: AvalaEmulator,
): unknown {
  if (argument === "uid") {
    const [, collection] = UIDS.find(([pattern]) => pattern.test(tool)) ?? [];
    return collection && first(emulator, collection);
  }
  if (argument === "slug" && !tool.includes("create")) {
    return first(
      emulator,
      tool.includes("organization")
        ? "organizations"
        : tool.includes("slice")
        ? "slices"
        : "datasets",
      "slug",
    );
  }
  const [collection, field] = RECORDS[argument] ?? [];
  return collection && first(emulator, collection, field);
}

function valueOf(argument: string, schema: Schema): unknown {
  if (argument in VALUES) return VALUES[argument];
  const { examples, items, properties = {}, required = [] } = schema;
  if (examples) return examples[0];
  switch ([schema.type].flat()[0]) {
    case "array":
      return [valueOf(argument, items ?? {})];
    case "object":
      return Object.fromEntries(
        required.map((name) => [name, valueOf(name, properties[name] ?? {})]),
      );
    case "boolean":
      return true;
    case "number":
    case "integer":
      return 1;
    default:
      return `${argument}-1`;
  }
}
