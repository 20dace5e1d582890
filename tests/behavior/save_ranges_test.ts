import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient, type Download } from "@avala/client";
import {
  InvalidArgumentError,
  InvalidResponseError,
} from "@avala/client/errors";
import { saveTo } from "@avala/client/files";
import {
  appendFile,
  readdir,
  readFile,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import {
  type Behavior,
  bytesAt,
  type RangeServer,
  serveRanges,
} from "../servers/range_server.ts";
import { beside, openBelow, sha256, testFolder } from "../tools/folders.ts";

const MIB = 1_048_576;
const EMPTY: string[] = [];

interface Setup {
  server: RangeServer;
  folder: string;
  /** The file that is saved. */
  path: string;
  download(size: number, signal?: AbortSignal): Promise<Download>;
}

function testRanges(
  name: string,
  behavior: Partial<Behavior>,
  use: (setup: Setup) => Promise<void>,
): void {
  testFolder(name, async (folder) => {
    await using server = await serveRanges(behavior);
    await using client = new AsyncClient({
      apiKey: "avk_test_files",
      baseUrl: `${server.origin}/api/v1`,
      allowInsecureBaseUrl: true,
    });
    const download = (size: number, signal?: AbortSignal) =>
      client.download(`${server.origin}/f/${size}`, {}, { signal });
    await use({ server, folder, path: join(folder, "out"), download });
    assertEquals(openBelow(folder), []);
  });
}

/** Checks that a file has exactly the bytes that the server has. */
async function assertSaved(
  path: string,
  size: number,
  seed = 1,
): Promise<void> {
  const bytes = new Uint8Array(await readFile(path));
  assertEquals(bytes.length, size);
  assertEquals(sha256(bytes), sha256(bytesAt(seed, 0, size)));
}

/** How many bytes a server has sent. */
function sentBy({ asked }: RangeServer): number {
  return asked.reduce((sum, { sent }) => sum + sent, 0);
}

/** Saves until some bytes have come, then gives up. */
async function saveSome(
  { path, download }: Setup,
  size: number,
  enough: number,
  connections = 1,
): Promise<void> {
  const controller = new AbortController();
  const reason = new Error("enough");
  const saving = saveTo(path, await download(size, controller.signal), {
    resume: true,
    overwrite: true,
    connections,
    onProgress: ({ bytes }) => {
      if (bytes >= enough) controller.abort(reason);
    },
  });
  assertEquals(await assertRejects(() => saving), reason);
}

testRanges(
  "saveTo: a large file comes over several connections",
  {},
  async ({ server, folder, path, download }) => {
    const size = 40 * MIB + 12_345;
    const seen: number[] = [];
    const saved = await saveTo(path, await download(size), {
      connections: 4,
      sha256: true,
      onProgress: ({ bytes, size }) => {
        seen.push(bytes);
        assertEquals(size, 40 * MIB + 12_345);
      },
    });
    assertEquals(saved, {
      path,
      bytes: size,
      sha256: sha256(bytesAt(1, 0, size)),
    });
    await assertSaved(path, size);
    assertEquals(await beside(folder, "out"), EMPTY);
    const parts = server.asked.filter(({ isPart }) => isPart);
    assert(parts.length >= 3, String(parts.length));
    assertEquals(server.asked.length - parts.length, 1);
    assertEquals(seen.at(-1), size);
    assertEquals(seen, seen.toSorted((a, b) => a - b));
  },
);

testRanges("saveTo: one stream where the server gives no parts", {
  ranges: false,
}, async ({ server, folder, path, download }) => {
  const size = 20 * MIB;
  await saveTo(path, await download(size), { connections: 4 });
  await assertSaved(path, size);
  assertEquals(await beside(folder, "out"), EMPTY);
  assertEquals(server.asked.filter(({ isPart }) => !isPart).length, 1);
});

testRanges(
  "saveTo: one stream for what is small, or of unknown version",
  {},
  async ({ server, path, download }) => {
    await saveTo(path, await download(16 * MIB - 1), { connections: 4 });
    await assertSaved(path, 16 * MIB - 1);
    assertEquals(server.asked.length, 1);
    server.behavior.etag = "";
    await saveTo(path, await download(17 * MIB), {
      connections: 4,
      resume: true,
      overwrite: true,
    });
    await assertSaved(path, 17 * MIB);
    assertEquals(server.asked.length, 2);
    const response = new Response(bytesAt(2, 0, 17 * MIB));
    await saveTo(path, response, {
      connections: 4,
      resume: true,
      overwrite: true,
    });
    await assertSaved(path, 17 * MIB, 2);
  },
);

for (const connections of [1, 4]) {
  testRanges(`saveTo: goes on where it was, over ${connections} connections`, {
    rate: 24 * MIB,
  }, async (setup) => {
    const { server, folder, path, download } = setup;
    const size = 24 * MIB;
    await saveSome(setup, size, 14 * MIB, connections);
    assertEquals((await readdir(folder)).length, 2);
    assertEquals(openBelow(folder), []);
    const before = sentBy(server);
    server.asked.length = 0;
    const seen: number[] = [];
    const saved = await saveTo(path, await download(size), {
      resume: true,
      connections,
      sha256: true,
      onProgress: ({ bytes }) => void seen.push(bytes),
    });
    assertEquals(saved.sha256, sha256(bytesAt(1, 0, size)));
    await assertSaved(path, size);
    assertEquals(await readdir(folder), ["out"]);
    // what was on its way is lost, nothing else
    assert((seen[0] ?? 0) > 14 * MIB, String(seen[0]));
    assertEquals(seen.at(-1), size);
    assert(before >= 14 * MIB);
    const parts = server.asked.filter(({ isPart }) => isPart);
    const again = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    assert(again <= 10 * MIB, String(again));
  });
}

testRanges(
  "saveTo: another version starts anew",
  { rate: 64 * MIB },
  async (setup) => {
    const { server, folder, path, download } = setup;
    const size = 4 * MIB;
    await saveSome(setup, size, 2 * MIB);
    Object.assign(server.behavior, { etag: '"v2"', seed: 2 });
    await saveTo(path, await download(size), { resume: true });
    await assertSaved(path, size, 2);
    await saveSome({ ...setup, path: join(folder, "b") }, size, 2 * MIB);
    // another size
    await saveTo(join(folder, "b"), await download(size - 1), { resume: true });
    await assertSaved(join(folder, "b"), size - 1, 2);
    assertEquals((await readdir(folder)).sort(), ["b", "out"]);
  },
);

testRanges(
  "saveTo: goes on as one stream where the server gives no parts any more",
  { rate: 64 * MIB },
  async (setup) => {
    const { server, folder, path, download } = setup;
    const size = 20 * MIB;
    for (const connections of [1, 3]) {
      server.behavior.ranges = true;
      await saveSome(setup, size, 12 * MIB, connections);
      server.behavior.ranges = false;
      const seen: number[] = [];
      await saveTo(path, await download(size), {
        resume: true,
        overwrite: true,
        connections,
        onProgress: ({ bytes }) => void seen.push(bytes),
      });
      await assertSaved(path, size);
      assertEquals(Math.max(...seen), size);
      assertEquals(await readdir(folder), ["out"]);
    }
  },
);

testRanges("saveTo: a journal or part that is broken is no harm", {
  rate: 24 * MIB,
}, async (setup) => {
  const { folder, path, download } = setup;
  const size = 4 * MIB;
  const damage: ((part: string, journal: string) => Promise<unknown>)[] = [
    (_, journal) => writeFile(journal, "notes\n"),
    (_, journal) => appendFile(journal, '["0000'),
    (_, journal) => truncate(journal, 40),
    (part) => truncate(part, 1 * MIB),
    (part) => truncate(part, 0),
  ];
  for (const harm of damage) {
    await saveSome(setup, size, 2 * MIB);
    const names = (await readdir(folder)).sort();
    const [journal = "", part = ""] = names.filter((name) => name !== "out");
    assertStringIncludes(journal, ".jsonl");
    await harm(join(folder, part), join(folder, journal));
    await saveTo(path, await download(size), { resume: true, overwrite: true });
    await assertSaved(path, size);
    assertEquals(await readdir(folder), ["out"]);
  }
});

testRanges(
  "saveTo: what is whole but could not have its name comes from the disk",
  {},
  async ({ server, folder, path, download }) => {
    const size = 20 * MIB;
    const file = await download(size);
    let once = true;
    const error = await assertRejects(
      () =>
        saveTo(path, file, {
          resume: true,
          onProgress: () => {
            if (once) void writeFile(path, "theirs");
            once = false;
          },
        }),
      InvalidArgumentError,
      "overwrite",
    );
    assertStringIncludes(error.message, path);
    assertEquals(await readFile(path, "utf8"), "theirs");
    server.asked.length = 0;
    const saved = await saveTo(path, await download(size), {
      resume: true,
      overwrite: true,
      sha256: true,
    });
    assertEquals(saved.sha256, sha256(bytesAt(1, 0, size)));
    assertEquals(server.asked.length, 1);
    assert(sentBy(server) < size, "it came again");
    assertEquals(await readdir(folder), ["out"]);
  },
);

testRanges(
  "saveTo: a file that changes on its way is an error, and leaves nothing",
  { rate: 16 * MIB },
  async ({ server, folder, path, download }) => {
    for (const resume of [true, false]) {
      const size = 40 * MIB;
      Object.assign(server.behavior, { etag: '"v1"', seed: 1 });
      const file = await download(size);
      await assertRejects(
        () =>
          saveTo(path, file, {
            resume,
            connections: 3,
            onProgress: ({ bytes }) => {
              if (bytes < 6 * MIB) return;
              Object.assign(server.behavior, { etag: '"v2"', seed: 2 });
            },
          }),
        InvalidResponseError,
        "has changed",
      );
      assertEquals(await readdir(folder), EMPTY);
    }
  },
);

testRanges(
  "saveTo: connections that break and storage that is down cost no byte",
  {},
  async ({ server, path, download }) => {
    const size = 48 * MIB;
    let requests = 0;
    server.behavior.fault = ({ start, end }) => {
      requests++;
      if (requests % 5 === 2) return { status: 503 };
      if (requests % 3 === 0) {
        return {
          cutAfter: Math.floor((end - start) / 2),
        };
      }
      return undefined;
    };
    await saveTo(path, await download(size), { connections: 4, resume: true });
    await assertSaved(path, size);
    assert(requests >= 7, String(requests));
  },
);

testRanges(
  "saveTo: a SHA-256 that is not the expected one",
  {},
  async ({ folder, path, download }) => {
    const size = 17 * MIB;
    const digest = sha256(bytesAt(1, 0, size));
    for (const options of [{}, { resume: true }, { connections: 3 }]) {
      const saved = await saveTo(path, await download(size), {
        ...options,
        overwrite: true,
        sha256: digest.toUpperCase(),
      });
      assertEquals(saved.sha256, digest);
      const other = sha256(new Uint8Array(1));
      const error = await assertRejects(
        async () =>
          await saveTo(join(folder, "other"), await download(size), {
            ...options,
            sha256: other,
          }),
        InvalidResponseError,
        `${digest} instead of ${other}`,
      );
      assertStringIncludes(error.message, join(folder, "other"));
      assertEquals(await readdir(folder), ["out"]);
    }
  },
);

testRanges(
  "saveTo: what is left goes with a call that does not go on with it, or after a week",
  { rate: 64 * MIB },
  async (setup) => {
    const { folder, path, download } = setup;
    await saveSome(setup, 4 * MIB, 2 * MIB);
    await saveSome({ ...setup, path: join(folder, "b") }, 4 * MIB, 2 * MIB);
    assertEquals((await readdir(folder)).length, 4);
    const until = async (count: number) => {
      // the folder is not looked through for every single file
      for (let n = 0; n < 1_000; n++) {
        await saveTo(path, await download(3), { overwrite: true });
        if ((await readdir(folder)).length === count) break;
      }
      assertEquals((await readdir(folder)).length, count);
    };
    await until(3);
    const week = Date.now() / 1_000 - 8 * 86_400;
    for (const name of await beside(folder, "out")) {
      await utimes(join(folder, name), week, week);
    }
    await until(1);
  },
);

testRanges("saveTo: two calls that go on with one file both end well", {
  rate: 24 * MIB,
}, async (setup) => {
  const { folder, path, download } = setup;
  const size = 20 * MIB;
  await saveSome(setup, size, 10 * MIB);
  const options = { resume: true, overwrite: true, sha256: true };
  const saved = await Promise.all([
    saveTo(path, await download(size), options),
    saveTo(path, await download(size), { ...options, connections: 3 }),
    saveTo(path, await download(size), { overwrite: true, sha256: true }),
  ]);
  for (const one of saved) {
    assertEquals(one.sha256, sha256(bytesAt(1, 0, size)));
  }
  await assertSaved(path, size);
  assertEquals(await readdir(folder), ["out"]);
});

testRanges("saveTo: two versions that come at the same time are never mixed", {
  rate: 4 * MIB,
}, async ({ server, folder, path, download }) => {
  const size = 4 * MIB;
  const options = { resume: true, overwrite: true };
  let second: Promise<unknown> | undefined;
  const first = saveTo(path, await download(size), {
    ...options,
    onProgress: ({ bytes }) => {
      if (second || bytes < MIB) return;
      // the next one begins later, and takes longer
      Object.assign(server.behavior, { etag: '"v2"', seed: 2, rate: 2 * MIB });
      second = download(size).then((file) => saveTo(path, file, options));
    },
  });
  await first;
  await assertSaved(path, size, 1);
  await second;
  await assertSaved(path, size, 2);
  assertEquals(await readdir(folder), ["out"]);
});

testRanges("saveTo: a link in the place of what was left is not followed", {
  rate: 24 * MIB,
}, async (setup) => {
  const { folder, path, download } = setup;
  const size = 4 * MIB;
  await saveSome(setup, size, 2 * MIB);
  const names = (await readdir(folder)).sort();
  const victim = join(folder, "victim");
  await writeFile(victim, "theirs");
  const { rm, symlink } = await import("node:fs/promises");
  for (const name of names) {
    await rm(join(folder, name));
    await symlink(victim, join(folder, name));
  }
  await saveTo(path, await download(size), { resume: true });
  await assertSaved(path, size);
  assertEquals(await readFile(victim, "utf8"), "theirs");
  assertEquals((await readdir(folder)).sort(), ["out", "victim"]);
});

testRanges(
  "saveTo: options that are wrong or unknown",
  {},
  async ({ server, folder, path, download }) => {
    const cases: [object, string][] = [
      [{ connections: 0 }, "'connections' must be a positive integer"],
      [{ connections: "4" }, "'connections'"],
      [{ resume: 1 }, "'resume' must be a boolean"],
      [{ sha256: "abc" }, "64 hexadecimal digits"],
      [{ onProgress: 5 }, "'onProgress' must be a function"],
      [{ overwite: true }, "no option 'overwite'"],
    ];
    for (const [options, text] of cases) {
      const file = await download(100);
      const error = await assertRejects(
        () => saveTo(path, file, options),
        InvalidArgumentError,
        text,
      );
      assertStringIncludes(error.message, "saveTo");
    }
    assertEquals(server.open(), 0);
    assertEquals(await readdir(folder), EMPTY);
  },
);
