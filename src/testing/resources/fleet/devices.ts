/**
 * Emulated routes of a fleet's devices.
 *
 * @module
 */

import { crudRoutes, equals } from "../../engine/crud.ts";
import type { BodyFields } from "../../engine/fields.ts";
import { release } from "../references.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const collection = "fleetDevices";

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  type: { type: "string", required: true, maxLength: 255 },
  firmware_version: { type: "string" },
  tags: { type: "array", notNull: true, items: "string" },
  metadata: { type: "object" },
};
const { type: _, ...KEPT_FIELDS } = FIELDS;
const STATUSES = ["online", "offline", "maintenance", "provisioning"];
const RIGS: readonly [name: string, status: string, firmware: string | null][] =
  [
    ["rig-04", "online", "3.11.0-rc.2"],
    ["rig-05", "offline", "3.10.4"],
    ["rig-07", "maintenance", "3.10.4"],
    ["arm-02", "provisioning", null],
  ];

/** Robots and sensor rigs. */
export const FLEET_DEVICES: EmulatedResource = {
  routes: crudRoutes({
    path: "/fleet/devices/",
    collection,
    filters: { status: equals, type: equals },
    create: {
      fields: FIELDS,
      make: (given, { state }) => newDevice(state, given),
      // this response alone carries the token, which is kept nowhere
      show: (device) => ({
        ...device,
        device_token: `emulated-device-token-${device.uid}`,
      }),
    },
    update: {
      fields: {
        ...KEPT_FIELDS,
        status: {
          type: "string",
          choices: STATUSES,
        },
      },
    },
    delete: true,
    // assumption: what a device has recorded outlives it
    deleted: ({ uid }, { state }) =>
      release(
        uid,
        "device",
        ["fleetRecordings", "fleetEvents", "fleetAlerts"],
        state,
      ),
  }),
  makers: {
    device: (index, uid, state) => {
      const [name, status, firmware_version] = RIGS[index] ?? [
        `rig-${String(index + 4).padStart(2, "0")}`,
        STATUSES[index % STATUSES.length],
        `3.${index % 12}.0`,
      ];
      return newDevice(state, {
        uid,
        name,
        type: name.startsWith("rig") ? "crane_rig" : "manipulator",
        status,
        tags: index === 3 ? [] : ["harbor", "south"],
        firmware_version,
        metadata: {
          location: `Quay ${index + 1}`,
          bay_number: index,
          lidarMount: { height_m: 14.5, "offset.xyz": [0, -0.25, 1] },
          "ros.distro": "jazzy",
        },
        last_seen_at: firmware_version && UPDATED,
        created_at: CREATED,
        updated_at: UPDATED,
      });
    },
  },
  samples: {
    devices: {
      count: RIGS.length,
      add: (state, count) =>
        state.generate({ collection, maker: "device", count }),
    },
  },
  models: {
    devices: {
      collection,
      fields: FIELDS,
      make: (given, state) => newDevice(state, given),
    },
  },
};

function newDevice(state: State, given: WireRecord): WireRecord {
  return {
    uid: given.uid ?? state.newUid(),
    // assumption: a device is set up until it reports for the first time
    status: "provisioning",
    tags: [],
    firmware_version: null,
    metadata: null,
    last_seen_at: null,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}
