/**
 * The table of everything that is emulated.
 *
 * @module
 */

import type { EmulatedResource } from "../engine/router.ts";
import { AGENTS } from "./agents.ts";
import { ANNOTATION_ISSUES } from "./annotation_issues/mod.ts";
import { ANNOTATIONS } from "./annotations.ts";
import { AUTO_LABEL_JOBS } from "./auto_label_jobs.ts";
import { CAPTURES } from "./captures/mod.ts";
import { CONSENSUS } from "./consensus.ts";
import { CUSTOMER_QC } from "./customer_qc.ts";
import { CURATION } from "./datasets/curation.ts";
import { MCAP_EPISODES } from "./datasets/mcap.ts";
import { DATASETS } from "./datasets/mod.ts";
import { DATASET_UPLOADS } from "./datasets/uploads.ts";
import { EXPORTS } from "./exports.ts";
import { FLEET_ALERT_CHANNELS } from "./fleet/alert_channels.ts";
import { FLEET_ALERTS } from "./fleet/alerts.ts";
import { FLEET_DEVICES } from "./fleet/devices.ts";
import { FLEET_EVENTS } from "./fleet/events.ts";
import { MANAGED_UPLOADS } from "./fleet/managed_uploads.ts";
import { FLEET_RECORDINGS } from "./fleet/recordings.ts";
import { FLEET_RULES } from "./fleet/rules.ts";
import { FLEET_UPLOADS } from "./fleet/uploads.ts";
import { INFERENCE_PROVIDERS } from "./inference_providers.ts";
import { ORGANIZATION_MEMBERS } from "./organizations/members.ts";
import { ORGANIZATIONS } from "./organizations/mod.ts";
import { ORGANIZATION_TEAMS } from "./organizations/teams.ts";
import { PROJECTS } from "./projects.ts";
import { PUBLIC_DATASETS } from "./public_datasets/mod.ts";
import { QUALITY_TARGETS } from "./quality_targets/mod.ts";
import { SEQUENCE_OUTCOMES } from "./sequence_outcomes.ts";
import { SLICES } from "./slices.ts";
import { STORAGE } from "./storage.ts";
import { STORAGE_CONFIGS } from "./storage_configs.ts";
import { TASKS } from "./tasks.ts";
import { USERS } from "./users.ts";
import { WEBHOOK_DELIVERIES } from "./webhooks/deliveries.ts";
import { WEBHOOKS } from "./webhooks/mod.ts";

/** All resources; sample data may need what is there before it. */
export const RESOURCES: readonly EmulatedResource[] = [
  USERS,
  DATASETS,
  PROJECTS,
  TASKS,
  ORGANIZATIONS,
  WEBHOOKS,
  WEBHOOK_DELIVERIES,
  AGENTS,
  ANNOTATION_ISSUES,
  ANNOTATIONS,
  AUTO_LABEL_JOBS,
  CONSENSUS,
  CUSTOMER_QC,
  DATASET_UPLOADS,
  EXPORTS,
  FLEET_DEVICES,
  FLEET_RECORDINGS,
  FLEET_EVENTS,
  FLEET_RULES,
  FLEET_ALERTS,
  FLEET_ALERT_CHANNELS,
  FLEET_UPLOADS,
  INFERENCE_PROVIDERS,
  MANAGED_UPLOADS,
  ORGANIZATION_MEMBERS,
  ORGANIZATION_TEAMS,
  QUALITY_TARGETS,
  SEQUENCE_OUTCOMES,
  SLICES,
  STORAGE,
  STORAGE_CONFIGS,
  MCAP_EPISODES,
  CURATION,
  CAPTURES,
  PUBLIC_DATASETS,
];
