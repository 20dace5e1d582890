import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type AvalaError,
  ConnectionError,
  NotFoundError,
} from "@avala/client/errors";
import { type ClientOptions, Transport } from "@avala/client/transport";
import { test } from "../tools/harness.ts";

const HERE = { name: "test", template: "/x/", params: {} };
const apiKey = "avk_budget_test_1";

/** A transport whose answers are made by the test, and how many it was asked for. */
function answering(
  answer: (count: number) => Response,
  options: ClientOptions = {},
): { transport: Transport; sent: () => number } {
  let count = 0;
  const transport = new Transport({
    apiKey,
    fetch: (_, init) => {
      init?.signal?.throwIfAborted();
      try {
        return Promise.resolve(answer(++count));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    ...options,
  });
  return { transport, sent: () => count };
}

const dead = () => {
  throw new TypeError("refused");
};
const failing = (status: number) => () => new Response("{}", { status });

/** Makes calls, 64 at a time, and counts their errors by name. */
async function call(
  transport: Transport,
  calls: number,
): Promise<{ [name: string]: number }> {
  const names: { [name: string]: number } = {};
  let next = 0;
  await Promise.all(Array.from({ length: 64 }, async () => {
    while (next++ < calls) {
      await transport.request("GET", "/x/").catch(({ name }: AvalaError) => {
        names[name] = (names[name] ?? 0) + 1;
      });
    }
  }));
  return names;
}

test("in an outage, 2,000 calls send at most 1.2 times as many requests", async () => {
  const outages: [string, () => Response][] = [
    ["ConnectionError", dead],
    ["ServerError", failing(503)],
  ];
  for (const [name, answer] of outages) {
    const { transport, sent } = answering(answer);
    assertEquals(await call(transport, 2_000), { [name]: 2_000 });
    assert(sent() <= 2_400, `${sent()} requests`);
  }
});

test("the budget comes back when the server does", async () => {
  let down = true;
  let last = 0;
  const { transport, sent } = answering((count) => {
    if (down) dead();
    // then one request in five fails, whichever call it belongs to
    if (count - last >= 5) {
      last = count;
      dead();
    }
    return new Response("{}");
  }, { maxRetries: 8 });
  await call(transport, 500);
  down = false;
  await call(transport, 1_000);
  const before = sent();
  assertEquals(await call(transport, 1_000), {});
  assert(sent() - before >= 1_200, `${sent() - before} requests`);
});

test("a single call of a fresh client gets all its retries", async () => {
  const { transport, sent } = answering(dead, { maxRetries: 4 });
  const error = await transport.request("GET", "/x/").catch((error) => error);
  assert(error instanceof ConnectionError);
  assertEquals([error.attempts, sent()], [5, 5]);
});

test("a 429 costs nothing: the server has told when to come again", async () => {
  const { transport, sent } = answering(failing(429), { maxRetries: 1 });
  assertEquals(await call(transport, 300), { RateLimitError: 300 });
  assertEquals(sent(), 600);
});

test("a deletion that is repeated and finds nothing has worked", async () => {
  const gone = (first: () => Response) =>
    answering((count) => count === 1 ? first() : failing(404)()).transport;
  const remove = (transport: Transport) =>
    transport.send({ method: "DELETE", path: HERE }, "nothing");
  assertEquals(await remove(gone(dead)), null);
  assertEquals(await remove(gone(failing(502))), null);
  // not where the server did nothing at first, and not at first
  await assertRejects(() => remove(gone(failing(503))), NotFoundError);
  await assertRejects(() => remove(gone(failing(404))), NotFoundError);
});

test("JSON that breaks off without a length is asked for again", async () => {
  const bodies = ['{"a":', "", '{"a":1}'];
  const { transport, sent } = answering((count) =>
    new Response(bodies[count - 1])
  );
  const call = { method: "GET", path: HERE } as const;
  assertEquals(await transport.send(call, "object"), { a: 1 });
  assertEquals(sent(), 3);
});
