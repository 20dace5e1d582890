/**
 * The `published` task: what the registry hands out under this version is what
 * this checkout holds, file by file.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../workspace/processes.ts";
import type { Workspace } from "../workspace/workspace.ts";

const ATTEMPTS = 10;
const PAUSE = 6_000;

/** What the registry says of each file, by its path from the root. */
export interface Manifest {
  [path: string]: { size: number; checksum: string };
}

/** Compares the published files with those of this checkout; prints it. */
export async function runPublishedTask(
  workspace: Workspace,
): Promise<boolean> {
  const { name, version } = await workspace.config();
  const manifest = await fetchManifest(workspace, name, version);
  const wrong = differences(manifest, await filesToPublish(workspace));
  for (const line of wrong) console.log(line);
  console.log(
    `${name}@${version}: ${
      Object.keys(manifest).length
    } files are published, ` +
      `${wrong.length} differences`,
  );
  return wrong.length === 0;
}

/** One line for each file that is not the same on both sides. */
export function differences(
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
): string[] {
  const paths = new Set([...Object.keys(manifest), ...files.keys()]);
  return [...paths].sort().flatMap((path) => {
    const published = manifest[path];
    const bytes = files.get(path);
    if (!published) return [`${path}: is not published`];
    if (!bytes) return [`${path}: is published, but not here`];
    const hash = createHash("sha256").update(bytes).digest("hex");
    return published.checksum === `sha256-${hash}` ? [] : [`${path}: differs`];
  });
}

/** Asks Deno where the package is; a new release may take a moment to arrive. */
async function fetchManifest(
  workspace: Workspace,
  name: string,
  version: string,
): Promise<Manifest> {
  const specifier = `jsr:${name}@${version}`;
  // In the repository it would be the repository.
  const cwd = await temporaryFolder();
  for (let attempt = 1;; attempt++) {
    const { stdout } = await workspace.deno(
      ["info", "--quiet", "--json", "--no-config", "--reload", specifier],
      { cwd },
    );
    const { redirects = {} } = JSON.parse(stdout || "{}");
    const url: string | undefined = redirects[specifier];
    if (url) {
      const root = url.slice(0, url.indexOf(`/${version}/`));
      const response = await fetch(`${root}/${version}_meta.json`);
      const { manifest } = await response.json();
      return manifest;
    }
    if (attempt === ATTEMPTS) {
      throw new Error(`Cannot find '${specifier}' in the registry`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** The files that a dry run of publishing names. */
async function filesToPublish(
  workspace: Workspace,
): Promise<Map<string, Uint8Array>> {
  const { code, output } = await workspace.deno(
    ["publish", "--dry-run", "--allow-dirty", "--no-check"],
  );
  if (code !== 0) throw new Error(output);
  const files = new Map<string, Uint8Array>();
  for (const [, url = ""] of output.matchAll(/^ +(file:\S+) \(.*\)$/gm)) {
    const path = fileURLToPath(url);
    const name = relative(workspace.root, path).replaceAll("\\", "/");
    files.set(`/${name}`, await readFile(path));
  }
  return files;
}
