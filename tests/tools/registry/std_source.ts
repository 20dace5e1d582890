/**
 * Gets the code of std from the npm registry, once, into a cache folder.
 *
 * @module
 */

import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { execute } from "../workspace/processes.ts";
import { readTarball } from "./tar.ts";

const SOURCE = "deno-std@1.4.0";

/** Every file of the npm package that mirrors std, by path. */
export async function stdSource(
  cache: string,
  env: Record<string, string>,
): Promise<Map<string, string>> {
  const tarball = `${cache}/${SOURCE.replace("@", "-")}.tgz`;
  const bytes = await readFile(tarball).catch(() =>
    download(cache, tarball, env)
  );
  const decoder = new TextDecoder();
  return new Map(
    [...readTarball(bytes)].map(([path, text]) => [path, decoder.decode(text)]),
  );
}

async function download(
  cache: string,
  tarball: string,
  env: Record<string, string>,
): Promise<Uint8Array> {
  // Into a folder of its own and renamed, so that two runs at once, or an
  // interrupted one, never leave half a file behind.
  const folder = `${cache}/download-${crypto.randomUUID()}`;
  await mkdir(folder, { recursive: true });
  try {
    const { code, stdout, output } = await execute(
      "npm",
      ["pack", SOURCE, "--loglevel=error", "--pack-destination", folder],
      { cwd: folder, env },
    );
    if (code !== 0) {
      throw new Error(
        `Cannot get '${SOURCE}' from the npm registry: ${output}`,
      );
    }
    const name = stdout.trim().split("\n").at(-1)!;
    await rename(`${folder}/${name}`, tarball);
    return await readFile(tarball);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
