import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient } from "@avala/client";
import {
  InvalidArgumentError,
  NotFoundError,
  ValidationError,
} from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

const PLACE = ["northlight", "harbor-crane"] as const;

served("mcap: episodes are listed, and read by either uid", async (used) => {
  const { client: { datasets }, emulator } = used;
  const page = await datasets.listMcapEpisodes(...PLACE, { limit: 2 });
  assertEquals([page.length, page.hasMore], [2, true]);
  const all = await datasets.listMcapEpisodes(...PLACE).toArray({ limit: 9 });
  assertEquals(all.map(({ isHidden }) => isHidden), [false, false, true]);
  // a list leaves these out
  assertEquals([all[0]?.library, all[0]?.topics], [null, []]);

  const uid = all[0]?.uid ?? "";
  const episode = await datasets.getMcapEpisode(...PLACE, uid);
  const plain = uid.replaceAll("-", "");
  assertEquals(await datasets.getMcapEpisode(...PLACE, plain), episode);
  const { library, profile, topics, cotTags, durationNs } = episode;
  assertEquals([library, profile], ["avala-emulator", "ros2"]);
  assertEquals(topics.map(({ topicName }) => topicName), [
    "/camera/front",
    "/lidar/top",
    "/tf",
  ]);
  assertEquals(cotTags, { grip_type: "pinch", "dotted.tag": { inner_tag: 0 } });
  assertEquals(durationNs, 2_000_000_000);
  assertEquals(emulator.requests.at(-1)?.path.endsWith(`/${plain}/`), true);
});

served("mcap: the times of topics keep all digits", async (used) => {
  const { client: { datasets }, emulator, baseUrl } = used;
  const [first] = (await datasets.listMcapEpisodes(...PLACE)).items;
  const { topics } = await datasets.getMcapEpisode(...PLACE, first?.uid ?? "");
  assertEquals(
    topics.map(({ firstMessageTimeNs }) => firstMessageTimeNs),
    ["1773480413589793001", "1773480413589793002", "1773480413589793003"],
  );
  const [{ firstMessageTimeNs, lastMessageTimeNs }] = topics as [
    typeof topics[0] & object,
  ];
  assertEquals(
    BigInt(lastMessageTimeNs!) - BigInt(firstMessageTimeNs!),
    2_000_000_000n,
  );
  assert(JSON.stringify(topics).includes('"1773480413589793001"'));
  // on the wire it is a number
  const response = await emulator.fetch(
    `${baseUrl}/datasets/${PLACE.join("/")}/mcap-episodes/${first?.uid}/`,
    { headers: { "x-avala-api-key": "avk_test_key_1" } },
  );
  const text = await response.text();
  assert(text.includes('"first_message_time_ns":1773480413589793001,'), text);
});

/** An episode as no emulator would send it: the text is the point. */
function clientOf(text: string): AsyncClient {
  const fetch = () => Promise.resolve(new Response(text));
  return new AsyncClient({ apiKey: "avk_test_key_1", fetch, maxRetries: 0 });
}

test("mcap: a time is text only where a number would round it", async () => {
  const times = [
    // a number holds it, and prints all its digits
    ["1780000000000000000", 1_780_000_000_000_000_000],
    ["1780000000123456789", "1780000000123456789"],
    // a number holds it, but prints other digits
    ["1780000000123456768", "1780000000123456768"],
    // a number prints it, but holds another
    ["1780000000123456800", "1780000000123456800"],
    ["-1780000000123456789", "-1780000000123456789"],
    ["1780000000", 1_780_000_000],
    ["1.7800000001234568e18", 1.7800000001234568e18],
    ["null", null],
    ['"soon"', "soon"],
    ["[1780000000123456789]", [1780000000123456789n].map(Number)],
  ] as const;
  for (const [text, expected] of times) {
    const topic = `{"topic_name":"/tf","first_message_time_ns" : ${text}\n}`;
    for (const json of [`{"topics":[${topic}]}`, `{"topics":${topic}}`]) {
      await using client = clientOf(json);
      const { topics } = await client.datasets.getMcapEpisode("o", "s", "u");
      const found = Array.isArray(topics) ? topics[0] : topics;
      // only a list of topics is one
      const isList = json.includes(":[{");
      const value = (found as typeof topics[0])?.firstMessageTimeNs;
      assertEquals<unknown>(value, isList ? expected : JSON.parse(text));
    }
  }
});

test("mcap: free JSON is what JSON.parse gives, names and digits alike", async () => {
  const free = '{"first_message_time_ns":1780000000123456789,' +
    '"note":"\\"first_message_time_ns\\": 1780000000123456789,"}';
  const topic = '{"topic_name":"a","last_message_time_ns":1780000000123456789}';
  const episode = `{"uid":"e","cot_tags":${free},"topics":[${topic}],` +
    `"extra_v2":${free}}`;
  await using client = clientOf(
    `{"results":[${episode},null,{"topics":[null,7]}],"next":null}`,
  );
  const { items } = await client.datasets.listMcapEpisodes("o", "s");
  const { cotTags, topics, ...rest } = items[0]!;
  assertEquals(cotTags, JSON.parse(free));
  assertEquals((rest as { [name: string]: unknown }).extraV2, JSON.parse(free));
  assertEquals(topics[0]?.lastMessageTimeNs, "1780000000123456789");
  assertEquals<unknown[]>(items.slice(1).map((item) => item?.topics), [
    undefined,
    [null, 7],
  ]);
});

served("mcap: what is wrong, and what is not there", async (used) => {
  const { client: { datasets }, emulator } = used;
  await assertRejects(
    async () => await datasets.listMcapEpisodes(...PLACE, { limit: 1_001 }),
    InvalidArgumentError,
    "'limit' must be an integer from 1 to 1000: current value is 1001",
  );
  assertEquals(emulator.requests.length, 0);
  await assertRejects(
    async () => await datasets.listMcapEpisodes("northlight", "gone"),
    NotFoundError,
  );
  const [sequence] = (await datasets.listSequences(...PLACE)).items;
  await assertRejects(
    () => datasets.getMcapEpisode(...PLACE, sequence?.uid ?? ""),
    NotFoundError,
  );
  // an episode of another dataset
  const [episode] = (await datasets.listMcapEpisodes(...PLACE)).items;
  await assertRejects(
    () =>
      datasets.getMcapEpisode(
        "northlight",
        "street-images",
        episode?.uid ?? "",
      ),
    NotFoundError,
  );
});

served("curation: candidates, response by response", async ({ client }) => {
  const { datasets } = client;
  const [dataset] = (await datasets.list({ dataType: "lidar" })).items;
  const uid = dataset?.uid ?? "";
  const criterion = {
    unit: "dataset_item",
    qcDimension: "sequence_workflow",
    requiredState: "completed",
    limit: 2,
  };
  const sizes: number[] = [];
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const preview = await datasets.previewCuration(uid, {
      ...criterion,
      cursor,
    });
    sizes.push(preview.candidateUids.length);
    for (const candidate of preview.candidateUids) found.add(candidate);
    assertEquals(preview.counts, {
      selected: 5,
      excludedByMembership: 0,
      missingQcEvidence: 0,
      rejectedByThreshold: 10,
    });
    assertEquals(preview.hasMore, preview.nextCursor !== null);
    assertEquals(preview.criterion.requiredState, "completed");
    cursor = preview.nextCursor ?? undefined;
  } while (cursor);
  assertEquals([sizes, found.size], [[2, 2, 1], 5]);
  assert([...found].every((uid) => /^[0-9a-f]{32}$/.test(uid)));
});

served("curation: a slice is left out", async ({ client }) => {
  const { datasets, slices } = client;
  const [dataset] = (await datasets.list({ dataType: "lidar" })).items;
  const uid = dataset?.uid ?? "";
  const slice = await slices.create({
    name: "Training",
    visibility: "private",
    subSlices: [{ dataset: uid }],
    randomSelectionCount: 3,
  });
  const { counts } = await datasets.previewCuration(uid, {
    unit: "dataset_item",
    qcDimension: "sequence_workflow",
    requiredState: "completed",
    excludeSliceUid: slice.uid,
  });
  assertEquals(counts.excludedByMembership, 3);
  assertEquals(
    Object.values(counts).reduce((sum, count) => sum + count),
    15,
  );
});

served("curation: there is no evidence of consensus", async ({ client }) => {
  const { datasets } = client;
  const [dataset] = (await datasets.list({ dataType: "lidar" })).items;
  const [project] = (await client.projects.list()).items;
  const preview = await datasets.previewCuration(dataset?.uid ?? "", {
    unit: "sequence",
    qcDimension: "consensus",
    minimumConsensus: 0.8,
    projectUid: project?.uid,
    taskName: "Boxes",
  });
  assertEquals(preview.criterion.evidenceStatus, "insufficient_evidence");
  assertEquals(preview.criterion.minimumConsensus, 0.8);
  assertEquals(preview.counts.missingQcEvidence, 3);
  assertEquals(preview.limitations, ["consensus_without_run_provenance"]);
});

served("curation: what is wrong", async ({ client, emulator }) => {
  const { datasets } = client;
  const needed = { unit: "sequence", qcDimension: "consensus" };
  const wrong: [object, string][] = [
    [
      { minimumConsensus: 2 },
      "'minimumConsensus' must be a number from 0 to 1",
    ],
    [{ limit: 101 }, "'limit' must be an integer from 1 to 100"],
    [{ qcDimension: "" }, "'qcDimension' must be a non-empty string"],
    [{ dimension: "consensus" }, "no option 'dimension'"],
  ];
  for (const [options, message] of wrong) {
    await assertRejects(
      () => datasets.previewCuration("u", { ...needed, ...options }),
      InvalidArgumentError,
      message,
    );
  }
  assertEquals(emulator.requests.length, 0);

  const [dataset] = (await datasets.list({ dataType: "lidar" })).items;
  const uid = dataset?.uid ?? "";
  assertEquals(await refused(() => datasets.previewCuration(uid, needed)), {
    minimum_consensus: ["This field is required."],
    project_uid: ["This field is required."],
    task_name: ["This field is required."],
  });
  const criterion = {
    unit: "dataset_item",
    qcDimension: "sequence_workflow",
    requiredState: "new",
  };
  const { nextCursor } = await datasets.previewCuration(uid, {
    ...criterion,
    limit: 1,
  });
  // a cursor goes with its criterion
  await assertRejects(
    () =>
      datasets.previewCuration(uid, {
        ...criterion,
        requiredState: "completed",
        cursor: nextCursor ?? "",
      }),
    ValidationError,
  );
  await assertRejects(
    () => datasets.previewCuration("gone", criterion),
    NotFoundError,
  );
});
