import { assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type Fetch } from "@avala/client";
import { ConfigurationError, NotFoundError } from "@avala/client/errors";
import { test } from "../tools/harness.ts";

const apiKey = "avk_given_0123456789";

/** A client with a `fetch` of the caller's that gives something, and its count. */
function given(
  give: () => unknown,
): { client: AsyncClient; count(): number } {
  let count = 0;
  const fetch = (() => {
    count++;
    return give();
  }) as unknown as Fetch;
  return {
    client: new AsyncClient({ apiKey, fetch, maxRetries: 3 }),
    count: () => count,
  };
}

test("a fetch that gives no Response is named, and not asked again", async () => {
  const rows: [() => unknown, string][] = [
    [() => undefined, "gave no Response: current value is undefined"],
    [() => Promise.resolve(null), "gave no Response: current value is null"],
    [() => ({ uid: "x" }), "gave no Response: current value is an object"],
    [() => Promise.resolve("{}"), 'gave no Response: current value is "{}"'],
  ];
  for (const [give, message] of rows) {
    const { client, count } = given(give);
    for (
      const call of [
        () => client.datasets.get("x"),
        () => client.webhooks.delete("x"),
        () => client.download("https://api.avala.ai/files/x"),
      ]
    ) {
      const before = count();
      const error = await assertRejects(call, ConfigurationError, message);
      assertEquals([error.attempts, count() - before], [1, 1]);
    }
    client.close();
  }
});

test("a Response that was read before is named, and not asked for again", async () => {
  const read = async (status: number) => {
    const response = new Response('{"detail":"no"}', { status });
    await response.text();
    return response;
  };
  const { client, count } = given(() => read(200));
  const message = "as 'fetch' gave a Response whose body was read before";
  await assertRejects(
    () => client.datasets.get("x"),
    ConfigurationError,
    `Cannot GET /datasets/x/ ${message}`,
  );
  await assertRejects(
    () => client.download("https://api.avala.ai/files/x"),
    ConfigurationError,
    message,
  );
  // where the status says it all, the body does not matter
  await client.webhooks.delete("x");
  assertEquals(count(), 3);
  client.close();
});

test("an error whose body was read, or is being read, has its status", async () => {
  for (const isLocked of [false, true]) {
    const { client, count } = given(async () => {
      const response = new Response("{}", { status: 404 });
      if (isLocked) response.body?.getReader();
      else await response.text();
      return response;
    });
    await assertRejects(() => client.datasets.get("x"), NotFoundError);
    assertEquals(count(), 1);
    client.close();
  }
});
