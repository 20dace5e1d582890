import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { seeded } from "../../load/random.ts";
import { itemsOf, serveDataset } from "../../servers/dataset_server.ts";
import { bytesAt, serveRanges } from "../../servers/range_server.ts";
import { sha256, testFolder } from "../../tools/folders.ts";

const MIB = 1_048_576;
const KILLS = 10;
const ROOT = new URL("../../../", import.meta.url);

function delay(ms: number): Promise<void> {
  return ms < Infinity
    ? new Promise((resolve) => setTimeout(resolve, ms))
    : Promise.resolve();
}

const HEAD = `import { AsyncClient } from "${new URL("mod.ts", ROOT).href}";
import { downloadDataset, saveTo } from "${
  new URL("src/files/mod.ts", ROOT).href
}";
const [baseUrl, target] = Deno.args;
const client = new AsyncClient({
  apiKey: "avk_test_files",
  baseUrl,
  allowInsecureBaseUrl: true,
});
`;

/**
 * Runs a script, and kills it some time after its first request for a file, unless
 * it ends before.
 */
async function runOrKill(
  folder: string,
  script: string,
  args: string[],
  asked: readonly unknown[],
  after: number,
): Promise<boolean> {
  const file = join(folder, "script.ts");
  await Deno.writeTextFile(file, HEAD + script + "\nclient.close();");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-net=127.0.0.1",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      file,
      ...args,
    ],
    stderr: "inherit",
  }).spawn();
  const before = asked.length;
  let ended = false;
  const killing = (async () => {
    while (!ended && asked.length === before) await delay(2);
    await delay(after);
    if (!ended && after < Infinity) child.kill("SIGKILL");
  })();
  const { success, signal } = await child.status;
  ended = true;
  await killing;
  assert(success || signal === "SIGKILL");
  return success;
}

testFolder(
  "a download over several connections, killed at random moments, goes on",
  async (folder) => {
    const size = 64 * MIB;
    await using server = await serveRanges({ rate: 8 * MIB });
    const target = join(folder, "out");
    const script =
      `await saveTo(target, await client.download("${server.origin}/f/${size}"), {
  resume: true,
  connections: 4,
});`;
    const random = seeded(13);
    let kills = 0;
    const run = () =>
      runOrKill(
        folder,
        script,
        [`${server.origin}/api/v1`, target],
        server.asked,
        // some before the first byte, some when most of it is there
        kills < KILLS ? random() * 120 : Infinity,
      );
    while (!await run()) kills++;
    assertEquals(kills, KILLS);
    const bytes = await Deno.readFile(target);
    assertEquals(bytes.length, size);
    assertEquals(sha256(bytes), sha256(bytesAt(1, 0, size)));
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "out",
      "script.ts",
    ]);
    // the stream that is opened first brings some bytes again, as does what was not noted yet
    const sent = server.asked.reduce((sum, { sent }) => sum + sent, 0);
    assert(sent < size + (kills + 1) * 16 * MIB, `${sent / MIB} MiB`);
  },
);

testFolder(
  "a dataset's download, killed at random moments, moves no file twice but those under way",
  async (folder) => {
    const random = seeded(17);
    const count = 400;
    const sizes = Object.fromEntries(
      Array.from(
        { length: count },
        (_, n) => [`${n % 9}/${n}.bin`, Math.floor(random() * 60_000)],
      ),
    );
    await using server = await serveDataset(itemsOf(sizes));
    server.storage.behavior.rate = 500_000;
    const target = join(folder, "data");
    const script =
      `const done = await downloadDataset(client, "ada", "drive", target);
if (done.files + done.skipped !== ${count}) Deno.exit(1);`;
    let kills = 0;
    for (;;) {
      const before = new Set(wholeFiles(target, sizes));
      server.storage.asked.length = 0;
      const isDone = await runOrKill(
        folder,
        script,
        [server.baseUrl, target],
        server.storage.asked,
        kills < KILLS ? random() * 120 : Infinity,
      );
      // what was there is not asked for again, but what had no line yet
      const again = server.storage.asked.filter(({ path }) =>
        before.has(Number(/^\/item-(\d+)\//.exec(path)?.[1]))
      );
      assert(again.length <= 8, `${again.length} of ${before.size}`);
      if (isDone) break;
      kills++;
    }
    assertEquals(kills, KILLS);
    for (const [index, [key, size]] of Object.entries(sizes).entries()) {
      const bytes = await Deno.readFile(join(target, key));
      assertEquals(bytes.length, size);
      assertEquals(sha256(bytes), sha256(bytesAt(index + 1, 0, size)));
    }
    const names = [...Deno.readDirSync(target)].map(({ name }) => name);
    assertEquals(names.filter((name) => name.startsWith(".")), [
      ".avala-download.jsonl",
    ]);
    const left: string[] = [];
    for (const name of names.filter((name) => !name.startsWith("."))) {
      for (const { name: file } of Deno.readDirSync(join(target, name))) {
        if (file.startsWith(".")) left.push(file);
      }
    }
    assertEquals(left, []);
  },
);

/** Numbers of the files that are there as a whole. */
function wholeFiles(
  target: string,
  sizes: { [key: string]: number },
): number[] {
  return Object.entries(sizes).flatMap(([key, size], index) => {
    try {
      return Deno.statSync(join(target, key)).size === size ? index : [];
    } catch {
      return [];
    }
  });
}
