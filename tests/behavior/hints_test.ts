import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  AsyncClient,
  ConfigurationError,
  InvalidArgumentError,
  InvalidResponseError,
  NotFoundError,
  TimeoutError,
  WaitTimeoutError,
} from "@avala/client";
import type { Fetch } from "@avala/client/transport";
import { test } from "../tools/harness.ts";

const apiKey = "avk_test_key_1";
const hangs: Fetch = () => new Promise(() => {});

/** The class of an error. */
// deno-lint-ignore no-explicit-any
type ErrorClass = new (...args: any[]) => Error;

async function messageOf(
  call: () => PromiseLike<unknown>,
  type: ErrorClass,
): Promise<string> {
  return (await assertRejects(async () => await call(), type)).message;
}

test("hints: a time limit that may have been meant in seconds says so", async () => {
  const client = new AsyncClient({ apiKey, maxRetries: 0, fetch: hangs });
  const message = await messageOf(
    () => client.tasks.list({}, { timeout: 30 }),
    TimeoutError,
  );
  assertEquals(
    message,
    "Cannot GET /tasks/ as api.avala.ai did not respond within 30 ms " +
      "(for 30 seconds, set 'timeout' to 30000)",
  );
  const waits = await messageOf(
    () => client.exports.wait("e-1", { timeout: 30 }),
    WaitTimeoutError,
  );
  assert(waits.endsWith("(for 30 seconds, set 'timeout' to 30000)"), waits);
  const enough = await messageOf(
    () => client.tasks.list({}, { timeout: 1_000 }),
    TimeoutError,
  );
  assert(enough.endsWith(" within 1000 ms"), enough);
  client.close();
});

const notFound: Fetch = () =>
  Promise.resolve(Response.json({ detail: "Not found." }, { status: 404 }));
const page: Fetch = () => Promise.resolve(new Response("<html></html>"));

test("hints: a base URL without a path says so where nothing is found", async () => {
  const hint = " (the base URL has no path such as /api/v1)";
  const messageAt = async (
    baseUrl: string,
    fetch: Fetch,
    type: ErrorClass,
  ) => {
    await using client = new AsyncClient({ apiKey, baseUrl, fetch });
    return await messageOf(() => client.datasets.get("x"), type);
  };
  for (const baseUrl of ["https://api.avala.ai", "https://a.example:8443/"]) {
    const missing = await messageAt(baseUrl, notFound, NotFoundError);
    assert(missing.endsWith(`404: Not found.${hint}`), missing);
    const html = await messageAt(baseUrl, page, InvalidResponseError);
    assert(html.endsWith(`no JSON (status 200)${hint}`), html);
  }
  const whole = "https://api.avala.ai/api/v1";
  const missing = await messageAt(whole, notFound, NotFoundError);
  assert(missing.endsWith("404: Not found."), missing);
  const html = await messageAt(whole, page, InvalidResponseError);
  assert(html.endsWith("(status 200)"), html);
});

test("hints: a key alone is no options, and is not shown", () => {
  const options = "avk_0123456789" as unknown as { apiKey: string };
  const { message } = assertThrows(
    () => new AsyncClient(options),
    ConfigurationError,
  );
  assert(message.includes("must be an object such as { apiKey }"), message);
  assert(!message.includes("avk_"), message);
});

test("hints: an option of the request among those of the method is told where it belongs", async () => {
  const client = new AsyncClient({ apiKey, fetch: page });
  const options = { signal: AbortSignal.timeout(60_000) } as object;
  const misplaced = await messageOf(
    () => client.tasks.list(options),
    InvalidArgumentError,
  );
  assert(
    misplaced.endsWith("; options of the request are the next argument"),
    misplaced,
  );
  const unknown = await messageOf(
    () => client.tasks.list({ projct: "p" } as object),
    InvalidArgumentError,
  );
  assert(unknown.endsWith("limit, cursor"), unknown);
});

test("hints: a list that was not awaited says so", () => {
  const client = new AsyncClient({ apiKey, fetch: page });
  // as JavaScript sees it; TypeScript refuses both
  const list = client.tasks.list() as unknown as { items: [] } & Iterable<1>;
  assertThrows(() => list.items.length, InvalidArgumentError, "'await'");
  assertThrows(() => [...list], InvalidArgumentError, "'for await'");
});

test("hints: a misspelled hook is refused", () => {
  const hooks = { onRequests: () => {} } as object;
  assertThrows(
    () => new AsyncClient({ apiKey, hooks }),
    ConfigurationError,
    "no option 'hooks.onRequests': known are onRequest, onResponse, onRetry,",
  );
});

test("hints: a promise in the place of a value says that an await is missing", async () => {
  const client = new AsyncClient({ apiKey, fetch: page });
  const uid = Promise.resolve("d-1") as unknown as string;
  const message = await messageOf(
    () => client.datasets.get(uid),
    InvalidArgumentError,
  );
  assert(
    message.endsWith("current value is a promise (is an 'await' missing?)"),
    message,
  );
});
