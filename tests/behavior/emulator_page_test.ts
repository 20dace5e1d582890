import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient, NotFoundError, ServerError } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

type Json = { [key: string]: unknown };

/** The page's own way to an emulator. */
type Call = (method: string, path: string, body?: unknown) => Promise<Json>;

async function served(
  use: (
    parts: {
      emulator: AvalaEmulator;
      client: AsyncClient;
      call: Call;
      origin: string;
    },
  ) => Promise<void>,
): Promise<void> {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  await using client = new AsyncClient({
    apiKey: "avk_test_page_1",
    baseUrl: server.baseUrl,
    allowInsecureBaseUrl: true,
    maxRetries: 0,
  });
  const { origin } = server;
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return await response.json();
  };
  await use({ emulator, client, call, origin });
}

test("emulator page: structure, looks and script come from the emulator alone", async () => {
  await served(async ({ origin, emulator }) => {
    const types = {
      "/": "text/html",
      "/-/style.css": "text/css",
      "/-/main.js": "text/javascript",
    };
    for (const [path, type] of Object.entries(types)) {
      const response = await fetch(`${origin}${path}`);
      assertEquals(response.status, 200);
      assertStringIncludes(response.headers.get("content-type") ?? "", type);
      const policy = response.headers.get("content-security-policy") ?? "";
      assertStringIncludes(policy, "default-src 'none'");
      const text = await response.text();
      const foreign = [...text.matchAll(/(?:src|href)="([^"#]*)"/g)]
        .map(([, address]) => address ?? "")
        .filter((address) => !/^(?:\/-\/|data:)/.test(address));
      assertEquals(foreign, []);
    }
    const missing = await fetch(`${origin}/-/nothing`);
    assertEquals(missing.status, 404);
    await missing.body?.cancel();
    // what the page asks for is no request of the user's
    assertEquals(emulator.requests.length, 0);
  });
});

test("emulator page: each request is told as it happens, without its secrets", async () => {
  await served(async ({ origin, client }) => {
    await client.tasks.list();
    const controller = new AbortController();
    const { signal } = controller;
    const response = await fetch(`${origin}/-/events`, { signal });
    assertStringIncludes(
      response.headers.get("content-type") ?? "",
      "text/event-stream",
    );
    let text = "";
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    const until = async (words: string) => {
      while (!text.includes(words)) {
        const { value, done } = await reader!.read();
        assert(!done, text);
        text += decoder.decode(value, { stream: true });
      }
    };
    await until("/tasks/");
    await client.fleet.devices.list();
    await until("/fleet/devices/");
    assertStringIncludes(text, "event:request");
    assert(!text.includes("avk_test_page_1"));
    controller.abort();
    await reader?.cancel().catch(() => {});
  });
});

test("emulator page: a fault is added, meets its request, and is taken back", async () => {
  await served(async ({ client, call }) => {
    await call("POST", "/-/faults", { path: "/tasks/", status: 503, times: 2 });
    const [waiting] = await call("GET", "/-/faults") as unknown as Json[];
    assertEquals([waiting?.hits, waiting?.hint], [0, null]);
    const error = await assertRejects(
      async () => await client.tasks.list(),
      ServerError,
    );
    assertEquals(error.statusCode, 503);
    const [met] = await call("GET", "/-/faults") as unknown as Json[];
    assertEquals(met?.hits, 1);
    await call("DELETE", "/-/faults", { id: met?.id });
    assert((await client.tasks.list()).length > 0);
    const refused = await call("POST", "/-/faults", { stauts: 503 });
    assertStringIncludes(String(refused.error), "stauts");
  });
});

test("emulator page: records, events, time and snapshots", async () => {
  await served(async ({ client, call }) => {
    const snapshot = await call("GET", "/-/snapshot");
    const query = "collection=datasets&search=harbor";
    const { total } = await call("GET", `/-/records?${query}`);
    assertEquals(total, 1);
    const wrong = await call("GET", "/-/records?collection=nothing");
    assertStringIncludes(String(wrong.error), "nothing");
    const { now } = await call("GET", "/-/time");
    const later = await call("POST", "/-/time", { milliseconds: 60_000 });
    assert(Number(later.now) - Number(now) >= 60_000);
    const agent = await client.agents.create({
      name: "Reviewer",
      events: ["task.completed"],
    });
    await call("POST", "/-/announce", {
      event: "task.completed",
      payload: { task_uid: "t-1" },
    });
    assertEquals((await client.agentExecutions.poll(agent.uid)).length, 1);
    await call("POST", "/-/restore", snapshot);
    await assertRejects(() => client.agents.get(agent.uid), NotFoundError);
    const bad = await call("POST", "/-/restore", { version: 7 });
    assert(typeof bad.error === "string");
    const collections = await call(
      "GET",
      "/-/collections",
    ) as unknown as Json[];
    assert(collections.length > 20);
    await call("POST", "/-/reset", {});
  });
});

test("emulator page: a page of another origin can't use it", async () => {
  await served(async ({ origin }) => {
    for (const foreign of ["https://evil.example", "null"]) {
      const response = await fetch(`${origin}/-/reset`, {
        method: "POST",
        headers: { origin: foreign },
        body: "{}",
      });
      assertEquals(response.status, 403);
      await response.body?.cancel();
    }
  });
});
