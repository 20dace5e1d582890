import { assert, assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";
import { seeded } from "../../load/random.ts";
import { sha256 } from "../../servers/upload_sources.ts";

const FILES = 300;
const CONCURRENCY = 3;
const SCRIPT = `
import { AsyncClient } from ${urlOf("mod.ts")};
import { fromDirectory, stateFile } from ${urlOf("src/files/mod.ts")};
const [kind, baseUrl, folder, state] = Deno.args;
const client = new AsyncClient({
  apiKey: "avk_test_key_1",
  baseUrl,
  allowInsecureBaseUrl: true,
});
const files = await fromDirectory(folder);
const options = { stateStore: stateFile(state), concurrency: ${CONCURRENCY} };
if (kind === "recording") {
  await client.fleet.uploads.uploadRecording("r-1", files, options);
} else {
  await client.datasets.createFromLocal(files, {
    ...options,
    name: "Run",
    slug: "run",
    dataType: "image",
    uploadProtocolVersion: kind === "forms" ? 1 : 2,
  });
}
client.close();
`;

function urlOf(path: string): string {
  return JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);
}

/** Bytes of a file, some more than a chunk long. */
function bytesOf(index: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(index % 50 === 0 ? 200_000 : 500);
  bytes.fill(index % 251);
  return bytes;
}

const sends = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ path }) => path.startsWith("/storage/")).length;

for (const [seed, kind] of ["recording", "forms", "dataset"].entries()) {
  Deno.test(`killed uploads: a ${kind} goes on, seven times`, async () => {
    const random = seeded(seed + 1);
    const folder = await Deno.makeTempDir();
    const script = `${folder}/upload.ts`;
    await Deno.writeTextFile(script, SCRIPT);
    await Deno.mkdir(`${folder}/run`);
    for (let index = 0; index < FILES; index++) {
      await Deno.writeFile(`${folder}/run/${index}.jpg`, bytesOf(index));
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
          kind,
          server.baseUrl,
          `${folder}/run`,
          `${folder}/state.json`,
        ],
        stderr: "inherit",
      }).spawn();
    for (let kills = 1; kills <= 7; kills++) {
      const child = start();
      // in the middle of everything, and never in the last files
      const until = sends(emulator) + random() * FILES / 9;
      while (sends(emulator) < until) await pause(1);
      await pause(random() * 10);
      child.kill("SIGKILL");
      await child.output();
      const twice = emulator.storedFiles.reduce(
        (sum, { stores }) => sum + stores - 1,
        0,
      );
      assert(twice <= kills * CONCURRENCY, `${twice} files were sent twice`);
    }
    assert(emulator.storedFiles.length < FILES);
    const { code } = await start().output();
    assertEquals([code, emulator.storedFiles.length], [0, FILES]);
    let twice = 0;
    for (const { path, sha256: hash, stores } of emulator.storedFiles) {
      const bytes = bytesOf(Number(path.split(".", 1)[0]));
      assertEquals(hash, await sha256(bytes), path);
      twice += stores - 1;
    }
    assert(twice <= 7 * CONCURRENCY, `${twice} files were sent twice`);
    const confirmed = emulator.requests.filter(({ path, status }) =>
      path.endsWith("/confirm/") && status === 200
    ).flatMap(({ body }) => (body as { files: { path: string }[] }).files);
    assertEquals(confirmed.length, kind === "recording" ? FILES : 0);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(left.sort(), ["run", "upload.ts"]);
    await Deno.remove(folder, { recursive: true });
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
