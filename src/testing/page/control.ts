/**
 * What the page needs of an emulator.
 *
 * @module
 */

import type { Fault, FaultHandle } from "../engine/faults.ts";
import type { SeenRequest } from "../engine/request_log.ts";
import type { CollectionName } from "../engine/state.ts";

/** What the page shows and does. */
export interface PageControl {
  /** The requests seen. */
  readonly requests: readonly SeenRequest[];
  /** The clock. */
  readonly time: { readonly now: number; advance(milliseconds: number): void };
  /**
   * Tells of each request.
   *
   * @param listener What is told.
   * @returns Ends it.
   */
  watch(listener: (request: SeenRequest) => void): () => void;
  /**
   * Looks at the records of a collection.
   *
   * @param collection Its name.
   * @param query Which ones, and how many.
   * @returns The records, and how many there are in all.
   */
  records(
    collection: CollectionName,
    query: { search?: string; limit?: number; offset?: number },
  ): { total: number; records: { [field: string]: unknown }[] };
  /**
   * Meets requests to come with a fault.
   *
   * @param fault The fault.
   * @returns Tells what it has met.
   */
  fault(fault: Fault): FaultHandle;
  /**
   * Lets something happen.
   *
   * @param event Name of the event.
   * @param payload What is known of it.
   */
  announce(event: string, payload: { [key: string]: unknown }): void;
  /**
   * Keeps everything that there is.
   *
   * @returns Plain data.
   */
  snapshot(): unknown;
  /**
   * Goes back to what was kept.
   *
   * @param snapshot What was kept.
   */
  restore(snapshot: never): void;
  /** Goes back to the start. */
  reset(): void;
}

/** The collections that the page shows, and what they are called there. */
export const COLLECTIONS: { readonly [Name in CollectionName]?: string } = {
  datasets: "Datasets",
  items: "Items",
  sequences: "Sequences",
  projects: "Projects",
  tasks: "Tasks",
  exports: "Exports",
  annotationIssues: "Annotation issues",
  autoLabelJobs: "Auto-label jobs",
  consensusScores: "Consensus scores",
  qualityTargets: "Quality targets",
  sequenceOutcomes: "Sequence outcomes",
  slices: "Slices",
  fleetDevices: "Devices",
  fleetRecordings: "Recordings",
  fleetEvents: "Events",
  fleetRules: "Rules",
  fleetAlerts: "Alerts",
  fleetAlertChannels: "Alert channels",
  agents: "Agents",
  agentExecutions: "Agent executions",
  organizations: "Organizations",
  organizationMembers: "Members",
  teams: "Teams",
  storageConfigs: "Storage configurations",
  inferenceProviders: "Inference providers",
  webhooks: "Webhooks",
  webhookDeliveries: "Webhook deliveries",
};
