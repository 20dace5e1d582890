import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

Deno.test("the sources import @std at the versions of deno.json", async () => {
  const ranges: string[] = Object.values(config.imports);
  const found = new Set<string>();
  const folders = ["../../src/", "../../src/resources/", "../../src/testing/"];
  for (const folder of folders.map((path) => new URL(path, import.meta.url))) {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile) continue;
      const text = await Deno.readTextFile(new URL(name, folder));
      for (const [range] of text.matchAll(/jsr:@std\/[a-z]+@[^/"]+/g)) {
        found.add(range);
      }
    }
  }
  assert(found.size > 0);
  assertEquals([...found].filter((range) => !ranges.includes(range)), []);
});
