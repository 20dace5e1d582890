/**
 * Media types by the ending of a path.
 *
 * @module
 */

/** Endings of the kinds of files that datasets are made of. */
const BY_ENDING: { readonly [ending: string]: string } = {
  avif: "image/avif",
  bmp: "image/bmp",
  gif: "image/gif",
  heic: "image/heic",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  tif: "image/tiff",
  tiff: "image/tiff",
  webp: "image/webp",
  avi: "video/x-msvideo",
  m4v: "video/x-m4v",
  mkv: "video/x-matroska",
  mov: "video/quicktime",
  mp4: "video/mp4",
  mpeg: "video/mpeg",
  webm: "video/webm",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  pdf: "application/pdf",
  txt: "text/plain",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
};

/**
 * Finds the media type of a file.
 *
 * @example Usage
 * ```ts
 * import { mediaType } from "./media_types.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mediaType({ path: "cam/000001.JPG" }), "image/jpeg");
 * assertEquals(mediaType({ path: "run.mcap" }), undefined);
 * ```
 *
 * @param file The file.
 * @param file.path Its path.
 * @param file.type Its own word on it, without which the ending decides.
 * @returns The media type, if it is known.
 */
export function mediaType(
  { path, type }: { path: string; type?: string | undefined },
): string | undefined {
  if (type) return type;
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
}
