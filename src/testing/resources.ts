/**
 * The table of everything that the emulator knows.
 *
 * @module
 */

import { AGENTS } from "./resources/agents.ts";
import { CONSENSUS } from "./resources/consensus.ts";
import { DATASETS } from "./resources/datasets.ts";
import { EXPORTS } from "./resources/exports.ts";
import { PROJECTS } from "./resources/projects.ts";
import { TASKS } from "./resources/tasks.ts";
import { USERS } from "./resources/users.ts";
import { WEBHOOKS } from "./resources/webhooks.ts";
import type { EmulatedResource } from "./router.ts";

/** All resources. */
export const RESOURCES: readonly EmulatedResource[] = [
  AGENTS,
  CONSENSUS,
  DATASETS,
  EXPORTS,
  PROJECTS,
  TASKS,
  USERS,
  WEBHOOKS,
];
