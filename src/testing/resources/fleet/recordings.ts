/**
 * Emulated routes of a fleet's recordings.
 *
 * @module
 */

import { crudRoutes, equals } from "../../engine/crud.ts";
import { release } from "../references.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const collection = "fleetRecordings";
const STATUSES = [
  "uploading",
  "uploaded",
  "processing",
  "ready",
  "error",
  "archived",
];

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
  seed,
};

function seed(state: State): void {
  const [rig04, rig05] = state.collection("fleetDevices").filter();
  const rows: [device: WireRecord | undefined, status: string][] = [
    [rig04, "ready"],
    [rig04, "ready"],
    [rig05, "processing"],
    [rig05, "error"],
    [rig04, "archived"],
  ];
  for (const [index, [device, status]] of rows.entries()) {
    const isRead = status !== "processing" && status !== "error";
    const topics = isRead ? topicsOf(index) : null;
    state.collection(collection).add({
      uid: state.newUid(),
      device: device?.uid ?? null,
      status,
      duration_seconds: isRead ? 612.25 : null,
      size_bytes: 8_589_934_593 + index,
      topic_count: topics?.length ?? 0,
      tags: index % 2 ? [] : ["night"],
      topics,
      started_at: `2026-03-${10 + index}T22:00:00Z`,
      ended_at: isRead ? `2026-03-${10 + index}T22:10:12.250000Z` : null,
      created_at: CREATED,
      updated_at: UPDATED,
    });
  }
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
