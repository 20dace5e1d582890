/**
 * The state of the emulator.
 *
 * @module
 */

import { Bucket, type SavedFile } from "../storage/bucket.ts";
import { hashHex } from "../storage/hash.ts";
import type { Clock } from "./clock.ts";
import { Collection, type SavedRows, type WireRecord } from "./collection.ts";

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
  /** Milliseconds that a presigned address lives at most. */
  presignedUrlMs: number;
  /** Quota in bytes. */
  quota: number;
  /** From which size on a file is uploaded in parts. */
  multipartFrom: number;
  /** Bytes of such a part. */
  partSize: number;
  /** How many pending paths of a recording are listed at most. */
  pendingPathsListed: number;
  /** Bytes of files that are kept in all; of what is more, size and hash. */
  keptBytes: number;
  /**
   * Origin of presigned addresses, such as `https://avala.s3.amazonaws.com`, for
   * clients that take those of cloud hosts alone: map the host to the emulator.
   * Without it, a served emulator gives its own.
   */
  origin: string | undefined;
}

// assumption: the Avala docs name neither a quota nor when parts are used
const UPLOADS: UploadSettings = {
  presignedUrlMs: 3_600_000,
  quota: 2 ** 40,
  multipartFrom: 2 ** 27,
  partSize: 2 ** 24,
  pendingPathsListed: 1_000,
  keptBytes: 2 ** 26,
  origin: undefined,
};

/** Makes the record at an index of what is made when it is asked for. */
export type Maker = (
  index: number,
  uid: string,
  state: State,
  args: WireRecord,
) => WireRecord;

/** What a state is made with. */
export interface StateOptions {
  /** Reads until a job is finished. */
  pollsUntilExported?: number | undefined;
  /** The clock. */
  clock: Clock;
  /** Settings of uploads. */
  uploads?: Partial<UploadSettings> | undefined;
  /** Another number gives other sample data. */
  random?: number | undefined;
  /** What can be made when it is asked for, by name. */
  makers?: ReadonlyMap<string, Maker> | undefined;
}

/** Records of a collection that are made when they are asked for, as plain data. */
export interface BlockPlan {
  /** Name of the collection. */
  collection: CollectionName;
  /** Name of what makes them. */
  maker: string;
  /** How many there are. */
  count: number;
  /** What it must know to make them. */
  args?: WireRecord;
  /** Fields that are the same in all of them. */
  shared?: WireRecord;
}

/** A state as plain data. */
export interface SavedState {
  /** The number that the sample data was made from. */
  random: number;
  /** By how many milliseconds the clock was set forward. */
  advanced: number;
  /** How many unique ids were made. */
  uids: number;
  /** Records that are made when they are asked for. */
  blocks: BlockPlan[];
  /** All other records, by the name of their collection. */
  collections: { [name: string]: SavedRows };
  /** What was uploaded. */
  files: SavedFile[];
}

/** Everything that the emulator knows. */
export class State {
  /** What was uploaded. */
  readonly bucket: Bucket;
  /** The clock. */
  readonly clock: Clock;
  /** Settings of uploads. */
  readonly uploads: UploadSettings;
  /** Reads until a job is finished. */
  readonly pollsUntilExported: number;
  /** The number that the sample data is made from. */
  readonly random: number;
  /** Sends a delivery to its webhook; without it, deliveries count as sent. */
  send: ((delivery: WireRecord, webhook: WireRecord) => void) | undefined;
  readonly #collections = new Map<CollectionName, Collection>();
  readonly #makers: ReadonlyMap<string, Maker>;
  readonly #blocks: BlockPlan[] = [];
  #uids = 0;

  /**
   * Constructs an empty state.
   *
   * @param options What it is made with.
   */
  constructor(options: StateOptions) {
    const { pollsUntilExported = 3, clock, uploads, random = 0 } = options;
    this.pollsUntilExported = pollsUntilExported;
    this.clock = clock;
    this.random = random;
    this.uploads = { ...UPLOADS, ...uploads };
    this.bucket = new Bucket({
      now: () => clock.now(),
      lifetime: this.uploads.presignedUrlMs,
      keptBytes: this.uploads.keptBytes,
      origin: this.uploads.origin,
    });
    this.#makers = options.makers ?? new Map();
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
   * Adds records that are made when they are asked for, before all others of
   * their collection.
   *
   * @param plan What they are.
   */
  generate(plan: BlockPlan): void {
    const { collection, maker, count, args = {}, shared = {} } = plan;
    const make = this.#makers.get(maker);
    if (!make) throw new Error(`Cannot make '${maker}'`);
    const number = this.#blocks.push(plan);
    const hex = hashHex(`${maker} ${number}`, 24, this.random);
    const prefix = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${
      hex.slice(12, 15)
    }-8${hex.slice(15, 18)}-`;
    this.collection(collection).generate({
      count,
      prefix,
      make: (index, uid) => make(index, uid, this, args),
      shared,
    });
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
    return new Date(this.clock.now() + later).toISOString();
  }

  /**
   * Lets something go on that goes on with each read.
   *
   * @param uid Its unique id.
   * @param steps How many reads it is worth.
   * @returns How many it has had by now.
   */
  countRead(uid: unknown, steps = 1): number {
    const reads = this.collection("reads");
    const count = Number(reads.get(uid)?.count ?? 0) + steps;
    reads.add({ uid, count });
    return count;
  }

  /**
   * Gives everything as plain data.
   *
   * @returns The data, which shares nothing with the state.
   */
  save(): SavedState {
    return structuredClone({
      random: this.random,
      advanced: this.clock.advanced,
      uids: this.#uids,
      blocks: this.#blocks,
      collections: Object.fromEntries(
        [...this.#collections].sort(([one], [other]) => one < other ? -1 : 1)
          .map(([name, records]): [string, SavedRows] => [name, records.save()])
          .filter(([, { last }]) => last >= 0),
      ),
      files: this.bucket.save(),
    });
  }

  /**
   * Takes everything that was saved; the state must be empty.
   *
   * @param saved The data.
   */
  load(saved: SavedState): void {
    const { uids, blocks, collections, files } = structuredClone(saved);
    for (const plan of blocks) this.generate(plan);
    for (const [name, rows] of Object.entries(collections)) {
      this.collection(name as CollectionName).load(rows);
    }
    this.bucket.load(files);
    this.#uids = uids;
  }
}
