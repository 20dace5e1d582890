import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serveMcp } from "@avala/client/mcp";
import { AvalaEmulator } from "@avala/client/testing";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { commandLine } from "../tools/command_line.ts";
import { test } from "../tools/harness.ts";

type Json = { [key: string]: unknown };

interface Peer {
  /** Sends a line as it is. */
  line(text: string): void;
  /** Sends a request and waits for its response. */
  ask(method: string, params?: Json): Promise<Json>;
  /** Sends a notification. */
  tell(method: string, params?: Json): void;
  /** Everything that came. */
  readonly seen: Json[];
  /** Goes away, and waits for the server. */
  end(): Promise<void>;
}

type Options = Partial<Parameters<typeof serveMcp>[0]>;

function connect(emulator: AvalaEmulator, options: Options = {}): Peer {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const writer = input.writable.getWriter();
  const encoder = new TextEncoder();
  const waiting = new Map<unknown, (message: Json) => void>();
  const seen: Json[] = [];
  const client = { apiKey: "avk_mcp_test_1", fetch: emulator.fetch };
  const done = serveMcp(
    { version: "1.2.3", client, ...options },
    input.readable,
    (text) => {
      assertEquals(text.split("\n").length, 2, "a message is one line");
      const message = JSON.parse(text);
      seen.push(message);
      waiting.get(message.id)?.(message);
    },
  );
  let ids = 0;
  const send = (message: Json) =>
    void writer.write(encoder.encode(`${JSON.stringify(message)}\n`));
  return {
    seen,
    line: (text) => void writer.write(encoder.encode(`${text}\n`)),
    ask: (method, params) => {
      const id = ++ids;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ jsonrpc: "2.0", id, method, params });
      });
    },
    tell: (method, params) => send({ jsonrpc: "2.0", method, params }),
    end: async () => {
      await writer.close();
      await done;
    },
  };
}

async function talk(
  use: (peer: Peer, emulator: AvalaEmulator) => Promise<void>,
  options: Options = {},
): Promise<void> {
  const emulator = new AvalaEmulator();
  const peer = connect(emulator, options);
  try {
    await use(peer, emulator);
  } finally {
    await peer.end();
  }
}

async function toolsOf(peer: Peer): Promise<Json[]> {
  const tools: Json[] = [];
  let cursor: unknown;
  do {
    const { result } = await peer.ask("tools/list", cursor ? { cursor } : {});
    const page = result as { tools: Json[]; nextCursor?: string };
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor);
  return tools;
}

async function call(peer: Peer, name: string, given: Json = {}): Promise<Json> {
  const { result } = await peer.ask("tools/call", { name, arguments: given });
  return result as Json;
}

function textOf(result: Json): string {
  const [content] = result.content as { text: string }[];
  return content?.text ?? "";
}

test("mcp: versions are negotiated, and the server says who it is", async () => {
  await talk(async (peer) => {
    for (
      const [asked, spoken] of [
        ["2024-11-05", "2024-11-05"],
        ["2025-06-18", "2025-06-18"],
        ["1999-01-01", "2025-11-25"],
      ]
    ) {
      const { result } = await peer.ask("initialize", {
        protocolVersion: asked,
        capabilities: {},
        clientInfo: { name: "test", version: "0" },
      });
      const { protocolVersion, serverInfo, capabilities } = result as Json;
      assertEquals(protocolVersion, spoken);
      assertEquals((serverInfo as Json).version, "1.2.3");
      assertEquals(
        Object.keys(capabilities as Json).sort(),
        ["logging", "prompts", "resources", "tools"],
      );
    }
    peer.tell("notifications/initialized");
    assertEquals((await peer.ask("ping")).result, {});
  });
});

test("mcp: the default set has the names of the official server", async () => {
  const url = new URL("../contract/mcp_tools.json", import.meta.url);
  const { read, write } = JSON.parse(await readFile(url, "utf8"));
  await talk(async (peer) => {
    const tools = await toolsOf(peer);
    const names = tools.map(({ name }) => name);
    assertEquals(read.filter((name: string) => !names.includes(name)), []);
    assertEquals(write.filter((name: string) => names.includes(name)), []);
    for (const { name, annotations } of tools) {
      assertEquals((annotations as Json).readOnlyHint, true, `${name}`);
    }
  });
  await talk(async (peer) => {
    const names = (await toolsOf(peer)).map(({ name }) => name);
    const all = [...read, ...write];
    assertEquals(all.filter((name: string) => !names.includes(name)), []);
  }, { allowWrites: true });
});

test("mcp: every tool has a schema that names and describes what it takes", async () => {
  await talk(async (peer) => {
    const tools = await toolsOf(peer);
    assert(tools.length > 120, `${tools.length} tools`);
    assertEquals(new Set(tools.map(({ name }) => name)).size, tools.length);
    for (const { name, description, inputSchema, annotations } of tools) {
      assert(/^[a-z][a-z0-9_]{2,63}$/.test(String(name)), `${name}`);
      assert(String(description).length > 5, `${name}`);
      // what a program does with a page, an assistant can't
      assert(!/iterated|awaited/.test(String(description)), `${name}`);
      const schema = inputSchema as { properties: { [name: string]: Json } };
      for (
        const [property, { description }] of Object.entries(schema.properties)
      ) {
        assert(String(description).length > 2, `${name}.${property}`);
      }
      const { destructiveHint } = annotations as Json;
      if (/^create_|_create$/.test(String(name))) {
        assertEquals(destructiveHint, false, `${name}`);
      }
      if (/^delete_|_delete$/.test(String(name))) {
        assertEquals(destructiveHint, true, `${name}`);
      }
    }
  }, { toolsets: ["all"], allowWrites: true });
});

test("mcp: reads give structured results, pages a cursor", async () => {
  await talk(async (peer) => {
    const first = await call(peer, "list_tasks", { limit: 3 });
    const { items, nextCursor } = first.structuredContent as {
      items: Json[];
      nextCursor: string;
    };
    assertEquals(items.length, 3);
    assertEquals(JSON.parse(textOf(first)), first.structuredContent);
    const second = await call(peer, "list_tasks", {
      limit: 3,
      cursor: nextCursor,
    });
    const more = (second.structuredContent as { items: Json[] }).items;
    assert(more[0]?.uid !== items[0]?.uid);
    const one = await call(peer, "get_task", { uid: items[0]?.uid });
    assertEquals((one.structuredContent as Json).uid, items[0]?.uid);
    for (
      const name of [
        "get_workspace_stats",
        "get_fleet_health",
        "get_workspace_overview",
      ]
    ) {
      const { isError, structuredContent } = await call(peer, name);
      assertEquals(isError, undefined, name);
      assert(Object.keys(structuredContent as Json).length > 0);
    }
  });
});

test("mcp: a wrong call is told what is allowed, and sends nothing", async () => {
  await talk(async (peer, emulator) => {
    const rows: [string, Json, string][] = [
      ["get_task", {}, "needs the argument 'uid'"],
      ["get_task", { uid: 42 }, "a string as 'uid': current value is 42"],
      ["list_tasks", { limit: 0 }, "an integer from 1 to 200"],
      ["list_tasks", { projct: "x" }, "no argument 'projct': it takes"],
    ];
    for (const [name, given, told] of rows) {
      const result = await call(peer, name, given);
      assertEquals(result.isError, true);
      assertStringIncludes(textOf(result), told);
    }
    for (const name of ["no_such_tool", "create_dataset"]) {
      const { error } = await peer.ask("tools/call", { name, arguments: {} });
      assertEquals((error as Json).code, -32602);
    }
    assertEquals(emulator.requests.length, 0);
    const gone = await call(peer, "get_task", { uid: "gone" });
    assertEquals(gone.isError, true);
    assertStringIncludes(textOf(gone), "404");
    assert(!textOf(gone).includes("    at "), "no stack");
  });
});

test("mcp: no secret in any result, unless asked for", async () => {
  const register = { name: "Rig", type: "rig" };
  await talk(async (peer) => {
    const device = await call(peer, "fleet_register_device", register);
    const { structuredContent } = device as { structuredContent: Json };
    assertEquals(structuredContent.deviceToken, "[redacted]");
    const made = await call(peer, "create_webhook", {
      targetUrl: "https://hooks.example.com/x",
      events: ["export.completed"],
      secret: "whsec_hunter2hunter2",
    });
    assert(!textOf(made).includes("hunter2"));
  }, { allowWrites: true });
  await talk(async (peer) => {
    const device = await call(peer, "fleet_register_device", register);
    const { structuredContent } = device as { structuredContent: Json };
    assert(structuredContent.deviceToken !== "[redacted]");
  }, { allowWrites: true, showSecrets: true });
});

test("mcp: without a key the tools are listed, and a call says how to give one", async () => {
  await talk(async (peer) => {
    assert((await toolsOf(peer)).length > 30);
    const result = await call(peer, "list_datasets");
    assertEquals(result.isError, true);
    assertStringIncludes(textOf(result), "AVALA_API_KEY");
  }, { client: {} });
});

test("mcp: malformed input ends nothing", async () => {
  await talk(async (peer) => {
    const bad = [
      "{",
      "[]",
      "7",
      '"x"',
      "null",
      '{"id":901}',
      '{"method":7,"id":902}',
    ];
    for (const line of bad) peer.line(line);
    peer.line('{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}');
    peer.line("");
    peer.tell("notifications/unknown");
    const { error } = await peer.ask("no/such/method");
    assertEquals((error as Json).code, -32601);
    assertEquals((await peer.ask("ping")).result, {});
    const codes = peer.seen.map(({ error }) => (error as Json)?.code);
    assertEquals(codes.filter((code) => code === -32700).length, 5);
  });
});

test("mcp: a request is canceled, and a peer that goes away ends all", async () => {
  const emulator = new AvalaEmulator();
  const peer = connect(emulator);
  emulator.fault({ path: "/tasks/", hang: true, times: 2 });
  peer.line(
    '{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"list_tasks"}}',
  );
  while (emulator.requests.length < 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  peer.tell("notifications/cancelled", { requestId: "a" });
  assertEquals((await peer.ask("ping")).result, {});
  assertEquals(peer.seen.filter(({ id }) => id === "a"), []);
  peer.line(
    '{"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"list_tasks"}}',
  );
  while (emulator.requests.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await peer.end();
});

test("mcp: resources and prompts", async () => {
  await talk(async (peer) => {
    const listed = await call(peer, "list_datasets", { limit: 1 });
    const [dataset] = (listed.structuredContent as { items: Json[] }).items;
    const uri = `avala://datasets/${dataset?.ownerName}/${dataset?.slug}`;
    const { result } = await peer.ask("resources/read", { uri });
    const [content] = (result as { contents: Json[] }).contents;
    assertEquals(JSON.parse(String(content?.text)).uid, dataset?.uid);
    for (
      const wrong of [
        "avala://datasets/a",
        "http://x/",
        7,
        "avala://projects/gone",
      ]
    ) {
      const { error } = await peer.ask("resources/read", { uri: wrong });
      assertEquals((error as Json).code, -32002, `${wrong}`);
    }
    const { result: prompts } = await peer.ask("prompts/list");
    assertEquals((prompts as { prompts: Json[] }).prompts.length, 2);
    const { result: prompt } = await peer.ask("prompts/get", {
      name: "review_project_quality",
      arguments: { projectUid: "p-1" },
    });
    assertStringIncludes(JSON.stringify(prompt), "p-1");
  });
});

test("mcp: a peer that reads nothing any more, then dies, ends the process cleanly", async () => {
  const [program = "", ...args] = commandLine(["mcp"]);
  const env = { ...process.env, AVALA_API_KEY: "avk_mcp_test_1" };
  const child = spawn(program, args, { stdio: "pipe", env });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => errors += text);
  const line = (id: number, method: string) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method })}\n`);
  line(1, "ping");
  await once(child.stdout, "data");
  child.stdout.destroy();
  // what nobody reads is an error of the stream that it is written to
  for (let id = 2; id < 20; id++) line(id, "tools/list");
  const closed = once(child, "close");
  child.stdin.end();
  const [code] = await closed;
  child.stdin.destroy();
  assertEquals([code, errors], [0, ""]);
});
