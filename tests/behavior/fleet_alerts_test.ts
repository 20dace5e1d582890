import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncClient, JsonObject } from "@avala/client";
import { NotFoundError, ValidationError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

/** A recording, with its device and a moment in it. */
async function place(client: AsyncClient) {
  const { items } = await client.fleet.recordings.list({ status: "ready" });
  const [recording] = items;
  assert(recording?.device && recording.startedAt);
  return {
    recording: recording.uid,
    device: recording.device,
    timestamp: recording.startedAt,
  };
}

served(
  "fleet: an event raises an alert",
  async ({ client }) => {
    const { rules, events, alerts } = client.fleet;
    const given = await place(client);
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
        ...given,
        label,
        type: "info",
        metadata,
      });
    await send("Akku bei 11 %", { "battery.pct": 11 });
    await send("Akku bei 9 %", { "battery.pct": 9 });
    await send("Akku leer");
    const raised = (await alerts.list({ rule: rule.uid })).items;
    assertEquals(
      raised.map(({ message }) => message),
      ["Akku: Akku bei 9 %", "Akku: Akku leer"],
    );
    const [alert] = raised;
    assertEquals(
      [alert?.severity, alert?.status, alert?.device, alert?.recording],
      ["error", "open", given.device, given.recording],
    );
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

served("fleet: conditions compare in six ways", async ({ client }) => {
  const { rules, events, alerts } = client.fleet;
  const given = await place(client);
  const heat = (op: string, value: unknown) => ({
    field: "motor.temp",
    op,
    value,
  });
  const conditions: { [name: string]: JsonObject } = {
    "like 80": heat("like", 80),
    "gt text": heat("gt", "79"),
    "no field": { field: "toString", op: "ne", value: 0 },
    "both": { all_of: [heat("gt", 79), { field: "type", value: "info" }] },
    "one of two": { all_of: [heat("gt", 79), { field: "type", value: "x" }] },
    "unknown": { frequency: 3 },
  };
  for (const op of ["eq", "ne", "gt", "gte", "lt", "lte"]) {
    for (const value of [79, 80, 81]) {
      conditions[`${op} ${value}`] = heat(op, value);
    }
  }
  for (const [name, condition] of Object.entries(conditions)) {
    const actions = [{ type: "alert" }, { type: "tag", tagName: "hot" }];
    await rules.create({ name, condition, actions });
  }
  await events.create({
    ...given,
    label: "!",
    type: "info",
    severity: "warning",
    metadata: { "motor.temp": 80 },
  });
  const raised = (await alerts.list({ status: "open" })).items.slice(2);
  assert(raised.every(({ severity }) => severity === "warning"));
  assertEquals(raised.map(({ message }) => message), [
    "both: !",
    "eq 80: !",
    "ne 79: !",
    "ne 81: !",
    "gt 79: !",
    "gte 79: !",
    "gte 80: !",
    "lt 81: !",
    "lte 80: !",
    "lte 81: !",
  ]);
});

served("fleet: rules are filtered, wrong ones refused", async ({ client }) => {
  const { rules } = client.fleet;
  const names = async (enabled?: boolean) =>
    (await rules.list({ enabled })).items.map(({ name }) => name);
  assertEquals(await names(true), ["Motor temperature"]);
  assertEquals(await names(false), ["Rope slack"]);
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

/** A clock that never tells the same time twice. */
function ticking(): () => number {
  let now = Date.parse("2026-04-01T12:00:00Z");
  return () => now += 1_000;
}

served("fleet: alerts are acknowledged, then resolved", async ({ client }) => {
  const { alerts } = client.fleet;
  const open = await alerts.list({ status: "open" });
  assertEquals(open.length, 2);
  assertEquals((await alerts.list({ severity: "critical" })).length, 2);
  const uid = open.items[0]?.uid ?? "";
  const acknowledged = await alerts.acknowledge(uid);
  assertEquals(acknowledged.status, "acknowledged");
  assertEquals(acknowledged.acknowledgedBy, "northlight");
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
}, { now: ticking() });

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
  assertEquals(listed.map(({ name }) => name), [
    "Control room",
    "Nachtschicht",
  ]);
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
