// deno-fmt-ignore-file
/**
 * The resources of the API, made from the code by the task `docs`.
 *
 * @module
 */

import type { ResourceEntry } from "./types.ts";

/** The resources. */
export const RESOURCES: readonly ResourceEntry[] = [
  {"name":"agentExecutions","words":"What agents were called for, and what they decide."},
  {"name":"agents","words":"Automations that react to events."},
  {"name":"annotationIssues","words":"Problems that were found in annotations."},
  {"name":"annotations","words":"Edits of annotations in bulk."},
  {"name":"autoLabelJobs","words":"Runs of a model over a project."},
  {"name":"captures","words":"Recordings that people hand in for campaigns."},
  {"name":"consensus","words":"Agreement between annotators."},
  {"name":"customerQc","words":"Quality control by customers."},
  {"name":"datasets","words":"Datasets with their items, sequences and frames."},
  {"name":"exports","words":"Export jobs and their results."},
  {"name":"fleet","words":"Devices with their recordings, events, rules and alerts."},
  {"name":"fleet.alertChannels","words":"Where alerts are sent."},
  {"name":"fleet.alerts","words":"Alerts."},
  {"name":"fleet.devices","words":"Robots and sensor rigs."},
  {"name":"fleet.events","words":"Marked moments in recordings."},
  {"name":"fleet.recordings","words":"Recordings."},
  {"name":"fleet.rules","words":"Rules that raise alerts."},
  {"name":"fleet.uploads","words":"Uploads into recordings."},
  {"name":"inferenceProviders","words":"Endpoints of models that label."},
  {"name":"organizations","words":"Organizations with their members, invitations and teams."},
  {"name":"permissions","words":"What the credential in use may do."},
  {"name":"projects","words":"Labeling projects."},
  {"name":"publicDatasets","words":"Public datasets, for which no credential is sent."},
  {"name":"qualityTargets","words":"Thresholds on the quality of a project."},
  {"name":"sequenceOutcomes","words":"How sequences ended."},
  {"name":"signup","words":"New accounts."},
  {"name":"slices","words":"Saved selections of items."},
  {"name":"storageConfigs","words":"Connections to buckets of your own."},
  {"name":"tasks","words":"Units of labeling work."},
  {"name":"users","words":"The account behind the credential."},
  {"name":"webhookDeliveries","words":"What was delivered to webhooks."},
  {"name":"webhooks","words":"Webhook subscriptions."},
];
