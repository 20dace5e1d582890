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
 * @module
 */

import type { Transport } from "../http/transport.ts";
import { AsyncFleetAlertChannels } from "./fleet_alert_channels.ts";
import { AsyncFleetAlerts } from "./fleet_alerts.ts";
import { AsyncFleetDevices } from "./fleet_devices.ts";
import { AsyncFleetEvents } from "./fleet_events.ts";
import { AsyncFleetRecordings } from "./fleet_recordings.ts";
import { AsyncFleetRules } from "./fleet_rules.ts";
import { AsyncFleetUploads } from "./fleet_uploads.ts";

export * from "./fleet_alert_channels.ts";
export * from "./fleet_alerts.ts";
export * from "./fleet_devices.ts";
export * from "./fleet_events.ts";
export * from "./fleet_recordings.ts";
export * from "./fleet_rules.ts";
export * from "./fleet_severity.ts";
export * from "./fleet_uploads.ts";

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
