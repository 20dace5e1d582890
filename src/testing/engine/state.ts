/**
 * The state of the emulator.
 *
 * @module
 */

import { Bucket } from "../storage/bucket.ts";
import { Collection, type WireRecord } from "./collection.ts";

/** User name that owns the sample data. */
export const OWNER = "northlight";
/** When the sample data was made. */
export const CREATED = "2026-03-14T09:26:53.589793Z";
/** When it last changed. */
export const UPDATED = "2026-03-15T18:02:11Z";

/** Names of all collections. */
export type CollectionName =
  | "agentExecutions"
  | "agents"
  | "annotationIssues"
  | "annotationObjects"
  | "apiKeys"
  | "autoLabelJobs"
  | "captureCampaigns"
  | "captureSubmissions"
  | "comparisons"
  | "consensusConfigs"
  | "consensusScores"
  | "datasetRevisions"
  | "datasets"
  | "exports"
  | "fleetAlertChannels"
  | "fleetAlerts"
  | "fleetDevices"
  | "fleetEvents"
  | "fleetRecordings"
  | "fleetRules"
  | "fleetUploadFiles"
  | "fleetUploadSessions"
  | "inferenceProviders"
  | "items"
  | "managedUploadFiles"
  | "managedUploadSessions"
  | "manualUploads"
  | "mcapEpisodes"
  | "organizationInvitations"
  | "organizationMembers"
  | "organizations"
  | "projects"
  | "qualityTargets"
  | "reads"
  | "revisionObjects"
  | "sequenceOutcomes"
  | "sequences"
  | "signups"
  | "slices"
  | "storageConfigs"
  | "tasks"
  | "teamMembers"
  | "teams"
  | "users"
  | "webhookDeliveries"
  | "webhooks";

/** Settings of emulated uploads. */
export interface UploadSettings {
  /** Milliseconds that a presigned address lives. */
  presignedUrlMs: number;
  /** Quota in bytes. */
  quota: number;
  /** From which size on a file is uploaded in parts. */
  multipartFrom: number;
  /** Bytes of such a part. */
  partSize: number;
  /** How many pending paths of a recording are listed at most. */
  pendingPathsListed: number;
}

// assumption: the Avala docs name neither a quota nor when parts are used
const UPLOADS: UploadSettings = {
  presignedUrlMs: 3_600_000,
  quota: 2 ** 40,
  multipartFrom: 2 ** 27,
  partSize: 2 ** 24,
  pendingPathsListed: 1_000,
};

/** What a state is made with. */
export interface StateOptions {
  /** Reads until a job is finished. */
  pollsUntilExported: number;
  /** The clock, in milliseconds since 1970. */
  now: () => number;
  /** Settings of uploads. */
  uploads?: Partial<UploadSettings> | undefined;
}

/** Everything that the emulator knows. */
export class State {
  /** What was uploaded. */
  readonly bucket: Bucket;
  /** Settings of uploads. */
  readonly uploads: UploadSettings;
  /** Reads until a job is finished. */
  readonly pollsUntilExported: number;
  /** Sends a delivery to its webhook; without it, deliveries count as sent. */
  send: ((delivery: WireRecord, webhook: WireRecord) => void) | undefined;
  readonly #collections = new Map<CollectionName, Collection>();
  readonly #now: () => number;
  #uids = 0;

  /**
   * Constructs an empty state.
   *
   * @param options What it is made with.
   */
  constructor(options: StateOptions) {
    this.pollsUntilExported = options.pollsUntilExported;
    this.#now = options.now;
    this.uploads = { ...UPLOADS, ...options.uploads };
    this.bucket = new Bucket(options.now, this.uploads.presignedUrlMs);
  }

  /**
   * Finds a collection.
   *
   * @param name Its name.
   * @returns The collection.
   */
  collection(name: CollectionName): Collection {
    const found = this.#collections.get(name) ?? new Collection();
    this.#collections.set(name, found);
    return found;
  }

  /**
   * Makes a unique id; the same ones in the same order in every state.
   *
   * @returns A UUID.
   */
  newUid(): string {
    const tail = (++this.#uids).toString(16).padStart(12, "0");
    return `5eed0000-0000-4000-8000-${tail}`;
  }

  /**
   * Reads the clock.
   *
   * @param later Milliseconds from now.
   * @returns The time, ISO-8601.
   */
  timestamp(later = 0): string {
    return new Date(this.#now() + later).toISOString();
  }

  /**
   * Counts a read of something that goes on with each one.
   *
   * @param uid Unique id of what was read.
   * @returns How often it was read by now.
   */
  countRead(uid: unknown): number {
    const reads = this.collection("reads");
    const count = Number(reads.get(uid)?.count ?? 0) + 1;
    reads.add({ uid, count });
    return count;
  }
}
