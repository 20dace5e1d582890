import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { deadline } from "@std/async/deadline";
import { AvalaEmulator } from "@avala/client/testing";
import config from "../../../deno.json" with { type: "json" };
import {
  argumentsOf,
  type Json,
  type ListedTool,
  REFUSED,
  toolsBefore,
} from "./mcp_arguments.ts";
import {
  API_KEY,
  connect,
  type Peer,
  type ToolResult,
  toolsOf,
  validatorOf,
} from "./mcp_peer.ts";

/** A result shows no secret and nothing of the inside. */
function checkResult(name: string, result: ToolResult): void {
  const text = JSON.stringify(result);
  assert(!text.includes(API_KEY), `${name} shows the key`);
  const secret = /"avk_|[?&]X-Amz-Signature=(?!\[|%5B)/.exec(text);
  assertEquals(secret, null, name);
  assert(!/\\n\s+at |file:\/\/|\.ts:\d/.test(text), `${name} shows a stack`);
  const [content] = result.content;
  assertEquals(result.content.length, 1);
  if (!result.isError) {
    assertEquals(JSON.parse(content!.text), result.structuredContent, name);
  }
}

/** Calls a tool with what its schema asks for, and those before it that it needs. */
async function callWithNeeds(
  peer: Peer,
  tool: ListedTool,
  tools: readonly ListedTool[],
  emulator: AvalaEmulator,
): Promise<ToolResult> {
  let made: Json = {};
  const before = toolsBefore(tool.name)
    .map((name) => tools.find((other) => other.name === name)!);
  for (const needed of before) {
    const given = argumentsOf(needed, emulator, made);
    const result = await peer.callTool({ name: needed.name, arguments: given });
    made = { ...made, ...result.structuredContent };
  }
  const given = argumentsOf(tool, emulator, made);
  const fault = validatorOf(tool.inputSchema)(given);
  assertEquals(fault, "", `${tool.name} ${JSON.stringify(given)}`);
  return await peer.callTool({ name: tool.name, arguments: given });
}

/** Calls every tool; each works, or is refused for the reason that is expected. */
async function callAll(
  peer: Peer,
  tools: readonly ListedTool[],
  emulator: AvalaEmulator,
): Promise<void> {
  const start = emulator.snapshot();
  for (const tool of tools) {
    // what one has deleted is there for the next
    emulator.restore(start);
    const result = await callWithNeeds(peer, tool, tools, emulator);
    checkResult(tool.name, result);
    const { isError = false, structuredContent, content } = result;
    const text = `${tool.name}: ${content[0]?.text}`;
    assertEquals(isError, REFUSED.includes(tool.name), text);
    if (isError) assertStringIncludes(text, "the server responded with 4");
    const { outputSchema } = tool;
    if (outputSchema && !isError) {
      assertEquals(validatorOf(outputSchema)(structuredContent), "", text);
    }
  }
}

Deno.test("mcp peer: the official client reads with every tool of the default set", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  await using peer = await connect(server, "mcp");
  assertEquals(peer.getServerVersion().version, config.version);
  assertEquals(peer.version(), "2025-11-25");
  assertStringIncludes(peer.getInstructions(), "nextCursor");
  await peer.ping();
  const { tools } = await toolsOf(peer);
  assert(tools.length >= 39, `${tools.length} tools`);
  const lists = tools.filter(({ outputSchema }) => outputSchema);
  assert(lists.length > 15, `${lists.length} tools say what they give`);
  const writing = tools.filter((tool) => !tool.annotations?.readOnlyHint);
  assertEquals(writing, []);
  await callAll(peer, tools, emulator);
  const sent = emulator.requests.filter(({ method, path }) =>
    method !== "GET" && !path.endsWith("/test/")
  );
  assertEquals(sent, []);
  await assertRejects(
    () => peer.callTool({ name: "delete_agent", arguments: { uid: "a" } }),
    Error,
    "-32602",
  );
});

Deno.test("mcp peer: every operation is a tool that works, in two pages", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const all = ["--toolsets", "all", "--allow-writes"];
  await using peer = await connect(server, "cli", all);
  const { tools, pages } = await toolsOf(peer);
  assert(tools.length > 160, `${tools.length} tools`);
  assertEquals(pages, 2);
  assertEquals(new Set(tools.map(({ name }) => name)).size, tools.length);
  const names = tools.map(({ name }) => name);
  assertEquals(REFUSED.filter((name) => !names.includes(name)), []);
  await callAll(peer, tools, emulator);
});

Deno.test("mcp peer: a wait tells how it goes, and a call is canceled", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const all = ["--toolsets", "all", "--allow-writes"];
  await using peer = await connect(server, "cli", all);
  const made = await peer.callTool({
    name: "create_export",
    arguments: { project: emulator.records("projects").records[0]?.uid },
  });
  const told: string[] = [];
  const waited = await peer.callTool(
    {
      name: "exports_wait",
      arguments: { uid: made.structuredContent?.uid, interval: 5 },
    },
    undefined,
    { onprogress: ({ message }) => told.push(message ?? "") },
  );
  assertEquals(waited.structuredContent?.status, "exported");
  assert(told.length > 0 && told.every((text) => text.startsWith("status: ")));

  emulator.fault({ path: "/tasks/", hang: true });
  const controller = new AbortController();
  const over = Promise.withResolvers<void>();
  const stop = emulator.watch(({ path }) => {
    if (!path.endsWith("/tasks/")) return;
    // told of once when it comes, and once when the server has given it up
    if (controller.signal.aborted) over.resolve();
    else controller.abort(new Error("enough"));
  });
  await assertRejects(
    () =>
      peer.callTool({ name: "list_tasks", arguments: {} }, undefined, {
        signal: controller.signal,
      }),
    Error,
    "enough",
  );
  await deadline(over.promise, 20_000);
  stop();
  await peer.ping();
});

Deno.test("mcp peer: resources and prompts, and no writing tool with --read-only", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  // the switch wins over the environment
  await using peer = await connect(server, "cli", ["--read-only"], {
    AVALA_MCP_ENABLE_MUTATIONS: "true",
  });
  const { resourceTemplates } = await peer.listResourceTemplates();
  const [dataset] = emulator.records("datasets").records;
  const [project] = emulator.records("projects").records;
  const values: { [name: string]: unknown } = {
    ...project,
    owner: dataset?.owner_name,
    slug: dataset?.slug,
  };
  for (const { uriTemplate } of resourceTemplates) {
    const uri = uriTemplate.replace(
      /\{(\w+)\}/g,
      (_, name) => encodeURIComponent(String(values[name])),
    );
    const [content] = (await peer.readResource({ uri })).contents;
    const record = JSON.parse(content?.text ?? "");
    assert([dataset?.uid, project?.uid].includes(record.uid), uri);
  }
  assertEquals(resourceTemplates.length, 2);
  const { prompts } = await peer.listPrompts();
  assertEquals(prompts.length, 2);
  const { tools } = await toolsOf(peer);
  assertEquals(tools.filter((tool) => !tool.annotations?.readOnlyHint), []);
  const names = tools.map(({ name }) => name);
  for (const { name, arguments: taken } of prompts) {
    const given = Object.fromEntries(taken.map(({ name }) => [name, "u-1"]));
    const { messages } = await peer.getPrompt({ name, arguments: given });
    const text = messages[0]?.content.text ?? "";
    assertStringIncludes(text, "u-1");
    // a prompt names only tools that are there
    const named = text.match(/\b(?:get|list|fleet)_[a-z_]+/g) ?? [];
    assert(named.length > 1);
    assertEquals(named.filter((tool) => !names.includes(tool)), []);
  }
});
