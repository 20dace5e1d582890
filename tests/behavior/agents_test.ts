import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  InvalidResponseError,
  NotFoundError,
  ValidationError,
} from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

served("agents: the secret is shown once", async ({ client }) => {
  const created = await client.agents.create({
    name: "Prüfer",
    events: ["task.completed"],
  });
  assert(created.secret);
  assertEquals([created.isActive, created.taskTypes], [true, []]);
  const read = await client.agents.get(created.uid);
  const listed = (await client.agents.list()).items.find(({ uid }) =>
    uid === created.uid
  );
  const changed = await client.agents.update(created.uid, {
    description: "prüft",
    isActive: false,
  });
  assertEquals([read.secret, listed?.secret, changed.secret], [
    null,
    null,
    null,
  ]);
  assertEquals([changed.description, changed.isActive, changed.name], [
    "prüft",
    false,
    "Prüfer",
  ]);
  await client.agents.delete(created.uid);
  await assertRejects(() => client.agents.get(created.uid), NotFoundError);
  await assertRejects(() => client.agents.test(created.uid), NotFoundError);
  await assertRejects(
    async () => await client.agents.listExecutions(created.uid),
    NotFoundError,
  );
  assertEquals((await client.agents.list()).length, 2);
});

served("agents: wrong fields are named", async ({ client }) => {
  assertEquals(
    await refused(() =>
      client.agents.create({
        name: "x".repeat(256),
        events: ["moon.rose"],
        callbackUrl: "nowhere",
      })
    ),
    {
      name: ["Ensure this field has no more than 255 characters."],
      events: ['"moon.rose" is not a valid choice.'],
      callback_url: ["Enter a valid URL."],
    },
  );
  assertEquals(
    await refused(() => client.agents.create({ name: "x", project: "gone" })),
    { project: ["Object with uid=gone does not exist."] },
  );
});

served(
  "agents: a test delivers to those with an address",
  async ({ client }) => {
    const [polling, pushed] = (await client.agents.list()).items;
    assert(polling && pushed);
    assertEquals((await client.agents.test(polling.uid)).delivered, false);
    assertEquals((await client.agents.test(pushed.uid)).delivered, true);
  },
);

served(
  "agents: what happens becomes executions of those who listen",
  async ({ client, emulator }) => {
    const project = (await client.projects.list()).items[0]?.uid ?? "";
    const listen = (
      name: string,
      options: { isActive?: boolean; taskTypes?: string[]; project?: string },
    ) =>
      client.agents.create({
        name,
        events: ["dataset.created", "export.completed", "task.completed"],
        ...options,
      });
    const agent = await listen("all", {});
    const asleep = await listen("asleep", { isActive: false });
    const images = await listen("images", { taskTypes: ["image-annotation"] });
    const elsewhere = await listen("elsewhere", { project });
    const dataset = await client.datasets.create({
      name: "New",
      slug: "new",
      dataType: "image",
    });
    const job = await client.exports.create({ dataset: dataset.uid });
    await client.exports.wait(job.uid, { interval: 500 });
    emulator.announce("task.completed", {
      task_uid: "t-1",
      task_type: "video-annotation",
      project_uid: "p-other",
    });
    const eventsOf = async (uid: string) =>
      (await client.agents.listExecutions(uid)).items.map((e) => e.eventType);
    const both = ["dataset.created", "export.completed"];
    assertEquals(await eventsOf(agent.uid), [...both, "task.completed"]);
    assertEquals(await eventsOf(asleep.uid), []);
    assertEquals(await eventsOf(images.uid), both);
    assertEquals(await eventsOf(elsewhere.uid), both);
    const [first] = (await client.agentExecutions.poll(agent.uid)).items;
    assertEquals(first?.eventPayload, {
      dataset_uid: dataset.uid,
      project_uid: null,
    });
    const byType = await client.agents.listExecutions(agent.uid, {
      taskTypes: "image-annotation,video-annotation",
    });
    assertEquals(byType.items.map(({ task }) => task), ["t-1"]);
  },
);

served("agents: an action ends an execution, once", async ({ client }) => {
  const agents = (await client.agents.list()).items;
  const reviewer = agents[0];
  assert(reviewer);
  const waiting = await client.agentExecutions.poll(reviewer.uid);
  assertEquals([agents.length, waiting.length], [2, 3]);
  const stats = (await client.agents.get(reviewer.uid)).executionStats;
  assertEquals(stats, { pending: 3, success: 1 });
  const [execution] = waiting.items;
  assert(execution);
  const submit = (execution: string, action: string) => () =>
    client.agentExecutions.submitAction({ execution, action, reason: "klein" });
  assertEquals(await submit(execution.uid, "reject")(), { status: "ok" });
  const done = await client.agents.listExecutions(reviewer.uid, {
    status: "success",
  });
  const ended = done.items.find(({ uid }) => uid === execution.uid);
  assertEquals([ended?.action, ended?.responsePayload], [
    "reject",
    { action: "reject", reason: "klein" },
  ]);
  assert(ended?.completedAt);
  assertEquals(await refused(submit(execution.uid, "approve")), {
    execution: ["This execution has ended."],
  });
  assertEquals(await refused(submit("gone", "approve")), {
    execution: ["Object with uid=gone does not exist."],
  });
  await assertRejects(
    submit(waiting.items[1]?.uid ?? "", "dance"),
    ValidationError,
    "not a valid choice",
  );
  assertEquals((await client.agentExecutions.poll(reviewer.uid)).length, 2);
});

served("agents: a decision about a result is an event", async ({ client }) => {
  const listener = await client.agents.create({
    name: "Nachbar",
    events: ["result.accepted", "result.rejected"],
  });
  const reviewer = (await client.agents.list()).items[0];
  const waiting =
    (await client.agentExecutions.poll(reviewer?.uid ?? "")).items;
  for (const [index, action] of ["approve", "reject", "flag"].entries()) {
    const execution = waiting[index]?.uid ?? "";
    await client.agentExecutions.submitAction({ execution, action });
  }
  const heard = (await client.agentExecutions.poll(listener.uid)).items;
  assertEquals(heard.map(({ eventType }) => eventType), [
    "result.accepted",
    "result.rejected",
  ]);
  assertEquals(heard[0]?.result, waiting[0]?.result);
});

served("agents: one key creates once", async ({ client }) => {
  const idempotencyKey = crypto.randomUUID();
  const create = (name: string, key: string) =>
    client.agents.create({ name }, { idempotencyKey: key });
  const first = await create("Einmal", idempotencyKey);
  await client.agents.update(first.uid, { description: "later" });
  assertEquals(await create("Einmal", idempotencyKey), first);
  assertEquals((await client.agents.list()).length, 3);
  await create("Einmal", crypto.randomUUID());
  assertEquals((await client.agents.list()).length, 4);
});

served(
  "agents: a lost answer is asked for again with the same key",
  async ({ client, emulator }) => {
    emulator.fault({ method: "POST", path: "/agents/", loseAnswer: true });
    const created = await client.agents.create(
      { name: "Einmal" },
      { idempotencyKey: crypto.randomUUID() },
    );
    assert(created.secret);
    const posts = emulator.requests.filter(({ method }) => method === "POST");
    assert(posts.length >= 2);
    assertEquals((await client.agents.list()).length, 3);
  },
);

served(
  "agents: a plain array is taken for the only page, for executions alone",
  async ({ client, emulator }) => {
    const body = [{ uid: "x-1", event_type: "task.completed" }];
    emulator.fault({ path: "/executions/", status: 200, body });
    const page = await client.agents.listExecutions("a-1");
    assertEquals([page.items[0]?.uid, page.hasMore], ["x-1", false]);
    emulator.fault({ path: "/agents/", status: 200, body });
    await assertRejects(
      () => client.agents.list().then(),
      InvalidResponseError,
    );
  },
);
