/**
 * Test files as bundles, for runtimes that install nothing.
 *
 * @module
 */

import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { RunOptions } from "../harness.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { esbuild } from "./esbuild.ts";

/** What bundles need besides the test files. */
export const SANDBOX_FILES = [
  "main.ts",
  "crypto.ts",
  "fs_promises.ts",
  "http.ts",
  "net.ts",
  "requests.ts",
  "util.ts",
  "zlib.ts",
].map((file) => `tests/tools/sandbox/${file}`);

const STAND_INS: Record<string, string> = {
  "crypto": "crypto.js",
  "fs/promises": "fs_promises.js",
  "http": "http.js",
  "net": "net.js",
  "util": "util.js",
  "zlib": "zlib.js",
};
/** What is of use only where there is a process. */
const NEEDS_PROCESS = ["./cli", "./files", "./mcp"];
const BUNDLE = ["--bundle", "--platform=browser"];
const ABSENT = "absent.cjs";
const NODE_IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)"node:([^"]+)"/g;

/**
 * Copies the project's tests into its folder `sandbox`, where stand-ins replace
 * the modules of Node and each module knows its own URL.
 */
export async function prepareBundles(project: string): Promise<string> {
  const folder = join(project, "sandbox");
  const standIns = join(folder, "tests", "tools", "sandbox");
  await cp(join(project, "tests"), join(folder, "tests"), { recursive: true });
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".js")) continue;
    const path = join(folder, file);
    const up = relative(dirname(path), standIns) || ".";
    const text = (await readFile(path, "utf8"))
      .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
      .replace(
        NODE_IMPORT,
        (_, head, name) => `${head}"./${up}/${STAND_INS[name] ?? ABSENT}"`,
      );
    await writeFile(path, text);
  }
  // a module of CommonJS has whatever name is imported: it is undefined
  await writeFile(join(standIns, ABSENT), "module.exports = {};");
  return folder;
}

/**
 * Bundles a test file with the installed library; returns the bundle's path in
 * `folder`. A page runs it when it is loaded, a worker by its handler `test`.
 */
export async function bundle(
  workspace: Workspace,
  folder: string,
  file: string,
  options: RunOptions,
): Promise<string> {
  const script = file.replace(/\.ts$/, ".js");
  const name = basename(script);
  const entry = join(folder, `entry_${name}`);
  await writeFile(
    entry,
    `import { main } from "./tests/tools/sandbox/main.js";
import { handle, keepSelf } from "./tests/tools/sandbox/requests.js";
const load = () => import("./${script}");
const run = (host) =>
  main(\`ws://\${host}/\`, load, ${JSON.stringify(options)});
export default {
  fetch: handle,
  test(_controller, { HOST, SELF }) {
    keepSelf(SELF);
    return run(HOST);
  },
};
if (globalThis.document) run(location.host);
`,
  );
  const outfile = `bundles/${name}`;
  await esbuild(workspace, folder, [
    entry,
    ...BUNDLE,
    "--sourcemap=inline",
    `--outfile=${outfile}`,
    // The emulator's server; all else is what a user's bundle would have.
    "--alias:node:http=./tests/tools/sandbox/http.js",
  ]);
  return outfile;
}

/** Bundles all of the installed library for a browser, as a user would. */
export async function bundleLibrary(
  workspace: Workspace,
  project: string,
): Promise<void> {
  const { name, exports } = await workspace.config();
  const paths = Object.keys(exports).filter((path) =>
    !NEEDS_PROCESS.includes(path)
  );
  const lines = paths.map((path, i) =>
    `export * as part${i} from "${name}${path.slice(1)}";\n`
  );
  const entry = join(project, "library.js");
  await writeFile(entry, lines.join(""));
  await esbuild(workspace, project, [entry, ...BUNDLE, "--outfile=bundled.js"]);
}
