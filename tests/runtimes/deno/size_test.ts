import { assert } from "@std/assert";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { toolFolder } from "../../tools/workspace/tools.ts";
import { Workspace } from "../../tools/workspace/workspace.ts";

/** What a bundle may weigh, minified and compressed, in thousands of bytes. */
const BOUNDS: {
  title: string;
  /** What the bundle exports, by file. */
  exports: { [file: string]: string };
  /** Whether what is imported later is a file of its own, which does not count. */
  splitting: boolean;
  most: number;
}[] = [
  {
    title: "the client, as far as it is loaded first",
    exports: { "mod.ts": "AsyncClient" },
    splitting: true,
    most: 30,
  },
  {
    title: "the client in one file",
    exports: { "mod.ts": "AsyncClient" },
    splitting: false,
    most: 55,
  },
  {
    title: "one resource and the transport",
    exports: {
      "src/http/transport.ts": "Transport",
      "src/resources/projects.ts": "AsyncProjects",
    },
    splitting: true,
    most: 15.5,
  },
];

/** The part of esbuild that is used here; it comes from npm. */
interface Esbuild {
  build(options: object): Promise<BuildResult>;
  stop(): Promise<void>;
}

interface BuildResult {
  outputFiles: { path: string; contents: Uint8Array }[];
  metafile: {
    outputs: {
      [path: string]: {
        entryPoint?: string;
        imports: { path: string; kind: string }[];
      };
    };
  };
}

const workspace = new Workspace();

for (const { title, exports, splitting, most } of BOUNDS) {
  Deno.test({
    name: `${title}: at most ${most} kB`,
    // esbuild keeps its process until it is stopped, and a pipe for a while
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const size = await sizeOf(exports, splitting) / 1_000;
      assert(size > 1);
      assert(size <= most, `It is ${size.toFixed(2)} kB`);
    },
  });
}

/** The size of the entry and of the files that it loads at once. */
async function sizeOf(
  exports: { [file: string]: string },
  splitting: boolean,
): Promise<number> {
  const modules = await toolFolder(workspace, "esbuild");
  const esbuild: Esbuild = createRequire(pathToFileURL(`${modules}/`))(
    "esbuild",
  );
  try {
    const contents = Object.entries(exports).map(([file, name]) =>
      `export { ${name} } from "./${file}";`
    ).join("\n");
    const result = await esbuild.build({
      stdin: { contents, resolveDir: workspace.root },
      absWorkingDir: workspace.root,
      bundle: true,
      format: "esm",
      metafile: true,
      minify: true,
      outdir: "out",
      platform: "browser",
      plugins: [fromDeno(await localFiles(Object.keys(exports)))],
      splitting,
      write: false,
    });
    return loadedFirst(result).reduce(
      (sum, file) => sum + gzipSync(file, { level: 9 }).length,
      0,
    );
  } finally {
    await esbuild.stop();
  }
}

/** The contents of the entry's file, and of what it imports, but not later. */
function loadedFirst({ outputFiles, metafile }: BuildResult): Uint8Array[] {
  const { outputs } = metafile;
  const entries = Object.keys(outputs).filter((path) =>
    outputs[path]?.entryPoint === "<stdin>"
  );
  const first = new Set(entries);
  for (const path of first) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement") first.add(imported);
    }
  }
  assert(first.size > 0);
  return [...first].map((path) => {
    const file = outputFiles.find((output) =>
      output.path.replaceAll("\\", "/").endsWith(path)
    );
    assert(file, `${path} was not written`);
    return file.contents;
  });
}

/** Where Deno keeps each remote module, and what it imports. */
interface LocalFiles {
  resolve(specifier: string, importer: string): string | undefined;
  path(url: string): string | undefined;
}

async function localFiles(files: string[]): Promise<LocalFiles> {
  const urls = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const file of files) {
    const { code, stdout, output } = await workspace.deno(
      ["info", "--quiet", "--json", file],
      { env: Deno.env.toObject() },
    );
    if (code !== 0) throw new Error(output);
    const { modules, redirects } = JSON.parse(stdout);
    for (const [from, to] of Object.entries<string>(redirects)) {
      urls.set(from, to);
    }
    for (const { specifier, local } of modules) paths.set(specifier, local);
  }
  return {
    resolve: (specifier, importer) =>
      urls.get(specifier) ??
        (specifier.startsWith(".")
          ? new URL(specifier, importer).href
          : undefined),
    path: (url) => paths.get(url),
  };
}

/** Lets esbuild read the modules of `jsr:` from where Deno has them. */
function fromDeno({ resolve, path }: LocalFiles): object {
  return {
    name: "from Deno",
    setup(build: {
      onResolve(
        options: object,
        resolve: (
          request: { path: string; importer: string },
        ) => object | undefined,
      ): void;
      onLoad(
        options: object,
        load: (request: { path: string }) => Promise<object>,
      ): void;
    }) {
      const namespace = "remote";
      const find = (request: { path: string; importer: string }) => {
        const url = resolve(request.path, request.importer);
        return url && { path: url, namespace };
      };
      build.onResolve(
        { filter: /^jsr:/ },
        (request) => find(request) || undefined,
      );
      build.onResolve(
        { filter: /./, namespace },
        (request) => find(request) || undefined,
      );
      build.onLoad({ filter: /./, namespace }, async (request) => ({
        contents: await Deno.readTextFile(path(request.path) ?? ""),
        loader: request.path.endsWith(".ts") ? "ts" : "js",
      }));
    },
  };
}
