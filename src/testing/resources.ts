/**
 * The table of everything that the emulator knows.
 *
 * @module
 */

import { AGENTS } from "./resources/agents.ts";
import { ANNOTATION_ISSUES } from "./resources/annotation_issues.ts";
import { ANNOTATIONS } from "./resources/annotations.ts";
import { CONSENSUS } from "./resources/consensus.ts";
import { DATASETS } from "./resources/datasets.ts";
import { EXPORTS } from "./resources/exports.ts";
import { ORGANIZATION_MEMBERS } from "./resources/organization_members.ts";
import { ORGANIZATION_TEAMS } from "./resources/organization_teams.ts";
import { ORGANIZATIONS } from "./resources/organizations.ts";
import { PROJECTS } from "./resources/projects.ts";
import { SEQUENCE_OUTCOMES } from "./resources/sequence_outcomes.ts";
import { TASKS } from "./resources/tasks.ts";
import { USERS } from "./resources/users.ts";
import { WEBHOOKS } from "./resources/webhooks.ts";
import type { EmulatedResource } from "./router.ts";

/** All resources. */
export const RESOURCES: readonly EmulatedResource[] = [
  AGENTS,
  ANNOTATION_ISSUES,
  ANNOTATIONS,
  CONSENSUS,
  DATASETS,
  EXPORTS,
  // members and teams need the organizations that are there before them
  ORGANIZATIONS,
  ORGANIZATION_MEMBERS,
  ORGANIZATION_TEAMS,
  PROJECTS,
  SEQUENCE_OUTCOMES,
  TASKS,
  USERS,
  WEBHOOKS,
];
