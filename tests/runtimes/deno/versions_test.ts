import { assert, assertEquals } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };
import { VERSION } from "../../../src/catalog/version.ts";

Deno.test("the sources import @std at the versions of deno.json", async () => {
  const ranges: string[] = Object.values(config.imports);
  const found = new Set<string>();
  const walk = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await walk(new URL(`${name}/`, folder));
      else {
        const text = await Deno.readTextFile(new URL(name, folder));
        for (const [range] of text.matchAll(/jsr:@std\/[a-z]+@[^/"]+/g)) {
          found.add(range);
        }
      }
    }
  };
  await walk(new URL("../../../src/", import.meta.url));
  assert(found.size > 0);
  assertEquals([...found].filter((range) => !ranges.includes(range)), []);
});

Deno.test("the faces tell the version of deno.json", () => {
  assertEquals(VERSION, config.version);
});
