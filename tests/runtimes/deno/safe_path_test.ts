import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { join, normalize } from "node:path";
import {
  DownloadFolder,
  foldsNames,
} from "../../../src/files/download_folder.ts";
import { placeFiles, problemOfKey } from "../../../src/files/safe_path.ts";
import { pick, seeded } from "../../load/random.ts";
import { testFolder } from "../../tools/folders.ts";

const UNIX = { isWindows: false, foldsNames: false };
const APPLE = { isWindows: false, foldsNames: true };
const WINDOWS = { isWindows: true, foldsNames: true };

Deno.test("paths: keys that would leave the folder, or that no system can hold", () => {
  const bad: [string | null, string][] = [
    ["../a", "leads out"],
    ["a/../../b", "leads out"],
    ["a/..", "leads out"],
    ["..", "leads out"],
    ["..\\a", "leads out"],
    ["a\\..\\..\\b", "leads out"],
    ["/etc/passwd", "absolute"],
    ["//server/share", "absolute"],
    ["\\\\server\\share", "absolute"],
    ["C:\\a", "absolute"],
    ["c:/a", "absolute"],
    ["", "no key"],
    [null, "no key"],
    [5 as unknown as string, "no key"],
    ["a//b", "without a character"],
    ["a/", "without a character"],
    ["./a", "'.' as a name"],
    ["a/.", "'.' as a name"],
    ["a\0b", "control character"],
    ["a\nb", "control character"],
    ["a\u001b[2Jb", "control character"],
    ["a\ud800b", "well-formed"],
    ["x".repeat(300), "too long"],
    [`a/${"x".repeat(256)}/b`, "too long"],
    ["a/".repeat(2_000) + "a", "too long"],
  ];
  for (const isWindows of [true, false]) {
    for (const [key, text] of bad) {
      assertStringIncludes(problemOfKey(key, isWindows) ?? "", text);
    }
  }
  assertStringIncludes(problemOfKey("ü".repeat(128), false) ?? "", "too long");
  const good = [
    "a",
    "a/b.jpg",
    ".hidden/..b",
    "...",
    "ü".repeat(127),
    "~",
    "-rf",
  ];
  for (const key of good) {
    assertEquals(problemOfKey(key, false), undefined, key);
  }
  assertEquals(problemOfKey("ü".repeat(255), true), undefined);
});

Deno.test("paths: what Windows can't hold is held by others", () => {
  const names = [
    "a\\b",
    "a:b",
    "a<b",
    "a>b",
    'a"b',
    "a|b",
    "a?b",
    "a*b",
    "a.",
    "a ",
    "a./b",
    "a /b",
    "CON",
    "con.txt",
    "x/aux",
    "nul/x",
    "PRN.tar.gz",
    "com1",
    "LPT9.a",
    "COM¹",
    "CONIN$",
    "nul .txt",
  ];
  for (const name of names) {
    assertEquals(problemOfKey(name, false), undefined, name);
    assert(problemOfKey(name, true), name);
  }
  for (const name of ["cons", "a con", "com10", "xnul", "com", "a.con"]) {
    assertEquals(problemOfKey(name, true), undefined, name);
  }
});

function place(
  keys: string[],
  rules: { isWindows: boolean; foldsNames: boolean },
  known: { [key: string]: string } = {},
): { [key: string]: string } {
  const files = keys.map((key) => ({ uid: `uid of ${key}`, key }));
  const placed = placeFiles(files, rules, new Map(Object.entries(known)), [
    ".avala-download.jsonl",
  ]);
  return Object.fromEntries(
    files.map(({ uid, key }) => {
      const path = placed.get(uid);
      return [key, typeof path === "string" ? path : `! ${path?.message}`];
    }),
  );
}

const TAG = /~[0-9a-f]{8}/;
const NFC = "caf\u00e9.jpg";
const NFD = "cafe\u0301.jpg";

Deno.test("paths: names that a system takes for one are told apart, in any order", () => {
  const keys = ["A.jpg", "a.jpg", NFC, NFD, "d/x", "D/X", "ß", "SS", "b.jpg"];
  assertEquals(place(keys, UNIX), Object.fromEntries(keys.map((k) => [k, k])));
  for (const rules of [APPLE, WINDOWS]) {
    const placed = place(keys, rules);
    assertEquals(placed["A.jpg"], "A.jpg");
    assert(/^a~[0-9a-f]{8}\.jpg$/.test(placed["a.jpg"] ?? ""), placed["a.jpg"]);
    // the other keeps its name
    assertEquals([NFC, NFD].filter((key) => placed[key] === key).length, 1);
    assertEquals(placed["D/X"], "D/X");
    assert(/^d\/x~[0-9a-f]{8}$/.test(placed["d/x"] ?? ""), placed["d/x"]);
    assertEquals(["ß", "SS"].filter((key) => placed[key] === key).length, 1);
    assertEquals(placed["b.jpg"], "b.jpg");
    const folded = Object.values(placed).map((path) =>
      path.normalize("NFC").toLowerCase()
    );
    assertEquals(new Set(folded).size, keys.length);
    assertEquals(place(keys.toReversed(), rules), placed);
  }
});

Deno.test("paths: who has a path keeps it when others come", () => {
  const first = place(["b.jpg"], APPLE);
  assertEquals(first, { "b.jpg": "b.jpg" });
  const second = place(["B.jpg", "b.jpg"], APPLE, first);
  assertEquals(second["b.jpg"], "b.jpg");
  assert(TAG.test(second["B.jpg"] ?? ""));
  assertEquals(place(["B.jpg", "b.jpg"], APPLE, second), second);
  // also when the others go
  assertEquals(place(["B.jpg"], APPLE, second)["B.jpg"], second["B.jpg"]);
  // what a journal says is not believed blindly
  const tampered = { "a.jpg": "../a.jpg", "c.jpg": "b.jpg" };
  assertEquals(place(["a.jpg", "c.jpg", "b.jpg"], APPLE, tampered), {
    "a.jpg": "a.jpg",
    "c.jpg": "c.jpg",
    "b.jpg": "b.jpg",
  });
});

Deno.test("paths: a file where a folder must be, and names of our own", () => {
  const temporary =
    ".avala-0123456789ab-1-01234567-89ab-4cde-8f01-23456789abcd.part";
  const keys = ["a", "a/b", "a/b/c", ".avala-download.jsonl", temporary];
  const placed = place(keys, UNIX);
  assert(/^a~[0-9a-f]{8}$/.test(placed.a ?? ""), placed.a);
  assert(/^a\/b~[0-9a-f]{8}$/.test(placed["a/b"] ?? ""), placed["a/b"]);
  assertEquals(placed["a/b/c"], "a/b/c");
  for (const key of keys.slice(3)) {
    assert(TAG.test(placed[key] ?? ""), placed[key]);
  }
  // one key for two items
  const twins = placeFiles([
    { uid: "2", key: "x.jpg" },
    { uid: "1", key: "x.jpg" },
  ], UNIX);
  assertEquals(twins.get("1"), "x.jpg");
  assert(/^x~[0-9a-f]{8}\.jpg$/.test(String(twins.get("2"))));
});

Deno.test("paths: what can't be placed is named, with the way out", () => {
  const placed = place(["../a", "x".repeat(300), "ok"], UNIX);
  assertEquals(placed.ok, "ok");
  for (const key of ["../a", "x".repeat(300)]) {
    assertStringIncludes(placed[key] ?? "", '! Cannot save the file "');
    assertStringIncludes(placed[key] ?? "", "leave it out by 'exclude'");
  }
  // no room for what would tell it apart
  const long = "x".repeat(255);
  const twins = place([long, long.toUpperCase()], APPLE);
  assertEquals(
    Object.values(twins).filter((path) => path.startsWith("! ")).length,
    1,
  );
});

Deno.test("paths: random keys never leave the folder or meet another", () => {
  const random = seeded(7);
  const pieces = [
    "a",
    "A",
    "b",
    "..",
    ".",
    "/",
    "/",
    "/",
    "\\",
    "C:",
    "con",
    "nul.txt",
    "é",
    "e\u0301",
    "\0",
    " ",
    "~",
    "\u202e",
    "x".repeat(90),
    "😀",
    "\ud800",
  ];
  const keys = new Set<string>();
  while (keys.size < 5_000) {
    const length = 1 + Math.floor(random() * 7);
    keys.add(
      Array.from(
        { length },
        () => pick(random, pieces),
      ).join(""),
    );
  }
  for (const rules of [UNIX, APPLE, WINDOWS]) {
    const files = [...keys].map((key, index) => ({ uid: `${index}`, key }));
    const placed = placeFiles(files, rules);
    assertEquals(placed.size, keys.size);
    const seen = new Set<string>();
    let held = 0;
    for (const path of placed.values()) {
      if (typeof path !== "string") continue;
      held++;
      assert(normalize(join("/root", path)).startsWith("/root/"), path);
      assertEquals(normalize(join("/root", path)), `/root/${path}`);
      const folded = rules.foldsNames
        ? path.normalize("NFC").toLowerCase().normalize("NFC")
        : path;
      assert(!seen.has(folded), path);
      seen.add(folded);
    }
    assert(held > 500 && held < keys.size, String(held));
    const again = placeFiles(files.toReversed(), rules);
    for (const [uid, path] of placed) {
      if (typeof path === "string") assertEquals(again.get(uid), path);
    }
  }
});

testFolder("paths: links that lead out are not followed", async (folder) => {
  const inside = join(folder, "inside");
  await Deno.mkdir(join(folder, "outside"));
  const download = await DownloadFolder.make(join(inside, "deep"));
  assertEquals(await download.prepare("a"), join(inside, "deep", "a"));
  assertEquals(
    await download.prepare("x/y/z.jpg"),
    join(inside, "deep/x/y/z.jpg"),
  );
  assert((await Deno.stat(join(inside, "deep/x/y"))).isDirectory);
  const links: [string, string][] = [
    ["out", join(folder, "outside")],
    ["up", ".."],
    ["here", "."],
    ["nothing", join(folder, "outside", "made")],
  ];
  for (const [name, target] of links) {
    await Deno.symlink(target, join(download.path, name));
  }
  for (const [name] of links) {
    for (const path of [`${name}/a.jpg`, `${name}/b/a.jpg`]) {
      const error = await assertRejects(
        () => download.prepare(path),
        InvalidArgumentError,
      );
      assertStringIncludes(error.message, join(download.path, name));
    }
  }
  assertEquals([...Deno.readDirSync(join(folder, "outside"))], []);
  // one that stays inside is the user's own way to keep things
  await Deno.symlink("x", join(download.path, "inner"));
  await download.prepare("inner/y/1.jpg");
  // a file where a folder must be
  await Deno.writeTextFile(join(download.path, "file"), "");
  await assertRejects(
    () => download.prepare("file/a"),
    InvalidArgumentError,
    "is no folder",
  );
  await assertRejects(
    () => DownloadFolder.make(join(download.path, "file")),
    InvalidArgumentError,
    "no folder",
  );
});

testFolder("paths: a folder tells whether case counts", async (folder) => {
  // what the runs of these tests are on
  await Deno.writeTextFile(join(folder, "probe"), "");
  const folds = await Deno.stat(join(folder, "PROBE"))
    .then(() => true, () => Deno.build.os === "darwin");
  assertEquals(await foldsNames(folder), folds);
  assertEquals(await foldsNames(join(folder, "probe")), folds);
  assertEquals(await foldsNames(join(folder, "not", "there")), folds);
  assertNotEquals(await foldsNames(join(folder, "1", "2")), undefined);
});
