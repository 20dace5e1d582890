/**
 * The table of everything that the emulator knows.
 *
 * @module
 */

import { CONSENSUS } from "./resources/consensus.ts";
import { DATASET_UPLOADS } from "./resources/dataset_uploads.ts";
import { DATASETS } from "./resources/datasets.ts";
import { EXPORTS } from "./resources/exports.ts";
import { FLEET_UPLOADS } from "./resources/fleet_uploads.ts";
import { MANAGED_UPLOADS } from "./resources/managed_uploads.ts";
import { PROJECTS } from "./resources/projects.ts";
import { STORAGE } from "./resources/storage.ts";
import { TASKS } from "./resources/tasks.ts";
import { WEBHOOKS } from "./resources/webhooks.ts";
import type { EmulatedResource } from "./router.ts";

/** All resources. */
export const RESOURCES: readonly EmulatedResource[] = [
  CONSENSUS,
  DATASETS,
  DATASET_UPLOADS,
  EXPORTS,
  FLEET_UPLOADS,
  MANAGED_UPLOADS,
  PROJECTS,
  STORAGE,
  TASKS,
  WEBHOOKS,
];
