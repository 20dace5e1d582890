// Compiled by TypeScript itself against the package as npm installs it: never run.

import {
  AsyncClient,
  type Dataset,
  type FleetEvent,
  NotFoundError,
  type Open,
  verifyWebhook,
  type WebhookEvent,
} from "@avala/client";
import { AsyncDatasets } from "@avala/client/datasets";
import { fromDirectory, saveTo } from "@avala/client/files";
import { AvalaEmulator } from "@avala/client/testing";
import { Transport } from "@avala/client/transport";

const { fetch } = new AvalaEmulator();
const client = new AsyncClient({ apiKey: "avk_example", fetch });

const dataset: Dataset = await client.datasets.get("d-1");
const status: Open<"creating" | "created"> | null = dataset.status;
for await (const found of client.fleet.events.list({ severity: "error" })) {
  const event: FleetEvent = found;
  const duration: number | null = event.durationMs;
  console.log(duration, status);
}
const page = await client.tasks.list({ limit: 1, status: undefined });
for (const task of page) console.log(task.name);

const datasets = new AsyncDatasets(new Transport());
await datasets.uploadFiles("Run", await fromDirectory("."));
await saveTo("out.json", await client.exports.download("e-1"));

const event: WebhookEvent = await verifyWebhook(
  { body: "{}", signature: "00" },
  ["new", "old"],
);
if (event.type === "task.completed") console.log(event.payload.taskUid);

try {
  await client.close();
} catch (error) {
  if (error instanceof NotFoundError) console.log(error.statusCode);
}

// @ts-expect-error a required option is missing
client.datasets.create({ name: "n", slug: "s" });
// @ts-expect-error there is no such option
client.datasets.list({ datatype: "lidar" });
// @ts-expect-error a number is not a text
client.exports.get(1);
// @ts-expect-error request options come last, apart
client.tasks.list({ signal: new AbortController().signal });
// @ts-expect-error both are needed
client.qualityTargets.create("p-1", { name: "n", metric: "issue_rate" });
