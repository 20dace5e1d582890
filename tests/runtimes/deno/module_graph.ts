/**
 * Who imports whom in the library, as Deno itself reads it.
 *
 * @module
 */

const ROOT = new URL("../../../", import.meta.url);

/** One import. */
export interface Import {
  /** The file that imports, from the root: `src/client.ts`. */
  from: string;
  /** What it imports: a file from the root, or a specifier. */
  to: string;
  /** Whether it is loaded with the file, later, or never. */
  kind: "static" | "dynamic" | "type";
}

interface Info {
  roots: string[];
  modules: {
    specifier: string;
    dependencies?: {
      specifier: string;
      isDynamic?: boolean;
      code?: { specifier?: string };
      type?: { specifier?: string };
    }[];
  }[];
  redirects: Record<string, string>;
}

/** All imports that these files of the repository lead to. */
export async function importsOf(files: string[]): Promise<Import[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  const lines = files.map((file) =>
    `import ${JSON.stringify(new URL(file, ROOT).href)};`
  );
  await Deno.writeTextFile(entry, lines.join("\n"));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--quiet", "--json", "--no-lock", entry],
    cwd: ROOT,
  }).output();
  await Deno.remove(entry);
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(decoder.decode(stderr));
  const { modules, redirects, roots }: Info = JSON.parse(
    decoder.decode(stdout),
  );
  return modules.flatMap(({ specifier: from, dependencies = [] }) => {
    if (roots.includes(from)) return [];
    return dependencies.map(({ specifier, code, type, isDynamic }): Import => {
      const target = code?.specifier ?? type?.specifier ?? specifier;
      return {
        from: nameOf(from),
        to: nameOf(redirects[target] ?? target),
        kind: !code ? "type" : isDynamic ? "dynamic" : "static",
      };
    });
  });
}

/** The files that are loaded with one of them, itself among them. */
export function loadedWith(entry: string, imports: Import[]): Set<string> {
  const loaded = new Set([entry]);
  // a set is walked to what is added on the way
  for (const file of loaded) {
    for (const { from, to, kind } of imports) {
      if (from === file && kind === "static") loaded.add(to);
    }
  }
  return loaded;
}

/** The files of the library. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))
  ) {
    const path = `${folder}${name}`;
    if (isDirectory) files.push(...await filesBelow(`${path}/`));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files.sort();
}

/** A path from the root, or what is the same for every registry. */
function nameOf(url: string): string {
  return url.startsWith(ROOT.href)
    ? url.slice(ROOT.href.length)
    : url.replace(/^http.*?\/(@std\/\w+)\/[^/]+(\/.*)\.[jt]s$/, "$1$2");
}
