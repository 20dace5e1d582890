/**
 * The names of tools: those of the official server, and for everything else the
 * names of the methods in snake_case.
 *
 * @module
 */

import { snakeCase } from "../wire/codec.ts";

/** The operations behind the names of the official server; they are the default set. */
export const OFFICIAL: { readonly [tool: string]: string } = {
  list_datasets: "datasets.list",
  get_dataset: "datasets.get",
  list_sequences: "datasets.listSequences",
  get_sequence: "datasets.getSequence",
  get_frame: "datasets.getFrame",
  get_calibration: "datasets.getCalibration",
  get_dataset_health: "datasets.getHealth",
  list_projects: "projects.list",
  get_project: "projects.get",
  list_tasks: "tasks.list",
  get_task: "tasks.get",
  list_exports: "exports.list",
  get_export_status: "exports.get",
  list_agents: "agents.list",
  get_agent: "agents.get",
  list_webhooks: "webhooks.list",
  list_storage_configs: "storageConfigs.list",
  test_storage_config: "storageConfigs.test",
  list_annotation_issues_by_sequence: "annotationIssues.listBySequence",
  list_annotation_issues_by_dataset: "annotationIssues.listByDataset",
  get_annotation_issue_metrics: "annotationIssues.getMetrics",
  list_qc_tools: "annotationIssues.listTools",
  get_consensus_summary: "consensus.getSummary",
  list_quality_targets: "qualityTargets.list",
  list_organizations: "organizations.list",
  get_organization: "organizations.get",
  list_slices: "slices.list",
  get_slice: "slices.get",
  fleet_list_devices: "fleet.devices.list",
  fleet_get_device: "fleet.devices.get",
  fleet_list_recordings: "fleet.recordings.list",
  fleet_get_recording: "fleet.recordings.get",
  fleet_list_events: "fleet.events.list",
  fleet_list_alerts: "fleet.alerts.list",
  fleet_list_rules: "fleet.rules.list",
  create_dataset: "datasets.create",
  create_export: "exports.create",
  create_agent: "agents.create",
  delete_agent: "agents.delete",
  create_webhook: "webhooks.create",
  delete_webhook: "webhooks.delete",
  create_storage_config: "storageConfigs.create",
  delete_storage_config: "storageConfigs.delete",
  create_annotation_issue: "annotationIssues.create",
  update_annotation_issue: "annotationIssues.update",
  delete_annotation_issue: "annotationIssues.delete",
  compute_consensus: "consensus.compute",
  evaluate_quality: "qualityTargets.evaluate",
  fleet_register_device: "fleet.devices.register",
  fleet_acknowledge_alert: "fleet.alerts.acknowledge",
  // later, unreleased states of the official server
  list_mcap_episodes: "datasets.listMcapEpisodes",
  get_mcap_episode: "datasets.getMcapEpisode",
  preview_curation_candidates: "datasets.previewCuration",
  list_capture_submissions: "captures.listSubmissions",
  get_capture_submission: "captures.getSubmission",
  list_capture_campaigns: "captures.listCampaigns",
  get_result_acceptance: "captures.getResultAcceptance",
  get_campaign_acceptance_summary: "captures.getAcceptanceSummary",
  get_campaign_acceptance_coverage: "captures.getAcceptanceCoverage",
  get_sequence_outcome: "sequenceOutcomes.get",
  list_sequence_outcomes: "sequenceOutcomes.list",
  inspect_customer_qc_context: "customerQc.inspectContext",
};

const BY_OPERATION = new Map(
  Object.entries(OFFICIAL).map(([tool, operation]) => [operation, tool]),
);

/**
 * Names the tool of an operation.
 *
 * @param operation Resource and method: `fleet.devices.register`.
 * @returns The name: `fleet_register_device`.
 */
export function toolName(operation: string): string {
  return BY_OPERATION.get(operation) ??
    snakeCase(operation).replaceAll(".", "_");
}
