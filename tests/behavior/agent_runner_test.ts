import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Agent,
  AsyncClient,
  AuthenticationError,
  ClientClosedError,
  InvalidArgumentError,
  NotFoundError,
} from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

interface Stage {
  client: AsyncClient;
  emulator: AvalaEmulator;
  agent: Agent;
  /** The actions that were submitted, by the task of their execution. */
  actions: () => [unknown, unknown, unknown][];
}

/** Runs a test with an agent that nothing has happened to yet. */
async function onStage(use: (stage: Stage) => Promise<void>): Promise<void> {
  const emulator = new AvalaEmulator();
  const { fetch } = emulator;
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch,
    maxRetries: 0,
  });
  const agent = await client.agents.create({
    name: "Runner",
    events: ["result.submitted", "task.completed"],
  });
  const actions = () =>
    emulator.requests
      .filter(({ path }) => path.endsWith("/agent-actions/"))
      .map(({ body }): [unknown, unknown, unknown] => {
        const { execution, action, reason } = body as {
          [name: string]: unknown;
        };
        return [execution, action, reason];
      });
  await use({ client, emulator, agent, actions });
  client.close();
}

const result = (index: number) => ({
  task_uid: `t-${index}`,
  result_uid: `r-${index}`,
  result_data: { index },
});

test("runner: each execution meets its handler, on all pages", async () => {
  await onStage(async ({ client, emulator, agent, actions }) => {
    for (let index = 0; index < 230; index++) {
      emulator.announce("result.submitted", result(index));
    }
    const seen: unknown[] = [];
    const runner = client.agents.runner(agent.uid)
      .on("result.submitted", async ({ payload, event, approve, reject }) => {
        assertEquals(event, "result.submitted");
        seen.push(payload.task_uid);
        const { index } = payload.result_data as { index: number };
        await (index % 2 ? approve("fine") : reject("odd"));
      });
    assertEquals(await runner.runOnce(), 230);
    assertEquals(new Set(seen).size, 230);
    assertEquals(actions().length, 230);
    assertEquals(
      actions().filter(([, action]) => action === "approve").length,
      115,
    );
    assertEquals(await runner.runOnce(), 0);
  });
});

test("runner: what has no handler, no decision or a broken handler is skipped", async () => {
  await onStage(async ({ client, emulator, agent, actions }) => {
    emulator.announce("task.completed", { task_uid: "t-1" });
    emulator.announce("result.submitted", result(2));
    emulator.announce("result.submitted", result(3));
    const errors: [unknown, unknown][] = [];
    const runner = client.agents.runner(agent.uid, {
      onError: (error, execution) => errors.push([error, execution?.eventType]),
    }).on("result.submitted", ({ payload }) => {
      if (payload.task_uid === "t-2") throw new Error("no luck");
    });
    await runner.runOnce();
    assertEquals(actions().map(([, action, reason]) => [action, reason]), [
      ["skip", "There is no handler for task.completed"],
      ["skip", "The handler failed"],
      ["skip", "The handler made no decision"],
    ]);
    assertEquals(
      errors.map(([error, event]) => [(error as Error).message, event]),
      [["no luck", "result.submitted"]],
    );
    assertEquals(await runner.runOnce(), 0);
  });
});

test("runner: the first decision counts, and a second one is an error", async () => {
  await onStage(async ({ client, emulator, agent, actions }) => {
    emulator.announce("result.submitted", result(1));
    const errors: unknown[] = [];
    await client.agents.runner(agent.uid, {
      onError: (error) => errors.push(error),
    }).on("result.submitted", async ({ flag, approve }) => {
      await flag();
      await approve();
    }).runOnce();
    assertEquals(actions().map(([, action]) => action), ["flag"]);
    assert(errors[0] instanceof InvalidArgumentError);
  });
});

test("runner: goes on after failures, and looks again at once after work", async () => {
  await onStage(async ({ client, emulator, agent, actions }) => {
    const stop = new AbortController();
    const errors: unknown[] = [];
    emulator.fault({ path: "/executions/", status: 500, times: 2 });
    const runner = client.agents.runner(agent.uid, {
      interval: 5,
      onError: (error) => errors.push(error),
    }).on("result.submitted", async ({ payload, approve }) => {
      await approve();
      if (payload.task_uid === "t-1") {
        emulator.announce("result.submitted", result(2));
      } else stop.abort(new Error("done"));
    });
    emulator.announce("result.submitted", result(1));
    await assertRejects(
      () => runner.run({ signal: stop.signal }),
      Error,
      "done",
    );
    assertEquals(errors.length, 2);
    assertEquals(actions().length, 2);
  });
});

test("runner: a refused credential or a missing agent ends it", async () => {
  await onStage(async ({ client, emulator, agent }) => {
    emulator.fault({ path: "/executions/", status: 401 });
    const onError = () => assert(false, "it is not reported");
    await assertRejects(
      () => client.agents.runner(agent.uid, { onError }).run(),
      AuthenticationError,
    );
    await assertRejects(
      () => client.agents.runner("gone", { onError }).run(),
      NotFoundError,
    );
  });
});

test("runner: closing the client ends its wait at once", async () => {
  await onStage(async ({ client, agent }) => {
    const running = client.agents.runner(agent.uid, { interval: 600_000 })
      .run();
    setTimeout(() => client.close(), 20);
    await assertRejects(() => running, ClientClosedError);
  });
});

test("runner: wrong arguments are refused before anything is sent", async () => {
  await onStage(({ client, emulator }) => {
    const { length } = emulator.requests;
    for (const interval of [0, -1, NaN, Infinity]) {
      assertThrows(
        () => client.agents.runner("a", { interval }),
        InvalidArgumentError,
        `Cannot call agents.runner as 'interval' must be a number of milliseconds above 0, below 2 ** 31: current value is ${interval}`,
      );
    }
    assertThrows(
      () => client.agents.runner(".."),
      InvalidArgumentError,
      "Cannot call agents.runner as 'uid' must be",
    );
    assertThrows(
      () => client.agents.runner("a", { intervall: 5 } as never),
      InvalidArgumentError,
      "Cannot call agents.runner as it has no option 'intervall': known are interval, project, taskTypes, onError",
    );
    assertThrows(
      () => client.agents.runner("a").on("task.completed", null as never),
      InvalidArgumentError,
      "'handler' must be a function",
    );
    assertEquals(emulator.requests.length, length);
    return Promise.resolve();
  });
});
