import { assertEquals } from "@std/assert";
import { AvalaEmulator, type EmulatorServer } from "@avala/client/testing";
import config from "../../../deno.json" with { type: "json" };

const ROOT = new URL("../../../", import.meta.url);
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
import { Transport } from ${urlOf("src/http/transport.ts")};
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

/** Runs a script with the permissions given and gives what it printed. */
async function runWith(permissions: string[], script: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, script);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...permissions, file],
    stderr: "inherit",
  }).output();
  await Deno.remove(file);
  return new TextDecoder().decode(stdout);
}

const FILES = JSON.stringify(
  new URL("../../../src/files/mod.ts", import.meta.url).href,
);

Deno.test("files: listing and reading need to read the folder alone", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/sub`);
  await Deno.writeTextFile(`${folder}/sub/file`, "hello");
  const script = `import { fromDirectory } from ${FILES};
try {
  const [source] = await fromDirectory(${JSON.stringify(folder)});
  console.log(source.path, await new Response(source.stream()).text());
} catch (error) { console.log(error.name, error.message.includes("--allow-read")); }`;
  assertEquals(
    await runWith([`--allow-read=${folder}`], script),
    "sub/file hello\n",
  );
  assertEquals(await runWith([], script), "InvalidArgumentError true\n");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("files: what another user can't read is named", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/locked`);
  await Deno.writeTextFile(`${folder}/secret`, "x");
  await Deno.chmod(folder, 0o755);
  // nothing is locked for root
  const script = `import { fromDirectory } from ${FILES};
import process from "node:process";
const folder = ${JSON.stringify(folder)};
if (process.getuid() === 0) process.seteuid(65_534);
try { await fromDirectory(folder); } catch (error) {
  console.log(error.name, error.message);
}`;
  for (const name of ["secret", "locked"]) {
    await Deno.chmod(`${folder}/${name}`, 0);
    const printed = await runWith(["-A"], script);
    await Deno.chmod(`${folder}/${name}`, 0o755);
    assertEquals(
      printed,
      `InvalidArgumentError Cannot ${
        name === "secret" ? "read" : "list"
      } "${folder}/${name}" as the system does not permit it\n`,
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("files: saving needs to read and write the folder alone", async () => {
  const folder = await Deno.makeTempDir();
  const script = `import { saveTo } from ${FILES};
const path = ${JSON.stringify(`${folder}/out`)};
try {
  const options = { sha256: true, overwrite: true };
  console.log((await saveTo(path, new Response("hello"))).bytes);
  console.log((await saveTo(path, new Response("hello!"), options)).bytes);
} catch (error) { console.log(error.name, error.message.includes("--allow")); }`;
  const read = `--allow-read=${folder}`;
  const write = `--allow-write=${folder}`;
  assertEquals(await runWith([read, write], script), "5\n6\n");
  assertEquals(await Deno.readTextFile(`${folder}/out`), "hello!");
  await Deno.remove(`${folder}/out`);
  for (const permissions of [[read], [write], []]) {
    assertEquals(
      await runWith(permissions, script),
      "InvalidArgumentError true\n",
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("files: keeping a state needs to read and write the folder alone", async () => {
  const folder = await Deno.makeTempDir();
  const script = `import { stateFile } from ${FILES};
const store = stateFile(${JSON.stringify(`${folder}/state.json`)});
try {
  await store.save("a", { n: 1 });
  console.log((await store.load("a")).n);
} catch (error) { console.log(error.name, error.message.includes("--allow")); }`;
  const read = `--allow-read=${folder}`;
  const write = `--allow-write=${folder}`;
  assertEquals(await runWith([read, write], script), "1\n");
  await Deno.remove(`${folder}/state.json`);
  for (const permissions of [[read], [write], []]) {
    assertEquals(
      await runWith(permissions, script),
      "InvalidArgumentError true\n",
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  }
  await Deno.remove(folder, { recursive: true });
});
