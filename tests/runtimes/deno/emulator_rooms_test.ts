import { assertEquals } from "@std/assert";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Clock } from "../../../src/testing/engine/clock.ts";
import { State } from "../../../src/testing/engine/state.ts";

const SOURCES = fileURLToPath(new URL("../../../src/", import.meta.url));

/** What the files of a room import from elsewhere in `src/`, as `file: path`. */
async function importsOf(room: string): Promise<string[]> {
  const names = await readdir(SOURCES + room, { recursive: true });
  const found: string[] = [];
  for (const name of names.filter((name) => name.endsWith(".ts"))) {
    const file = new URL(`file:///${room}/${name}`);
    const text = await readFile(`${SOURCES}${room}/${name}`, "utf8");
    const statements = text.matchAll(
      /^import (type )?[^;]*? from "(\.[^"]+)"/gm,
    );
    for (const [, type = "", path] of statements) {
      const target = new URL(path!, file).pathname.slice(1);
      if (target.startsWith(`${room}/`)) continue;
      found.push(`${name}: ${type}${target}`);
    }
  }
  return found;
}

Deno.test("emulator: its engine knows no resource, its storage no engine", async () => {
  const engine = await importsOf("testing/engine");
  const storage = await importsOf("testing/storage");
  const isAbove = (path: string) =>
    /: (type )?testing\/(resources|emulator|seed)/.test(path);
  assertEquals(engine.filter(isAbove), []);
  assertEquals(storage, []);
});

Deno.test("emulator: it shares names and words with the client, nothing that acts", async () => {
  const SHARED =
    /: (type resources\/|wire\/|errors\.ts|redact\.ts|http\/hooks\.ts|resources\/webhooks\/verify\.ts)/;
  const foreign = await importsOf("testing");
  assertEquals(foreign.filter((path) => !SHARED.test(path)), []);
});

Deno.test("emulator: a collection that is misspelled does not compile", () => {
  const state = new State({ clock: new Clock(Date.now) });
  // @ts-expect-error: there are only those that are named
  assertEquals(state.collection("datasetz").size, 0);
  assertEquals(state.collection("datasets").size, 0);
});
