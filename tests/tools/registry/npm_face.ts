/**
 * Turns packages into what `npm install` asks for: a packument and a tarball.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { rewriteSiblings, type StdPackage } from "./std_packages.ts";
import { readTarball, writeTarball } from "./tar.ts";

/** One installable version of one package. */
export interface NpmPackage {
  /** As the registry's npm face names it: `@jsr/std__async`. */
  readonly name: string;
  /** What its package.json says. */
  readonly packageJson: Readonly<Record<string, unknown>>;
  /** The bytes of the `.tgz`. */
  readonly tarball: Uint8Array;
}

/** `@scope/name` as the registry's npm face names it. */
export function npmName(name: string): string {
  return `@jsr/${name.slice(1).replace("/", "__")}`;
}

/** A package of std, made installable. */
export function npmFromStd(pkg: StdPackage): NpmPackage {
  const dependencies: Record<string, string> = {};
  const files = new Map<string, string>();
  for (const [file, text] of pkg.files) {
    files.set(
      file,
      rewriteSiblings(text, (sibling, version, path) => {
        const name = npmName(`@std/${sibling}`);
        dependencies[name] = `^${version}`;
        return name + path;
      }),
    );
  }
  const packageJson = {
    name: npmName(`@std/${pkg.name}`),
    version: pkg.version,
    type: "module",
    exports: pkg.exports,
    dependencies,
  };
  files.set("package.json", JSON.stringify(packageJson, null, 2));
  return {
    name: packageJson.name,
    packageJson,
    tarball: writeTarball(files),
  };
}

/** A tarball made by `deno pack`, made installable as it is. */
export function npmFromTarball(tarball: Uint8Array): NpmPackage {
  const file = readTarball(tarball).get("package.json");
  if (!file) throw new Error("Cannot serve a tarball without a package.json");
  const packageJson = JSON.parse(new TextDecoder().decode(file));
  return { name: npmName(packageJson.name), packageJson, tarball };
}

/** The document that npm reads to choose a version. */
export function packument(pkg: NpmPackage, origin: string): string {
  const version = String(pkg.packageJson.version);
  return JSON.stringify({
    name: pkg.name,
    "dist-tags": { latest: version },
    versions: {
      [version]: {
        ...pkg.packageJson,
        name: pkg.name,
        dist: {
          tarball: `${origin}/${pkg.name}/-/${version}.tgz`,
          integrity: `sha512-${
            createHash("sha512").update(pkg.tarball).digest("base64")
          }`,
        },
      },
    },
  });
}
