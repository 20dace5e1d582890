import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { AsyncClient } from "@avala/client";
import { ConfigurationError } from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
  type EmulatorSeed,
} from "@avala/client/testing";
import { readFile } from "node:fs/promises";
import { test } from "../tools/harness.ts";

const IMAGES = ["northlight", "street-images"] as const;

/** Runs a test with a client of a seeded emulator. */
function seeded(
  name: string,
  options: AvalaEmulatorOptions,
  use: (client: AsyncClient, emulator: AvalaEmulator) => Promise<void>,
): void {
  test(name, async () => {
    const emulator = new AvalaEmulator(options);
    const { fetch } = emulator;
    const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
    await use(client, emulator);
    client.close();
  });
}

const MANY = {
  items: 20_000,
  sequences: 40,
  projects: 7,
  tasks: 500,
  devices: 5_000,
  recordings: 30,
  events: 300,
  alerts: 9,
};

seeded(
  "seed: as much of each kind as asked for",
  { seed: MANY },
  async (client, emulator) => {
    assertEquals(
      ["items", "sequences", "projects", "tasks", "fleetDevices"].map((name) =>
        emulator.records(name as "items", { limit: 0 }).total
      ),
      [20_200, 40, 7, 500, 5_000],
    );
    const uids = new Set<string>();
    for await (
      const { uid } of client.datasets.listItems(...IMAGES, { limit: 1_000 })
    ) {
      uids.add(uid);
    }
    const { itemCount } = await client.datasets.getBySlug(...IMAGES);
    assertEquals([uids.size, itemCount], [20_000, 20_000]);
    const last = [...uids].at(-1)!;
    const item = await client.datasets.getItem(...IMAGES, last);
    assertEquals([item.uid, item.key], [last, "cam_front/019999.jpg"]);

    // what refers to others refers to some that are there
    const recordings = (await client.fleet.recordings.list()).items;
    const events = (await client.fleet.events.list()).items;
    const tasks = (await client.tasks.list()).items;
    const [recording] = recordings;
    assert(recording);
    assertEquals([recordings.length, events.length, tasks.length], [
      30,
      100,
      100,
    ]);
    await client.fleet.devices.get(recording.device ?? "");
    for (const { recording, device, timestamp } of events.slice(0, 40)) {
      const found = recordings.find(({ uid }) => uid === recording);
      assertEquals(found?.device, device);
      assert(String(timestamp) > String(found?.startedAt));
    }
    const projects = (await client.projects.list()).items.map(({ uid }) => uid);
    assert(tasks.every(({ project }) => projects.includes(project ?? "")));
  },
);

seeded("seed: a record that changes or goes is as real as any other", {
  seed: MANY,
}, async (client) => {
  const { devices } = client.fleet;
  const [first, second, third] = (await devices.list({ limit: 3 })).items;
  assert(first && second && third);
  const updated = await devices.update(first.uid, { name: "renamed" });
  assertEquals(await devices.get(first.uid), updated);
  await devices.delete(second.uid);
  const created = await devices.register({ name: "new", type: "rig" });
  const { items } = await devices.list({ limit: 2 });
  assertEquals(items.map(({ name }) => name), ["renamed", third.name]);
  let count = 0;
  let last = "";
  for await (const { uid } of devices.list({ limit: 1_000 })) {
    count++;
    last = uid;
  }
  assertEquals([count, last], [5_000, created.uid]);
  // a page before the last one leads back over it
  const page = await devices.list({ limit: 3 });
  const next = await page.nextPage();
  const back = await devices.list({
    limit: 3,
    cursor: next?.previousCursor ?? "",
  });
  assertEquals(back.items, page.items);
});

test("seed: the same number gives the same data, another one another", async () => {
  const read = async (random?: number) => {
    const emulator = new AvalaEmulator({ random, seed: { items: 50 } });
    const { fetch } = emulator;
    const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
    const { items } = await client.datasets.listItems(...IMAGES);
    const bytes = await (await fetch(String(items[7]?.url))).arrayBuffer();
    client.close();
    return JSON.stringify([
      items.map(({ uid, metadata }) => [uid, metadata]),
      [...new Uint8Array(bytes)],
    ]);
  };
  const first = await read(42);
  assertEquals(await read(42), first);
  assertNotEquals(await read(43), first);
  assertNotEquals(await read(), first);
});

const OWN: EmulatorSeed = {
  datasets: [
    { name: "Mine", slug: "mine", dataType: "image" },
    { name: "Large", slug: "large", dataType: "image", itemCount: 3_000 },
    { name: "Run", slug: "run", dataType: "lidar", ownerName: "team" },
  ],
  items: {
    mine: [
      { key: "a.png", metadata: { sensor_rig: "left", "dotted.key": [1] } },
      { key: "b.jpg", url: "https://media.example.net/b.jpg", isHidden: true },
    ],
  },
  sequences: {
    run: [
      { key: "run_1", numberOfFrames: 2 },
      { key: "run_2", frames: [{ key: "0", images: [] }] },
    ],
  },
  tasks: [{ name: "Only one", status: "completed" }],
  devices: [{ name: "rig", type: "crane", uid: "d-1", tags: ["x"] }],
  projects: 2,
};

seeded(
  "seed: records of one's own stand alone",
  { seed: OWN },
  async (client, emulator) => {
    const datasets = (await client.datasets.list()).items;
    assertEquals(
      datasets.map((d) => [d.slug, d.ownerName, d.itemCount, d.status]),
      [
        ["mine", "northlight", 2, "created"],
        ["large", "northlight", 3_000, "created"],
        ["run", "team", 0, "created"],
      ],
    );
    const { items } = await client.datasets.listItems("northlight", "mine");
    assertEquals(items.map(({ key, isHidden }) => [key, isHidden]), [
      ["a.png", false],
      ["b.jpg", true],
    ]);
    // what is free-form stays as it is
    assertEquals(items[0]?.metadata, { sensor_rig: "left", "dotted.key": [1] });
    assertEquals(items[1]?.url, "https://media.example.net/b.jpg");
    const png = await emulator.fetch(String(items[0]?.url));
    assertEquals(png.headers.get("content-type"), "image/png");
    const head = new Uint8Array(await png.arrayBuffer()).slice(1, 4);
    assertEquals(new TextDecoder().decode(head), "PNG");
    let count = 0;
    for await (
      const _ of client.datasets.listItems("northlight", "large", {
        limit: 1_000,
      })
    ) {
      count++;
    }
    assertEquals(count, 3_000);
    const sequences =
      (await client.datasets.listSequences("team", "run")).items;
    assertEquals(sequences.map((s) => [s.key, s.numberOfFrames]), [
      ["run_1", 2],
      ["run_2", 1],
    ]);
    const uid = sequences[1]?.uid ?? "";
    const own = await client.datasets.getSequence("team", "run", uid);
    assertEquals(own.frames, [{ key: "0", images: [] }]);
    assertEquals((await client.tasks.list()).items.map(({ name }) => name), [
      "Only one",
    ]);
    assertEquals((await client.fleet.devices.get("d-1")).tags, ["x"]);
    // a number still asks for sample data, and nothing else is there
    assertEquals((await client.projects.list()).length, 2);
    assertEquals((await client.fleet.alerts.list()).length, 0);
    assertEquals((await client.webhooks.list()).length, 0);
    assertEquals((await client.agents.list()).length, 0);
    emulator.reset();
    assertEquals((await client.tasks.list()).length, 1);
  },
);

test("seed: what is wrong is told, with its place", () => {
  const one = { name: "A", slug: "a", dataType: "image" };
  const wrong: [unknown, string][] = [
    [7, "'seed' must be an object: current value is 7"],
    [{ dataset: [one] }, "'dataset' is none of agents, alertChannels, alerts"],
    [{ datasets: 3 }, "'datasets' must be an array of records"],
    [{ webhooks: {} }, "'webhooks' must be an array of records"],
    [{ items: -1 }, "'items' must be a whole number up to 10,000,000 or an"],
    [{ items: 1e12 }, "'items' must be a whole number up to 10,000,000"],
    [
      { datasets: [one], items: { a: 1e12 } },
      "'items.a' must be an array of records or a whole number up to",
    ],
    [
      { devices: 1.5 },
      "'devices' must be a whole number up to 10,000,000 or an array of",
    ],
    [{ datasets: ["a"] }, "'datasets[0]' must be an object"],
    [
      { datasets: [one, { ...one, slug: 42 }] },
      "'datasets[1].slug' must be a string: current value is 42",
    ],
    [{ datasets: [{ slug: "a" }] }, "'datasets[0].name' is required"],
    [
      { datasets: [{ ...one, dataTyp: 1 }] },
      "'datasets[0].dataTyp' is none of",
    ],
    [{ datasets: [{ ...one, data_type: "x" }] }, "is none of"],
    [
      { datasets: [{ ...one, dataType: "sound" }] },
      `'datasets[0].dataType' must be one of "image", "video"`,
    ],
    [{ datasets: [{ ...one, slug: "a/b" }] }, "valid slug"],
    [
      { datasets: [{ ...one, itemCount: "many" }] },
      "'datasets[0].itemCount' must be an integer",
    ],
    [
      { devices: [{ name: "a", type: "b", tags: [1] }] },
      "'devices[0].tags' must be an array of which each entry is a string",
    ],
    [
      {
        devices: [{ name: "a", type: "b", uid: "d" }, {
          name: "c",
          type: "b",
          uid: "d",
        }],
      },
      `'devices[1].uid' must be unique: current value is "d"`,
    ],
    [
      { datasets: [one], items: { b: [] } },
      "'items.b' is of no dataset: there are 'a'",
    ],
    [
      { datasets: [one], items: { a: [{ key: 7 }] } },
      "'items.a[0].key' must be a string",
    ],
    [
      { datasets: [{ ...one, itemCount: 3 }], items: { a: [{}] } },
      "'items.a' must have 3 entries",
    ],
    [
      { datasets: [one], sequences: { a: 3 } },
      "'sequences.a' must be an array",
    ],
  ];
  for (const [seed, said] of wrong) {
    assertThrows(
      () => new AvalaEmulator({ seed: seed as EmulatorSeed }),
      ConfigurationError,
      said,
    );
  }
  for (
    const [options, said] of [
      [{ sed: {} }, "'sed' must be one of"],
      [{ random: "x" }, "'random' must be a number"],
      [{ uploads: { kept: 1 } }, "'uploads.kept' must be one of"],
      [
        { uploads: { origin: "s3.amazonaws.com" } },
        "'uploads.origin' must be an origin",
      ],
    ] as const
  ) {
    assertThrows(
      () => new AvalaEmulator(options as AvalaEmulatorOptions),
      ConfigurationError,
      said,
    );
  }
});

interface Field {
  name: string;
  type: string;
  items?: string;
  enum?: string[];
  model?: string | null;
}

/** The model of each kind of which a seed may hold records. */
const MODELS: { [name: string]: string } = {
  datasets: "Dataset",
  projects: "Project",
  tasks: "Task",
  exports: "Export",
  webhooks: "Webhook",
  agents: "Agent",
  organizations: "Organization",
  devices: "FleetDevice",
  recordings: "FleetRecording",
  events: "FleetEvent",
  alerts: "FleetAlert",
  rules: "FleetRule",
  alertChannels: "FleetAlertChannel",
  storageConfigs: "StorageConfig",
  inferenceProviders: "InferenceProvider",
};

const models: { [name: string]: { fields: Field[] } } = JSON.parse(
  await readFile(new URL("../contract/models.json", import.meta.url), "utf8"),
);

/** What is counted or measured, shown once, or of another record. */
const NOT_GIVEN = [
  "Agent.executionStats",
  "FleetDevice.deviceToken",
  "Organization.memberCount",
  "Organization.teamCount",
  "Organization.datasetCount",
  "Organization.projectCount",
  "Organization.sliceCount",
  "Organization.role",
  "Organization.joinedAt",
];
const TEXTS: { [name: string]: string } = {
  timestamp: "2026-03-14T09:26:53Z",
  targetUrl: "https://hooks.example/a",
  callbackUrl: "https://hooks.example/a",
  email: "a@example.com",
  slug: "a",
};

function sampleOf({ name, type, items, enum: choices }: Field): unknown {
  if (type === "array") {
    return choices ? [choices[0]] : items === "object" ? [{ a: 1 }] : ["a"];
  }
  if (type === "object") return { snake_key: 1 };
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return 0;
  return choices?.[0] ?? TEXTS[name] ?? `${name}-1`;
}

for (const [name, model] of Object.entries(MODELS)) {
  test(`seed: ${name} take every field of ${model}`, () => {
    const fields = models[model]!.fields.filter((field) =>
      !NOT_GIVEN.includes(`${model}.${field.name}`)
    );
    const record = Object.fromEntries(
      fields.map((field) => [field.name, sampleOf(field)]),
    );
    const seed = (value: unknown) => ({ [name]: [value] }) as EmulatorSeed;
    const emulator = new AvalaEmulator({ seed: seed(record) });
    const collection = {
      devices: "fleetDevices",
      recordings: "fleetRecordings",
      events: "fleetEvents",
      alerts: "fleetAlerts",
      rules: "fleetRules",
      alertChannels: "fleetAlertChannels",
    }[name] ?? name;
    const { records } = emulator.records(collection as "datasets");
    assertEquals(records.length, 1);
    for (const field of fields) {
      const isKnown = field.type !== "any" && field.type !== "object";
      if (!isKnown) continue;
      const wrong = field.type === "string" ? 42 : "text";
      assertThrows(
        () =>
          new AvalaEmulator({ seed: seed({ ...record, [field.name]: wrong }) }),
        ConfigurationError,
        `'${name}[0].${field.name}' must be`,
      );
    }
  });
}
