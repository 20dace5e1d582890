/**
 * A stand-in for the registry behind `jsr:`, for machines that reach only the
 * npm registry. It speaks to Deno and, for installed packages, to npm.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { jsrFiles } from "./jsr_face.ts";
import {
  npmFromStd,
  npmFromTarball,
  type NpmPackage,
  packument,
} from "./npm_face.ts";
import { stdPackages } from "./std_packages.ts";

/** A running stand-in. */
export interface Registry {
  /** Where it listens, with a trailing slash, as `JSR_URL` wants it. */
  readonly url: string;
  /** A `DENO_DIR` that holds nothing but what this content led to. */
  readonly denoDir: string;
  /** Offers a tarball made by `deno pack` to npm; returns its npm name. */
  add(tarball: Uint8Array): string;
  /** Stops listening. */
  close(): void;
}

/**
 * Starts the stand-in; `cache` is the only folder it writes to, and `env` is what
 * npm needs to reach its own registry.
 */
export async function startRegistry(
  cache: string,
  env: Record<string, string> = {},
): Promise<Registry> {
  await mkdir(cache, { recursive: true });
  const files = new Map<string, string>();
  const npm = new Map<string, NpmPackage>();
  for (const pkg of await stdPackages(cache, env)) {
    for (const [path, text] of await jsrFiles(pkg)) files.set(path, text);
    const installable = npmFromStd(pkg);
    npm.set(installable.name, installable);
  }

  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").split("?")[0]!;
    const origin = `http://${request.headers.host}`;
    const body = files.get(path) ?? npmResponse(npm, path, origin);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", contentType(path)).end(body);
  });

  const denoDir = `${cache}/deno-${digest(files)}`;
  const url = `http://127.0.0.1:${await listenAgain(server, denoDir)}/`;
  server.unref();
  return {
    url,
    denoDir,
    add(tarball) {
      const pkg = npmFromTarball(tarball);
      npm.set(pkg.name, pkg);
      return pkg.name;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function npmResponse(
  npm: Map<string, NpmPackage>,
  path: string,
  origin: string,
): string | Uint8Array | undefined {
  const [name, tarball] = path.slice(1).split("/-/");
  const pkg = npm.get(name ?? "");
  if (pkg === undefined) return undefined;
  return tarball === undefined ? packument(pkg, origin) : pkg.tarball;
}

function contentType(path: string): string {
  if (path.endsWith(".d.ts")) return "application/typescript";
  if (path.endsWith(".js")) return "text/javascript";
  if (path.endsWith(".tgz")) return "application/octet-stream";
  return "application/json";
}

function digest(files: Map<string, string>): string {
  const hash = createHash("sha256");
  for (const [path, text] of files) hash.update(path).update(text);
  return hash.digest("hex").slice(0, 12);
}

/**
 * Listens on the port of the last run, if it is free: Deno caches by URL, and
 * a new port each time would download and check everything anew.
 */
async function listenAgain(server: Server, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const note = `${folder}/port`;
  const last = Number(await readFile(note, "utf8").catch(() => "0"));
  const port = await listen(server, last).catch(() => listen(server, 0));
  await writeFile(note, String(port));
  return port;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
