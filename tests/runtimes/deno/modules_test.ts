import { assert, assertEquals } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };
import { filesBelow, importsOf, loadedWith } from "./module_graph.ts";

/**
 * How many modules an import of the whole client loads: each takes about half a
 * millisecond in Node.
 */
const MOST_MODULES = 56;

const EXPORTS = Object.values(config.exports).map((path) => path.slice(2));
const RESOURCES = EXPORTS.filter((path) => path.startsWith("src/resources/"));
const imports = await importsOf(EXPORTS);

for (const entry of RESOURCES) {
  const name = entry.slice("src/resources/".length);
  Deno.test(`${name} loads no other resource, nor files, nor the emulator`, () => {
    const modules = loadedWith(entry, imports);
    assert(modules.size > 1);
    const foreign = [...modules].filter((file) =>
      file !== entry &&
      (RESOURCES.includes(file) || /^src\/(?:testing|files)\//.test(file))
    );
    assertEquals(foreign, []);
  });
}

Deno.test("every file is reached by some export", async () => {
  const reached = new Set([...EXPORTS, ...imports.map(({ to }) => to)]);
  const files = await filesBelow("src/");
  assertEquals(files.filter((file) => !reached.has(file)), []);
});

Deno.test(`importing mod.ts loads at most ${MOST_MODULES} modules`, () => {
  const modules = loadedWith("mod.ts", imports);
  assert(modules.has("src/client.ts"));
  assert(
    modules.size <= MOST_MODULES,
    `It loads ${modules.size}:\n${[...modules].sort().join("\n")}`,
  );
});
