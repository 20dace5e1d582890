/**
 * Emulated routes of a fleet's recordings.
 *
 * @module
 */

import { crudRoutes, equals } from "../../engine/crud.ts";
import { REFERRED, release } from "../references.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, UPDATED } from "../../engine/state.ts";

const collection = "fleetRecordings";
const STATUSES = [
  "uploading",
  "uploaded",
  "processing",
  "ready",
  "error",
  "archived",
];

/** Which device has made the first recordings, and what became of them. */
const SAMPLES: readonly [device: number, status: string][] = [
  [0, "ready"],
  [0, "ready"],
  [1, "processing"],
  [1, "error"],
  [0, "archived"],
];
const FIRST = "2026-03-10T22:00:00Z";

/** Recordings that devices have made. */
export const FLEET_RECORDINGS: EmulatedResource = {
  routes: crudRoutes({
    path: "/fleet/recordings/",
    collection,
    filters: { device: equals, status: equals },
    // the topics are read with one recording alone
    show: (recording) => ({ ...recording, topics: null }),
    detail: (recording) => recording,
    update: {
      fields: {
        status: { type: "string", notNull: true, choices: STATUSES },
        tags: { type: "array", notNull: true, items: "string" },
      },
    },
    delete: true,
    deleted: ({ uid }, { state }) => {
      // assumption: a marked moment goes with its recording, an alert stays
      const events = state.collection("fleetEvents");
      for (const event of events.filter({ recording: uid })) {
        events.delete(event.uid);
      }
      release(uid, "recording", ["fleetAlerts"], state);
    },
  }),
  makers: {
    recording: (index, uid, _, args) => {
      const devices = args.devices as string[];
      // the first two devices are the busy ones
      const device = devices[SAMPLES[index]?.[0] ?? index % devices.length];
      const status = SAMPLES[index]?.[1] ?? STATUSES[index % STATUSES.length];
      const isRead = status === "ready" || status === "archived";
      const topics = isRead ? topicsOf(index) : null;
      const started = Date.parse(FIRST) + index * 86_400_000;
      return newRecording({
        uid,
        device: device ?? null,
        status,
        duration_seconds: isRead ? 612.25 : null,
        size_bytes: 8_589_934_593 + index,
        topic_count: topics?.length ?? 0,
        tags: index % 2 ? [] : ["night"],
        topics,
        started_at: new Date(started).toISOString(),
        ended_at: isRead ? new Date(started + 612_250).toISOString() : null,
      });
    },
  },
  samples: {
    recordings: {
      count: SAMPLES.length,
      add: (state, count) =>
        state.generate({
          collection,
          maker: "recording",
          count,
          args: {
            devices: state.collection("fleetDevices").uids({}, REFERRED),
          },
        }),
    },
  },
  models: {
    recordings: {
      collection,
      fields: {
        status: { type: "string", choices: STATUSES },
        duration_seconds: { type: "number" },
        size_bytes: { type: "integer" },
        topics: { type: "array" },
      },
      make: (given, state) => newRecording({ uid: state.newUid(), ...given }),
    },
  },
};

function newRecording(fields: WireRecord): WireRecord {
  return {
    device: null,
    status: "ready",
    duration_seconds: null,
    size_bytes: null,
    topic_count: 0,
    tags: [],
    topics: null,
    started_at: null,
    ended_at: null,
    created_at: CREATED,
    updated_at: UPDATED,
    ...fields,
  };
}

function topicsOf(index: number): WireRecord[] {
  return [
    {
      topic: "/lidar/points",
      message_count: 6_122 + index,
      schemaName: "sensor_msgs/PointCloud2",
      "hz.avg": 10.5,
    },
    { topic: "/tf_static", message_count: 1, schemaName: null },
  ];
}
