import { assert, assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";

const FILES = 300;
const SCRIPT = `
import { AsyncClient } from ${urlOf("mod.ts")};
import { fromDirectory, stateFile } from ${urlOf("src/files/mod.ts")};
const [baseUrl, folder, state] = Deno.args;
const client = new AsyncClient({
  apiKey: "avk_test_key_1",
  baseUrl,
  allowInsecureBaseUrl: true,
});
const done = await client.fleet.uploads.uploadRecording(
  "r-1",
  await fromDirectory(folder),
  { stateStore: stateFile(state), concurrency: 2 },
);
console.log(JSON.stringify([done.sentFiles, done.confirmedFiles]));
client.close();
`;

function urlOf(path: string): string {
  return JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);
}

Deno.test("an upload that was killed goes on: nothing confirmed is sent again", async () => {
  const folder = await Deno.makeTempDir();
  const script = `${folder}/upload.ts`;
  await Deno.writeTextFile(script, SCRIPT);
  await Deno.mkdir(`${folder}/run`);
  for (let index = 0; index < FILES; index++) {
    await Deno.writeTextFile(`${folder}/run/${index}.bin`, `bytes ${index}`);
  }
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        "--allow-net=127.0.0.1",
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        script,
        server.baseUrl,
        `${folder}/run`,
        `${folder}/state.json`,
      ],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();

  const killed = start();
  const confirmations = () =>
    emulator.requests.filter(({ path, status }) =>
      path.endsWith("/upload/confirm/") && status === 200
    );
  while (confirmations().length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  killed.kill("SIGKILL");
  await killed.output();
  const confirmed = confirmations().flatMap(({ body }) =>
    (body as { files: { path: string }[] }).files.map(({ path }) => path)
  );
  assert(confirmed.length > 0 && confirmed.length < FILES);

  const before = new Map(
    emulator.storedFiles.map(({ path, stores }) => [path, stores]),
  );
  const { code, stdout } = await start().output();
  assertEquals(code, 0);
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [
    FILES - confirmed.length,
    FILES,
  ]);
  for (const { path, stores } of emulator.storedFiles) {
    if (confirmed.includes(path)) assertEquals(stores, before.get(path), path);
  }
  const sizes = emulator.storedFiles.map(({ size }) => size);
  assertEquals(sizes.length, FILES);
  const all = confirmations().flatMap(({ body }) =>
    (body as { files: { path: string }[] }).files.map(({ path }) => path)
  );
  assertEquals(new Set(all).size, FILES);
  assertEquals(all.length, FILES);
  const left: string[] = [];
  for await (const { name } of Deno.readDir(folder)) left.push(name);
  assertEquals(left.sort(), ["run", "upload.ts"]);
  await Deno.remove(folder, { recursive: true });
});
