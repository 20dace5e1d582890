/**
 * The rooms of the library, and the arrows between them. `.github/ARCHITECTURE.md`
 * says what each room is for.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { filesBelow, type Import, importsOf } from "./module_graph.ts";

/** From top to bottom: an import leads to the same row, or down. */
const ROWS: string[][] = [
  ["src/cli/", "src/mcp/", "src/notebook.ts"],
  ["src/files/"],
  ["src/client.ts"],
  ["src/resources/"],
  ["src/uploads/", "src/downloads/"],
  ["src/http/"],
  ["src/wire/"],
  ["src/errors.ts", "src/redact.ts"],
  ["src/redaction/"],
];
/** The terminal's and the assistants' way into the library. */
const FACES = ["src/cli/", "src/mcp/"];
/** The table of operations: data, for the faces alone. */
const CATALOG = "src/catalog/";
/** The emulator. It shares with the client names and words only. */
const EMULATOR = "src/testing/";
const SHARED_WITH_EMULATOR = [
  "src/wire/",
  "src/errors.ts",
  "src/redact.ts",
  "src/resources/webhooks/verify.ts",
];
/** What may touch the machine. */
const NODE = [...FACES, "src/files/", "src/testing/engine/serve.ts"];
/** Trying again has one place. */
const RETRY = "@std/async/retry";
const PLACE_OF_RETRY = "src/http/retry.ts";

/**
 * What is still wrong, and why it is not mended yet. The list only shrinks: one
 * that is mended must be removed, and in the end there is none.
 */
const KNOWN: { [violation: string]: string } = {};

const files = await filesBelow("src/");
const imports = (await importsOf(files))
  .filter(({ from }) => from.startsWith("src/"));

function isIn(file: string, ...rooms: string[]): boolean {
  return rooms.some((room) => file.startsWith(room));
}

function rowOf(file: string): number {
  return ROWS.findIndex((rooms) => isIn(file, ...rooms));
}

/** What is wrong with an import, if anything. */
function complaint({ from, to, kind }: Import): string | undefined {
  if (to.startsWith("node:")) {
    return isIn(from, ...NODE) ? undefined : "touches the machine";
  }
  if (to === RETRY) {
    return from === PLACE_OF_RETRY ? undefined : "tries again by itself";
  }
  if (!to.startsWith("src/")) {
    return to === "mod.ts" ? "leads out of the house" : undefined;
  }
  if (isIn(to, CATALOG)) {
    return isIn(from, CATALOG, ...FACES) ? undefined : "loads the catalog";
  }
  if (isIn(from, CATALOG)) return "is no data";
  if (isIn(to, EMULATOR)) {
    return isIn(from, EMULATOR, ...FACES) ? undefined : "ships the emulator";
  }
  if (isIn(from, EMULATOR)) {
    const isModel = kind === "type" && isIn(to, "src/resources/");
    return isModel || isIn(to, ...SHARED_WITH_EMULATOR)
      ? undefined
      : "shares code with the emulator";
  }
  return rowOf(to) < rowOf(from) ? "leads up" : undefined;
}

/** The files that lead back to themselves, in groups. */
function circles(): string[] {
  const reached = new Map<string, Set<string>>();
  for (const file of files) {
    const seen = new Set<string>();
    const waiting = [file];
    for (let next; (next = waiting.pop()) !== undefined;) {
      for (const { from, to } of imports) {
        if (from !== next || seen.has(to)) continue;
        seen.add(to);
        waiting.push(to);
      }
    }
    reached.set(file, seen);
  }
  const groups = new Set<string>();
  for (const file of files) {
    const group = files.filter((other) =>
      reached.get(file)?.has(other) && reached.get(other)?.has(file)
    );
    if (group.length > 0) groups.add(`in a circle: ${group.join(", ")}`);
  }
  return [...groups];
}

function violations(): string[] {
  const arrows = imports.flatMap((arrow) => {
    const wrong = complaint(arrow);
    return wrong ? [`${arrow.from} → ${arrow.to}: ${wrong}`] : [];
  });
  return [...new Set(arrows), ...circles()];
}

Deno.test("architecture: every file has a room", () => {
  const homeless = files.filter((file) =>
    rowOf(file) < 0 && !isIn(file, CATALOG, EMULATOR)
  );
  assertEquals(homeless, []);
  assert(files.length > 100);
});

Deno.test("architecture: arrows point down, and none in a circle", () => {
  const found = violations();
  assertEquals(found.filter((violation) => !(violation in KNOWN)), []);
  assert(imports.some(({ kind }) => kind === "type"));
});

Deno.test("architecture: what is mended is no longer excused", () => {
  const found = violations();
  assertEquals(Object.keys(KNOWN).filter((name) => !found.includes(name)), []);
});

Deno.test("architecture: trying again has a place", () => {
  const places = imports.filter(({ to }) => to === RETRY);
  assert(places.some(({ from }) => from === PLACE_OF_RETRY));
});
