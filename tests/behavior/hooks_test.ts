import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type Fetch } from "@avala/client";
import { AvalaError, NotFoundError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

/** What happened to a call: its events in order. */
interface Watched {
  client: AsyncClient;
  emulator: AvalaEmulator;
  /** The events of each call, in the order in which they began. */
  calls(): string[];
  /** What `onEnd` was told. */
  errors: unknown[];
}

function watch(through?: Fetch): Watched {
  const emulator = new AvalaEmulator();
  const calls = new Map<number | null, string[]>();
  const errors: unknown[] = [];
  const note = (event: string) => ({ callId }: { callId: number | null }) => {
    calls.set(callId, [...calls.get(callId) ?? [], event]);
  };
  const client = new AsyncClient({
    apiKey: "avk_hooks_0123456789",
    fetch: through ?? emulator.fetch,
    maxRetries: 1,
    hooks: {
      onRequest: note("request"),
      onResponse: note("response"),
      onRetry: note("retry"),
      onError: note("error"),
      onEnd(event) {
        note(`end after ${event.attempts}`)(event);
        errors.push(event.error);
      },
    },
  });
  return {
    client,
    emulator,
    calls: () => [...calls.values()].map((events) => events.join(", ")),
    errors,
  };
}

test("hooks: the events of a call carry its number, and its end comes once", async () => {
  const { client, emulator, calls, errors } = watch();
  emulator.fault({ path: "/tasks/", status: 503, retryAfter: 0 });
  await client.tasks.list();
  await Promise.all([client.projects.list(), client.projects.list()]);
  const error = await assertRejects(
    () => client.datasets.get("gone"),
    NotFoundError,
  );
  await assertRejects(() => client.datasets.get(""), AvalaError);
  const once = "request, response, end after 1";
  assertEquals(calls(), [
    "request, response, retry, request, response, end after 2",
    once,
    once,
    "request, response, error, end after 1",
  ]);
  assertEquals(errors, [null, null, null, error]);
  assert(errors[3] === error);
  client.close();
});

test("hooks: a caller's abort is no error, whatever its reason", async () => {
  for (const reason of [new AvalaError("enough"), new Error("enough"), 7]) {
    const { client, calls, errors } = watch((_, init) =>
      new Promise((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(new Error("gone")));
      })
    );
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(reason), 5);
    // one that is sent at once, and one whose kind waits for its turn
    const ends = await Promise.allSettled([
      client.datasets.get("x", { signal }),
      client.exports.create({ project: "p" }, { signal }),
    ]);
    for (const end of ends) {
      assert(end.status === "rejected" && end.reason === reason);
    }
    const aborted = "request, end after 1";
    assertEquals(calls(), [aborted, aborted]);
    assertEquals(errors, [reason, reason]);
    client.close();
  }
});

test("hooks: each request of an upload is a call of its own", async () => {
  const { client, emulator, calls } = watch();
  emulator.fault({ path: "/storage/", status: 503, retryAfter: 0 });
  const files = [{ path: "a.jpg", blob: new Blob(["a"]) }];
  await client.datasets.uploadFiles("Run", files, { preflight: false });
  const once = "request, response, end after 1";
  assertEquals(calls(), [
    once,
    `${once}, retry`,
    once,
    "request, response, end after 2",
  ]);
  client.close();
});

test("hooks: a download ends with its first bytes", async () => {
  const { client, emulator, calls } = watch();
  const { uid } = await client.exports.create({ project: "p" });
  await client.exports.wait(uid, { interval: 500 });
  const before = calls().length;
  emulator.fault({ path: "/download", status: 503, retryAfter: 0 });
  const download = await client.exports.download(uid);
  await download.bytes();
  assertEquals(calls().slice(before), [
    "request, response, end after 1",
    "request, response, retry, request, response, end after 2",
  ]);
  client.close();
});
