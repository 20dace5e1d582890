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

/** Every suffix with its kind, the longest first. */
const SUFFIXES: readonly (readonly [string, string])[] = Object
  .entries(INDEXED_SUFFIXES)
  .flatMap(([kind, suffixes]) =>
    suffixes.map((suffix) => [suffix, kind] as const)
  )
  .sort(([a], [b]) => b.length - a.length);

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
  return SUFFIXES.find(([suffix]) => name.endsWith(suffix))?.[1];
}
