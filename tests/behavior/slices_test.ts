import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const SUB_SLICES = [{
  dataset: "street-images",
  query: "label=Crane",
  filterOptions: { min_conf: 0.3, "tag.any": ["nacht"] },
}];

served("slices: created, listed, read, walked", async ({ client }) => {
  const { slices } = client;
  const created = await slices.create({
    name: "Große Auswahl",
    visibility: "unlisted",
    subSlices: SUB_SLICES,
    randomSelectionCount: 30,
  });
  assertEquals(
    [created.slug, created.ownerName, created.status, created.itemCount],
    ["grosse-auswahl", "northlight", "ready", 30],
  );
  assertEquals(created.subSlices, SUB_SLICES);
  assertEquals(await slices.get("northlight", "grosse-auswahl"), created);
  const listed = (await slices.list("northlight")).items;
  assertEquals(listed.map(({ slug }) => slug), [
    "night-drives",
    "grosse-auswahl",
  ]);
  assertEquals((await slices.list("nobody")).length, 0);

  const uids: string[] = [];
  for await (
    const { uid } of slices.listItems("northlight", "grosse-auswahl", {
      limit: 12,
    })
  ) uids.push(uid);
  assertEquals([uids.length, new Set(uids).size], [30, 30]);
  const [first] = uids;
  assert(first);
  const item = await slices.getItem("northlight", "grosse-auswahl", first);
  assertEquals([item.uid, item.datasetSlug], [first, "street-images"]);
  assert(item.metadata && "sensor_rig" in item.metadata);
});

served("slices: the whole of two datasets", async ({ client }) => {
  const datasets = (await client.datasets.list()).items;
  const { itemCount, sourceData } = await client.slices.create({
    name: "Alles",
    visibility: "private",
    subSlices: datasets.map(({ uid }) => ({ dataset: uid })),
  });
  assertEquals(itemCount, 265);
  assertEquals(sourceData, [
    { dataset_slug: "harbor-crane", itemCount: 15 },
    { dataset_slug: "street-images", itemCount: 250 },
  ]);
});

served("slices: pages are numbered", async ({ client, emulator }) => {
  for (let index = 0; index < 4; index++) {
    await client.slices.create({
      name: "Auswahl",
      visibility: "private",
      subSlices: SUB_SLICES,
      randomSelectionCount: 1,
    });
  }
  const slugs: unknown[] = [];
  const listing = client.slices.list("northlight", { limit: 2 });
  for await (const { slug } of listing) slugs.push(slug);
  assertEquals(slugs, [
    "night-drives",
    "auswahl",
    "auswahl-2",
    "auswahl-3",
    "auswahl-4",
  ]);
  assertEquals(
    emulator.requests.slice(4).map(({ query }) => query.page),
    [undefined, "2", "3"],
  );
  const raw = await client.request("GET", "/slices/northlight/list/");
  assertEquals((raw as { count: number }).count, 5);
  const third = await client.slices.list("northlight", { limit: 2, page: 3 });
  assertEquals([third.length, third.hasMore], [1, false]);
  await assertRejects(
    async () => await client.slices.list("northlight", { limit: 2, page: 4 }),
    NotFoundError,
    "Invalid page.",
  );
});

served("slices: of an organization", async ({ client }) => {
  const created = await client.slices.create({
    name: "Gemeinsam",
    visibility: "public",
    subSlices: SUB_SLICES,
    organization: "northlight-robotics",
  });
  assertEquals(created.ownerName, "northlight-robotics");
  assertEquals(created.organization?.displayName, "Northlight Robotics");
  assertEquals((await client.slices.list("northlight-robotics")).length, 1);
  const organization = await client.organizations.get("northlight-robotics");
  assertEquals(organization.sliceCount, 1);
});

served("slices: what is wrong, and what is not there", async ({ client }) => {
  const { slices } = client;
  assertEquals(
    await refused(() =>
      slices.create({
        name: "x",
        visibility: "secret",
        subSlices: SUB_SLICES,
        organization: "nobody",
      })
    ),
    {
      visibility: ['"secret" is not a valid choice.'],
      organization: ["There is no such organization."],
    },
  );
  const body = { sub_slices: "all", random_selection_count: 0 };
  assertEquals(
    await refused(() => client.request("POST", "/slices/", { body })),
    {
      name: ["This field is required."],
      visibility: ["This field is required."],
      sub_slices: ["Expected a list of items."],
      random_selection_count: [
        "Ensure this value is greater than or equal to 1.",
      ],
    },
  );
  await assertRejects(() => slices.get("northlight", "gone"), NotFoundError);
  await assertRejects(
    async () => await slices.listItems("northlight", "gone"),
    NotFoundError,
  );
  // an item that the slice leaves out
  const [lidar] =
    (await client.datasets.listItems("northlight", "harbor-crane")).items;
  await assertRejects(
    () => slices.getItem("northlight", "night-drives", lidar?.uid ?? ""),
    NotFoundError,
  );
});
