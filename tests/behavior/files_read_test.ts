import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { fromDirectory } from "@avala/client/files";
import { execFileSync } from "node:child_process";
import {
  chmod,
  mkdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { openBelow, testFolder } from "../tools/folders.ts";

async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | undefined,
): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

testFolder("files: a tree in the order of code units", async (folder) => {
  const names = [
    "b.txt",
    "B.txt",
    "a/2.txt",
    "a/10.txt",
    "a.txt",
    "a-b/x",
    ".env",
    ".git/config",
    "ä",
    "é/\ud83d\ude00",
    "é/\uff5e",
    "z/deep/er/one",
  ];
  await mkdir(join(folder, "empty"));
  for (const name of names) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), name);
  }
  const sources = await fromDirectory(folder);
  assertEquals(sources.map(({ path }) => path), [
    ".env",
    ".git/config",
    "B.txt",
    "a/10.txt",
    "a/2.txt",
    "a-b/x",
    "a.txt",
    "b.txt",
    "z/deep/er/one",
    "ä",
    "é/\ud83d\ude00",
    "é/\uff5e",
  ]);
  for (const source of sources) {
    const bytes = new TextEncoder().encode(source.path);
    assertEquals(source.size, bytes.length);
    assertEquals(await readAll(source.stream()), bytes);
  }
  const shown = await fromDirectory(folder, { hidden: false });
  assertEquals(
    shown.map(({ path }) => path),
    sources.map(({ path }) => path).filter((path) => !path.startsWith(".")),
  );
  const byUrl = await fromDirectory(pathToFileURL(folder));
  assertEquals(byUrl.length, sources.length);
});

testFolder("files: a single file, also an empty one", async (folder) => {
  const file = join(folder, "one.bin");
  await writeFile(file, "");
  const [empty, ...others] = await fromDirectory(file);
  assertEquals([empty?.path, empty?.size, others.length], ["one.bin", 0, 0]);
  assertEquals(await readAll(empty?.stream()), new Uint8Array());
  // a link that the caller names is followed
  await symlink(file, join(folder, "link.bin"));
  const [linked] = await fromDirectory(join(folder, "link.bin"));
  assertEquals(linked?.path, "link.bin");
});

testFolder("files: links are followed to files inside only", async (folder) => {
  const inside = join(folder, "inside");
  await mkdir(join(inside, "sub"), { recursive: true });
  await mkdir(join(folder, "inside-not"));
  await writeFile(join(inside, "sub/file"), "in");
  await writeFile(join(folder, "inside-not/secret"), "out");
  await symlink("sub/file", join(inside, "a-file"));
  await symlink("..", join(inside, "sub/loop"));
  await symlink("sub", join(inside, "b-folder"));
  await symlink("../inside-not/secret", join(inside, "c-out"));
  await symlink("../inside-not", join(inside, "d-out"));
  await symlink("/etc/hostname", join(inside, "e-out"));
  await symlink("nothing", join(inside, "f-nothing"));
  await symlink("g-self", join(inside, "g-self"));
  await symlink("c-out", join(inside, "h-out-over-a-link"));
  const sources = await fromDirectory(inside);
  assertEquals(sources.map(({ path }) => path), ["a-file", "sub/file"]);
  assertEquals(
    await readAll(sources[0]?.stream()),
    await readAll(
      sources[1]?.stream(),
    ),
  );
  // the folder itself may be reached over a link
  await symlink(inside, join(folder, "link"));
  assertEquals((await fromDirectory(join(folder, "link"))).length, 2);
});

testFolder("files: what can't be listed is named", async (folder) => {
  await mkdir(join(folder, "empty/below"), { recursive: true });
  await writeFile(join(folder, "file"), "");
  const cases: [unknown, string][] = [
    [join(folder, "empty"), "holds no files"],
    [join(folder, "gone"), "gone"],
    [join(folder, "file/below"), "no folder"],
    ["", "non-empty string"],
    ["a\0b", "non-empty string"],
    [undefined, "non-empty string"],
    [new URL("https://example.com/"), "file URL"],
  ];
  for (const [path, text] of cases) {
    const error = await assertRejects(
      () => fromDirectory(path as string),
      InvalidArgumentError,
    );
    assertStringIncludes(error.message, text);
  }
  await assertRejects(
    () => fromDirectory(folder, { hidden: "no" as unknown as boolean }),
    InvalidArgumentError,
    "hidden",
  );
  if (process.platform === "linux") {
    await assertRejects(
      () => fromDirectory("/dev/null"),
      InvalidArgumentError,
      "neither a file nor a folder",
    );
  }
});

testFolder("files: what can't be read is named", async (folder) => {
  await mkdir(join(folder, "locked"));
  await writeFile(join(folder, "secret"), "x");
  await chmod(folder, 0o755);
  // nothing is locked for root
  const isRoot = process.getuid?.() === 0;
  if (isRoot && typeof process.seteuid !== "function") return;
  // Deno runs other test files in the same process, as the same user
  if (isRoot && process.versions.deno) return;
  const listed = async (mode: number, name: string): Promise<unknown> => {
    await chmod(join(folder, name), mode);
    if (isRoot) process.seteuid?.(65_534);
    try {
      // the system asks for the real user when it lists, not for this one
      for (const source of await fromDirectory(folder)) {
        await readAll(source.stream());
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(join(folder, name), 0o700);
    }
  };
  for (const name of ["secret", "locked"]) {
    await chmod(join(folder, "secret"), 0o644);
    await chmod(join(folder, "locked"), 0o755);
    const error = await listed(0, name);
    assert(error instanceof InvalidArgumentError, String(error));
    assertStringIncludes(error.message, name);
    assertStringIncludes(error.message, "not permit");
  }
});

testFolder(
  "files: opened when read, closed however that ends",
  async (folder) => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 253);
    await writeFile(join(folder, "file"), bytes);
    const [source] = await fromDirectory(folder);
    assert(source);
    const unread = source.stream();
    assertEquals(openBelow(folder), []);
    await unread.cancel();

    const reader = source.stream().getReader();
    const first = await reader.read();
    assert((first.value?.length ?? 0) < bytes.length);
    if (process.platform === "linux") assertEquals(openBelow(folder).length, 1);
    await reader.cancel();
    assertEquals(openBelow(folder), []);

    // canceled while a read is under way
    const hasty = source.stream().getReader();
    const pending = hasty.read();
    await hasty.cancel();
    await pending;
    assertEquals(openBelow(folder), []);

    assertEquals(await readAll(source.stream()), bytes);
    assertEquals(
      await readAll(source.slice(65_000, 200_001)),
      bytes.subarray(
        65_000,
        200_001,
      ),
    );
    assertEquals(await readAll(source.slice(7, 7)), new Uint8Array());
    assertEquals(openBelow(folder), []);
    for (const [start, end] of [[-1, 5], [5, 4], [0, 300_001], [0.5, 1]]) {
      assertThrows(
        () => source.slice(start ?? 0, end ?? 0),
        InvalidArgumentError,
        "inside its 300000 bytes",
      );
    }
  },
);

testFolder(
  "files: another size or no file fails the stream",
  async (folder) => {
    const file = join(folder, "file");
    for (const size of [199_999, 200_001, 0]) {
      await writeFile(file, new Uint8Array(200_000));
      const [source] = await fromDirectory(folder);
      const before = source?.stream().getReader();
      await before?.read();
      await truncate(file, size);
      const error = await assertRejects(
        () => readAll(source?.stream()),
        InvalidArgumentError,
        `from 200000 to ${size} bytes`,
      );
      assertStringIncludes(error.message, file);
      // changed between two reads
      await assertRejects(async () => {
        while (!(await before?.read())?.done);
      }, InvalidArgumentError);
      assertEquals(openBelow(folder), []);
    }
    const [source] = await fromDirectory(folder);
    await rm(file);
    await assertRejects(
      () => readAll(source?.stream()),
      InvalidArgumentError,
      file,
    );
  },
);

testFolder("files: the time of the last change is told", async (folder) => {
  await writeFile(join(folder, "file"), "x");
  await symlink("file", join(folder, "link"));
  await utimes(join(folder, "file"), 1_700_000_000.25, 1_700_000_000.25);
  const sources = [
    ...await fromDirectory(folder),
    ...await fromDirectory(join(folder, "file")),
  ];
  assertEquals(
    sources.map(({ lastModified }) => lastModified),
    [1_700_000_000_250, 1_700_000_000_250, 1_700_000_000_250],
  );
});

testFolder("files: another time fails the stream", async (folder) => {
  const file = join(folder, "file");
  await writeFile(file, new Uint8Array(200_000));
  const [source] = await fromDirectory(folder);
  const before = source?.stream().getReader();
  await before?.read();
  await writeFile(file, new Uint8Array(200_000).fill(1));
  await utimes(file, 1_600_000_000, 1_600_000_000);
  const error = await assertRejects(
    () => readAll(source?.stream()),
    InvalidArgumentError,
    "has changed since it was listed",
  );
  assertStringIncludes(error.message, file);
  assertStringIncludes(error.message, "2020-09-13T12:26:40.000Z");
  // changed between two reads
  await assertRejects(async () => {
    while (!(await before?.read())?.done);
  }, InvalidArgumentError);
  assertEquals(openBelow(folder), []);
});

testFolder("files: what takes a file's place is refused", async (folder) => {
  const inside = join(folder, "inside");
  const outside = join(folder, "outside");
  const file = join(inside, "sub", "file");
  const twin = join(outside, "file");
  // the same to all that a folder tells
  const write = async (path: string, text: string) => {
    await writeFile(path, text);
    await utimes(path, 1_700_000_000, 1_700_000_000);
  };
  const swaps: { [name: string]: () => Promise<unknown> } = {
    "a link that leads out": async () => {
      await rm(file);
      await symlink(twin, file);
    },
    "a link that leads to a file inside": async () => {
      await rename(file, join(inside, "other"));
      await symlink(join(inside, "other"), file);
    },
    "a folder over it that is a link": async () => {
      await rename(join(inside, "sub"), join(inside, "moved"));
      await symlink(outside, join(inside, "sub"));
    },
    "another file": () => rename(twin, file),
    "a folder": async () => {
      await rm(file);
      await mkdir(file);
    },
  };
  if (process.platform !== "win32") {
    // opened as a file is, it would wait for a writer
    swaps["a pipe"] = async () => {
      await rm(file);
      execFileSync("mkfifo", [file]);
    };
  }
  for (const [name, swap] of Object.entries(swaps)) {
    await mkdir(join(inside, "sub"), { recursive: true });
    await mkdir(outside);
    await write(file, "inside");
    await write(twin, "secret");
    const [source] = await fromDirectory(inside);
    assert(source);
    assertEquals(await readAll(source.slice(0, 6)), encode("inside"));
    await swap();
    for (const open of [() => source.stream(), () => source.slice(0, 6)]) {
      const error = await assertRejects(
        () => readAll(open()),
        InvalidArgumentError,
        "since it was listed",
        name,
      );
      assertStringIncludes(error.message, file);
    }
    assertEquals(openBelow(folder), []);
    await rm(inside, { recursive: true });
    await rm(outside, { recursive: true });
  }
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
