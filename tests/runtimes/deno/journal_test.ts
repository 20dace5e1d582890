import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { Journal, readJournal } from "../../../src/files/journal.ts";
import { testFolder } from "../../tools/folders.ts";

type Entry = { [name: string]: unknown };

const WAY_OUT = "remove it to start anew";

async function read(
  path: string,
): Promise<{ end: number | undefined; entries: Entry[] }> {
  const entries: Entry[] = [];
  const end = await readJournal(
    path,
    (entry) => void entries.push(entry),
    WAY_OUT,
  );
  return { end, entries };
}

async function write(path: string, entries: Entry[]): Promise<void> {
  const journal = await Journal.open(path, (await read(path)).end ?? 0);
  await Promise.all(entries.map((entry) => journal.append(entry)));
  await journal.close();
}

const ENTRIES: Entry[] = [
  { source: "ada/drive", version: 1 },
  { key: 'ü"\\\n\u2028/1.jpg', size: 3, hash: null },
  { key: "2.jpg", size: 0, hash: "abc" },
];

testFolder(
  "journal: what is appended is read, also by a later run",
  async (folder) => {
    const path = `${folder}/journal`;
    assertEquals(await read(path), { end: undefined, entries: [] });
    await write(path, ENTRIES.slice(0, 2));
    await write(path, ENTRIES.slice(2));
    const { size } = await Deno.stat(path);
    assertEquals(await read(path), { end: size, entries: ENTRIES });
    // other programs can read it, too
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line)[1]), ENTRIES);
  },
);

testFolder("journal: many lines over many chunks, in order", async (folder) => {
  const path = `${folder}/journal`;
  const entries = Array.from({ length: 5_000 }, (_, n) => ({
    key: `${n}/${"x".repeat(n % 100)}`,
  }));
  await write(path, entries);
  assertEquals((await read(path)).entries, entries);
});

testFolder("journal: cut at any byte, it goes on", async (folder) => {
  const path = `${folder}/journal`;
  await write(path, ENTRIES);
  const whole = await Deno.readFile(path);
  const ends = [0, ...whole.keys()].filter((at, index) =>
    index === 0 || whole[at - 1] === 10
  );
  for (let length = 0; length < whole.length; length++) {
    await Deno.writeFile(path, whole.subarray(0, length));
    const kept = ends.filter((end) => end <= length).length - 1;
    const { end, entries } = await read(path);
    assertEquals([end, entries], [ends[kept], ENTRIES.slice(0, kept)]);
    await write(path, [{ added: length }]);
    assertEquals((await read(path)).entries, [
      ...ENTRIES.slice(0, kept),
      { added: length },
    ]);
  }
});

testFolder(
  "journal: what a crash leaves behind the last line is no harm",
  async (folder) => {
    const path = `${folder}/journal`;
    await write(path, ENTRIES);
    const whole = await Deno.readFile(path);
    const tails = [
      new Uint8Array(200_000),
      new Uint8Array(200_000).fill(10),
      new TextEncoder().encode('["00000000",{}]\n["1'),
    ];
    for (const tail of tails) {
      await Deno.writeFile(path, new Blob([whole, tail]).stream());
      assertEquals(await read(path), { end: whole.length, entries: ENTRIES });
      await write(path, [{ n: 1 }]);
      assertEquals((await read(path)).entries, [...ENTRIES, { n: 1 }]);
    }
    await Deno.writeFile(path, new Uint8Array(100));
    assertEquals(await read(path), { end: 0, entries: [] });
  },
);

testFolder(
  "journal: one that is broken is named, with the way out",
  async (folder) => {
    const path = `${folder}/journal`;
    await write(path, ENTRIES);
    const whole = await Deno.readTextFile(path);
    const cases: [string, string][] = [
      [whole.replace('"size":3', '"size":4'), "its line 2 is broken"],
      [whole.replace('["', '["0'), "it holds something else"],
      [whole.replaceAll("\n", "\r\n"), "it holds something else"],
      [whole.replace("\n", "\n\n"), "its line 2 is broken"],
      [`${whole}["00000000",{}]\n${whole}`, "its line 4 is broken"],
      [`${whole}${"x".repeat(200_000)}\n${whole}`, "its line 4 is broken"],
      ["notes\n", "it holds something else"],
      [`["${"0".repeat(8)}",5]\n`, "it holds something else"],
    ];
    for (const [content, text] of cases) {
      await Deno.writeTextFile(path, content);
      const error = await assertRejects(() => read(path), InvalidArgumentError);
      for (const part of [JSON.stringify(path), text, WAY_OUT]) {
        assertStringIncludes(error.message, part);
      }
      assertEquals(await Deno.readTextFile(path), content);
    }
    await Deno.remove(path);
    await Deno.mkdir(path);
    await assertRejects(() => read(path), InvalidArgumentError, "no file");
  },
);

testFolder("journal: a link in its place is not followed", async (folder) => {
  const path = `${folder}/journal`;
  await write(`${folder}/other`, ENTRIES);
  await Deno.symlink(`${folder}/other`, path);
  await assertRejects(() => read(path), InvalidArgumentError, "a link");
  await assertRejects(
    () => Journal.open(path, 0),
    InvalidArgumentError,
    "symbolic link",
  );
  assertEquals((await read(`${folder}/other`)).entries, ENTRIES);
});

testFolder(
  "journal: nothing follows a line that could not be written",
  async (folder) => {
    const path = `${folder}/journal`;
    const module =
      new URL("../../../src/files/journal.ts", import.meta.url).href;
    const script = `import { Journal } from "${module}";
const journal = await Journal.open(Deno.args[0], 0);
const text = "x".repeat(1_000);
const results = await Promise.allSettled([1, 2, 3].map(async (n) => {
  for (let i = 0; i < 2_000; i++) await journal.append({ n, i, text });
}));
results.push(...await Promise.allSettled([journal.append({ n: 4 })]));
await journal.close();
for (const { reason } of results) console.log(reason?.name, reason?.message);`;
    await Deno.writeTextFile(`${folder}/script.ts`, script);
    const { stdout } = await new Deno.Command("bash", {
      args: [
        "-c",
        `trap '' XFSZ; ulimit -f 2000; exec "$0" run --no-check -A "$@"`,
        Deno.execPath(),
        `${folder}/script.ts`,
        path,
      ],
      stderr: "inherit",
    }).output();
    const told = new TextDecoder().decode(stdout).trimEnd().split("\n");
    assertEquals(told.length, 4);
    for (const line of told) {
      assertStringIncludes(
        line,
        `AvalaError Cannot keep the journal "${path}"`,
      );
    }
    const { entries } = await read(path);
    assert(entries.length > 1_500, String(entries.length));
    assert(entries.every(({ n }) => n !== 4));
    await write(path, [{ n: 5 }]);
    assertEquals((await read(path)).entries.length, entries.length + 1);
  },
);

testFolder(
  "journal: killed at random moments, it keeps every line that was told to be written",
  async (folder) => {
    const path = `${folder}/journal`;
    const module =
      new URL("../../../src/files/journal.ts", import.meta.url).href;
    const script = `import { Journal, readJournal } from "${module}";
let n = 0;
const end = await readJournal(Deno.args[0], () => n++, "");
const journal = await Journal.open(Deno.args[0], end ?? 0);
for (;;) {
  const some = Array.from({ length: 1 + n % 3 }, () => journal.append({ n: n++, text: "x".repeat(n % 500) }));
  await Promise.all(some);
  Deno.stdout.writeSync(new TextEncoder().encode(n + "\\n"));
}`;
    await Deno.writeTextFile(`${folder}/script.ts`, script);
    let before = 0;
    for (let run = 0; run < 5; run++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "-A", `${folder}/script.ts`, path],
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      let told = "";
      for await (
        const text of child.stdout.pipeThrough(new TextDecoderStream())
      ) {
        told += text;
        // anywhere in the middle of what it does by then
        if (told.length > 2_000 * (1 + run % 2)) child.kill("SIGKILL");
      }
      await child.status;
      const { entries } = await read(path);
      const last = Number(told.trimEnd().split("\n").at(-2));
      assert(
        last > before && entries.length >= last,
        `${entries.length} ${last}`,
      );
      assertEquals(
        entries.map(({ n }) => n),
        Array.from({ length: entries.length }, (_, n) => n),
      );
      before = entries.length;
    }
  },
);
