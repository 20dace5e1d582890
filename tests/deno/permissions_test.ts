import { assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";

Deno.test("network permission alone is enough, and the process ends by itself", async () => {
  await using server = await new AvalaEmulator().serve();
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const mod = new URL("../../mod.ts", import.meta.url);
  await Deno.writeTextFile(
    script,
    `import { AsyncClient } from ${JSON.stringify(mod.href)};
const client = new AsyncClient({ apiKey: "avk_test", baseUrl: ${
      JSON.stringify(server.baseUrl)
    }, allowInsecureBaseUrl: true });
const signal = new AbortController().signal;
console.log((await client.projects.list({}, { signal })).length);
let refused = "";
try { new AsyncClient(); } catch (error) { refused = error.name; }
console.log(refused);`,
  );
  const start = performance.now();
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--allow-net=127.0.0.1:${server.port}`,
      script,
    ],
    env: { AVALA_API_KEY: "avk_not_permitted_to_read" },
    stderr: "inherit",
  }).output();
  await Deno.remove(script);
  assertEquals(new TextDecoder().decode(stdout), "3\nConfigurationError\n");
  assertEquals(code, 0);
  // far below the time limit of an attempt, 30 s, which must not hold the process
  assertEquals(performance.now() - start < 20_000, true);
});

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
  new URL("../../src/files.ts", import.meta.url).href,
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
