import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { AvalaEmulator, type EmulatorServer } from "@avala/client/testing";
import type { Json } from "./mcp_arguments.ts";
import { argumentsOfServer, environmentOfServer } from "./mcp_peer.ts";

/** Long enough for a machine that is busy. */
const PATIENCE = 30_000;

/** The server as a process, line by line. */
interface Process extends AsyncDisposable {
  send(line: string | Uint8Array<ArrayBuffer>): Promise<void>;
  /** Waits for the response with an id; other messages are kept. */
  response(id: number): Promise<Json>;
  /** What came, in its order. */
  readonly messages: Json[];
  /** Closes both of its streams, as the system does when a peer has died. */
  leave(): Promise<void>;
  readonly ended: Promise<{ code: number; stderr: string }>;
}

function start(
  server: EmulatorServer,
  env: { [name: string]: string } = {},
): Process {
  const child = new Deno.Command(Deno.execPath(), {
    args: argumentsOfServer(server, "cli"),
    env: { ...environmentOfServer(server), ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const messages: Json[] = [];
  let rest = "";
  let hasLeft = false;
  const ended = (async () => {
    const stderr = await new Response(child.stderr).text();
    const { code } = await child.status;
    clearTimeout(timer);
    return { code, stderr };
  })();
  const leave = async () => {
    if (hasLeft) return;
    hasLeft = true;
    await reader.cancel();
    await writer.close().catch(() => {});
  };
  return {
    messages,
    ended,
    leave,
    async send(line) {
      const bytes = typeof line === "string"
        ? new TextEncoder().encode(`${line}\n`)
        : line;
      await writer.write(bytes);
    },
    async response(id) {
      for (;;) {
        const found = messages.find((message) => message.id === id);
        if (found) return found;
        const { done, value } = await reader.read();
        if (done) throw new Error((await ended).stderr);
        const lines = (rest + value).split("\n");
        rest = lines.pop() ?? "";
        messages.push(...lines.map((line) => JSON.parse(line)));
      }
    },
    async [Symbol.asyncDispose]() {
      await leave();
      await ended;
    },
  };
}

function request(id: number, method: string, params: Json = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

Deno.test("mcp process: lines that are no messages never end it", async () => {
  await using server = await new AvalaEmulator().serve();
  await using process = start(server);
  const bad = ["{", "[]", "7", '"x"', "null", "\u0000", "nul", "<html>"];
  for (const line of bad) await process.send(line);
  await process.send(new Uint8Array([0xff, 0xfe, 0x80, 0x0a]));
  await process.send(`{"jsonrpc":"2.0","id":1,"method":"${"x".repeat(9e6)}`);
  await process.send(`${"[".repeat(200_000)}`);
  await process.send(request(2, "no/such/method"));
  await process.send(request(3, "tools/call", { name: 7, arguments: [] }));
  await process.send(request(4, "prompts/get", { name: "constructor" }));
  await process.send('{"jsonrpc":"2.0","method":"notifications/nothing"}');
  await process.send(request(5, "ping"));
  const { result } = await process.response(5);
  assertEquals(result, {});
  for (const [id, code] of [[2, -32601], [3, -32602], [4, -32602]] as const) {
    const { error } = await process.response(id);
    assertEquals((error as Json).code, code);
  }
  const parse = process.messages.filter(({ error }) =>
    (error as Json | undefined)?.code === -32700
  );
  assertEquals(parse.length, bad.length + 3);
  assert(!JSON.stringify(process.messages).includes("    at "));
  await process.leave();
  assertEquals(await process.ended, { code: 0, stderr: "" });
});

Deno.test("mcp process: a client that dies in the middle of a call ends it", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  await using process = start(server);
  emulator.fault({ path: "/tasks/", hang: true, times: 9 });
  const asked = Promise.withResolvers<void>();
  const stop = emulator.watch(() => asked.resolve());
  await process.send(request(1, "tools/call", { name: "list_tasks" }));
  await asked.promise;
  stop();
  await process.leave();
  assertEquals(await process.ended, { code: 0, stderr: "" });
});

Deno.test("mcp process: without a key it starts, and a call says how to give one", async () => {
  await using server = await new AvalaEmulator().serve();
  await using process = start(server, { AVALA_API_KEY: "" });
  await process.send(request(1, "tools/list"));
  await process.send(request(2, "tools/call", { name: "list_tasks" }));
  const { tools } = (await process.response(1)).result as { tools: unknown[] };
  assert(tools.length > 30);
  const { result } = await process.response(2);
  assertStringIncludes(JSON.stringify(result), "AVALA_API_KEY");
  await process.leave();
  assertEquals(await process.ended, { code: 0, stderr: "" });
});

Deno.test("mcp process: the lines to paste are JSON, and start what is tested here", async () => {
  const url = new URL("../../../src/mcp/mod.ts", import.meta.url);
  const text = (await Deno.readTextFile(url)).replaceAll(/^ \* ?/gm, "");
  const blocks = [...text.matchAll(/```json\n(.*?)```/gs)];
  assert(blocks.length >= 4);
  for (const [, block = ""] of blocks) {
    const json = JSON.stringify(JSON.parse(block));
    assertStringIncludes(
      json,
      '"run","--allow-net=api.avala.ai","--allow-env","jsr:@avala/client/mcp"]',
    );
  }
});
