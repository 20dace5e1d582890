import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient } from "@avala/client";
import {
  AvalaError,
  ClientClosedError,
  InvalidArgumentError,
  InvalidResponseError,
  NotFoundError,
} from "@avala/client/errors";
import {
  downloadDataset,
  type DownloadDatasetOptions,
  type DownloadedFiles,
  type FilesProgress,
  type RevisionClient,
  type RevisionObject,
} from "@avala/client/files";
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import {
  type DatasetServer,
  itemsOf,
  serveDataset,
  type ServedItem,
} from "../servers/dataset_server.ts";
import { bytesAt } from "../servers/range_server.ts";
import { openBelow, sha256, testFolder } from "../tools/folders.ts";

const JOURNAL = ".avala-download.jsonl";
const MIB = 1_048_576;
const EMPTY: string[] = [];

interface Setup {
  server: DatasetServer;
  client: AsyncClient;
  /** A folder that is not there yet. */
  folder: string;
  /** Downloads into it. */
  download(
    options?: DownloadDatasetOptions,
    request?: { signal?: AbortSignal; maxRetries?: number; timeout?: number },
  ): Promise<DownloadedFiles>;
}

function testDataset(
  name: string,
  items: ServedItem[],
  use: (setup: Setup) => Promise<void>,
): void {
  testFolder(name, async (parent) => {
    await using server = await serveDataset(structuredClone(items));
    await using client = new AsyncClient({
      apiKey: "avk_test_files",
      baseUrl: server.baseUrl,
      allowInsecureBaseUrl: true,
    });
    const folder = join(parent, "data");
    const download: Setup["download"] = (options, request) =>
      downloadDataset(client, "ada", "drive", folder, options, request);
    await use({ server, client, folder, download });
    assertEquals(openBelow(parent), []);
  });
}

/** All files below a folder, without the journal. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const files: string[] = [];
  for (const entry of entries.map((name) => name.replaceAll("\\", "/"))) {
    const info = await stat(join(folder, entry));
    if (info.isFile() && entry !== JOURNAL) files.push(entry);
  }
  return files.sort();
}

/** Checks that files have exactly the bytes of their items. */
async function assertWhole(
  { server, folder }: Setup,
  items = server.items,
): Promise<void> {
  assertEquals(
    await filesIn(folder),
    items.map(({ key }) => key ?? "").sort(),
  );
  for (const { key, size, seed } of items) {
    const bytes = new Uint8Array(await readFile(join(folder, key ?? "")));
    assertEquals(bytes.length, size, key ?? "");
    assertEquals(sha256(bytes), sha256(bytesAt(seed, 0, size)), key ?? "");
  }
}

const SOME = itemsOf({
  "a.jpg": 10,
  "run/1.jpg": 70_000,
  "run/2.jpg": 0,
  "run/deep/er/3.jpg": 300_000,
  "ü/b c.png": 5,
  ".hidden/x": 7,
});
const MANY = itemsOf(
  Object.fromEntries(
    Array.from({ length: 250 }, (_, n) => [`run/${n % 7}/${n}.bin`, n * 31]),
  ),
);

testDataset(
  "downloadDataset: every item, and the second run asks for none",
  MANY,
  async (setup) => {
    const { server, folder, download, client } = setup;
    const bytes = MANY.reduce((sum, { size }) => sum + size, 0);
    const first = await download();
    assertEquals(first, { files: 250, bytes, skipped: 0, failures: [] });
    await assertWhole(setup);
    assertEquals(server.storage.asked.length, 250);
    assertEquals(server.calls.length, 3);
    assertEquals(
      (await readdir(folder)).filter((name) => name.startsWith(".")),
      [JOURNAL],
    );
    const second = await downloadDataset(
      client,
      "ada",
      "drive",
      pathToFileURL(folder),
    );
    assertEquals(second, { files: 0, bytes: 0, skipped: 250, failures: [] });
    assertEquals(server.storage.asked.length, 250);
    assertEquals(server.calls.length, 6);
    await assertWhole(setup);
  },
);

testDataset(
  "downloadDataset: progress of all and of each",
  SOME,
  async ({ download }) => {
    const seen: FilesProgress[] = [];
    const onProgress = (progress: FilesProgress) => void seen.push(progress);
    await download({ onProgress, concurrency: 2 });
    const last = seen.at(-1);
    assertEquals([last?.files, last?.totalFiles, last?.skipped], [6, 6, 0]);
    assertEquals([last?.bytes, last?.totalBytes], [370_022, 370_022]);
    assertEquals(seen[0]?.totalBytes, null);
    const deep = seen.filter(({ path }) => path === "run/deep/er/3.jpg");
    assert(deep.length > 2, String(deep.length));
    assertEquals(deep.at(-1)?.fileBytes, 300_000);
    assert(deep.every(({ fileSize }) => fileSize === 300_000));
    const counts = seen.map(({ bytes }) => bytes);
    assertEquals(counts, counts.toSorted((a, b) => a - b));
    seen.length = 0;
    await download({ onProgress });
    const again = seen.at(-1);
    assertEquals([again?.files, again?.skipped, again?.bytes], [6, 6, 370_022]);
  },
);

testDataset(
  "downloadDataset: only what is missing or has changed",
  SOME,
  async (setup) => {
    const { server, folder, download } = setup;
    await download();
    server.storage.asked.length = 0;
    const [a, one, two, three, b] = server.items;
    assert(a && one && two && three && b);
    // changed on the server, with and without another size
    Object.assign(a, { seed: 91, updatedAt: "2026-02-01T00:00:00Z" });
    Object.assign(one, { seed: 92, size: 60_000, updatedAt: null });
    // gone, or another size here
    await rm(join(folder, "run/2.jpg"));
    await truncate(join(folder, "run/deep/er/3.jpg"), 1_000);
    await appendFile(join(folder, "ü/b c.png"), "x");
    if (process.platform !== "win32") await chmod(join(folder, "a.jpg"), 0o640);
    // a new one
    server.items.push(
      ...itemsOf({ "new.jpg": 3 }).map((item) => ({ ...item, uid: "new" })),
    );
    // what is no item stays
    await writeFile(join(folder, "notes.txt"), "mine");
    const second = await download();
    assertEquals([second.files, second.skipped], [6, 1]);
    assertEquals(second.bytes, 10 + 60_000 + 0 + 300_000 + 5 + 3);
    assertEquals(server.storage.asked.length, 6);
    assertEquals(await readFile(join(folder, "notes.txt"), "utf8"), "mine");
    if (process.platform !== "win32") {
      assertEquals((await stat(join(folder, "a.jpg"))).mode & 0o777, 0o640);
    }
    await rm(join(folder, "notes.txt"));
    await assertWhole(setup);
    const third = await download();
    assertEquals([third.files, third.skipped], [0, 7]);
  },
);

testDataset(
  "downloadDataset: an item whose bytes are the same is not moved again",
  SOME,
  async (setup) => {
    const { server, download } = setup;
    await download();
    server.storage.asked.length = 0;
    // as when someone annotates it
    for (const item of server.items) item.updatedAt = "2026-03-01T00:00:00Z";
    const second = await download();
    assertEquals([second.files, second.bytes, second.skipped], [0, 0, 6]);
    assertEquals(server.storage.asked.length, 6);
    await download();
    assertEquals(server.storage.asked.length, 6);
    await assertWhole(setup);
  },
);

testDataset("downloadDataset: globs and sequences", [
  ...SOME.map((item, index) => ({
    ...item,
    sequence: index % 2 ? "odd" : "even",
  })),
], async ({ server, folder, download }) => {
  const cases: [DownloadDatasetOptions, string[]][] = [
    [{ include: ["*.jpg"], exclude: ["run/deep/**"] }, [
      "a.jpg",
      "run/1.jpg",
      "run/2.jpg",
    ]],
    [{ include: ["run/*"] }, ["run/1.jpg", "run/2.jpg"]],
    [{ sequenceUid: "odd" }, [".hidden/x", "run/1.jpg", "run/deep/er/3.jpg"]],
    [{ sequenceUid: "odd", exclude: ["*.jpg"] }, [".hidden/x"]],
    [{ include: ["nothing"] }, []],
  ];
  for (const [options, expected] of cases) {
    const { files } = await download(options);
    assertEquals(files, expected.length);
    assertEquals(await filesIn(folder), expected);
    await rm(folder, { recursive: true });
  }
  server.storage.asked.length = 0;
  const error = await assertRejects(
    () => download({ sequenceUid: "none" }),
    InvalidArgumentError,
    "belongs to it",
  );
  assertStringIncludes(error.message, '"none"');
  // one after the other they fill one folder
  await download({ sequenceUid: "odd" });
  const rest = await download();
  assertEquals([rest.files, rest.skipped], [3, 3]);
});

testDataset(
  "downloadDataset: a dry run writes nothing and tells the plan",
  SOME,
  async (setup) => {
    const { server, folder, download } = setup;
    const sized = server.items.map((item) => ({
      ...item,
      more: { size_bytes: item.size },
    }));
    server.items.splice(0, Infinity, ...sized);
    const dry = await download({ dryRun: true });
    assertEquals(
      dry.plan,
      SOME.map(({ key, size }) => ({ path: key ?? "", size, action: "fetch" })),
    );
    assertEquals([dry.files, dry.bytes, dry.skipped], [0, 0, 0]);
    await assertRejects(() => stat(folder));
    await download({ include: ["run/**"] });
    const before = server.storage.asked.length;
    const { plan, skipped } = await download({ dryRun: true });
    assertEquals(skipped, 3);
    assertEquals(
      plan?.map(({ path, action }) => `${action} ${path}`).sort(),
      [
        "fetch .hidden/x",
        "fetch a.jpg",
        "fetch ü/b c.png",
        "skip run/1.jpg",
        "skip run/2.jpg",
        "skip run/deep/er/3.jpg",
      ],
    );
    assertEquals(server.storage.asked.length, before);
  },
);

const HOSTILE = [
  "../out",
  "/etc/passwd",
  "C:\\Windows\\x",
  "a/../../out",
  "..",
  "x/\u0000",
  "line\nbreak",
  "x".repeat(300),
  "a//b",
  "",
];

testDataset("downloadDataset: keys that can be no path", [
  ...SOME,
  ...HOSTILE.map((key, index) => ({
    uid: `bad-${index}`,
    key,
    size: 10,
    seed: 1,
    updatedAt: null,
  })),
  { uid: "none", key: null, size: 10, seed: 1, updatedAt: null },
], async (setup) => {
  const { server, folder, download } = setup;
  const error = await assertRejects(() => download(), InvalidArgumentError);
  assertStringIncludes(error.message, "../out");
  assertStringIncludes(error.message, "exclude");
  assertEquals(server.storage.asked, []);
  await assertRejects(() => stat(folder));
  const { files, failures } = await download({ onError: "collect" });
  assertEquals(files, 6);
  assertEquals(
    failures.map(({ path }) => path),
    [...HOSTILE.slice(0, -1), "bad-9", "none"],
  );
  for (const { error } of failures) {
    assert(error instanceof InvalidArgumentError);
  }
  assertEquals(await readdir(join(folder, "..")), ["data"]);
  await assertWhole(setup, SOME);
});

testDataset(
  "downloadDataset: links that lead out are not followed",
  SOME,
  async ({ folder, download }) => {
    const outside = join(folder, "..", "outside");
    await mkdir(outside);
    await mkdir(folder);
    await writeFile(join(outside, "victim"), "theirs");
    await symlink(outside, join(folder, "run"));
    await symlink(join(outside, "victim"), join(folder, "a.jpg"));
    const { files, failures } = await download({ onError: "collect" });
    assertEquals(files, 3);
    assertEquals(failures.map(({ path }) => path).sort(), [
      "run/1.jpg",
      "run/2.jpg",
      "run/deep/er/3.jpg",
    ]);
    assertStringIncludes(failures[0]?.error.message ?? "", "remove it");
    assertEquals(await readdir(outside), ["victim"]);
    assertEquals(await readFile(join(outside, "victim"), "utf8"), "theirs");
    // a link in the place of a file is replaced
    assertEquals((await readFile(join(folder, "a.jpg"))).length, 10);
  },
);

testDataset(
  "downloadDataset: addresses that have expired or are missing are asked for anew",
  MANY,
  async (setup) => {
    const { server, download } = setup;
    server.storage.behavior.fault = ({ path }) => {
      // after the listing, in the middle of it all
      if (server.storage.asked.length === 20) server.signature = 2;
      const signature = new URL(path, "http://x").searchParams.get("sig");
      return Number(signature) === server.signature
        ? undefined
        : { status: 403 };
    };
    await download();
    await assertWhole(setup);
    const details = server.calls.filter((path) => /items\/item/.test(path));
    assert(details.length > 200 && details.length <= 250, `${details.length}`);
    server.withoutAddress = true;
    const folder = `${setup.folder}-2`;
    const { failures } = await downloadDataset(
      setup.client,
      "ada",
      "drive",
      folder,
      { onError: "collect", include: ["run/1/**"] },
    );
    assert(failures.length > 0);
    for (const { path, error } of failures) {
      assert(error instanceof InvalidResponseError);
      assertStringIncludes(error.message, path);
      assertStringIncludes(error.message, "no address");
    }
  },
);

testDataset(
  "downloadDataset: a journal that is broken or of another dataset",
  SOME,
  async (setup) => {
    const { client, server, folder, download } = setup;
    await download();
    server.storage.asked.length = 0;
    const path = join(folder, JOURNAL);
    const whole = await readFile(path, "utf8");
    const line = whole.split("\n")[2] ?? "";
    const cases: [string, string][] = [
      [whole.replace(line, `${line.slice(0, -3)}`), "line 3 is broken"],
      ["notes\n", "something else"],
    ];
    for (const [content, text] of cases) {
      await writeFile(path, content);
      const error = await assertRejects(() => download(), InvalidArgumentError);
      for (
        const part of [path, text, "remove it to download everything anew"]
      ) {
        assertStringIncludes(error.message, part);
      }
      assertEquals(await readFile(path, "utf8"), content);
    }
    await writeFile(path, whole);
    server.calls.length = 0;
    const error = await assertRejects(
      () => downloadDataset(client, "eve", "other", folder),
      InvalidArgumentError,
      'is that of "ada/drive": choose another folder',
    );
    assertStringIncludes(error.message, folder);
    assertEquals([server.storage.asked, server.calls], [[], []]);
    // the way out
    await rm(path);
    const again = await download();
    assertEquals([again.files, again.skipped], [6, 0]);
    await assertWhole(setup);
  },
);

testDataset(
  "downloadDataset: storage that fails in every way loses nothing",
  MANY,
  async (setup) => {
    const { server, download } = setup;
    let requests = 0;
    server.storage.behavior.fault = ({ start, end }) => {
      requests++;
      if (requests % 5 !== 0) return undefined;
      switch (requests % 20) {
        case 0:
          return { status: 503 };
        case 5:
          return { status: 500 };
        case 10:
          return { cutAfter: Math.floor((end - start) / 2) };
        default:
          return { status: 429, retryAfter: 0 };
      }
    };
    const { files, failures } = await download();
    assertEquals([files, failures], [250, []]);
    await assertWhole(setup);
    assert(requests > 290, String(requests));
  },
);

testDataset(
  "downloadDataset: the first failure ends the others, or is collected",
  MANY,
  async (setup) => {
    const { server, folder, download } = setup;
    const gone = ["item-100", "item-200"];
    server.storage.behavior.fault = ({ path }) =>
      gone.some((uid) => path.startsWith(`/${uid}/`))
        ? { status: 404 }
        : undefined;
    await assertRejects(() => download(), NotFoundError);
    const some = await filesIn(folder);
    assert(some.length >= 90 && some.length < 249, String(some.length));
    const { files, skipped, failures } = await download({ onError: "collect" });
    assertEquals([files, skipped], [248 - some.length, some.length]);
    assertEquals(failures.map(({ path }) => path), [
      "run/2/100.bin",
      "run/4/200.bin",
    ]);
    assertEquals(failures[0]?.error.statusCode, 404);
    gone.length = 0;
    const rest = await download();
    assertEquals([rest.files, rest.skipped], [2, 248]);
    await assertWhole(setup);
  },
);

testDataset(
  "downloadDataset: a signal and close() end all, and leave nothing half",
  MANY,
  async (setup) => {
    const { client, server, folder, download } = setup;
    const controller = new AbortController();
    const reason = new Error("enough");
    const error = await assertRejects(() =>
      download({
        onError: "collect",
        onProgress: ({ files }) => {
          if (files === 50) controller.abort(reason);
        },
      }, { signal: controller.signal })
    );
    assertEquals(error, reason);
    const some = await filesIn(folder);
    assert(some.length >= 50 && some.length < 100, String(some.length));
    await assertRejects(
      () => download({}, { signal: AbortSignal.abort(reason) }),
      Error,
      "enough",
    );
    const second = await download();
    assertEquals(second.files, 250 - some.length);
    await assertWhole(setup);
    await rm(folder, { recursive: true });
    await assertRejects(
      () =>
        download({
          onError: "collect",
          onProgress: ({ files }) => {
            if (files === 50) client.close();
          },
        }),
      ClientClosedError,
    );
    assert((await filesIn(folder)).every((name) => !name.includes(".avala-")));
    assertEquals(server.storage.open(), 0);
  },
);

testDataset(
  "downloadDataset: a large file comes in parts, and goes on where it was",
  itemsOf({
    "large.bin": 24 * MIB,
    "small.bin": 100,
  }),
  async (setup) => {
    const { server, folder, download } = setup;
    server.storage.behavior.rate = 32 * MIB;
    const controller = new AbortController();
    const reason = new Error("enough");
    await assertRejects(() =>
      download({
        connections: 3,
        onProgress: ({ bytes }) => {
          if (bytes > 15 * MIB) controller.abort(reason);
        },
      }, { signal: controller.signal })
    );
    server.storage.asked.length = 0;
    const { files } = await download({ connections: 3 });
    assertEquals(files, 1);
    await assertWhole(setup);
    const parts = server.storage.asked.filter(({ isPart }) => isPart);
    const again = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    assert(again <= 12 * MIB, String(again));
    assertEquals((await readdir(folder)).sort(), [
      JOURNAL,
      "large.bin",
      "small.bin",
    ]);
  },
);

testDataset(
  "downloadDataset: verify looks at the bytes",
  SOME,
  async (setup) => {
    const { server, folder, download } = setup;
    await download({ verify: true });
    await writeFile(join(folder, "run/1.jpg"), new Uint8Array(70_000));
    const blind = await download();
    assertEquals([blind.files, blind.skipped], [0, 6]);
    const { plan } = await download({ verify: true, dryRun: true });
    assertEquals(
      plan?.filter(({ action }) => action === "fetch").map(({ path }) => path),
      ["run/1.jpg"],
    );
    const seeing = await download({ verify: true });
    assertEquals([seeing.files, seeing.skipped], [1, 5]);
    await assertWhole(setup);
    // a digest in the listing is checked on the way, too
    const [first] = server.items;
    assert(first);
    first.updatedAt = "2026-05-01T00:00:00Z";
    first.seed = 77;
    first.more = { sha256: sha256(bytesAt(78, 0, first.size)) };
    const { failures } = await download({ onError: "collect" });
    assertStringIncludes(failures[0]?.error.message ?? "", "another SHA-256");
    first.seed = 78;
    assertEquals((await download()).files, 1);
    await assertWhole(setup);
  },
);

testDataset(
  "downloadDataset: eight at a time, or as many as asked",
  MANY,
  async ({ server, folder, download }) => {
    const { storage } = server;
    storage.behavior.fault = () => ({ hangAfter: 0 });
    for (const [concurrency, expected] of [[undefined, 8], [1, 1], [20, 20]]) {
      storage.asked.length = 0;
      const controller = new AbortController();
      const reason = new Error("enough");
      const all = download(
        { concurrency, exclude: ["0.bin"] },
        { signal: controller.signal },
      ).catch((error) => error);
      while (storage.asked.length < (expected ?? 0)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      // none of these comes to its end, so no other may begin
      await new Promise((resolve) => setTimeout(resolve, 50));
      assertEquals(storage.asked.length, expected);
      controller.abort(reason);
      assertEquals(await all, reason);
    }
    assertEquals(await filesIn(folder), EMPTY);
  },
);

testDataset(
  "downloadDataset: a size that the storage does not have",
  SOME,
  async ({ server, download }) => {
    const [first] = server.items;
    assert(first);
    first.more = { size: 11 };
    const error = await assertRejects(() => download(), InvalidResponseError);
    assertStringIncludes(error.message, "10 bytes");
    assertStringIncludes(error.message, '"a.jpg"');
  },
);

testDataset(
  "downloadDataset: a revision of a public dataset",
  SOME,
  async ({ client, server, folder }) => {
    const objects: RevisionObject[] = server.items.map((item) => ({
      objectUid: item.uid,
      logicalPath: item.key ?? "",
      sizeBytes: item.size,
      sha256: sha256(bytesAt(item.seed, 0, item.size)),
    }));
    const canonicalReference = "avala://datasets/1@2";
    async function* listed() {
      yield* objects;
    }
    const loaded = {
      revision: { canonicalReference },
      objects: { [Symbol.asyncIterator]: listed },
    };
    const asked: string[] = [];
    const open: RevisionClient = {
      publicDatasets: {
        load: (reference) => {
          asked.push(reference);
          return Promise.resolve(loaded);
        },
        downloadObject: ({ objectUid, sizeBytes }, options, request) =>
          client.download(
            `${server.storage.origin}/${objectUid}/${sizeBytes}?sig=1`,
            options,
            request,
          ),
      },
    };
    const first = await downloadDataset(open, loaded, folder, {
      include: ["run/**"],
    });
    assertEquals([first.files, first.skipped, asked], [3, 0, []]);
    // by what it was resolved to
    const second = await downloadDataset(open, { canonicalReference }, folder);
    assertEquals([second.files, second.skipped, asked], [3, 3, [
      canonicalReference,
    ]]);
    const [object] = objects;
    assert(object);
    objects[0] = { ...object, sha256: sha256(new Uint8Array(10)) };
    const { failures } = await downloadDataset(open, loaded, folder, {
      onError: "collect",
    });
    assertEquals(failures.map(({ path }) => path), ["a.jpg"]);
    assertStringIncludes(failures[0]?.error.message ?? "", "another SHA-256");
    // what was there is still there
    assertEquals((await readFile(join(folder, "a.jpg"))).length, 10);
    const other = { canonicalReference: "avala://datasets/1@3" };
    const cases: [unknown, object, string][] = [
      [other, {}, `is that of "${canonicalReference}"`],
      [loaded, { sequenceUid: "x" }, "no option 'sequenceUid'"],
      [Promise.resolve(loaded), {}, "'await'"],
      [{}, {}, "'await'"],
    ];
    for (const [revision, options, text] of cases) {
      await assertRejects(
        () => downloadDataset(open, revision as typeof loaded, folder, options),
        InvalidArgumentError,
        text,
      );
    }
  },
);

testDataset(
  "downloadDataset: what can't be is an argument error",
  SOME,
  async ({ client, server, folder, download }) => {
    await writeFile(folder, "a file");
    const error = await assertRejects(() => download(), InvalidArgumentError);
    assertStringIncludes(error.message, folder);
    await rm(folder);
    const cases: [object, string][] = [
      [{ concurrency: 0 }, "'concurrency'"],
      [{ connections: 1.5 }, "'connections'"],
      [{ onError: "ignore" }, "'onError'"],
      [{ onProgress: 1 }, "'onProgress'"],
      [{ dryRun: "yes" }, "'dryRun'"],
      [{ verify: 1 }, "'verify'"],
      [{ sequenceUid: "" }, "'sequenceUid'"],
      [{ include: [] }, "'include'"],
      [{ exclude: "x" }, "'exclude'"],
      [{ globs: [] }, "no option 'globs'"],
    ];
    for (const [options, text] of cases) {
      await assertRejects(() => download(options), InvalidArgumentError, text);
    }
    await assertRejects(
      () => downloadDataset(client, "", "drive", folder),
      InvalidArgumentError,
      "'owner'",
    );
    await assertRejects(
      () => downloadDataset(client, "ada", "drive", ""),
      InvalidArgumentError,
      "path",
    );
    assertEquals(server.storage.asked, []);
    assertEquals(await readdir(join(folder, "..")), EMPTY);
  },
);

testDataset(
  "downloadDataset: the stack of an error reaches the caller's line",
  itemsOf({ "a.bin": 100, "b.bin": 100 }),
  async ({ server, client, folder }) => {
    server.withoutAddress = true;
    async function callerOfDownload() {
      await downloadDataset(client, "ada", "drive", folder);
    }
    const error = await callerOfDownload().catch((error) => error);
    assert(error instanceof AvalaError, String(error));
    assertStringIncludes(error.stack ?? "", "callerOfDownload");
  },
);
