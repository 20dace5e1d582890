/**
 * The state of the emulator, and the small world it starts with.
 *
 * @module
 */

import { Bucket } from "../storage/bucket.ts";
import type { Courier } from "../resources/webhook_dispatcher.ts";
import { Collection, type WireRecord } from "./store.ts";

/** User name that owns what the small world holds. */
export const OWNER = "nordlicht";
/** When the records of the small world were made. */
export const CREATED = "2026-03-14T09:26:53.589793Z";
/** When they last changed. */
export const UPDATED = "2026-03-15T18:02:11Z";

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

/** Everything that the emulator knows. */
export class World {
  /** Datasets. */
  readonly datasets: Collection = new Collection();
  /** Items of all datasets. */
  readonly items: Collection = new Collection();
  /** Sequences of all datasets, with their frames. */
  readonly sequences: Collection = new Collection();
  /** Projects. */
  readonly projects: Collection = new Collection();
  /** Tasks. */
  readonly tasks: Collection = new Collection();
  /** Exports. */
  readonly exports: Collection = new Collection();
  /** Webhooks, with their secrets. */
  readonly webhooks: Collection = new Collection();
  /** Webhook deliveries. */
  readonly deliveries: Collection = new Collection();
  /** Consensus scores; `project` names their project and is not shown. */
  readonly scores: Collection = new Collection();
  /** Collections of further resources, by name. */
  readonly #collections: Map<string, Collection> = new Map();
  /** The unique ids of accounts that signed up, by their API key. */
  readonly keys: Map<string, string> = new Map();
  /** Consensus settings, by the unique id of their project. */
  readonly consensusConfigs: Map<string, WireRecord> = new Map();
  /** How often something that progresses was read, by its unique id. */
  readonly reads: Map<string, number> = new Map();
  /** What was uploaded. */
  readonly bucket: Bucket;
  /** Settings of uploads. */
  readonly uploads: UploadSettings;
  /** Reads until an export is finished. */
  readonly pollsUntilExported: number;
  /** Sends deliveries; without it they are recorded as if they had arrived. */
  courier: Courier | undefined;
  readonly #now: () => number;
  #ids = 0;

  /**
   * Constructs a world with datasets, projects, tasks and what belongs to them.
   *
   * @param pollsUntilExported Reads until an export is finished.
   * @param now The clock, in milliseconds since 1970.
   * @param uploads Settings of uploads.
   */
  constructor(
    pollsUntilExported: number,
    now: () => number,
    uploads: Partial<UploadSettings> = {},
  ) {
    this.pollsUntilExported = pollsUntilExported;
    this.#now = now;
    this.uploads = { ...UPLOADS, ...uploads };
    this.bucket = new Bucket(now);
    this.bucket.lifetime = this.uploads.presignedUrlMs;
    seed(this);
  }

  /**
   * Finds the collection of a resource; an empty one when it is not there yet.
   *
   * @param name Name of the collection.
   * @returns The collection.
   */
  collection(name: string): Collection {
    let found = this.#collections.get(name);
    if (!found) this.#collections.set(name, found = new Collection());
    return found;
  }

  /**
   * Makes a unique id; the same ones in the same order in every world.
   *
   * @returns A UUID.
   */
  newUid(): string {
    const tail = (++this.#ids).toString(16).padStart(12, "0");
    return `5eed0000-0000-4000-8000-${tail}`;
  }

  /**
   * Reads the clock.
   *
   * @returns The time, ISO-8601.
   */
  timestamp(): string {
    return new Date(this.#now()).toISOString();
  }

  /**
   * Counts a read.
   *
   * @param uid Unique id of what was read.
   * @returns How often it was read by now.
   */
  countRead(uid: string): number {
    const count = (this.reads.get(uid) ?? 0) + 1;
    this.reads.set(uid, count);
    return count;
  }

  /**
   * Records a delivery to every active webhook that wants an event, and has it
   * sent.
   *
   * @param event Name of the event.
   * @param payload Body of the delivery.
   * @param only Unique id of the one webhook to deliver to, whatever it wants.
   */
  deliver(event: string, payload: WireRecord, only?: string): void {
    for (const webhook of this.webhooks.all()) {
      const wanted = only === undefined
        ? webhook.is_active && (webhook.events as string[]).includes(event)
        : webhook.uid === only;
      if (!wanted) continue;
      const delivery = this.deliveries.add({
        uid: this.newUid(),
        subscription: webhook.uid,
        event_type: event,
        payload,
        response_status: 200,
        response_body: null,
        response_body_size: 2,
        response_body_sha256: null,
        response_preview: "ok",
        attempts: 1,
        next_retry_at: null,
        status: "delivered",
        created_at: this.timestamp(),
        updated_at: this.timestamp(),
      });
      this.courier?.send(delivery, webhook);
    }
  }
}

/**
 * Makes the wire form of a new dataset.
 *
 * @param world Where it is.
 * @param fields What is known of it.
 * @returns The dataset.
 */
export function newDataset(world: World, fields: WireRecord): WireRecord {
  const dataType = String(fields.data_type);
  return {
    uid: world.newUid(),
    item_count: 0,
    status: "created",
    is_sequence: dataType !== "image",
    predefined_labels: [],
    owner_name: OWNER,
    visibility: "private",
    project_count: 1,
    size_bytes: 0,
    annotations_count: 0,
    created_at: CREATED,
    updated_at: UPDATED,
    ...fields,
  };
}

function seed(world: World): void {
  const lidar = world.datasets.add(newDataset(world, {
    name: "Hafenkran Süd",
    slug: "hafenkran-sued",
    data_type: "lidar",
    item_count: 15,
    size_bytes: 73_400_320_001,
    predefined_labels: [{ label_name: "Kran", colorHex: "#0fa" }],
  }));
  for (const run of [1, 2, 3]) {
    const { uid } = world.sequences.add(sequence(world, lidar, run));
    for (let frame = 0; frame < 5; frame++) {
      world.items.add({
        ...item(world, lidar, (run - 1) * 5 + frame),
        id: 91_000 + (run - 1) * 5 + frame,
        key: `run_0${run}/${String(frame).padStart(6, "0")}.bin`,
        url: `https://media.example.net/${run}/${frame}.bin`,
        related_sequence_uid: uid,
      });
    }
  }
  const images = world.datasets.add(newDataset(world, {
    name: "Straßenbilder",
    slug: "strassen-bilder",
    data_type: "image",
    item_count: 250,
    size_bytes: 512_000_000,
  }));
  for (let index = 0; index < 250; index++) {
    world.items.add(item(world, images, index));
  }
  for (const [index, name] of ["Cranes", "Lanes", "Signs"].entries()) {
    world.projects.add({
      uid: world.newUid(),
      name,
      status: index === 2 ? "paused" : "active",
      task_type: index === 0 ? "point-cloud-annotation" : "image-annotation",
      is_active: index !== 2,
      visibility: "private",
      is_imported: false,
      owner_name: OWNER,
      short_description: null,
      industry_icon: null,
      created_at: CREATED,
      updated_at: UPDATED,
    });
  }
  const projects = world.projects.all();
  for (let index = 0; index < 40; index++) {
    const project = projects[index % 3];
    world.tasks.add({
      uid: world.newUid(),
      type: project?.task_type,
      name: `Task ${index + 1}`,
      status: index % 4 === 0 ? "completed" : "pending",
      project: project?.uid,
      created_at: CREATED,
      updated_at: null,
    });
  }
  const webhook = world.webhooks.add({
    uid: world.newUid(),
    target_url: "https://hooks.nordlicht.example/avala",
    events: ["export.completed", "dataset.created"],
    is_active: true,
    secret: "emulated-secret-0",
    created_at: CREATED,
    updated_at: UPDATED,
  });
  for (let index = 0; index < 3; index++) {
    const payload = { uid: images.uid, itemCount: index, "dotted.key": null };
    world.deliver("dataset.created", payload, String(webhook.uid));
  }
}

function sequence(world: World, dataset: WireRecord, run: number): WireRecord {
  const frames = Array.from({ length: 5 }, (_, index) => ({
    key: String(index).padStart(6, "0"),
    model: "pinhole",
    xi: null,
    alpha: null,
    device_position: { x: 12.5 + index, y: -3.25, z: 0 },
    device_heading: { x: 0, y: 0, z: 0.7071, w: 0.7071 },
    images: ["front", "rear"].map((camera) => ({
      image_url: `https://media.example.net/${run}/${camera}/${index}.jpg`,
      camera,
      position: { x: camera === "front" ? 0.1 : -1.9, y: 0, z: 1.6 },
      heading: { x: 0, y: 0, z: 0, w: 1 },
      width: 1920,
      height: 1200,
      fx: 1012.25,
      fy: 1011.5,
      cx: 960,
      cy: 600,
    })),
    lidar_url: `https://media.example.net/${run}/${index}.bin`,
  }));
  return {
    uid: world.newUid(),
    key: `run_0${run}`,
    custom_uuid: null,
    status: run === 1 ? "completed" : "new",
    featured_image: null,
    number_of_frames: frames.length,
    views: [{ view_name: "front", streamId: 7 }],
    crop_data: null,
    predefined_labels: null,
    frames,
    metrics: { mean_speed: 3.75, "per.class": { crane: run } },
    dataset_uid: dataset.uid,
    allow_lidar_calibration: true,
    lidar_calibration_enabled: true,
    camera_calibration_enabled: false,
    coc_timeline: [],
    is_hidden: false,
    dataset_data_type: dataset.data_type,
    device_id: "rig-04",
    camera_calibration: [{ camera_id: "front", fx: 1012.25 }],
    is_workflow_terminal: run === 1,
    sequence_status_workflow: null,
    sequence_deliverable_workflow: null,
  };
}

function item(world: World, dataset: WireRecord, index: number): WireRecord {
  const name = String(index).padStart(6, "0");
  return {
    id: 90_000 + index,
    uid: world.newUid(),
    key: `cam_front/${name}.jpg`,
    dataset: dataset.uid,
    dataset_owner_name: OWNER,
    dataset_slug: dataset.slug,
    url: `https://media.example.net/${name}.jpg`,
    gpu_texture_url: null,
    thumbnails: [`https://media.example.net/${name}.webp`],
    video_thumbnail: null,
    metadata: {
      weather: index % 3 ? "clear" : "Nebel",
      sensor_rig: { cameraId: "front_left", "ext.rot": [0, 0, 0.5, 1] },
      captureIndex: index,
    },
    export_snippet: null,
    annotations: { tool_1: { objectUuid: `o-${index}`, track_id: null } },
    crop_data: null,
    related_items: null,
    related_sequence_uid: null,
    is_hidden: false,
    created_at: CREATED,
    updated_at: UPDATED,
  };
}
