/**
 * Which kind of media a file name stands for.
 *
 * @module
 */

/** The suffixes that the service indexes, by kind of media. */
export const INDEXED_SUFFIXES: { readonly [kind: string]: readonly string[] } =
  {
    image: [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"],
    video: [".mp4", ".webm", ".mkv", ".mov", ".episode"],
    lidar: [".alp", ".alp.gz"],
    mcap: [".mcap"],
    splat: [".ply", ".compressed.ply", ".splat", ".sog", ".spz", ".ksplat"],
  };

/**
 * Finds the kind of media of a file. The longest suffix wins; case is ignored.
 *
 * @example Usage
 * ```ts
 * import { kindOf } from "./kinds.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(kindOf("run/1.JPG"), "image");
 * assertEquals(kindOf("run/notes.txt"), undefined);
 * ```
 *
 * @param path Path of the file.
 * @returns The kind, or undefined when the service does not index such files.
 */
export function kindOf(path: string): string | undefined {
  const name = path.toLowerCase();
  let longest = "";
  let found: string | undefined;
  for (const [kind, suffixes] of Object.entries(INDEXED_SUFFIXES)) {
    for (const suffix of suffixes) {
      if (suffix.length <= longest.length || !name.endsWith(suffix)) continue;
      longest = suffix;
      found = kind;
    }
  }
  return found;
}
