import { assert, assertEquals } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };

interface Module {
  specifier: string;
  dependencies?: {
    specifier: string;
    isDynamic?: boolean;
    code?: { specifier?: string };
  }[];
}

const RESOURCES = Object.values(config.exports)
  .filter((path) => path.startsWith("./src/resources/"))
  .map((path) => new URL(`../../../${path}`, import.meta.url).href);

/** What a module loads, itself and all that it imports, types left out. */
async function loaded(entry: string): Promise<Set<string>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--quiet", "--json", entry],
    stderr: "inherit",
  }).output();
  const { modules }: { modules: Module[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const graph = new Map(modules.map((module) => [module.specifier, module]));
  const seen = new Set<string>();
  const visit = (specifier: string) => {
    if (seen.has(specifier)) return;
    seen.add(specifier);
    for (const { code } of graph.get(specifier)?.dependencies ?? []) {
      if (code?.specifier) visit(code.specifier);
    }
  };
  visit(entry);
  return seen;
}

for (const entry of RESOURCES) {
  const name = entry.slice(entry.lastIndexOf("/") + 1);
  Deno.test(`${name} loads no other resource, nor the emulator`, async () => {
    const modules = await loaded(entry);
    assert(modules.size > 1);
    const foreign = [...modules].filter((specifier) =>
      specifier !== entry &&
      (RESOURCES.includes(specifier) || specifier.includes("/src/testing/") ||
        specifier.includes("/src/files"))
    );
    assertEquals(foreign, []);
  });
}

Deno.test("every file of a resource is reached by some export", async () => {
  const reached = new Set<string>();
  const root = new URL("../../../", import.meta.url);
  for (const path of Object.values(config.exports)) {
    for (const specifier of await loaded(new URL(path, root).href)) {
      reached.add(specifier);
    }
  }
  const folder = new URL("src/resources/", root);
  const lost: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!reached.has(new URL(name, folder).href)) lost.push(name);
  }
  assertEquals(lost, []);
});
