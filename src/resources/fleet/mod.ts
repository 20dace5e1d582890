/**
 * Fleets: devices, their recordings, events, rules, alerts and alert channels.
 *
 * @example Alerts that nobody has looked at
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * for await (const alert of client.fleet.alerts.list({ status: "open" })) {
 *   console.log(alert.severity, alert.message);
 *   await client.fleet.alerts.acknowledge(alert.uid);
 * }
 * ```
 *
 * @example Take devices with critical alerts out of service
 * ```ts
 * import { AsyncClient } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * const open = client.fleet.alerts.list({ status: "open", severity: "critical" });
 * for await (const alert of open) {
 *   console.log(alert.triggeredAt, alert.message);
 *   await client.fleet.alerts.acknowledge(alert.uid);
 *   if (alert.device) {
 *     await client.fleet.devices.update(alert.device, { status: "maintenance" });
 *   }
 * }
 * ```
 *
 * @module
 */

import type { Transport } from "../../http/transport.ts";
import { AsyncFleetAlertChannels } from "./alert_channels.ts";
import { AsyncFleetAlerts } from "./alerts.ts";
import { AsyncFleetDevices } from "./devices.ts";
import { AsyncFleetEvents } from "./events.ts";
import { AsyncFleetRecordings } from "./recordings.ts";
import { AsyncFleetRules } from "./rules.ts";
import { AsyncFleetUploads } from "./uploads.ts";

export * from "./alert_channels.ts";
export * from "./alerts.ts";
export * from "./devices.ts";
export * from "./events.ts";
export * from "./recordings.ts";
export * from "./rules.ts";
export type { FleetSeverity } from "./severity.ts";
export * from "./uploads.ts";

/** A fleet. */
export class AsyncFleet {
  /** Alerts. */
  readonly alerts: AsyncFleetAlerts;
  /** Where alerts are sent. */
  readonly alertChannels: AsyncFleetAlertChannels;
  /** Robots and sensor rigs. */
  readonly devices: AsyncFleetDevices;
  /** Marked moments in recordings. */
  readonly events: AsyncFleetEvents;
  /** Recordings. */
  readonly recordings: AsyncFleetRecordings;
  /** Rules that raise alerts. */
  readonly rules: AsyncFleetRules;
  /** Uploads into recordings. */
  readonly uploads: AsyncFleetUploads;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.alerts = new AsyncFleetAlerts(transport);
    this.alertChannels = new AsyncFleetAlertChannels(transport);
    this.devices = new AsyncFleetDevices(transport);
    this.events = new AsyncFleetEvents(transport);
    this.recordings = new AsyncFleetRecordings(transport);
    this.rules = new AsyncFleetRules(transport);
    this.uploads = new AsyncFleetUploads(transport);
  }
}
