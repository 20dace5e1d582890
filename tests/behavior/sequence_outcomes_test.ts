import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncClient } from "@avala/client";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const PLACE = ["northlight", "harbor-crane"] as const;

/** The sequence that nobody has labeled yet. */
async function unlabeled(client: AsyncClient): Promise<string> {
  const sequences = (await client.datasets.listSequences(...PLACE)).items;
  return sequences[2]?.uid ?? "";
}

served(
  "outcomes: set, replaced as a whole, with a history",
  async ({ client }) => {
    const { sequenceOutcomes } = client;
    const place = [...PLACE, await unlabeled(client)] as const;
    await assertRejects(() => sequenceOutcomes.get(...place), NotFoundError);
    assertEquals(await sequenceOutcomes.history(...place), []);

    const first = await sequenceOutcomes.set(...place, {
      outcome: "partial_success",
      progress: 0.5,
      quality: 3,
      subtasks: [{ label: "grasp", startTs: 0.5, endTs: 2 }],
      handActions: { right: [{ startTs: 0, endTs: 1, action: "pull" }] },
      leakageGroups: { location: "halle_3", environmentFamily: "indoor" },
      autonomyLevel: "teleoperation",
      sourceMetadata: { runId: "r-1", "temp.c": 0.2 },
    });
    assertEquals([first.version, first.isCurrent, first.source], [
      1,
      true,
      "human",
    ]);
    assertEquals(first.handActions.left, []);
    assertEquals(first.handActions.right[0]?.action, "pull");
    assertEquals(first.leakageGroups.environmentFamily, "indoor");
    assertEquals(first.sourceMetadata, { runId: "r-1", "temp.c": 0.2 });
    assertEquals(await sequenceOutcomes.get(...place), first);

    const second = await sequenceOutcomes.set(...place, { outcome: "failure" });
    assertEquals([second.version, second.progress, second.quality], [
      2,
      null,
      null,
    ]);
    assertEquals(
      [second.subtasks, second.autonomyLevel, second.sourceMetadata],
      [
        [],
        "",
        {},
      ],
    );
    const history = await sequenceOutcomes.history(...place);
    assertEquals(history.map((o) => [o.version, o.isCurrent, o.outcome]), [
      [2, true, "failure"],
      [1, false, "partial_success"],
    ]);
    await assertRejects(
      () => sequenceOutcomes.get("northlight", "street-images", place[2]),
      NotFoundError,
    );
  },
);

served("outcomes: wrong fields are named", async ({ client }) => {
  const place = [...PLACE, await unlabeled(client)] as const;
  assertEquals(
    await refused(() =>
      client.sequenceOutcomes.set(...place, {
        outcome: "fine",
        progress: 2,
        evaluationMembership: "both",
        handActions: {
          left: [
            { startTs: 0, endTs: 2, action: "pull" },
            { startTs: 1, endTs: 3, action: "push" },
          ],
        },
        sourceMetadata: { nested: {} },
      })
    ),
    {
      outcome: ['"fine" is not a valid choice.'],
      progress: ["Ensure this value is between 0 and 1."],
      evaluation_membership: ['"both" is not a valid choice.'],
      "hand_actions.left": ["Actions must be in order and must not overlap."],
      source_metadata: ["Give at most 20 texts, numbers or booleans."],
    },
  );
  assertEquals(await client.sequenceOutcomes.history(...place), []);
});

served(
  "outcomes: the list has current labels that pass the filters",
  async ({ client }) => {
    const { sequenceOutcomes } = client;
    const sequence = await unlabeled(client);
    for (const outcome of ["aborted", "unsafe"] as const) {
      await sequenceOutcomes.set(...PLACE, sequence, {
        outcome,
        evaluationMembership: "train",
        modelVersion: "v7",
      });
    }
    const list = async (filters: Parameters<typeof sequenceOutcomes.list>[2]) =>
      (await sequenceOutcomes.list(...PLACE, filters)).items.map((o) =>
        o.outcome
      );
    const [slip, expert, unsafe] = [
      "mistake_and_recovery",
      "expert_success",
      "unsafe",
    ];
    assertEquals(await list({}), [slip, expert, unsafe]);
    assertEquals(await list({ outcome: "aborted" }), []);
    assertEquals(await list({ evaluationMembership: "train" }), [
      expert,
      unsafe,
    ]);
    assertEquals(await list({ source: "model" }), [expert]);
    assertEquals(await list({ autonomyLevel: "teleoperation,autonomous" }), [
      slip,
      expert,
    ]);
    assertEquals(await list({ modelVersion: "v7", source: "human" }), [unsafe]);
    const walked: unknown[] = [];
    for await (const { uid } of sequenceOutcomes.list(...PLACE, { limit: 2 })) {
      walked.push(uid);
    }
    assertEquals([walked.length, new Set(walked).size], [3, 3]);
    assert(walked.every((uid) => typeof uid === "string"));
  },
);

served("outcomes: a repeated key adds no version", async ({ client }) => {
  const place = [...PLACE, await unlabeled(client)] as const;
  const set = (outcome: "failure" | "unsafe", idempotencyKey: string) =>
    client.sequenceOutcomes.set(...place, { outcome }, { idempotencyKey });
  const key = crypto.randomUUID();
  const first = await set("failure", key);
  await set("unsafe", crypto.randomUUID());
  // the first answer as it was, although the label has changed since
  assertEquals(await set("failure", key), first);
  const history = await client.sequenceOutcomes.history(...place);
  assertEquals(history.map(({ outcome }) => outcome), ["unsafe", "failure"]);
  // the same key elsewhere is another request
  const [other] = (await client.datasets.listSequences(...PLACE)).items;
  const label = await client.sequenceOutcomes.set(
    ...PLACE,
    other?.uid ?? "",
    { outcome: "unsafe" },
    { idempotencyKey: key },
  );
  assertEquals(label.sequenceUid, other?.uid);
});
