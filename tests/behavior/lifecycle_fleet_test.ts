import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncClient } from "@avala/client";
import { NotFoundError, ValidationError } from "@avala/client/errors";
import { refused, served } from "../served.ts";

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

served(
  "fleet: an event that meets a rule raises an alert",
  async ({ client }) => {
    const { rules, events, alerts } = client.fleet;
    const { recording, device, timestamp } = await place(client);
    const condition = {
      any_of: [
        { field: "battery.pct", op: "lt", value: 10 },
        { field: "label", value: "Akku leer" },
      ],
      windowMs: null,
    };
    const rule = await rules.create({
      name: "Akku",
      condition,
      actions: [{ type: "alert", severity: "error", "channel.uids": [] }],
      scope: { device_type: "crane_rig" },
    });
    assertEquals(rule.condition, condition);
    assertEquals([rule.enabled, rule.hitCount, rule.lastHitAt], [
      true,
      0,
      null,
    ]);
    const send = (label: string, metadata = {}) =>
      events.create({
        recording,
        device,
        timestamp,
        label,
        type: "info",
        metadata,
      });
    await send("Akku", { "battery.pct": 11 });
    await send("Akku", { "battery.pct": 9 });
    await send("Akku leer");
    const raised = (await alerts.list({ rule: rule.uid })).items;
    assertEquals(
      raised.map((
        { severity, status, message },
      ) => [severity, status, message]),
      [
        ["error", "open", "Akku: Akku"],
        ["error", "open", "Akku: Akku leer"],
      ],
    );
    assertEquals(raised[0]?.device, device);
    const hit = await rules.get(rule.uid);
    assertEquals(hit.hitCount, 2);
    assert(hit.lastHitAt);
    // elsewhere, or switched off, it is not met
    await rules.update(rule.uid, { scope: { device_type: "manipulator" } });
    await send("Akku leer");
    const off = await rules.update(rule.uid, { scope: null, enabled: false });
    assertEquals([off.scope, off.enabled, off.name], [null, false, "Akku"]);
    await send("Akku leer");
    assertEquals((await alerts.list({ rule: rule.uid })).length, 2);
    await rules.delete(rule.uid);
    await assertRejects(() => rules.get(rule.uid), NotFoundError);
    assertEquals((await alerts.get(raised[0]?.uid ?? "")).rule, null);
  },
);

served("fleet: rules are filtered, wrong ones refused", async ({ client }) => {
  const { rules } = client.fleet;
  const names = async (enabled?: boolean) =>
    (await rules.list({ enabled })).items.map(({ name }) => name);
  assertEquals(await names(true), ["Motortemperatur"]);
  assertEquals(await names(false), ["Seil schlaff"]);
  assertEquals((await names()).length, 2);
  const body = { name: "", condition: [], actions: ["alert"] };
  assertEquals(
    await refused(() => client.request("POST", "/fleet/rules/", { body })),
    {
      name: ["This field may not be blank."],
      condition: ["Expected an object."],
      actions: ["Expected an object."],
    },
  );
});

served("fleet: alerts are acknowledged, then resolved", async ({ client }) => {
  const { alerts } = client.fleet;
  const open = await alerts.list({ status: "open" });
  assertEquals(open.length, 2);
  assertEquals((await alerts.list({ severity: "critical" })).length, 2);
  const uid = open.items[0]?.uid ?? "";
  const acknowledged = await alerts.acknowledge(uid);
  assertEquals(acknowledged.status, "acknowledged");
  assertEquals(acknowledged.acknowledgedBy, "nordlicht");
  assert(acknowledged.acknowledgedAt);
  assertEquals(await alerts.acknowledge(uid), acknowledged);
  const resolved = await alerts.resolve(uid, { resolutionNote: "Getauscht" });
  assertEquals(
    [resolved.status, resolved.resolutionNote, resolved.acknowledgedAt],
    ["resolved", "Getauscht", acknowledged.acknowledgedAt],
  );
  assert(resolved.resolvedAt);
  // again, without a note: the note stays
  const again = await alerts.resolve(uid);
  assertEquals(
    [again.resolvedAt, again.resolutionNote],
    [resolved.resolvedAt, "Getauscht"],
  );
  await assertRejects(
    () => alerts.acknowledge(uid),
    ValidationError,
    "The alert is resolved already.",
  );
  // an alert need not be acknowledged first
  const second = await alerts.resolve(open.items[1]?.uid ?? "");
  assertEquals([second.status, second.acknowledgedAt], ["resolved", null]);
  assertEquals((await alerts.list({ status: "open" })).length, 0);
  await assertRejects(() => alerts.resolve("gone"), NotFoundError);
  await assertRejects(() => alerts.acknowledge("gone"), NotFoundError);
});

served("fleet: channels hide their secrets", async ({ client }) => {
  const { alertChannels } = client.fleet;
  const config = {
    webhook_url: "https://chat.example.net/hook/s3cr3t",
    "mention.users": ["@zoe"],
    retry_policy: { max_tries: 3, backOff: null, apiKey: "s3cr3t" },
  };
  const created = await alertChannels.create({
    name: "Nachtschicht",
    type: "slack",
    config,
  });
  const masked = {
    webhook_url: "********",
    "mention.users": ["@zoe"],
    retry_policy: { max_tries: 3, backOff: null, apiKey: "********" },
  };
  assertEquals(created.config, masked);
  const listed = (await alertChannels.list()).items;
  assertEquals(listed.map(({ name }) => name), ["Leitstand", "Nachtschicht"]);
  assertEquals(listed[1]?.config, masked);
  const sent = await alertChannels.test(created.uid);
  assertEquals(
    [sent.ok, sent.delivered, sent.channel_uid, sent.channel_type],
    [true, true, created.uid, "slack"],
  );
  const broken = await alertChannels.create({
    name: "will fail",
    type: "email",
    config: {},
  });
  assertEquals((await alertChannels.test(broken.uid)).ok, false);
  assertEquals(
    await refused(() =>
      alertChannels.create({ name: "x", type: "pigeon", config: {} })
    ),
    { type: ['"pigeon" is not a valid choice.'] },
  );
  await alertChannels.delete(created.uid);
  await assertRejects(() => alertChannels.test(created.uid), NotFoundError);
  assertEquals((await alertChannels.list()).length, 2);
});
