/**
 * The responses to the requests that Deno makes to resolve a `jsr:` specifier.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { rewriteSiblings, type StdPackage, stdTypes } from "./std_packages.ts";

/** URL path to body, for everything that Deno may ask of a package. */
export async function jsrFiles(pkg: StdPackage): Promise<Map<string, string>> {
  const { name, version } = pkg;
  const root = `/@std/${name}`;
  const types = await stdTypes(name);
  const files = new Map<string, string>();
  for (const [file, text] of pkg.files) {
    const code = rewriteSiblings(
      text,
      (sibling, at, path) => `jsr:@std/${sibling}@${at}${path}`,
    );
    const depth = "../".repeat(file.split("/").length - 1) || "./";
    const head = types && file.endsWith(".js")
      ? `// @ts-self-types="${depth}types.d.ts"\n`
      : "";
    files.set(`/${file}`, head + code);
  }
  if (types) files.set("/types.d.ts", types);

  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, text] of files) {
    manifest[path] = {
      size: new TextEncoder().encode(text).length,
      checksum: `sha256-${createHash("sha256").update(text).digest("hex")}`,
    };
  }
  return new Map([
    [
      `${root}/meta.json`,
      JSON.stringify({
        scope: "std",
        name,
        latest: version,
        versions: { [version]: {} },
      }),
    ],
    [
      `${root}/${version}_meta.json`,
      JSON.stringify({ manifest, exports: pkg.exports }),
    ],
    ...[...files].map(([path, text]) =>
      [`${root}/${version}${path}`, text] as const
    ),
  ]);
}
