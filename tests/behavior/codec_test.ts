import { assert, assertEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { readFile } from "node:fs/promises";
import { test } from "../tools/harness.ts";

type Json = { [key: string]: unknown };
const text = await readFile(
  new URL("../contract/samples.json", import.meta.url),
  "utf8",
);
const samples = JSON.parse(text);

/** A client that gets one answer, whatever it asks. */
function answering(json: unknown): AsyncClient {
  const body = typeof json === "string" ? json : JSON.stringify(json);
  return new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: () => Promise.resolve(new Response(body)),
  });
}

const READERS: { [model: string]: (client: AsyncClient) => Promise<unknown> } =
  {
    Dataset: (client) => client.datasets.get("x"),
    DatasetItem: (client) => client.datasets.getItem("o", "s", "i"),
    DatasetSequence: (client) => client.datasets.getSequence("o", "s", "q"),
    DatasetHealth: (client) => client.datasets.getHealth("o", "s"),
    Export: (client) => client.exports.get("x"),
    Project: (client) => client.projects.get("x"),
    Task: (client) => client.tasks.get("x"),
    Webhook: (client) => client.webhooks.get("x"),
    WebhookDelivery: (client) => client.webhookDeliveries.get("x"),
    ConsensusSummary: (client) => client.consensus.getSummary("x"),
    ConsensusConfig: (client) => client.consensus.getConfig("x"),
    ConsensusComputeResult: (client) => client.consensus.compute("x"),
  };

for (const [model, read] of Object.entries(READERS)) {
  test(`${model}: decoded as the contract says`, async () => {
    assertEquals(
      await read(answering(samples[model])),
      samples.$decoded[model],
    );
    assertEquals(
      await read(answering(samples.$minimal[model])),
      samples.$decodedMinimal[model],
    );
  });
}

test("free-form JSON comes back to the letter", async () => {
  const item = await answering(samples.DatasetItem).datasets.getItem(
    "o",
    "s",
    "i",
  );
  for (const field of ["metadata", "annotations"] as const) {
    assertEquals(
      JSON.stringify(item[field]),
      JSON.stringify(samples.DatasetItem[field]),
    );
  }
});

test("frames and rigs are derived as the contract says", async () => {
  const client = answering(samples.DatasetSequence);
  const { uid } = samples.DatasetSequence;
  const { DatasetFrame, DatasetCalibration } = samples.$derived;
  assertEquals(
    { ...await client.datasets.getFrame("o", "s", uid, DatasetFrame.frameIdx) },
    DatasetFrame.expected,
  );
  assertEquals(
    { ...await client.datasets.getCalibration("o", "s", uid) },
    DatasetCalibration.expected,
  );
});

test("hostile JSON neither crashes nor pollutes", async () => {
  for (const json of samples.$hostile.json) {
    const dataset = await answering(json).datasets.get("x") as unknown as Json;
    assertEquals(dataset.uid, JSON.parse(json).uid);
    assertEquals(Object.getPrototypeOf(dataset), Object.prototype);
  }
  assert(!("polluted" in {}));
});

test("unknown fields stay with the items that have them", async () => {
  const results = [
    { uid: "1", new_a: 1 },
    { uid: "1", new_a: null },
    { uid: "2" },
    { new_b: 2, uid: "3", new_a: null },
    { updated_at: "now", new_b: 3, uid: "4" },
    { uid: "5", item_count: 6, itemCount: 7 },
    { itemCount: 8 },
    {},
  ];
  const { items } = await answering({ results }).datasets.list();
  const [blank] = items.splice(-1);
  assertEquals(items as unknown[], [
    { ...blank, uid: "1", newA: 1 },
    { ...blank, uid: "1", newA: null },
    { ...blank, uid: "2" },
    { ...blank, uid: "3", newA: null, newB: 2 },
    { ...blank, uid: "4", newB: 3, updatedAt: "now" },
    { ...blank, uid: "5", itemCount: 6 },
    { ...blank, itemCount: 8 },
  ]);
  assertEquals(Object.keys(items[2] ?? {}), Object.keys(blank ?? {}));
});

test("a body is sent with wire names, free-form JSON untouched", async () => {
  let sent = "";
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: async (input, init) => {
      sent = await new Request(input, init).text();
      return new Response(JSON.stringify(samples.Dataset));
    },
  });
  const metadata = samples.DatasetItem.metadata;
  await client.datasets.create({
    name: "n",
    slug: "s",
    dataType: "lidar",
    metadata,
  });
  assertEquals(
    sent,
    JSON.stringify({
      name: "n",
      slug: "s",
      data_type: "lidar",
      visibility: "private",
      create_metadata: true,
      metadata,
    }),
  );
});
