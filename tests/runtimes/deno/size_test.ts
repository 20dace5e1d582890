import { assert } from "@std/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * What a bundle may weigh, minified and compressed, in KB. Each bound is the
 * present size and a little more, so that growth is a decision.
 */
const BOUNDS: [
  title: string,
  exports: Record<string, string>,
  kilobytes: number,
][] = [
  ["the whole client", { "mod.ts": "AsyncClient" }, 36],
  ["one resource and the transport", {
    "src/http/transport.ts": "Transport",
    "src/resources/projects.ts": "AsyncProjects",
  }, 12.5],
];

for (const [title, exports, kilobytes] of BOUNDS) {
  Deno.test(`${title}: at most ${kilobytes} KB`, async () => {
    const size = await sizeOf(exports) / 1_000;
    assert(size > 1);
    assert(size <= kilobytes, `It is ${size.toFixed(1)} KB`);
  });
}

async function sizeOf(exports: Record<string, string>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "avala-size-"));
  try {
    const entry = join(folder, "entry.ts");
    const lines = Object.entries(exports).map(([file, name]) =>
      `export { ${name} } from ${JSON.stringify(join(ROOT, file))};`
    );
    await writeFile(entry, lines.join("\n"));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--minify",
        `--config=${ROOT}deno.json`,
        entry,
      ],
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    return gzipSync(stdout, { level: 9 }).length;
  } finally {
    await rm(folder, { recursive: true });
  }
}
