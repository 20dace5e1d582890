import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { type AsyncClient, AvalaError, type JsonObject } from "@avala/client";
import type { BulkEditEntry } from "@avala/client/annotations";
import {
  InvalidArgumentError,
  NotFoundError,
  ValidationError,
} from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const PLACE = ["northlight", "harbor-crane"] as const;
const DATA = { position_x: 1.5, headingYaw: { "dotted.key": [null, "東京"] } };

function cuboid(objectUuid: string, datasetItemUid: string): BulkEditEntry {
  return {
    action: "upsert",
    objectUuid,
    objectType: "cuboid",
    datasetItemUid,
    objectData: DATA,
  };
}

async function firstItem(client: AsyncClient): Promise<string> {
  return (await client.datasets.listItems(...PLACE)).items[0]?.uid ?? "";
}

async function annotationsOf(client: AsyncClient): Promise<unknown> {
  return (await client.datasets.getBySlug(...PLACE)).annotationsCount;
}

served("annotations: written, written again, deleted", async ({ client }) => {
  const item = await firstItem(client);
  const before = (await client.datasets.getItem(...PLACE, item)).annotations;
  const edits = [cuboid("o-a", item), cuboid("o-b", item)];
  const edit = (entries: BulkEditEntry[]) =>
    client.annotations.bulkEditBatch(...PLACE, entries);
  // a repeat leaves the same state
  for (let round = 0; round < 2; round++) {
    assertEquals(await edit(edits), { updated: 2 });
    assertEquals(await annotationsOf(client), 2);
    const { annotations } = await client.datasets.getItem(...PLACE, item);
    assertEquals(annotations, { ...before, "o-a": DATA, "o-b": DATA });
  }
  const remove = { ...cuboid("o-a", item), action: "delete" } as const;
  await edit([remove]);
  await edit([remove]);
  assertEquals(await annotationsOf(client), 1);
  const { annotations } = await client.datasets.getItem(...PLACE, item);
  assertEquals(annotations, { ...before, "o-b": DATA });
});

served("annotations: entries are checked one by one", async ({ client }) => {
  const item = await firstItem(client);
  const entry = (fields: JsonObject): JsonObject => ({
    action: "upsert",
    object_uuid: "o-a",
    object_type: "cuboid",
    dataset_item_uid: item,
    object_data: DATA,
    ...fields,
  });
  // the client refuses most of these itself
  const errors = await refused(() =>
    client.request("POST", `/datasets/${PLACE.join("/")}/bulk-edition/`, {
      body: [
        entry({}),
        entry({ dataset_item_uid: "gone", object_data: null }),
        entry({ object_type: "cuboid 3d" }),
        entry({ sequence_uid: "s" }),
      ],
    })
  );
  assertEquals(errors, {
    "1.object_data": ["This field is required."],
    "1.dataset_item_uid": ["Object with uid=gone does not exist."],
    "2.sequence_uid": ['An object of the type "cuboid 3d" needs this.'],
    "3.non_field_errors": [
      "Give exactly one of dataset_item_uid and sequence_uid.",
    ],
    "3.sequence_uid": ["Object with uid=s does not exist."],
  });
  // nothing of a refused batch is applied
  assertEquals(await annotationsOf(client), 0);
});

served("annotations: LiDAR datasets alone", async ({ client }) => {
  const edit = (slug: string) =>
    client.annotations.bulkEditBatch("northlight", slug, [cuboid("o", "i")]);
  await assertRejects(
    () => edit("street-images"),
    ValidationError,
    "Only LiDAR datasets",
  );
  await assertRejects(() => edit("gone"), NotFoundError);
});

served(
  "annotations: many edits stop at the refused chunk",
  async ({ client }) => {
    const item = await firstItem(client);
    const edits = ["o-a", "o-b", "o-c", "o-d", "o-e"].map((uuid) =>
      cuboid(uuid, uuid === "o-d" ? "gone" : item)
    );
    const applied: number[] = [];
    const error = await assertRejects(async () => {
      const chunks = client.annotations.bulkEdit(...PLACE, edits, {
        chunkSize: 2,
      });
      for await (const { index } of chunks) applied.push(index);
    }, ValidationError);
    assert(error instanceof AvalaError);
    assertEquals([applied, error.batch?.index], [[0], 1]);
    assertEquals(await annotationsOf(client), 2);
  },
);

served(
  "annotations: what is left after a refusal is applied later, lazily taken",
  async ({ client, emulator }) => {
    const item = await firstItem(client);
    let taken = 0;
    let closed = false;
    async function* lazy() {
      try {
        for (; taken < 7; taken++) yield cuboid(`o-${taken}`, item);
      } finally {
        closed = true;
      }
    }
    emulator.fault({ path: "/bulk-edition/", status: 200, body: {} });
    emulator.fault({ path: "/bulk-edition/", status: 403 });
    const options = { chunkSize: 2 };
    const error = await assertRejects(async () => {
      for await (
        const _ of client.annotations.bulkEdit(...PLACE, lazy(), options)
      );
    }, AvalaError);
    assertEquals([error.statusCode, error.batch?.index], [403, 1]);
    assertEquals([taken, closed], [3, false]);

    const left = error.batch?.remaining as AsyncIterable<BulkEditEntry>;
    const before = emulator.requests.length;
    for await (
      const _ of client.annotations.bulkEdit(...PLACE, left, options)
    );
    const sent = emulator.requests.slice(before).flatMap(({ body }) =>
      (body as { object_uuid: string }[]).map((entry) => entry.object_uuid)
    );
    assertEquals(sent, ["o-2", "o-3", "o-4", "o-5", "o-6"]);
    assert(closed);
  },
);

served(
  "annotations: wrong edits are named before anything is sent",
  async ({ client, emulator }) => {
    const good = cuboid("o-1", "i-1");
    const { objectData: _, ...bare } = good;
    const table: [BulkEditEntry[], string][] = [
      [
        [good, { ...good, sequenceUid: "q-1" }],
        "'entries[1]' must name exactly",
      ],
      [[{ ...good, datasetItemUid: undefined }], "current value has none"],
      [[bare], "'entries[0].objectData' must be given to upsert"],
      [[{ ...good, objectUuid: "" }], "'entries[0].objectUuid'"],
      [
        [{ ...good, objctName: "x" } as never],
        "no option 'entries[0].objctName'",
      ],
      [
        [],
        "'entries' must be a non-empty array: current value is an empty array",
      ],
    ];
    for (const [entries, message] of table) {
      const error = await assertRejects(
        () => client.annotations.bulkEditBatch(...PLACE, entries),
        InvalidArgumentError,
        message,
      );
      assertStringIncludes(
        error.message,
        "Cannot call annotations.bulkEditBatch as ",
      );
    }
    for (const chunkSize of [0, -1, 1.5, NaN]) {
      await assertRejects(
        () =>
          client.annotations.bulkEdit(...PLACE, [good], { chunkSize }).next(),
        InvalidArgumentError,
        `Cannot call annotations.bulkEdit as 'chunkSize' must be a positive integer: current value is ${chunkSize}`,
      );
    }
    for await (const _ of client.annotations.bulkEdit(...PLACE, []));
    assertEquals(emulator.requests.length, 0);
  },
);
