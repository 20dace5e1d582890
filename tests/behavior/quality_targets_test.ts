import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import type { AsyncClient, QualityTargetEvaluation } from "@avala/client";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

async function projectOf(client: AsyncClient): Promise<string> {
  const [project] = (await client.projects.list()).items;
  assert(project);
  return project.uid;
}

served("quality targets: the whole life of one", async ({ client }) => {
  const { qualityTargets } = client;
  const project = await projectOf(client);
  const created = await qualityTargets.create(project, {
    name: "Kritisches",
    metric: "critical_issue_count",
    threshold: 0,
    severity: "critical",
    notifyEmails: ["qa@northlight.example"],
  });
  assertEquals(
    [created.isActive, created.notifyWebhook, created.operator],
    [true, true, "gt"],
  );
  assertEquals(
    [created.lastValue, created.isBreached, created.breachCount],
    [null, false, 0],
  );
  assertEquals(await qualityTargets.get(project, created.uid), created);
  const listed = (await qualityTargets.list(project)).items;
  assertEquals(listed.map(({ name }) => name), [
    "Issue rate",
    "Acceptance rate",
    "Kritisches",
  ]);
  const changed = await qualityTargets.update(project, created.uid, {
    threshold: 3.5,
    isActive: false,
  });
  assertEquals([changed.threshold, changed.isActive, changed.metric], [
    3.5,
    false,
    "critical_issue_count",
  ]);
  await qualityTargets.delete(project, created.uid);
  await assertRejects(
    () => qualityTargets.get(project, created.uid),
    NotFoundError,
  );
  assertEquals((await qualityTargets.list(project)).length, 2);
});

served("quality targets: belong to one project", async ({ client }) => {
  const { qualityTargets } = client;
  const [first, second] = (await client.projects.list()).items;
  assert(first && second);
  const [target] = (await qualityTargets.list(first.uid)).items;
  assertEquals((await qualityTargets.list(second.uid)).length, 0);
  assertEquals(await qualityTargets.evaluate(second.uid), []);
  await assertRejects(
    () => qualityTargets.get(second.uid, target?.uid ?? ""),
    NotFoundError,
  );
  await assertRejects(
    async () => await qualityTargets.list("gone"),
    NotFoundError,
  );
  await assertRejects(() => qualityTargets.evaluate("gone"), NotFoundError);
});

served("quality targets: evaluated by every operator", async ({ client }) => {
  const { qualityTargets } = client;
  const project = await projectOf(client);
  for (const { uid } of (await qualityTargets.list(project)).items) {
    await qualityTargets.delete(project, uid);
  }
  // one critical issue is open
  for (const operator of ["gt", "gte", "lt", "lte"]) {
    for (const threshold of [0, 1, 2]) {
      await qualityTargets.create(project, {
        name: `${operator} ${threshold}`,
        metric: "critical_issue_count",
        operator,
        threshold,
      });
    }
  }
  await qualityTargets.create(project, {
    name: "switched off",
    metric: "critical_issue_count",
    threshold: 0,
    isActive: false,
  });
  const results = await qualityTargets.evaluate(project);
  assert(results.every(({ currentValue }) => currentValue === 1));
  assertEquals(
    results.filter(({ isBreached }) => isBreached).map(({ name }) => name),
    ["gt 0", "gte 0", "gte 1", "lt 2", "lte 1", "lte 2"],
  );
  assertEquals(results.length, 12);
});

served("quality targets: measured from the project", async ({ client }) => {
  const { qualityTargets } = client;
  const project = await projectOf(client);
  const metrics = [
    "issue_rate",
    "acceptance_rate",
    "rejection_rate",
    "mean_resolution_time",
    "critical_issue_count",
  ];
  for (const metric of metrics) {
    const name = `new ${metric}`;
    await qualityTargets.create(project, { name, metric, threshold: 1 });
  }
  const measured = async () => {
    const results = await qualityTargets.evaluate(project);
    const value = (metric: string) =>
      results.findLast((result: QualityTargetEvaluation) =>
        result.metric === metric
      )?.currentValue ?? NaN;
    return metrics.map(value);
  };
  const [issueRate, accepted, rejected, seconds] = await measured();
  // five issues on fourteen tasks
  assertEquals(issueRate, 5 / 14);
  assertAlmostEquals(Number(accepted) + Number(rejected), 1);
  assert(Number(seconds) > 86_400);
  // stricter settings accept less
  await client.consensus.updateConfig(project, { iouThreshold: 0.9 });
  await client.consensus.compute(project);
  const [, stricter] = await measured();
  assert(Number(stricter) < Number(accepted));
  await client.consensus.updateConfig(project, { minAgreementRatio: 0 });
  assertEquals((await measured()).slice(1, 3), [1, 0]);
  const [sequence] =
    (await client.datasets.listSequences("northlight", "harbor-crane")).items;
  const [issue] = await client.annotationIssues.listBySequence(
    sequence?.uid ?? "",
  );
  assert(sequence && issue);
  assertEquals(issue.severity, "critical");
  assertEquals((await measured())[4], 1);
  await client.annotationIssues.update(sequence.uid, issue.uid, {
    status: "completed",
  });
  assertEquals((await measured())[4], 0);
  await client.annotationIssues.delete(sequence.uid, issue.uid);
  assertEquals((await measured())[0], 4 / 14);
});

served("quality targets: a breach is told to webhooks", async ({ client }) => {
  const { qualityTargets } = client;
  const project = await projectOf(client);
  const { uid: webhook } = await client.webhooks.create({
    targetUrl: "https://hooks.example/quality",
    events: ["quality.alert"],
  });
  const [breached, fine] = (await qualityTargets.list(project)).items;
  assert(breached && fine);
  const results = await qualityTargets.evaluate(project);
  assertEquals(
    results.map(({ uid, isBreached }) => [uid, isBreached]),
    [[breached.uid, true], [fine.uid, false]],
  );
  const after = await qualityTargets.get(project, breached.uid);
  assertEquals(after.breachCount, breached.breachCount + 1);
  assertEquals(after.lastValue, results[0]?.currentValue);
  assertEquals(after.lastBreachedAt, after.lastEvaluatedAt);
  assert(after.lastEvaluatedAt !== breached.lastEvaluatedAt);

  const alerts = async () =>
    (await client.webhookDeliveries.list()).items.filter((delivery) =>
      delivery.subscription === webhook
    );
  const [alert, ...others] = await alerts();
  assertEquals(others, []);
  assertEquals(alert?.eventType, "quality.alert");
  const payload = alert?.payload as { [key: string]: unknown };
  assertEquals(
    [payload.uid, payload.project_uid, payload.is_breached],
    [breached.uid, project, true],
  );
  // nobody wants to know
  await qualityTargets.update(project, breached.uid, { notifyWebhook: false });
  await qualityTargets.evaluate(project);
  assertEquals((await alerts()).length, 1);
});

served("quality targets: wrong fields are named", async ({ client }) => {
  const { qualityTargets } = client;
  const project = await projectOf(client);
  assertEquals(
    await refused(() =>
      qualityTargets.create(project, {
        name: "x",
        metric: "beauty",
        threshold: 1,
        operator: "eq",
        notifyEmails: ["qa@northlight.example", "nobody"],
      })
    ),
    {
      metric: ['"beauty" is not a valid choice.'],
      operator: ['"eq" is not a valid choice.'],
      notify_emails: ["Enter a valid email address."],
    },
  );
  const path = `/projects/${project}/quality-targets/`;
  const body = { name: 7, threshold: "much" };
  assertEquals(await refused(() => client.request("POST", path, { body })), {
    name: ["Not a valid string."],
    metric: ["This field is required."],
    threshold: ["A valid number is required."],
  });
  const [target] = (await qualityTargets.list(project)).items;
  const one = `${path}${target?.uid}/`;
  const nulls = { threshold: null, is_active: null };
  assertEquals(
    await refused(() => client.request("PATCH", one, { body: nulls })),
    {
      threshold: ["This field may not be null."],
      is_active: ["This field may not be null."],
    },
  );
});
