/**
 * The table of everything that the emulator knows.
 *
 * @module
 */

import { AGENTS } from "./agents.ts";
import { ANNOTATION_ISSUES } from "./annotation_issues.ts";
import { ANNOTATIONS } from "./annotations.ts";
import { AUTO_LABEL_JOBS } from "./auto_label_jobs.ts";
import { CONSENSUS } from "./consensus.ts";
import { CUSTOMER_QC } from "./customer_qc.ts";
import { DATASET_UPLOADS } from "./dataset_uploads.ts";
import { DATASETS } from "./datasets.ts";
import { EXPORTS } from "./exports.ts";
import { FLEET_ALERT_CHANNELS } from "./fleet_alert_channels.ts";
import { FLEET_ALERTS } from "./fleet_alerts.ts";
import { FLEET_DEVICES } from "./fleet_devices.ts";
import { FLEET_EVENTS } from "./fleet_events.ts";
import { FLEET_RECORDINGS } from "./fleet_recordings.ts";
import { FLEET_RULES } from "./fleet_rules.ts";
import { FLEET_UPLOADS } from "./fleet_uploads.ts";
import { INFERENCE_PROVIDERS } from "./inference_providers.ts";
import { MANAGED_UPLOADS } from "./managed_uploads.ts";
import { ORGANIZATION_MEMBERS } from "./organization_members.ts";
import { ORGANIZATION_TEAMS } from "./organization_teams.ts";
import { ORGANIZATIONS } from "./organizations.ts";
import { PROJECTS } from "./projects.ts";
import { QUALITY_TARGETS } from "./quality_targets.ts";
import { SEQUENCE_OUTCOMES } from "./sequence_outcomes.ts";
import { SLICES } from "./slices.ts";
import { STORAGE } from "../storage/routes.ts";
import { STORAGE_CONFIGS } from "./storage_configs.ts";
import { TASKS } from "./tasks.ts";
import { USERS } from "./users.ts";
import { WEBHOOKS } from "./webhooks.ts";
import type { EmulatedResource } from "../engine/router.ts";

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
