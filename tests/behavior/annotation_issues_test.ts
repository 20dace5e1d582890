import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncClient } from "@avala/client";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const PLACE = ["northlight", "harbor-crane"] as const;

/** The first two sequences, and what an issue is filed under. */
async function setUp(client: AsyncClient) {
  const [first, second] = (await client.datasets.listSequences(...PLACE)).items;
  const [tool] = await client.annotationIssues.listTools({
    datasetType: "lidar",
  });
  const problem = tool?.problems?.[2];
  assert(first && second && tool && problem);
  return { first, second, tool, problem };
}

served("issues: reported, changed, closed, deleted", async ({ client }) => {
  const { annotationIssues } = client;
  const { first, second, tool, problem } = await setUp(client);
  const coordinates = { x_px: 1.5, camelKey: { "dotted.key": [null] } };
  const created = await annotationIssues.create(second.uid, {
    toolUid: tool.uid,
    problemUid: problem.uid,
    priority: "highest",
    coordinates,
    queryParams: { frame_idx: 3 },
  });
  assertEquals(
    [created.status, created.priority, created.closedAt, created.sequenceUid],
    ["open", "highest", null, second.uid],
  );
  assertEquals([created.coordinates, created.queryParams], [coordinates, {
    frame_idx: 3,
  }]);
  assertEquals([created.tool?.name, created.problem, created.reporter], [
    tool.name,
    problem,
    {
      username: "northlight",
      picture: null,
      fullName: "Zoë Carter",
      type: "customer",
      isStaff: false,
    },
  ]);
  assertEquals(await annotationIssues.listBySequence(second.uid), [created]);

  const place = [second.uid, created.uid] as const;
  const closed = await annotationIssues.update(...place, {
    status: "completed",
    problemUid: tool.problems?.[0]?.uid ?? "",
  });
  assert(closed.closedAt);
  assertEquals([closed.problem, closed.priority], [
    tool.problems?.[0] ?? null,
    "highest",
  ]);
  const opened = await annotationIssues.update(...place, {
    status: "in_review",
  });
  assertEquals(opened.closedAt, null);
  // another sequence does not have it
  await assertRejects(
    () => annotationIssues.update(first.uid, created.uid, { status: "open" }),
    NotFoundError,
  );
  await annotationIssues.delete(...place);
  await assertRejects(() => annotationIssues.delete(...place), NotFoundError);
  assertEquals(await annotationIssues.listBySequence(second.uid), []);
  await assertRejects(
    () => annotationIssues.listBySequence("gone"),
    NotFoundError,
  );
});

served("issues: wrong fields are named", async ({ client }) => {
  const { annotationIssues } = client;
  const { second, tool, problem } = await setUp(client);
  const create = (options: { toolUid?: string; priority?: string }) =>
    refused(() =>
      annotationIssues.create(second.uid, {
        toolUid: tool.uid,
        problemUid: problem.uid,
        ...options,
      })
    );
  assertEquals(await create({ toolUid: "gone" }), {
    tool_uid: ["Object with uid=gone does not exist."],
    problem_uid: [`Object with uid=${problem.uid} does not exist.`],
  });
  assertEquals(await create({ priority: "urgent" }), {
    priority: ['"urgent" is not a valid choice.'],
  });
  const [issue] = await annotationIssues.listByDataset(...PLACE);
  assertEquals(
    await refused(() =>
      annotationIssues.update(issue?.sequenceUid ?? "", issue?.uid ?? "", {
        status: "lost",
      })
    ),
    { status: ['"lost" is not a valid choice.'] },
  );
  assertEquals(
    await refused(() => annotationIssues.listTools({ datasetType: "sound" })),
    { dataset_type: ['"sound" is not a valid choice.'] },
  );
  assertEquals(
    await refused(() => client.request("GET", "/qc-available-tools/")),
    {
      dataset_type: ["This field is required."],
    },
  );
});

served("issues: lists are filtered", async ({ client }) => {
  const { annotationIssues } = client;
  const { first, second } = await setUp(client);
  const project = (await client.projects.list()).items[0]?.uid ?? "";
  const count = async (projectUid: string) =>
    (await annotationIssues.listBySequence(first.uid, { projectUid })).length;
  assertEquals([await count(project), await count("other")], [5, 0]);
  const ofDataset = async (sequenceUid?: string) =>
    (await annotationIssues.listByDataset(...PLACE, { sequenceUid })).length;
  assertEquals([await ofDataset(), await ofDataset(second.uid)], [5, 0]);
  assertEquals(
    await annotationIssues.listByDataset("northlight", "street-images"),
    [],
  );
});

let now = Date.parse("2026-04-01T00:00:00Z");
served("issues: the metrics come from the issues", async ({ client }) => {
  const { annotationIssues } = client;
  const { second, tool, problem } = await setUp(client);
  const create = () =>
    annotationIssues.create(second.uid, {
      toolUid: tool.uid,
      problemUid: problem.uid,
      severity: "critical",
      objectUid: "o-9",
    });
  const [one, two, three] = [await create(), await create(), await create()];
  const end = (issue: { uid: string }, seconds: number) => {
    now += seconds * 1_000;
    return annotationIssues.update(second.uid, issue.uid, {
      status: "completed",
    });
  };
  await end(one, 10);
  await end(two, 10);
  // seconds are whole
  now += 10_300;
  const metrics = await annotationIssues.getMetrics(...PLACE, {
    sequenceUid: second.uid,
  });
  assertEquals(metrics.meanSecondsCloseTimeAll, 15);
  assertEquals(metrics.meanUnresolvedIssueAgeAll, 30);
  assertEquals(metrics.statusCount, {
    open: 1,
    relabeling: 0,
    in_review: 0,
    completed: 2,
    cant_reproduce: 0,
    awaiting_feedback: 0,
    no_action_taken: 0,
  });
  assertEquals(metrics.severityCount, { critical: 3, moderate: 0 });
  assertEquals(metrics.objectCountByAnnotationIssueProblemUid, [
    { problem_uid: problem.uid, count: 1 },
  ]);
  await annotationIssues.delete(second.uid, three.uid);
  const after = await annotationIssues.getMetrics(...PLACE, {
    sequenceUid: second.uid,
  });
  assertEquals(after.meanUnresolvedIssueAgeAll, null);
  const all = await annotationIssues.getMetrics(...PLACE);
  assertEquals(all.statusCount?.open, 3);
}, { now: () => now });
