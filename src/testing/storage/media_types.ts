/**
 * Media types by the ending of a path.
 *
 * @module
 */

/** Endings of the kinds of files that are uploaded. */
const BY_ENDING: { readonly [ending: string]: string } = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  svg: "image/svg+xml",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  json: "application/json",
  pdf: "application/pdf",
  zip: "application/zip",
  html: "text/html",
  csv: "text/csv",
  txt: "text/plain",
};

/**
 * Finds the media type of a file.
 *
 * @param path Its path.
 * @returns The media type, `application/octet-stream` where it is not known.
 */
export function mediaTypeOf(path: string): string {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(BY_ENDING, ending)
    ? String(BY_ENDING[ending])
    : "application/octet-stream";
}
