/**
 * What events and alerts of a fleet share.
 *
 * @module
 */

import type { Open } from "../../wire/codec.ts";

/** How bad an event or an alert is. */
export type FleetSeverity = Open<"info" | "warning" | "error" | "critical">;
