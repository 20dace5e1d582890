/**
 * The table of everything that the emulator knows.
 *
 * @module
 */

import { AGENTS } from "./resources/agents.ts";
import { CONSENSUS } from "./resources/consensus.ts";
import { DATASETS } from "./resources/datasets.ts";
import { EXPORTS } from "./resources/exports.ts";
import { ORGANIZATION_MEMBERS } from "./resources/organization_members.ts";
import { ORGANIZATION_TEAMS } from "./resources/organization_teams.ts";
import { ORGANIZATIONS } from "./resources/organizations.ts";
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
  // members and teams need the organizations that are there before them
  ORGANIZATIONS,
  ORGANIZATION_MEMBERS,
  ORGANIZATION_TEAMS,
  PROJECTS,
  TASKS,
  USERS,
  WEBHOOKS,
];
