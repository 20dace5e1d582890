/**
 * Cuts the one npm package that holds std into the packages of `@std`.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { stdSource } from "./std_source.ts";
import { unicodeData } from "./unicode_data.ts";

/** The versions that the npm copy was made from. */
const VERSIONS: Record<string, string> = {
  assert: "1.0.19",
  async: "1.5.0",
  cli: "1.0.32",
  csv: "1.0.6",
  encoding: "1.0.11",
  fmt: "1.0.10",
  http: "1.1.3",
  internal: "1.0.14",
  jsonc: "1.0.2",
  path: "1.1.4",
  text: "1.0.19",
  yaml: "1.0.12",
};

const TYPED = [
  "assert",
  "async",
  "cli",
  "csv",
  "fmt",
  "http",
  "jsonc",
  "path",
  "text",
];
const IMPORT = /^((?:import|export|\})[^"\n]*?)"(\.{1,2}\/[^"]+\.js)"/gm;

/** One package of `@std`, its imports of its siblings still relative. */
export interface StdPackage {
  /** Without the scope: `async`. */
  readonly name: string;
  /** The only version on offer. */
  readonly version: string;
  /** Path below the package root (`retry.js`) to source text. */
  readonly files: ReadonlyMap<string, string>;
  /** Sub-path (`./retry`) to file (`./retry.js`). */
  readonly exports: Readonly<Record<string, string>>;
}

/** The packages that this repository needs, and what these need. */
export async function stdPackages(
  cache: string,
  env: Record<string, string>,
): Promise<StdPackage[]> {
  const source = resolvable(await stdSource(cache, env));
  const packages: StdPackage[] = [];
  for (const [name, version] of Object.entries(VERSIONS)) {
    const files = new Map<string, string>();
    const exports: Record<string, string> = {};
    for (const [path, text] of source) {
      if (!path.startsWith(`${name}/`)) continue;
      const file = path.slice(name.length + 1);
      files.set(file, text);
      if (!/^_|\/_/.test(file)) exports[subPath(file)] = `./${file}`;
    }
    if (name === "cli") files.set("_data.json", unicodeData());
    packages.push({ name, version, files, exports });
  }
  return packages;
}

/** The hand-written types of a package, where it has any. */
export async function stdTypes(name: string): Promise<string | undefined> {
  if (!TYPED.includes(name)) return undefined;
  return await readFile(
    new URL(`types/${name}.d.ts`, import.meta.url),
    "utf8",
  );
}

/** Rewrites every import of a sibling package with what `specifier` says. */
export function rewriteSiblings(
  text: string,
  specifier: (name: string, version: string, subPath: string) => string,
): string {
  return text.replace(IMPORT, (whole, head: string, target: string) => {
    const [, name, file] = /^\.\.\/(\w+)\/(.+)$/.exec(target) ?? [];
    const version = VERSIONS[name ?? ""];
    if (!name || !file || !version) return whole;
    return `${head}"${specifier(name, version, subPath(file).slice(1))}"`;
  });
}

function subPath(file: string): string {
  if (file === "mod.js") return ".";
  return `./${file.slice(0, -".js".length).replaceAll("_", "-")}`;
}

/** Leaves out each file with an import that leads nowhere, and its users. */
function resolvable(source: Map<string, string>): Map<string, string> {
  const kept = new Map(
    [...source].filter(([path]) =>
      path.endsWith(".js") && path.split("/")[0]! in VERSIONS
    ),
  );
  let before: number;
  do {
    before = kept.size;
    for (const [path, text] of kept) {
      const base = new URL(path, "file:///");
      const complete = [...text.matchAll(IMPORT)].every(([, , target]) =>
        kept.has(new URL(target!, base).pathname.slice(1))
      );
      if (!complete) kept.delete(path);
    }
  } while (kept.size < before);
  return kept;
}
