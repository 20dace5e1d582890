import { assert, assertEquals } from "@std/assert";
import { commandLine, environmentOf } from "../../tools/command_line.ts";

/** Starts a command whose streams the test holds. */
function start(args: string[], env: { [name: string]: string } = {}) {
  const [program, ...words] = commandLine(args);
  return new Deno.Command(program!, {
    args: words,
    env: { AVALA_API_KEY: "", AVALA_BASE_URL: "", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Reads lines of a process, one at a time. */
async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

Deno.test("cli: the emulator serves a file of records, late, until Ctrl-C", async () => {
  const seed = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(
    seed,
    JSON.stringify({ datasets: [{ name: "A", slug: "a", dataType: "image" }] }),
  );
  const child = start([
    "emulator",
    "--port=0",
    `--seed=${seed}`,
    "--latency=300",
  ]);
  const lines = linesOf(child.stdout);
  const { value: first = "" } = await lines.next();
  const [, baseUrl] = /^The emulator serves (\S+)$/.exec(String(first)) ?? [];
  assert(baseUrl, String(first));
  const before = performance.now();
  const response = await fetch(`${baseUrl}/datasets/`, {
    headers: { "x-avala-api-key": "avk_1" },
  });
  const { results } = await response.json();
  assertEquals(results.map(({ slug }: { slug: string }) => slug), ["a"]);
  assert(performance.now() - before >= 290);

  child.kill("SIGINT");
  for await (const _ of lines);
  await child.stdin.close();
  assertEquals((await child.status).code, 0);
  await Deno.remove(seed);

  const { code } = await start(["emulator", "--port=0", "--seed=no.json"])
    .output();
  assertEquals(code, 2);
});

Deno.test("cli: assistants are served until their input ends", async () => {
  const child = start(["mcp", "--toolsets=datasets"], {
    ...environmentOf("http://127.0.0.1:9"),
  });
  const writer = child.stdin.getWriter();
  const send = (message: { [key: string]: unknown }) =>
    writer.write(
      new TextEncoder().encode(
        `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`,
      ),
    );
  const lines = linesOf(child.stdout);
  const receive = async () =>
    JSON.parse(String((await lines.next()).value)).result;
  await send({
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    },
  });
  assertEquals((await receive()).serverInfo.name, "avala");
  await send({ method: "notifications/initialized" });
  await send({ id: 2, method: "tools/list" });
  const { tools } = await receive();
  assert(tools.length > 5, `${tools.length} tools`);
  await writer.close();
  for await (const _ of lines);
  assertEquals((await child.status).code, 0);
});
