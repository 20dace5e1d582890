import { assertEquals } from "@std/assert";
import { AvalaEmulator, type EmulatorServer } from "@avala/client/testing";
import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
const urlOf = (path: string) => JSON.stringify(new URL(path, ROOT).href);

/** Runs a script that may reach the emulator, and nothing else. */
async function run(server: EmulatorServer, script: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, script);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--allow-net=127.0.0.1:${server.port}`,
      file,
    ],
    env: { AVALA_API_KEY: "avk_not_permitted_to_read" },
  }).output();
  await Deno.remove(file);
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}

const optionsFor = ({ baseUrl }: EmulatorServer) =>
  `{ apiKey: "avk_test", allowInsecureBaseUrl: true, baseUrl: "${baseUrl}" }`;

Deno.test("network permission alone is enough, and the process ends by itself", async () => {
  await using server = await new AvalaEmulator().serve();
  const start = performance.now();
  const output = await run(
    server,
    `import { AsyncClient } from ${urlOf("mod.ts")};
const client = new AsyncClient(${optionsFor(server)});
const signal = new AbortController().signal;
console.log((await client.projects.list({}, { signal })).length);
let refused = "";
try { new AsyncClient(); } catch (error) { refused = error.name; }
console.log(refused);`,
  );
  assertEquals(output, "3\nConfigurationError\n");
  // far below the time limit of an attempt, 30 s, which must not hold the process
  assertEquals(performance.now() - start < 20_000, true);
});

for (const [name, path] of Object.entries(config.exports)) {
  Deno.test(`network permission alone is enough for ${name}`, async () => {
    const emulator = new AvalaEmulator();
    await using server = await emulator.serve();
    const output = await run(
      server,
      `import * as mod from ${urlOf(path)};
import { AvalaError } from ${urlOf("src/errors.ts")};
import { Transport } from ${urlOf("src/transport.ts")};
const transport = new Transport(${optionsFor(server)});
await transport.request("GET", "/tasks/");
for (const [name, Resource] of Object.entries(mod)) {
  if (!/^Async/.test(name)) continue;
  const resource = name === "AsyncClient"
    ? new Resource(${optionsFor(server)}).tasks
    : new Resource(transport);
  for (const method of ["list", "get"]) {
    await Promise.resolve(resource[method]?.("x")).catch((error) => {
      if (!(error instanceof AvalaError)) throw error;
    });
  }
}
console.log(Object.keys(mod).length > 0);`,
    );
    assertEquals(output, "true\n");
    assertEquals(emulator.requests[0]?.status, 200);
  });
}
