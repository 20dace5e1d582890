import { assert, assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";
import { readFile } from "node:fs/promises";
import { test } from "../tools/harness.ts";

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
  "FleetDevice.device_token",
  "Webhook.secret",
  "DatasetSequence.frames",
  // read with one episode alone
  "McapEpisode.library",
  "McapEpisode.profile",
  "McapEpisode.topics",
  // inside campaigns alone
  "CaptureTaskDescription.progress",
  // only the groups that were set are there
  "SequenceLeakageGroups.location",
  "SequenceLeakageGroups.object",
  "SequenceLeakageGroups.mechanism",
  "SequenceLeakageGroups.operator",
  "SequenceLeakageGroups.environment_family",
];
/** Staff alone may read it, a key alone cannot, or it is tested with a file. */
const ELSEWHERE =
  /^(projects\.listAll|projects\.getAny|customerQc\.|fleet\.uploads\.|datasets\.manualUpload)/;

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

/** Slugs in the small world, by resource; a dataset's for all others. */
const SLUGS: { [resource: string]: string } = {
  organizations: "northlight-robotics",
  slices: "night-drives",
};
/** Where the first unique id of a kind is; else it is in the list of the path itself. */
const LISTS: { [name: string]: string } = {
  agentUid: "/agents/",
  datasetUid: "/datasets/",
  projectUid: "/users/me/projects/",
  revisionSha256: "/resolve/northlight/harbor-crane@main/",
  sequenceUid: "/datasets/northlight/harbor-crane/sequences/",
};
/** What a path is made of, where it is no `uid`. */
const FIELDS: { [name: string]: string } = {
  objectUid: "object_uid",
  resultUid: "result_uid",
  revisionSha256: "revision_sha256",
};
/** What an operation needs beside what is required of all. */
const QUERIES: { [id: string]: string } = {
  "datasets.previewCuration": "&required_state=completed",
};

async function listOf(emulator: AvalaEmulator, name: string, above: string) {
  if (name !== "resultUid") return LISTS[name] ?? above;
  const [dataset] = rowsOf(await get(emulator, "/datasets/"));
  return `/datasets/${dataset?.uid}/capture-submissions/`;
}

async function pathOf(
  emulator: AvalaEmulator,
  operation: Operation,
): Promise<string> {
  const { pathParams, resource } = operation;
  let { path } = operation;
  const fixed: { [name: string]: string } = {
    owner: "northlight",
    slug: SLUGS[resource] ?? "harbor-crane",
    dataset: "harbor-crane",
    datasetSlug: "harbor-crane",
    selector: "main",
    teamSlug: "lidar",
  };
  for (const name of pathParams) {
    const above = path.slice(0, path.indexOf("{"));
    const list = resource === "slices" ? `${above}list/` : above;
    const value = fixed[name] ??
      rowsOf(await get(emulator, await listOf(emulator, name, list)))[0]
        ?.[FIELDS[name] ?? "uid"];
    path = path.replace(`{${name}}`, String(value));
  }
  const required = operation.query.filter(({ required }) => required);
  const query = required.map((parameter) =>
    `${parameter.wire}=${parameter.enum?.[0]}`
  );
  const more = QUERIES[operation.id] ?? "";
  return query.length > 0 ? `${path}?${query.join("&")}${more}` : path;
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
  const { id, http, response: { kind, model } } = operation;
  const isChecked = http === "GET" &&
    !ELSEWHERE.test(id);
  if (!isChecked || !model || kind === "raw") continue;
  test(`emulator: ${id} holds every field of ${model}`, async () => {
    const emulator = new AvalaEmulator();
    const path = await pathOf(emulator, operation);
    const json = await get(emulator, path);
    const rows = kind === "object" ? [json as Json] : rowsOf(json);
    assert(rows.length > 0, "the small world has none");
    const wrong = rows.flatMap((row) => wrongFields(model, row));
    assertEquals([...new Set(wrong)], []);
  });
}
