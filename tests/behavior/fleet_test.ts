import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncClient } from "@avala/client";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const METADATA = {
  snake_key: 1,
  camelKey: { "dotted.key": [null, { deepCamel: "ü" }] },
  "": "empty",
};

/** A recording of ten minutes, with its device and moments in it. */
async function place(client: AsyncClient) {
  const { items } = await client.fleet.recordings.list({ status: "ready" });
  const [recording] = items;
  assert(recording?.device && recording.startedAt && recording.endedAt);
  return {
    recording: recording.uid,
    device: recording.device,
    timestamp: recording.startedAt,
    endedAt: recording.endedAt,
  };
}

served("fleet: a device lives and goes", async ({ client }) => {
  const { devices } = client.fleet;
  const created = await devices.register({
    name: "rig-11",
    type: "crane_rig",
    tags: ["hafen"],
    metadata: METADATA,
  });
  assert(created.deviceToken);
  assertEquals(created.metadata, METADATA);
  assertEquals([created.status, created.lastSeenAt], ["provisioning", null]);
  const read = await devices.get(created.uid);
  const changed = await devices.update(created.uid, {
    status: "maintenance",
    metadata: { only: "this" },
  });
  const listed = (await devices.list({ status: "maintenance" })).items;
  assertEquals(listed.map(({ name }) => name), ["rig-07", "rig-11"]);
  // the token was shown once
  assertEquals(
    [read, changed, ...listed].map(({ deviceToken }) => deviceToken),
    [null, null, null, null],
  );
  assertEquals(
    [changed.name, changed.tags, changed.metadata],
    ["rig-11", ["hafen"], { only: "this" }],
  );
  await devices.delete(created.uid);
  await assertRejects(() => devices.get(created.uid), NotFoundError);
  await assertRejects(
    () => devices.update(created.uid, { name: "x" }),
    NotFoundError,
  );
  assertEquals((await devices.list()).length, 4);
});

served("fleet: wrong fields of a device are named", async ({ client }) => {
  const { devices } = client.fleet;
  assertEquals(
    await refused(() => devices.register({ name: "x".repeat(256), type: "t" })),
    { name: ["Ensure this field has no more than 255 characters."] },
  );
  assertEquals(
    await refused(() =>
      client.request("POST", "/fleet/devices/", { body: {} })
    ),
    { name: ["This field is required."], type: ["This field is required."] },
  );
  const body = { name: "rig", type: 7, tags: [1], metadata: "none" };
  assertEquals(
    await refused(() => client.request("POST", "/fleet/devices/", { body })),
    {
      type: ["Not a valid string."],
      tags: ["Not a valid string."],
      metadata: ["Expected an object."],
    },
  );
  const [device] = (await devices.list()).items;
  assertEquals(
    await refused(() => devices.update(device?.uid ?? "", { status: "lost" })),
    { status: ['"lost" is not a valid choice.'] },
  );
});

served("fleet: cursors walk the filtered devices", async ({ client }) => {
  const names: string[] = [];
  const listing = client.fleet.devices.list({ type: "crane_rig", limit: 2 });
  for await (const { name } of listing) names.push(name);
  assertEquals(names, ["rig-04", "rig-05", "rig-07"]);
});

served("fleet: recordings show topics one by one", async ({ client }) => {
  const { recordings, events } = client.fleet;
  const listed = await recordings.list();
  assertEquals(listed.items.map(({ topics }) => topics), Array(5).fill(null));
  const { recording, device } = await place(client);
  const { topics, topicCount } = await recordings.get(recording);
  assertEquals(topics?.length, topicCount);
  assert(topics?.[0] && "hz.avg" in topics[0] && "schemaName" in topics[0]);
  const changed = await recordings.update(recording, {
    status: "archived",
    tags: ["neu"],
  });
  assertEquals([changed.status, changed.tags], ["archived", ["neu"]]);
  assertEquals(
    await refused(() => recordings.update(recording, { status: "gone" })),
    { status: ['"gone" is not a valid choice.'] },
  );
  const ofDevice = await recordings.list({ device, status: "archived" });
  assertEquals(ofDevice.length, 2);
  // its events go with it
  assertEquals((await events.list({ recording })).length, 6);
  await recordings.delete(recording);
  await assertRejects(() => recordings.get(recording), NotFoundError);
  assertEquals((await events.list({ recording })).length, 0);
  assertEquals((await events.list()).length, 6);
});

served("fleet: recordings outlive their device", async ({ client }) => {
  const { recording, device } = await place(client);
  await client.fleet.devices.delete(device);
  assertEquals((await client.fleet.recordings.get(recording)).device, null);
  assertEquals((await client.fleet.recordings.list({ device })).length, 0);
});

served("fleet: an event lives and goes", async ({ client }) => {
  const { events } = client.fleet;
  const { recording, device, timestamp } = await place(client);
  const created = await events.create({
    recording,
    device,
    timestamp,
    label: "Seil gerissen",
    type: "anomaly",
    severity: "critical",
    durationMs: 1_500,
    metadata: METADATA,
  });
  assertEquals(created.metadata, METADATA);
  assertEquals([created.tags, created.description], [[], null]);
  assertEquals(await events.get(created.uid), created);
  const critical = await events.list({ recording, severity: "critical" });
  assertEquals(critical.items.at(-1)?.uid, created.uid);
  assert(critical.items.every(({ severity }) => severity === "critical"));
  for (const event of (await events.list({ type: "anomaly", device })).items) {
    assertEquals([event.type, event.device], ["anomaly", device]);
  }
  await events.delete(created.uid);
  await assertRejects(() => events.get(created.uid), NotFoundError);
  await assertRejects(
    () => client.request("DELETE", `/fleet/events/${created.uid}/`),
    NotFoundError,
  );
});

served("fleet: wrong fields of an event are named", async ({ client }) => {
  const { recording, device, timestamp } = await place(client);
  const good = { recording, device, timestamp, label: "x", type: "info" };
  const wrong = {
    ...good,
    label: "x".repeat(121),
    type: "party",
    severity: "mild",
    timestamp: "yesterday",
  };
  assertEquals(await refused(() => client.fleet.events.create(wrong)), {
    label: ["Ensure this field has no more than 120 characters."],
    type: ['"party" is not a valid choice.'],
    severity: ['"mild" is not a valid choice.'],
    timestamp: ["Datetime has wrong format."],
  });
  const lost = { ...good, recording: "r-0", device: "d-0" };
  assertEquals(await refused(() => client.fleet.events.create(lost)), {
    recording: ["Object with uid=r-0 does not exist."],
    device: ["Object with uid=d-0 does not exist."],
  });
  const late = { ...good, timestamp: "2030-01-01T00:00:00Z" };
  assertEquals(await refused(() => client.fleet.events.create(late)), {
    timestamp: ["The timestamp lies outside the recording."],
  });
});

served("fleet: a batch of events is all or nothing", async ({ client }) => {
  const { events } = client.fleet;
  const { recording, device, timestamp, endedAt } = await place(client);
  const good = { recording, device, timestamp, label: "x", type: "info" };
  const batch = [good, { ...good, timestamp: endedAt }, {
    ...good,
    label: "y",
  }];
  assertEquals((await events.createBatch({ events: batch })).created, 3);
  assertEquals((await events.list()).length, 15);
  const badType = [good, { ...good, type: "party" }];
  assertEquals(
    await refused(() => events.createBatch({ events: badType })),
    { "events.1.type": ['"party" is not a valid choice.'] },
  );
  const badPlace = [{ ...good, device: "d-0" }, good];
  assertEquals(
    await refused(() => events.createBatch({ events: badPlace })),
    { "events.0.device": ["Object with uid=d-0 does not exist."] },
  );
  const body = { events: Array(1_001).fill(good) };
  assertEquals(
    await refused(() =>
      client.request("POST", "/fleet/events/batch/", { body })
    ),
    { events: ["Ensure this field has no more than 1000 elements."] },
  );
  assertEquals((await events.list()).length, 15);
});
