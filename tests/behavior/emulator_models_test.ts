import { assert, assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";
import { readFile } from "node:fs/promises";
import { test } from "../harness.ts";

// What the emulator answers holds every field of its model, of the right type.

type Json = { [key: string]: unknown };

interface Field {
  wire: string;
  type: string;
  model: string | null;
  nullable: boolean;
  enum?: string[];
}

interface Operation {
  id: string;
  resource: string;
  http: string | null;
  path: string;
  pathParams: string[];
  query: { wire: string; required: boolean; enum?: string[] }[];
  response: { kind: string; model: string | null };
}

async function read(name: string) {
  const url = new URL("../contract/", import.meta.url);
  return JSON.parse(await readFile(new URL(name, url), "utf8"));
}
const operations: Operation[] = await read("operations.json");
const models: { [name: string]: { fields: Field[] } } = await read(
  "models.json",
);

/** What the contract says some answers leave out. */
const LEFT_OUT = [
  "Agent.secret",
  "Webhook.secret",
  "DatasetSequence.frames",
  "FleetDevice.device_token",
  // only the groups that were set are there
  "SequenceLeakageGroups.location",
  "SequenceLeakageGroups.object",
  "SequenceLeakageGroups.mechanism",
  "SequenceLeakageGroups.operator",
  "SequenceLeakageGroups.environment_family",
];
const CHECKED = [
  "agentExecutions",
  "agents",
  "annotationIssues",
  "autoLabelJobs",
  "consensus",
  "datasets",
  "exports",
  "fleet.alertChannels",
  "fleet.alerts",
  "fleet.devices",
  "fleet.events",
  "fleet.recordings",
  "fleet.rules",
  "inferenceProviders",
  "organizations",
  "permissions",
  "projects",
  "qualityTargets",
  "sequenceOutcomes",
  "slices",
  "storageConfigs",
  "tasks",
  "users",
  "webhookDeliveries",
  "webhooks",
];
const STAFF_ONLY = ["projects.listAll", "projects.getAny"];
/** Uploads need a file, and are tested with one. */
const UPLOADS = /anualUpload/;

async function get(emulator: AvalaEmulator, path: string): Promise<unknown> {
  const response = await emulator.fetch(`https://api.avala.ai/api/v1${path}`, {
    headers: { "x-avala-api-key": "avk_test_key_1" },
  });
  const json = await response.json();
  assertEquals(response.status, 200, `${path}: ${JSON.stringify(json)}`);
  return json;
}

function rowsOf(json: unknown): Json[] {
  if (Array.isArray(json)) return json;
  const { results } = json as { results?: Json[] };
  return results ?? [json as Json];
}

async function pathOf(
  emulator: AvalaEmulator,
  operation: Operation,
): Promise<string> {
  const first = async (list: string, key = "uid") =>
    String(rowsOf(await get(emulator, list))[0]?.[key]);
  const dataset = "/datasets/nordlicht/hafenkran-sued/";
  const slugs: { [resource: string]: string } = {
    organizations: "nordlicht-robotik",
    slices: "nachtfahrten",
  };
  let { path } = operation;
  for (const name of operation.pathParams) {
    const value = name === "owner"
      ? "nordlicht"
      : name === "slug" || name === "datasetSlug"
      ? slugs[operation.resource] ?? "hafenkran-sued"
      : name === "teamSlug"
      ? "lidar"
      : name === "agentUid"
      ? await first("/agents/")
      : name === "projectUid"
      ? await first("/users/me/projects/")
      : name === "sequenceUid"
      ? await first(`${dataset}sequences/`)
      : name === "itemUid"
      ? operation.resource === "slices"
        ? await first("/slices/nordlicht/nachtfahrten/items/list/")
        : await first(`${dataset}items/`)
      : await first(path.slice(0, path.indexOf("{")));
    path = path.replace(`{${name}}`, value);
  }
  const required = operation.query.filter(({ required }) => required);
  const query = required.map((parameter) =>
    `${parameter.wire}=${parameter.enum?.[0]}`
  );
  return query.length > 0 ? `${path}?${query.join("&")}` : path;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "any") return true;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") {
    return typeof value === "object" && !Array.isArray(value);
  }
  // the other names are those of typeof
  const found: string = typeof value;
  return found === type;
}

/** Finds what is wrong with a record. */
function wrongFields(name: string, record: Json, place = name): string[] {
  return models[name]!.fields.flatMap((field) => {
    const { wire, type, nullable, model } = field;
    const value = record[wire];
    const here = `${place}.${wire}`;
    if (value === undefined) {
      return LEFT_OUT.includes(`${name}.${wire}`) ? [] : [`${here} is missing`];
    }
    if (value === null) return nullable ? [] : [`${here} is null`];
    if (!isOfType(value, type)) return [`${here} is no ${type}`];
    if (!model) return [];
    const nested = Array.isArray(value) ? value : [value];
    return nested.flatMap((entry) => wrongFields(model, entry, here));
  });
}

for (const operation of operations) {
  const { id, http, resource, response: { kind, model } } = operation;
  const isChecked = http === "GET" && CHECKED.includes(resource) &&
    !STAFF_ONLY.includes(id) && !UPLOADS.test(id);
  if (!isChecked || !model || kind === "raw") continue;
  test(`emulator: ${id} holds every field of ${model}`, async () => {
    const emulator = new AvalaEmulator();
    const path = await pathOf(emulator, operation);
    const rows = rowsOf(await get(emulator, path));
    assert(rows.length > 0, "the small world has none");
    const wrong = rows.flatMap((row) => wrongFields(model, row));
    assertEquals([...new Set(wrong)], []);
  });
}
