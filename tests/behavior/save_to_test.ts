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
  ConnectionError,
  InvalidArgumentError,
} from "@avala/client/errors";
import { saveTo } from "@avala/client/files";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { testFile } from "../servers/file_server.ts";
import { beside, openBelow, sha256, testFolder } from "../tools/folders.ts";

const EMPTY: string[] = [];

testFolder("saveTo: bytes, digest and nothing else", async (folder) => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 253);
  const path = join(folder, "out.bin");
  const saved = await saveTo(path, new Response(bytes), { sha256: true });
  assertEquals(saved, { path, bytes: 300_000, sha256: sha256(bytes) });
  assertEquals(new Uint8Array(await readFile(path)), bytes);
  assertEquals(await beside(folder, "out.bin"), EMPTY);
  const url = pathToFileURL(join(folder, "empty"));
  const empty = await saveTo(url, new Response(null));
  assertEquals([empty.bytes, empty.sha256], [0, null]);
  assertEquals((await stat(join(folder, "empty"))).size, 0);
});

testFolder("saveTo: a file is replaced only when asked", async (folder) => {
  const path = join(folder, "out");
  await writeFile(path, "old", { mode: 0o600 });
  let canceled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    cancel() {
      canceled = true;
    },
  });
  await assertRejects(
    () => saveTo(path, { body }),
    InvalidArgumentError,
    "overwrite",
  );
  // or its connection would stay open
  assert(canceled);
  assertEquals(await readFile(path, "utf8"), "old");
  // the old file is whole while the new one is on its way
  let during = "";
  const slow = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      during = await readFile(path, "utf8");
      controller.enqueue(new TextEncoder().encode("new"));
      controller.close();
    },
  }, { highWaterMark: 0 });
  await saveTo(path, { body: slow }, { overwrite: true });
  assertEquals([during, await readFile(path, "utf8")], ["old", "new"]);
  if (process.platform !== "win32") {
    assertEquals((await stat(path)).mode & 0o777, 0o600);
  }
  assertEquals(await beside(folder, "out"), EMPTY);
});

testFolder(
  "saveTo: a file that comes meanwhile is not replaced",
  async (folder) => {
    const path = join(folder, "out");
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        await writeFile(path, "theirs");
        controller.enqueue(new Uint8Array(9));
        controller.close();
      },
    }, { highWaterMark: 0 });
    await assertRejects(
      () => saveTo(path, { body }),
      InvalidArgumentError,
      "overwrite",
    );
    assertEquals(await readFile(path, "utf8"), "theirs");
    assertEquals(await beside(folder, "out"), EMPTY);
  },
);

testFolder("saveTo: what can't be is an argument error", async (folder) => {
  await mkdir(join(folder, "sub"));
  const locked = new Response("x");
  const reader = locked.body?.getReader();
  const some = () => new Response("x");
  const cases: [() => Promise<unknown>, string][] = [
    [() => saveTo(folder, some(), { overwrite: true }), "folder"],
    [() => saveTo(join(folder, "sub"), some()), "folder"],
    [() => saveTo(join(folder, "gone/out"), some()), "no such"],
    [() => saveTo("", some()), "non-empty string"],
    [() => saveTo(join(folder, "a"), locked), "being read"],
    [
      () => saveTo(join(folder, "a"), Promise.resolve(some()) as never),
      "'await' missing",
    ],
    [() => saveTo(join(folder, "a"), null as never), "must have a body"],
    [
      () => saveTo(join(folder, "a"), some(), { overwrite: 1 as never }),
      "overwrite",
    ],
  ];
  for (const [misuse, text] of cases) {
    const error = await assertRejects(misuse, InvalidArgumentError);
    assertStringIncludes(error.message, text);
  }
  await reader?.cancel();
  assertEquals(await beside(folder, "sub"), EMPTY);
});

testFolder("saveTo: a body of text is refused", async (folder) => {
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue("text" as unknown as Uint8Array<ArrayBuffer>);
    },
  });
  await assertRejects(
    () => saveTo(join(folder, "out"), { body }),
    InvalidArgumentError,
    "a stream of bytes",
  );
  assertEquals(await beside(folder, ""), EMPTY);
  assertEquals(openBelow(folder), []);
});

/** A body that does something between its two halves. */
function inBetween(
  halves: [string, string],
  act: () => unknown,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const [first, second] = halves;
  let isFirst = true;
  return new ReadableStream({
    async pull(controller) {
      if (isFirst) {
        controller.enqueue(encoder.encode(first));
        isFirst = false;
        return;
      }
      await act();
      controller.enqueue(encoder.encode(second));
      controller.close();
    },
  }, { highWaterMark: 0 });
}

/** A number of a process that has ended. */
const DEAD_PROCESS = 4_194_303;

testFolder(
  "saveTo: what a killed run left is removed, and nothing else",
  async (folder) => {
    const path = join(folder, "out");
    let part = "";
    const body = inBetween(["a", "b"], async () => {
      [part = ""] = await beside(folder, "other");
    });
    await saveTo(path, { body });
    assertStringIncludes(part, `-${process.pid}-`);
    const of = (pid: number) => part.replace(`-${process.pid}-`, `-${pid}-`);
    const old = ".avala-01234567-89ab-4cde-8f01-23456789abcd.part";
    const leftovers: [string, number][] = [
      [of(DEAD_PROCESS), Date.now()],
      // that of another file, and one from before a restart of a container
      [of(DEAD_PROCESS - 1).replace(/avala-..../, "avala-ffff"), Date.now()],
      [of(process.pid), performance.timeOrigin - 60_000],
      [old, Date.now() - 90_000_000],
    ];
    const kept = [
      of(process.ppid),
      old.replace("0", "1"),
      ".avala-notes.part",
      "x.part",
    ];
    for (const [name, time] of leftovers) {
      await writeFile(join(folder, name), "half");
      await utimes(join(folder, name), time / 1_000, time / 1_000);
    }
    for (const name of kept) await writeFile(join(folder, name), "theirs");
    await mkdir(join(folder, old.replace("0", "2")));
    // the folder is not looked through for every single file
    for (let n = 0; n < 1_000; n++) {
      await saveTo(path, new Response("whole"), { overwrite: true });
      if ((await readdir(folder)).length === kept.length + 2) break;
    }
    assertEquals(
      await beside(folder, "out"),
      [...kept, old.replace("0", "2")].sort(),
    );
    for (const name of kept) {
      assertEquals(await readFile(join(folder, name), "utf8"), "theirs");
    }
  },
);

testFolder("saveTo: two runs of one file both end well", async (folder) => {
  const path = join(folder, "out");
  const slow = saveTo(path, {
    body: inBetween(["sl", "ow"], async () => {
      await saveTo(path, new Response("fast"), { overwrite: true });
      assertEquals(await readFile(path, "utf8"), "fast");
    }),
  }, { overwrite: true, sha256: true });
  assertEquals((await slow).sha256, sha256(new TextEncoder().encode("slow")));
  assertEquals(await readFile(path, "utf8"), "slow");
  const many = Array.from(
    { length: 20 },
    (_, n) => saveTo(path, new Response(`run ${n}`), { overwrite: true }),
  );
  await Promise.all(many);
  assertStringIncludes(await readFile(path, "utf8"), "run ");
  assertEquals(await beside(folder, "out"), EMPTY);
});

for (const overwrite of [true, false]) {
  testFolder(
    `saveTo: a part that was taken for a leftover is no loss${
      overwrite ? "" : ", without overwrite"
    }`,
    async (folder) => {
      const path = join(folder, "out");
      const half = "0123456789".repeat(20_000);
      const body = inBetween([half, half], async () => {
        for (const name of await readdir(folder)) await rm(join(folder, name));
      });
      const saved = await saveTo(path, { body }, { overwrite, sha256: true });
      const bytes = new TextEncoder().encode(half + half);
      assertEquals(saved, { path, bytes: 400_000, sha256: sha256(bytes) });
      assertEquals(new Uint8Array(await readFile(path)), bytes);
      assertEquals(await beside(folder, "out"), EMPTY);
      assertEquals(openBelow(folder), []);
    },
  );
}

testFolder("saveTo: a folder that goes is named", async (folder) => {
  const path = join(folder, "sub", "out");
  await mkdir(join(folder, "sub"));
  const body = inBetween(
    ["a", "b"],
    () => rm(join(folder, "sub"), { recursive: true }),
  );
  const error = await assertRejects(
    () => saveTo(path, { body }),
    AvalaError,
    "no such file or folder",
  );
  assertStringIncludes(error.message, JSON.stringify(path));
});

testFolder("saveTo: what is replaced keeps its mode", async (folder) => {
  if (process.platform === "win32") return;
  const path = join(folder, "out");
  await writeFile(path, "old");
  for (const mode of [0o664, 0o600, 0o666, 0o755, 0o444]) {
    await chmod(path, mode);
    await saveTo(path, new Response("new"), { overwrite: true });
    assertEquals((await stat(path)).mode & 0o777, mode);
  }
  // a new one has the mode of all new files
  await saveTo(join(folder, "first"), new Response("new"));
  await writeFile(join(folder, "second"), "new");
  assertEquals(
    (await stat(join(folder, "first"))).mode,
    (await stat(join(folder, "second"))).mode,
  );
});

for (const how of ["signal", "close", "break"] as const) {
  testFile(
    `saveTo: nothing is left after a ${how}`,
    [how === "break" ? { cutAfter: 3_000 } : { stallAfter: 3_000 }],
    async ({ origin }) => {
      const folder = await mkdtemp(join(tmpdir(), "files-"));
      const client = new AsyncClient({
        apiKey: "avk_test_files",
        baseUrl: `${origin}/api/v1`,
        allowInsecureBaseUrl: true,
        maxRetries: 0,
      });
      const controller = new AbortController();
      let onStart = () => {};
      const started = new Promise<void>((resolve) => onStart = resolve);
      const download = await client.download(`${origin}/f`, {
        onProgress: () => onStart(),
      }, { signal: controller.signal });
      const saving = saveTo(join(folder, "out"), download)
        .catch((error) => error);
      // a connection that is cut may take the first chunk with it
      await Promise.race([started, saving]);
      const reason = new Error("enough");
      if (how === "signal") controller.abort(reason);
      if (how === "close") client.close();
      const error = await saving;
      if (how === "signal") assertEquals(error, reason);
      else if (how === "close") assert(error instanceof ClientClosedError);
      else assert(error instanceof ConnectionError);
      assertEquals(await readdir(folder), []);
      assertEquals(openBelow(folder), []);
      client.close();
      await rm(folder, { recursive: true });
    },
  );
}

testFile(
  "saveTo: a download that was resumed is whole",
  [{ cutAfter: 3_000 }, {}],
  async ({ origin, seen }, file) => {
    const folder = await mkdtemp(join(tmpdir(), "files-"));
    const client = new AsyncClient({
      apiKey: "avk_test_files",
      baseUrl: `${origin}/api/v1`,
      allowInsecureBaseUrl: true,
    });
    const path = join(folder, "out");
    const download = await client.download(`${origin}/f`);
    const saved = await saveTo(path, download, { sha256: true });
    assertEquals(saved, { path, bytes: 10_000, sha256: sha256(file) });
    assertEquals(seen.length, 2);
    client.close();
    await rm(folder, { recursive: true });
  },
);

testFile(
  "saveTo: the stack of an error reaches the caller's line",
  [{ cutAfter: 3_000 }],
  async ({ origin }) => {
    await using client = new AsyncClient({
      apiKey: "avk_test_files",
      baseUrl: `${origin}/api/v1`,
      allowInsecureBaseUrl: true,
    });
    const download = await client.download(`${origin}/f`, {}, {
      maxRetries: 0,
    });
    const path = join(tmpdir(), "never-whole");
    const save = async function callerOfSaveTo() {
      await saveTo(path, download);
    };
    const error = await assertRejects(save, ConnectionError);
    assertStringIncludes(error.stack ?? "", "callerOfSaveTo");
  },
);

testFolder(
  "saveTo: chunks that share a buffer are not mixed",
  async (folder) => {
    const shared = new Uint8Array(10);
    let count = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (count === 20) return controller.close();
        shared.fill(count++);
        controller.enqueue(shared.subarray(0, 1));
      },
    }, { highWaterMark: 0 });
    const path = join(folder, "out");
    await saveTo(path, { body });
    assertEquals(
      [...await readFile(path)],
      Array.from({ length: 20 }, (_, index) => index),
    );
  },
);
