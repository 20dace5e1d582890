import { assert, assertEquals, assertThrows } from "@std/assert";
import { AsyncClient } from "@avala/client";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
  type EmulatorSnapshot,
} from "@avala/client/testing";
import { bytesAt } from "../servers/upload_sources.ts";
import { test } from "../tools/harness.ts";

function clientOf({ fetch }: AvalaEmulator): AsyncClient {
  return new AsyncClient({ apiKey: "avk_test_key_1", fetch });
}

/** Everything that a client reads, but for addresses, which are signed for a time. */
async function readAll(emulator: AvalaEmulator): Promise<string> {
  const client = clientOf(emulator);
  const parts: unknown[] = [];
  for (
    const list of [
      client.datasets.list(),
      client.datasets.listItems("northlight", "street-images", { limit: 9 }),
      client.projects.list(),
      client.tasks.list(),
      client.fleet.devices.list(),
      client.fleet.alerts.list(),
      client.exports.list(),
      client.webhooks.list(),
      client.webhookDeliveries.list(),
      client.organizations.list(),
      client.slices.list("northlight"),
    ]
  ) parts.push((await list).items);
  client.close();
  return JSON.stringify(parts).replaceAll(/https:[^"]+/g, "address");
}

/** Changes something of everything. */
async function change(
  emulator: AvalaEmulator,
  slug = "run",
): Promise<void> {
  const client = clientOf(emulator);
  const { devices, alerts } = client.fleet;
  const [first, second] = (await devices.list()).items;
  await devices.update(first?.uid ?? "", { name: "renamed" });
  await devices.delete(second?.uid ?? "");
  await devices.register({ name: "new", type: "rig" });
  const [alert] = (await alerts.list()).items;
  await alerts.acknowledge(alert?.uid ?? "");
  const file = { path: "a.jpg", blob: new Blob([bytesAt(0, 5_000)]) };
  await client.datasets.uploadFiles("Run", [file]);
  await client.datasets.createFromManualUpload({
    name: "Run",
    slug,
    dataType: "image",
  });
  const { uid } = await client.exports.create({ dataset: "d" });
  await client.exports.get(uid);
  emulator.announce("dataset.created", { uid: "d" });
  client.close();
}

test("snapshot: everything comes back, in this emulator and in another one", async () => {
  const emulator = new AvalaEmulator({ random: 7, seed: { devices: 40 } });
  await change(emulator);
  emulator.time.advance(5_000);
  const before = await readAll(emulator);
  const snapshot = emulator.snapshot();
  // plain data, which nothing changes afterwards
  const text = JSON.stringify(snapshot);
  assertEquals(JSON.parse(text), snapshot);
  assertEquals(structuredClone(snapshot), snapshot);
  await change(emulator, "other");
  assert(JSON.stringify(snapshot) === text, "the snapshot has changed");

  const options: AvalaEmulatorOptions[] = [{}, { seed: { datasets: [] } }];
  const others = options.map((option) => new AvalaEmulator(option));
  for (const restored of [emulator, ...others]) {
    restored.restore(JSON.parse(text));
    assertEquals(await readAll(restored), before);
    assert(JSON.stringify(restored.snapshot()) === text, "another snapshot");
    // it goes on from there, and the bytes are there
    const client = clientOf(restored);
    const [item] = (await client.datasets.listItems("northlight", "run")).items;
    const response = await restored.fetch(String(item?.url));
    const bytes = new Uint8Array(await response.arrayBuffer());
    assertEquals(bytes, bytesAt(0, 5_000));
    const created = await client.fleet.devices.register({
      name: "x",
      type: "y",
    });
    const all = new Set<string>();
    for await (const { uid } of client.fleet.devices.list()) all.add(uid);
    assertEquals([all.has(created.uid), all.size], [true, 41]);
    const [job] = (await client.exports.list()).items.slice(-1);
    const done = await client.exports.wait(job?.uid ?? "", { interval: 500 });
    assertEquals(done.status, "exported");
    client.close();
  }
});

test("snapshot: faults and requests are not in it, and stay", async () => {
  const emulator = new AvalaEmulator();
  const snapshot = emulator.snapshot();
  const fault = emulator.fault({ path: "/tasks/", status: 503 });
  const url = "https://api.avala.ai/api/v1/tasks/";
  await emulator.fetch("https://api.avala.ai/api/v1/projects/");
  emulator.restore(snapshot);
  assertEquals(emulator.requests.length, 1);
  assertEquals((await emulator.fetch(url)).status, 503);
  assertEquals(fault.hits, 1);
  assert(!JSON.stringify(emulator.snapshot()).includes("503"));
});

test("snapshot: the time that was skipped comes back", async () => {
  const emulator = new AvalaEmulator({ now: () => 1_000_000 });
  const snapshot = emulator.snapshot();
  emulator.time.advance(500);
  assertEquals(emulator.time.now, 1_000_500);
  const later = emulator.snapshot();
  emulator.restore(snapshot);
  assertEquals(emulator.time.now, 1_000_000);
  emulator.restore(later);
  assertEquals(emulator.time.now, 1_000_500);
  emulator.reset();
  assertEquals(emulator.time.now, 1_000_000);
  await emulator.delivered();
});

test("snapshot: what is none is refused, and nothing is lost", async () => {
  const emulator = new AvalaEmulator();
  const before = await readAll(emulator);
  const snapshot = emulator.snapshot();
  for (
    const wrong of [
      null,
      {},
      "snapshot",
      { ...snapshot, version: 2 },
      { version: 1, state: {} },
      { version: 1, state: { ...snapshot.state as object, files: null } },
    ]
  ) {
    assertThrows(
      () => emulator.restore(wrong as EmulatorSnapshot),
      TypeError,
      "must be one of 'snapshot()'",
    );
  }
  assertEquals(await readAll(emulator), before);
});
