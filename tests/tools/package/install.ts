/**
 * A throwaway project that installed the packed library from npm.
 *
 * @module
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npmName } from "../registry/npm_face.ts";
import { temporaryFolder } from "../workspace/processes.ts";
import { npmInstall } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { SANDBOX_FILES } from "./bundle.ts";
import { copyTests } from "./copy_tests.ts";

const RUNNER = `
import { run } from "./tests/tools/harness.js";
const [file, options] = process.argv.slice(-2);
await import(file);
const { grace = 10_000, ...rest } = JSON.parse(options);
await run(rest);
setTimeout(() => {
  console.log("Something keeps the process alive after its tests");
  process.exit(1);
}, grace).unref();
`;

/**
 * Packs the library, installs it with npm, brings the test files along, and
 * returns the project's folder.
 */
export async function installPackage(
  workspace: Workspace,
  testFiles: string[],
): Promise<string> {
  const registry = await workspace.registry();
  const folder = await temporaryFolder();
  const tarball = join(folder, "packed.tgz");
  const { code, output } = await workspace.deno(
    ["pack", "--quiet", "--allow-dirty", "--output", tarball],
  );
  if (code !== 0) throw new Error(output);
  registry.add(await readFile(tarball));

  const project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, ".npmrc"), `@jsr:registry=${registry.url}\n`);
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({
      private: true,
      type: "module",
      dependencies: await dependencies(workspace),
    }),
  );
  // Its own cache, or an older tarball of the same version comes back.
  await npmInstall(workspace, project, [`--cache=${join(folder, "npm")}`]);

  await copyTests(
    workspace,
    [...testFiles, "tests/tools/harness.ts", ...SANDBOX_FILES],
    project,
  );
  await writeFile(join(project, "run.js"), RUNNER);
  return project;
}

/** Aliases by which the same import works from npm: as `npx jsr add` does. */
async function dependencies(
  workspace: Workspace,
): Promise<Record<string, string>> {
  const { name, version, imports } = await workspace.config();
  const aliases = { [name]: `npm:${npmName(name)}@${version}` };
  for (const [alias, specifier] of Object.entries(imports)) {
    const [, target, range] = /^jsr:(@[^@]+)@(.+)$/.exec(specifier) ?? [];
    if (target && range) aliases[alias] = `npm:${npmName(target)}@${range}`;
  }
  return aliases;
}
