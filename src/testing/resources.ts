/**
 * The table of everything that the emulator knows.
 *
 * @module
 */

import { AGENTS } from "./resources/agents.ts";
import { ANNOTATION_ISSUES } from "./resources/annotation_issues.ts";
import { ANNOTATIONS } from "./resources/annotations.ts";
import { AUTO_LABEL_JOBS } from "./resources/auto_label_jobs.ts";
import { CONSENSUS } from "./resources/consensus.ts";
import { CUSTOMER_QC } from "./resources/customer_qc.ts";
import { DATASET_UPLOADS } from "./resources/dataset_uploads.ts";
import { DATASETS } from "./resources/datasets.ts";
import { EXPORTS } from "./resources/exports.ts";
import { FLEET_ALERT_CHANNELS } from "./resources/fleet_alert_channels.ts";
import { FLEET_ALERTS } from "./resources/fleet_alerts.ts";
import { FLEET_DEVICES } from "./resources/fleet_devices.ts";
import { FLEET_EVENTS } from "./resources/fleet_events.ts";
import { FLEET_RECORDINGS } from "./resources/fleet_recordings.ts";
import { FLEET_RULES } from "./resources/fleet_rules.ts";
import { FLEET_UPLOADS } from "./resources/fleet_uploads.ts";
import { INFERENCE_PROVIDERS } from "./resources/inference_providers.ts";
import { MANAGED_UPLOADS } from "./resources/managed_uploads.ts";
import { ORGANIZATION_MEMBERS } from "./resources/organization_members.ts";
import { ORGANIZATION_TEAMS } from "./resources/organization_teams.ts";
import { ORGANIZATIONS } from "./resources/organizations.ts";
import { PROJECTS } from "./resources/projects.ts";
import { QUALITY_TARGETS } from "./resources/quality_targets.ts";
import { SEQUENCE_OUTCOMES } from "./resources/sequence_outcomes.ts";
import { SLICES } from "./resources/slices.ts";
import { STORAGE } from "./resources/storage.ts";
import { STORAGE_CONFIGS } from "./resources/storage_configs.ts";
import { TASKS } from "./resources/tasks.ts";
import { USERS } from "./resources/users.ts";
import { WEBHOOKS } from "./resources/webhooks.ts";
import type { EmulatedResource } from "./router.ts";

/** All resources. */
export const RESOURCES: readonly EmulatedResource[] = [
  AGENTS,
  ANNOTATION_ISSUES,
  ANNOTATIONS,
  AUTO_LABEL_JOBS,
  CONSENSUS,
  CUSTOMER_QC,
  DATASETS,
  DATASET_UPLOADS,
  EXPORTS,
  // each of these needs what is there before it
  FLEET_DEVICES,
  FLEET_RECORDINGS,
  FLEET_EVENTS,
  FLEET_RULES,
  FLEET_ALERTS,
  FLEET_ALERT_CHANNELS,
  FLEET_UPLOADS,
  INFERENCE_PROVIDERS,
  MANAGED_UPLOADS,
  // members and teams need the organizations that are there before them
  ORGANIZATIONS,
  ORGANIZATION_MEMBERS,
  ORGANIZATION_TEAMS,
  PROJECTS,
  QUALITY_TARGETS,
  SEQUENCE_OUTCOMES,
  SLICES,
  STORAGE,
  STORAGE_CONFIGS,
  TASKS,
  USERS,
  WEBHOOKS,
];
