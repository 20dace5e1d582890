import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  AvalaEmulator,
  type Fault,
  type SeenRequest,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";

async function ask(
  emulator: AvalaEmulator,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return await emulator.fetch(`https://api.avala.ai/api/v1${path}`, {
    headers: { "x-avala-api-key": "avk_test_key_1" },
    ...init,
  });
}

async function statusOf(emulator: AvalaEmulator, path: string) {
  const response = await ask(emulator, path);
  await response.text();
  return response.status;
}

test("faults: a handle counts and takes back", async () => {
  const emulator = new AvalaEmulator();
  const fault = emulator.fault({ path: "/tasks/", status: 503, times: 3 });
  const other = emulator.fault({ path: "/tasks/", status: 500 });
  assertEquals([fault.hits, fault.hint], [0, null]);
  assertEquals(await statusOf(emulator, "/tasks/"), 503);
  assertEquals(await statusOf(emulator, "/projects/"), 403);
  assertEquals([fault.hits, fault.hint, other.hits], [1, null, 0]);
  fault.clear();
  assertEquals(await statusOf(emulator, "/tasks/"), 500);
  assertEquals(await statusOf(emulator, "/tasks/"), 200);
  assertEquals([fault.hits, other.hits], [1, 1]);
  // a second time has no effect
  fault.clear();
});

test("faults: one that meets nothing says why", async () => {
  const emulator = new AvalaEmulator();
  const misspelled = emulator.fault({ path: "/task/", status: 503 });
  const pattern = emulator.fault({
    method: "POST",
    path: /tasks\/$/,
    drop: "before",
  });
  const rare = emulator.fault({ path: "/tasks/", status: 500, every: 5 });
  const never = emulator.fault({ status: 500, times: 0 });
  for (const path of ["/tasks/", "/projects/", "/users/me/", "/tasks/"]) {
    await statusOf(emulator, path);
  }
  assertEquals(
    misspelled.hint,
    'None of 4 requests had "/task/" in its path; the latest: ' +
      "GET /api/v1/projects/, GET /api/v1/users/me/, GET /api/v1/tasks/",
  );
  assert(
    pattern.hint?.includes(
      "the method POST and a path that matches /tasks\\/$/",
    ),
    String(pattern.hint),
  );
  assertEquals(rare.hint, "It has fitted 2 requests, and meets one in 5");
  assert(never.hint?.includes("'times' must be positive"), String(never.hint));
});

test("faults: what is none is refused", () => {
  const emulator = new AvalaEmulator();
  const wrong: [object, string][] = [
    [{ staus: 503 }, "'staus' is none of method, path"],
    [{ status: 99 }, "'status' must be an integer from 200 to 599"],
    [{ status: "503" }, "current value is 503"],
  ];
  for (const [fault, said] of wrong) {
    assertThrows(() => emulator.fault(fault as Fault), TypeError, said);
  }
});

test("requests are told as they happen", async () => {
  const emulator = new AvalaEmulator();
  const seen: [id: number, status: number, isOver: boolean][] = [];
  const tell = ({ id, status, durationMs }: SeenRequest) => {
    seen.push([id, status, durationMs !== null]);
    throw new Error("who listens only watches");
  };
  const stop = emulator.watch(tell);
  emulator.fault({ path: "/projects/", hang: true });
  await statusOf(emulator, "/tasks/");
  const controller = new AbortController();
  const { signal } = controller;
  const hanging = ask(emulator, "/projects/", { signal }).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(seen, [[1, 0, false], [1, 200, true], [2, 0, false]]);
  controller.abort();
  await hanging;
  assertEquals(seen.at(-1), [2, 0, true]);
  stop();
  await statusOf(emulator, "/tasks/");
  assertEquals(seen.length, 4);
});

test("records are looked at, without secrets", async () => {
  const emulator = new AvalaEmulator();
  const { total, records } = emulator.records("fleetDevices");
  assertEquals([total, records.length, records[0]?.name], [4, 4, "rig-04"]);
  const found = emulator.records("fleetDevices", { search: "ARM-02" });
  assertEquals(found.records.map(({ name }) => name), ["arm-02"]);
  const page = emulator.records("items", { limit: 2, offset: 100 });
  assertEquals([page.total, page.records.length], [265, 2]);
  const [webhook] = emulator.records("webhooks").records;
  assertEquals(webhook?.secret, "[redacted]");
  await emulator.delivered();
});

test("every response takes as long as it is told to", async () => {
  const emulator = new AvalaEmulator({ latency: 50 });
  const start = performance.now();
  await statusOf(emulator, "/tasks/");
  assert(performance.now() - start >= 45);
});
