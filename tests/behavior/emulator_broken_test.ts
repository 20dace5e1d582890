import { assertEquals } from "@std/assert";
import { AvalaEmulator, type CollectionName } from "@avala/client/testing";
import { readFile } from "node:fs/promises";
import { pick, seeded } from "../load/random.ts";
import { test } from "../tools/harness.ts";

interface Parameter {
  wire: string;
  type: string;
  enum?: string[];
}

interface Operation {
  id: string;
  resource: string;
  http: string | null;
  path: string;
  query: Parameter[];
  body: Parameter[];
  bodyKind: string;
}

const REQUESTS = 2_000;
const operations: Operation[] = JSON.parse(
  await readFile(
    new URL("../contract/operations.json", import.meta.url),
    "utf8",
  ),
);
const CALLS = operations.filter(({ http }) => http !== null);

/** Where the records of a resource are. */
const COLLECTIONS: { [resource: string]: CollectionName } = {
  agents: "agents",
  annotationIssues: "annotationIssues",
  autoLabelJobs: "autoLabelJobs",
  datasets: "datasets",
  exports: "exports",
  "fleet.alerts": "fleetAlerts",
  "fleet.devices": "fleetDevices",
  "fleet.events": "fleetEvents",
  "fleet.recordings": "fleetRecordings",
  "fleet.rules": "fleetRules",
  inferenceProviders: "inferenceProviders",
  organizations: "users",
  projects: "projects",
  qualityTargets: "qualityTargets",
  sequenceOutcomes: "sequences",
  slices: "items",
  storageConfigs: "storageConfigs",
  webhooks: "webhooks",
};
const SLUGS: { [resource: string]: string } = {
  organizations: "northlight-robotics",
  slices: "night-drives",
};

test("2,000 broken requests: none makes the emulator fail", async () => {
  const emulator = new AvalaEmulator({ now: () => Date.UTC(2026, 3, 1) });
  const random = seeded(20_260_401);
  const chance = (share: number) => random() < share;
  const known = (resource = pick(random, Object.keys(COLLECTIONS))) => {
    const collection = COLLECTIONS[resource] ?? "projects";
    const { records } = emulator.records(collection, { limit: 9 });
    const record = records[Math.floor(random() * records.length)];
    return record ? record.uid : null;
  };
  const junk = (depth = 0): unknown =>
    pick<() => unknown>(random, [
      () => null,
      () => true,
      () => -1,
      () => 1e308,
      () => 0.5,
      () => 2 ** 53,
      () => "",
      () => "x".repeat(300),
      () => "__proto__",
      () => "a/../b%00",
      () => "\ud800",
      () => depth > 2 ? [] : [junk(depth + 1), junk(depth + 1)],
      // an object that can't even be made a text
      () => depth > 2 ? {} : { uid: junk(depth + 1), toString: 1 },
      () => ({ toString: 1 }),
      () => ({ toString: 1 }),
      () => known(),
      () => known(),
    ])();
  const valueOf = ({ type, enum: choices }: Parameter): unknown => {
    if (chance(0.25)) return junk();
    if (type === "array") return [pick(random, choices ?? ["a"]), junk()];
    if (choices) return pick(random, choices);
    if (type === "object") return { [textOf(junk())]: junk() };
    if (type === "boolean") return true;
    if (type === "integer") return Math.floor(random() * 100);
    if (type === "number") return random();
    return pick(random, [known(), "text", "a@b.example", "https://x.example/"]);
  };
  const failed: string[] = [];
  const statuses = new Set<number>();
  for (let request = 0; request < REQUESTS; request++) {
    const operation = pick(random, CALLS);
    const method = operation.http!;
    const { resource } = operation;
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => {
      if (chance(0.1)) return segmentOf(junk());
      if (chance(0.1)) return segmentOf(known());
      if (name === "owner") return "northlight";
      if (/slug$/i.test(name)) return SLUGS[resource] ?? "harbor-crane";
      if (name === "projectUid") return segmentOf(known("projects"));
      if (name === "sequenceUid") return segmentOf(known("sequenceOutcomes"));
      return segmentOf(known(resource));
    });
    const query = new URLSearchParams();
    for (const { wire } of operation.query) {
      if (chance(0.4)) query.set(wire, textOf(junk()));
    }
    const fields = operation.body.filter(() => chance(0.9))
      .map((parameter) => [parameter.wire, valueOf(parameter)]);
    const whole = Object.fromEntries(fields);
    const body = chance(0.05) ? "{nope" : JSON.stringify(
      chance(0.1) ? junk() : operation.bodyKind === "array" ? [whole] : whole,
    );
    const headers: { [name: string]: string } = {
      "x-avala-api-key": pick(random, ["avk_1", "avk_2", "avk_staff_1"]),
    };
    if (chance(0.1)) headers["idempotency-key"] = pick(random, ["a", "b"]);
    const response = await emulator.fetch(
      `https://api.avala.ai/api/v1${path}?${query}`,
      { method, headers, ...method !== "GET" && { body } },
    );
    const text = await response.text();
    statuses.add(response.status);
    if (response.status >= 500) {
      failed.push(`${method} ${path}?${query} ${body}: ${text}`);
    }
  }
  assertEquals(failed, []);
  // and not all were refused
  const met = [200, 201, 204, 400, 403, 404].filter((s) => statuses.has(s));
  assertEquals(met, [200, 201, 204, 400, 403, 404]);
  const snapshot = JSON.stringify(emulator.snapshot());
  emulator.restore(JSON.parse(snapshot));
});

function textOf(value: unknown): string {
  return typeof value === "object" ? "object" : String(value);
}

function segmentOf(value: unknown): string {
  try {
    return encodeURIComponent(textOf(value)) || "x";
  } catch {
    return "%ff";
  }
}
