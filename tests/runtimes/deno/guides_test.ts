import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../../", import.meta.url);
const DECISIONS = ".github/decisions/";
/** Rooms that are drawn, but not built yet. The list only shrinks. */
const PLANNED: string[] = [];

const guides = [
  "CONTRIBUTING.md",
  "README.md",
  ".github/ARCHITECTURE.md",
  ".github/MIGRATING.md",
];
const decisions: string[] = [];
for await (const { name } of Deno.readDir(new URL(DECISIONS, ROOT))) {
  decisions.push(name);
}
decisions.sort();
const texts = await Promise.all(
  [...guides, ...decisions.map((name) => DECISIONS + name)]
    .map(async (path) => [path, await Deno.readTextFile(new URL(path, ROOT))]),
) as [path: string, text: string][];

function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)).isDirectory ===
      path.endsWith("/");
  } catch {
    return false;
  }
}

Deno.test("guides: every file and folder that they name is there", () => {
  const missing: string[] = [];
  let count = 0;
  for (const [guide, text] of texts) {
    for (
      const [, path] of text.matchAll(/`((?:src|tests|\.github)\/[^`*\s]*)`/g)
    ) {
      count++;
      if (!exists(path!) && !PLANNED.includes(path!)) {
        missing.push(`${guide}: ${path}`);
      }
    }
  }
  assertEquals(missing, []);
  assert(count > 30);
  assertEquals(PLANNED.filter(exists), []);
});

Deno.test("guides: links lead to files", () => {
  for (const [guide, text] of texts) {
    const base = new URL(guide, ROOT);
    for (const [, link] of text.matchAll(/\]\((?!https:)([^)#]+)\)/g)) {
      const path = new URL(link!, base).href.slice(ROOT.href.length);
      assert(exists(path), `${guide}: ${link}`);
    }
  }
});

Deno.test("guides: the README stays short", () => {
  const [, text] = texts.find(([path]) => path === "README.md")!;
  const lines = text.trimEnd().split("\n").length;
  assert(lines <= 300, `It has ${lines} lines`);
});

Deno.test("guides: decisions are numbered, titled and short", () => {
  for (const [index, name] of decisions.entries()) {
    const number = index + 1;
    assert(name.startsWith(`${number}`.padStart(3, "0")), name);
    const [, text] = texts.find(([path]) => path === DECISIONS + name)!;
    assert(text.startsWith(`# ${number}. `), name);
    assert(text.split("\n").length <= 14, `${name} is long`);
  }
  assert(decisions.length >= 7);
});
