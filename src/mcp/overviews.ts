/**
 * Tools that are made of several operations: overviews, and the parts of a pipeline.
 *
 * @module
 */

import type { Parameter } from "../catalog/types.ts";
import type { AsyncClient } from "../client.ts";
import type { PagePromise } from "../http/pages.ts";
import type { JsonObject } from "../wire/codec.ts";
import type { RequestContext } from "./protocol.ts";
import type { Tool } from "./tool.ts";

/** Records that an overview looks at, at most, of each kind. */
const SAMPLE = 1_000;

const projectUid: Parameter = {
  name: "projectUid",
  words: "Unique id of the project.",
  type: "string",
  required: true,
};

/** The tools. */
export const COMPOSITES: readonly Tool[] = [
  {
    name: "get_workspace_stats",
    description:
      `Counts datasets, projects, tasks and exports, by state. Looks at ${SAMPLE} records of each kind at most.`,
    parameters: [],
    effect: "read",
    idempotent: true,
    toolsets: ["default", "all"],
    run: (client, _, { signal }) => workspaceStats(client, signal),
  },
  {
    name: "get_fleet_health",
    description:
      `Tells how a fleet does: devices by state, open alerts by severity, and the latest of them. Looks at ${SAMPLE} records of each kind at most.`,
    parameters: [],
    effect: "read",
    idempotent: true,
    toolsets: ["default", "all", "fleet"],
    run: (client, _, { signal }) => fleetHealth(client, signal),
  },
  {
    name: "get_project_quality_summary",
    description:
      "Tells the quality of a project: agreement between annotators, and its quality targets.",
    parameters: [projectUid],
    effect: "read",
    idempotent: true,
    toolsets: ["default", "all", "projects", "qualityTargets", "consensus"],
    run: async (client, given, { signal }) => {
      const uid = String(given.projectUid);
      const [project, consensus, targets] = await Promise.all([
        client.projects.get(uid, { signal }),
        client.consensus.getSummary(uid, { signal }),
        client.qualityTargets.list(uid, {}, { signal })
          .toArray({ limit: SAMPLE }),
      ]);
      return { project, consensus, targets };
    },
  },
  {
    name: "get_workspace_overview",
    description:
      "Tells whose account this is, what it may do, and how datasets, projects, tasks, exports and the fleet stand.",
    parameters: [],
    effect: "read",
    idempotent: true,
    toolsets: ["default", "all"],
    run: async (client, _, { signal }) => {
      const [user, permissions, stats, fleet] = await Promise.all([
        client.users.getMe({ signal }),
        client.permissions.get({ signal }),
        workspaceStats(client, signal),
        fleetHealth(client, signal),
      ]);
      return { user, permissions, ...stats, fleet };
    },
  },
  {
    name: "create_annotation_pipeline",
    description:
      "Creates what a pipeline needs, each part that is given, in this order: a dataset, an agent that is called for events, and a webhook that is told of them. Tells what was made, also when a later part fails.",
    parameters: [
      part("dataset", "Options of create_dataset: name, slug, dataType, …"),
      part("agent", "Options of create_agent: name, events, project, …"),
      part("webhook", "Options of create_webhook: targetUrl, events, …"),
    ],
    effect: "write",
    idempotent: false,
    toolsets: ["default", "all"],
    run: createPipeline,
  },
];

function part(name: string, words: string): Parameter {
  return { name, words, type: "object" };
}

/** Creates one part after the other; what was made is told in any case. */
async function createPipeline(
  client: AsyncClient,
  given: JsonObject,
  { signal, progress }: RequestContext,
): Promise<JsonObject> {
  const { datasets, agents, webhooks } = client;
  const makers: { [name: string]: (options: never) => Promise<unknown> } = {
    dataset: (options) => datasets.create(options, { signal }),
    agent: (options) => agents.create(options, { signal }),
    webhook: (options) => webhooks.create(options, { signal }),
  };
  const made: JsonObject = {};
  const wanted = Object.keys(makers).filter((name) => given[name]);
  for (const [index, name] of wanted.entries()) {
    try {
      made[name] = await makers[name]?.(given[name] as never);
    } catch (error) {
      if (index === 0) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { made, failed: name, reason };
    }
    progress(index + 1, wanted.length, `${name} is there`);
  }
  return { made };
}

async function workspaceStats(
  client: AsyncClient,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { datasets, projects, tasks, exports } = client;
  const request = { signal };
  const [dataset, project, task, job] = await Promise.all([
    count(datasets.list({}, request), "status"),
    count(projects.list({}, request), "status"),
    count(tasks.list({}, request), "status"),
    count(exports.list({}, request), "status"),
  ]);
  return { datasets: dataset, projects: project, tasks: task, exports: job };
}

async function fleetHealth(
  client: AsyncClient,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { devices, alerts } = client.fleet;
  const request = { signal };
  const open = alerts.list({ status: "open" }, request);
  const [device, alert] = await Promise.all([
    count(devices.list({}, request), "status"),
    count(open, "severity"),
  ]);
  const latest = (await open).items.slice(0, 5);
  return { devices: device, openAlerts: alert, latestAlerts: latest };
}

/** Counts records, in all and by the value of a field. */
async function count<T extends object>(
  list: PagePromise<T>,
  field: keyof T,
): Promise<JsonObject> {
  const records = await list.toArray({ limit: SAMPLE });
  const by: { [value: string]: number } = {};
  for (const record of records) {
    const value = String(record[field] ?? "unknown");
    by[value] = (by[value] ?? 0) + 1;
  }
  const isCut = records.length >= SAMPLE;
  return { count: records.length, by, ...(isCut && { atLeast: true }) };
}
