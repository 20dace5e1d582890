import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { stateFile, type StateStore } from "@avala/client/files";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { openBelow, testFolder } from "../tools/folders.ts";

function open(path: string | URL): StateStore {
  return stateFile(path);
}

/** A number of a process that has ended. */
const DEAD_PROCESS = 4_194_303;
const NOTHING: string[] = [];

testFolder("state: what is saved is loaded, and goes", async (folder) => {
  const file = join(folder, "state.json");
  const store = open(file);
  assertEquals(await store.load("a"), undefined);
  await store.save("a", { n: 1 });
  await store.save("b", { n: 2 });
  assertEquals([await store.load("a"), await open(file).load("b")], [
    { n: 1 },
    { n: 2 },
  ]);
  await store.save("a", null);
  assertEquals(await store.load("a"), undefined);
  assertEquals(JSON.parse(await readFile(file, "utf8")), { b: { n: 2 } });
  await store.save("b", null);
  await store.save("b", null);
  assertEquals(await readdir(folder), NOTHING);
  assertEquals(openBelow(folder), []);
});

testFolder(
  "state: parallel saves of one store are all kept",
  async (folder) => {
    const file = join(folder, "state.json");
    const store = open(file);
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    await Promise.all(keys.map((key, n) => store.save(key, { n })));
    const saved = JSON.parse(await readFile(file, "utf8"));
    assertEquals(Object.keys(saved), keys);
    assertEquals(saved["key-7"], { n: 7 });
    // and in the order in which they were asked for
    void store.save("key-7", { n: 70 });
    void store.save("key-7", null);
    void store.save("key-7", { n: 77 });
    assertEquals(await store.load("key-7"), { n: 77 });
  },
);

testFolder(
  "state: parallel saves over several spellings of a path are all kept",
  async (folder) => {
    await mkdir(join(folder, "sub"));
    await symlink(folder, join(folder, "link"), "dir");
    const file = join(folder, "state.json");
    await writeFile(file, "{}");
    await symlink(file, join(folder, "alias.json"));
    const stores = [
      file,
      pathToFileURL(file),
      join(folder, "link", "state.json"),
      `${folder}/sub/../state.json`,
      relative(process.cwd(), file),
      join(folder, "alias.json"),
    ].map(open);
    await Promise.all(
      Array.from(
        { length: 60 },
        (_, n) => stores[n % stores.length]?.save(`key-${n}`, { n }),
      ),
    );
    const saved = JSON.parse(await readFile(file, "utf8"));
    assertEquals(Object.keys(saved).length, 60);
    assertEquals((await readdir(folder)).sort(), [
      "alias.json",
      "link",
      "state.json",
      "sub",
    ]);
  },
);

testFolder(
  "state: a state is saved as it was when it was handed in",
  async (folder) => {
    const store = open(join(folder, "state.json"));
    const state = { n: 1 };
    const saving = store.save("a", state);
    state.n = 2;
    await saving;
    assertEquals(await store.load("a"), { n: 1 });
  },
);

testFolder(
  "state: names that every object has are names like others",
  async (folder) => {
    const file = join(folder, "state.json");
    const store = open(file);
    const names = ["constructor", "__proto__", "toString", ""];
    for (const name of names) assertEquals(await store.load(name), undefined);
    for (const name of names) await store.save(name, { n: name.length });
    const other = open(file);
    for (const name of names) {
      assertEquals(await other.load(name), { n: name.length });
    }
    assertEquals(({} as { n?: number }).n, undefined);
    assertEquals(await store.load("valueOf"), undefined);
    for (const name of names) await store.save(name, null);
    assertEquals(await readdir(folder), NOTHING);
  },
);

testFolder("state: what the values hold keeps its order", async (folder) => {
  const file = join(folder, "state.json");
  await writeFile(file, '{"z":{"b":1,"a":{"y":1,"x":[2,1]}},"a":{"n":1}}');
  const store = open(file);
  await store.save("m", { n: 2 });
  await store.save("z-2", { n: 3 });
  assertEquals(
    JSON.stringify(JSON.parse(await readFile(file, "utf8"))),
    '{"z":{"b":1,"a":{"y":1,"x":[2,1]}},"a":{"n":1},"m":{"n":2},"z-2":{"n":3}}',
  );
});

testFolder(
  "state: a file that is none is named, with the way out",
  async (folder) => {
    const file = join(folder, "state.json");
    const store = open(file);
    const cases: [string | Uint8Array, string][] = [
      ["null", "null"],
      ["12", "a number"],
      ['"secret text"', "a text"],
      ["[]", "an array"],
      ["true", "a boolean"],
      ["", "no JSON"],
      ['{"a":', "no JSON"],
      ['{"a":{"n":1}}}', "no JSON"],
      [Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0), "no JSON"],
      ['{"a":5}', 'the value of "a"'],
      ['{"a":[1]}', 'the value of "a"'],
    ];
    for (const [content, text] of cases) {
      await writeFile(file, content);
      const calls: (() => unknown)[] = [
        () => store.load("a"),
        () => store.save("b", { n: 1 }),
      ];
      for (const call of calls) {
        const error = await assertRejects(
          async () => await call(),
          InvalidArgumentError,
        );
        assertStringIncludes(error.message, JSON.stringify(file));
        assertStringIncludes(error.message, text);
        assertStringIncludes(error.message, "remove the file");
        assert(!error.message.includes("secret"), error.message);
        assert(
          !/SyntaxError|position|token/.test(error.message),
          error.message,
        );
      }
      // what is there is the user's to remove
      const bytes = typeof content === "string"
        ? new TextEncoder().encode(content)
        : content;
      assertEquals(new Uint8Array(await readFile(file)), bytes);
      assertEquals(await readdir(folder), ["state.json"]);
    }
    // it is not remembered
    await unlink(file);
    await store.save("a", { n: 1 });
    assertEquals(await store.load("a"), { n: 1 });
  },
);

testFolder("state: a byte order mark is no harm", async (folder) => {
  const file = join(folder, "state.json");
  await writeFile(file, '\ufeff{"a":{"n":1},"b":null}');
  const store = open(file);
  assertEquals(await store.load("a"), { n: 1 });
  assertEquals(await store.load("b"), undefined);
  await store.save("c", { n: 3 });
  assertEquals(JSON.parse(await readFile(file, "utf8")), {
    a: { n: 1 },
    c: { n: 3 },
  });
});

testFolder("state: what can't be kept is an argument error", async (folder) => {
  const file = join(folder, "state.json");
  const store = open(file);
  await store.save("a", { n: 1 });
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const bad: [unknown, string][] = [
    [5, "5"],
    ["text", '"text"'],
    [[1], "an array"],
    [undefined, "undefined"],
    [() => {}, "a function"],
    [{ n: 1n }, "JSON"],
    [loop, "JSON"],
    [{ toJSON: () => 5 }, "JSON"],
  ];
  for (const [state, text] of bad) {
    const error = await assertRejects(
      async () => await store.save("b", state as object),
      InvalidArgumentError,
      text,
    );
    assertStringIncludes(error.message, "state");
  }
  for (const key of [undefined, 5, null]) {
    await assertRejects(
      async () => await store.load(key as never),
      InvalidArgumentError,
      "key",
    );
    await assertRejects(
      async () => await store.save(key as never, { n: 1 }),
      InvalidArgumentError,
      "key",
    );
  }
  assertEquals(JSON.parse(await readFile(file, "utf8")), { a: { n: 1 } });
  for (const path of ["", "a\0b", undefined, new URL("https://example.com/")]) {
    assertThrows(() => stateFile(path as string), InvalidArgumentError);
  }
});

testFolder(
  "state: a folder that is not there is told before anything is sent",
  async (folder) => {
    const store = open(join(folder, "gone", "state.json"));
    const calls: (() => unknown)[] = [
      () => store.load("a"),
      () => store.save("a", { n: 1 }),
    ];
    for (const call of calls) {
      const error = await assertRejects(
        async () => await call(),
        InvalidArgumentError,
        "no such file or folder",
      );
      assertStringIncludes(error.message, "gone");
    }
    // once it is there, the same store works
    await mkdir(join(folder, "gone"));
    await store.save("a", { n: 1 });
    assertEquals(await store.load("a"), { n: 1 });
  },
);

testFolder(
  "state: what is no file is named, and nothing is left",
  async (folder) => {
    const file = join(folder, "state.json");
    await mkdir(file);
    const error = await assertRejects(
      async () => await open(file).save("b", { n: 2 }),
      InvalidArgumentError,
    );
    assertStringIncludes(error.message, JSON.stringify(file));
    assertEquals(await readdir(folder), ["state.json"]);
    assertEquals(openBelow(folder), []);
  },
);

testFolder(
  "state: the file is its owner's, unless it was not",
  async (folder) => {
    if (process.platform === "win32") return;
    const file = join(folder, "state.json");
    const store = open(file);
    await store.save("a", { n: 1 });
    assertEquals((await stat(file)).mode & 0o777, 0o600);
    await chmod(file, 0o664);
    await store.save("a", { n: 2 });
    assertEquals((await stat(file)).mode & 0o777, 0o664);
  },
);

testFolder("state: what a killed process left is removed", async (folder) => {
  const file = join(folder, "state.json");
  const store = open(file);
  // the name of a draft, seen while it is there
  const names = new Set<string>();
  let saving = true;
  const watching = (async () => {
    while (saving) {
      for (const name of await readdir(folder)) names.add(name);
    }
  })();
  for (let n = 0; n < 200 && names.size < 2; n++) await store.save("a", { n });
  saving = false;
  await watching;
  names.delete("state.json");
  const [draft] = names;
  assert(draft, "no draft was seen");
  const left = draft.replace(`-${process.pid}-`, `-${DEAD_PROCESS}-`);
  assert(left !== draft, draft);
  await writeFile(join(folder, left), '{"a":');
  const old = draft.replace(`-${process.pid}-`, "-1-");
  await writeFile(join(folder, old), "");
  await utimes(join(folder, old), 1_600_000_000, 1_600_000_000);
  // the folder is not looked through for every single save
  for (let n = 0; n < 1_000; n++) {
    await store.save("a", { n });
    if ((await readdir(folder)).length === 1) break;
  }
  assertEquals(await readdir(folder), ["state.json"]);
});
