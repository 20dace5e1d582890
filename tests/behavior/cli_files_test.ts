import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import {
  avala,
  avalaProcess,
  environmentOf,
  type ProcessOptions,
} from "../tools/command_line.ts";
import { testFolder } from "../tools/folders.ts";

type Run = (
  args: readonly string[],
  options?: ProcessOptions,
) => ReturnType<typeof avala>;

interface World {
  emulator: AvalaEmulator;
  folder: string;
  run: Run;
  /** The same as a process of its own. */
  start: Run;
}

/** Declares a test with an emulator, a folder, and a user of its own. */
function command(
  name: string,
  use: (world: World) => Promise<void>,
  options: AvalaEmulatorOptions = {},
): void {
  testFolder(`cli files: ${name}`, async (folder) => {
    const emulator = new AvalaEmulator(options);
    await using server = await emulator.serve();
    const env = {
      ...environmentOf(server.baseUrl),
      XDG_STATE_HOME: join(folder, ".state"),
      XDG_CONFIG_HOME: join(folder, ".config"),
    };
    const runWith = (run: Run): Run => (args, options = {}) =>
      run(args, { ...options, env: { ...env, ...options.env } });
    await use({
      emulator,
      folder,
      run: runWith(avala),
      start: runWith(avalaProcess),
    });
  });
}

/** Makes a folder of small pictures. */
async function pictures(folder: string, count: number): Promise<string> {
  const path = join(folder, "pictures");
  await mkdir(join(path, "sub"), { recursive: true });
  for (let i = 0; i < count; i++) {
    await writeFile(
      join(path, i % 2 ? "sub" : "", `${i}.jpg`),
      new Uint8Array(1_000 + i).fill(i),
    );
  }
  return path;
}

const stored = (emulator: AvalaEmulator) =>
  emulator.storedFiles.filter(({ size }) => size >= 1_000 && size < 2_000);
const NEW = ["--name", "New", "--slug", "new-one"];

command(
  "a folder becomes a dataset, and its files come back",
  async ({ emulator, folder, run }) => {
    const source = await pictures(folder, 6);
    const plan = await run(["datasets", "upload", source, ...NEW, "--dry-run"]);
    assertEquals(plan.code, 0, plan.stderr);
    assertEquals(plan.stdout.trimEnd().split("\n").length, 6);
    assertEquals(stored(emulator).length, 0);

    const made = await run(["datasets", "upload", source, ...NEW, "--wait"]);
    assertEquals(made.code, 0, made.stderr);
    const dataset = JSON.parse(made.stdout);
    assertEquals([dataset.name, dataset.dataType, dataset.status], [
      "New",
      "image",
      "created",
    ]);
    assertEquals(stored(emulator).length, 6);
  },
);

command(
  "files that fail are told, and the same command goes on",
  async ({ emulator, folder, run }) => {
    const source = await pictures(folder, 4);
    emulator.fault({ path: "file-upload-url", status: 400, times: 1 });
    const first = await run(["datasets", "upload", source, ...NEW]);
    assertEquals([first.code, first.stdout], [5, ""], first.stderr);
    assertStringIncludes(first.stderr, "1 file has failed");
    assertEquals(stored(emulator).length, 3);
    const second = await run(["datasets", "upload", source, ...NEW]);
    assertEquals(second.code, 0, second.stderr);
    assertEquals(JSON.parse(second.stdout).slug, "new-one");
    assertEquals(stored(emulator).map(({ stores }) => stores), [1, 1, 1, 1]);
  },
);

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  command(
    `${signal} in an upload, and again`,
    async ({ emulator, folder, run, start }) => {
      const source = await pictures(folder, 12);
      emulator.fault({ path: "file-upload-url", delay: 150, every: 1 });
      let isKilled = false;
      const upload = [
        "datasets",
        "upload",
        source,
        ...NEW,
        "--concurrency",
        "1",
      ];
      const first = await start([...upload, "--debug"], {
        onOutput(text, child) {
          if (isKilled || !text.includes("file-upload-url/ 20")) return;
          if (stored(emulator).length < 3) return;
          isKilled = true;
          child.kill(signal);
        },
      });
      assert(isKilled);
      if (signal === "SIGINT") {
        assertEquals(first.code, 130, first.stderr);
        assertStringIncludes(first.stderr, "avala: interrupted\n");
      }
      const before = stored(emulator).length;
      assert(before < 12, `${before}`);
      emulator.clearFaults();
      const second = await run(upload);
      assertEquals(second.code, 0, second.stderr);
      assertEquals(stored(emulator).length, 12);
      const again = stored(emulator).filter(({ stores }) => stores > 1).length;
      // only what was not confirmed when it ended
      assert(again <= 3, `${again} were sent again`);
    },
  );
}

command(
  "an export is saved, and not twice without being told",
  async ({ folder, run }) => {
    const list = await run(["datasets", "list", "--limit", "1"]);
    const { uid } = JSON.parse(list.stdout);
    const made = await run(["exports", "create", "--dataset", uid]);
    const job = JSON.parse(made.stdout);
    await run(["exports", "wait", job.uid, "--interval", "0.5", "--quiet"]);
    const file = join(folder, "export.json");
    const saved = await run(["exports", "download", job.uid, file, "--sha256"]);
    assertEquals(saved.code, 0, saved.stderr);
    const { bytes, sha256 } = JSON.parse(saved.stdout);
    const content = await readFile(file);
    assertEquals(content.length, bytes);
    assertEquals(/^[0-9a-f]{64}$/.test(sha256), true);
    const twice = await run(["exports", "download", job.uid, file]);
    assertEquals(twice.code, 2);
    assertStringIncludes(twice.stderr, "--overwrite replaces it");
    const over = await run([
      "exports",
      "download",
      job.uid,
      file,
      "--overwrite",
    ]);
    assertEquals(over.code, 0, over.stderr);
  },
);

command(
  "all files of a dataset come down, and only once",
  async ({ emulator, folder, run }) => {
    const target = join(folder, "down");
    const download = [
      "datasets",
      "download",
      "northlight",
      "harbor-crane",
      target,
    ];
    const plan = await run([...download, "--dry-run"]);
    assertEquals(plan.code, 0, plan.stderr);
    assertEquals(await readdir(folder), []);
    const items = plan.stdout.trimEnd().split("\n").length;
    const first = await run(download);
    const told = JSON.parse(first.stdout || "{}");
    assertEquals(
      [told.files + told.failures, told.skipped],
      [items, 0],
      first.stderr,
    );
    assertEquals(first.code, told.failures > 0 ? 5 : 0);
    const before = emulator.requests.length;
    const second = await run(download);
    assertEquals(JSON.parse(second.stdout || "{}").skipped, told.files);
    assert(emulator.requests.length > before);
  },
);

command(
  "a recording gets the files of a folder",
  async ({ emulator, folder, run }) => {
    const source = await pictures(folder, 3);
    const list = await run(["fleet", "recordings", "list", "--limit", "1"]);
    const { uid } = JSON.parse(list.stdout);
    const args = ["fleet", "recordings", "upload", "--source", source];
    const done = await run([...args, "--recording", uid, "--workers", "2"]);
    assertEquals(done.code, 0, done.stderr);
    assertEquals(JSON.parse(done.stdout).sentFiles, 3);
    assertEquals(stored(emulator).length, 3);
  },
);

command("a bucket becomes a dataset", async ({ emulator, run }) => {
  const cloud = [
    "import",
    "cloud",
    "s3://bucket/pre",
    ...NEW,
    "--data-type",
    "image",
  ];
  const env = {
    AWS_REGION: "",
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
  };
  const lacks = await run(cloud, { env });
  assertEquals(lacks.code, 2);
  const keys = {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIA1",
    AWS_SECRET_ACCESS_KEY: "hidden-key",
  };
  const dry = await run([...cloud, "--dry-run"], { env: keys });
  assertEquals(dry.code, 0, dry.stderr);
  assertStringIncludes(dry.stdout, '"s3_bucket_region": "eu-west-1"');
  assert(!dry.stdout.includes("hidden-key"));
  const made = await run(cloud, { env: keys });
  assertEquals(made.code, 0, made.stderr);
  assertEquals(emulator.requests.at(-1)?.method, "POST");
});

command(
  "folders that are missing, empty or of several kinds",
  async ({ folder, run }) => {
    const upload = (path: string, ...more: string[]) =>
      run(["datasets", "upload", path, ...NEW, ...more]);
    const missing = await upload(join(folder, "nowhere"));
    assertEquals(missing.code, 2);
    assertStringIncludes(missing.stderr, "no such file or folder");
    await mkdir(join(folder, "empty"));
    assertEquals((await upload(join(folder, "empty"))).code, 2);
    const mixed = join(folder, "mixed");
    await mkdir(mixed);
    await writeFile(join(mixed, "a.jpg"), "a");
    await writeFile(join(mixed, "b.mp4"), "b");
    const result = await upload(mixed);
    assertEquals(result.code, 2);
    assertStringIncludes(result.stderr, "several kinds");
  },
);
