/**
 * Downloads of files behind addresses that models carry, for who uses a resource
 * alone; {@linkcode AsyncClient.download} does the same.
 *
 * @example One resource alone
 * ```ts
 * import { Transport } from "@avala/client/transport";
 * import { downloadFile } from "@avala/client/downloads";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = new Transport({
 *   apiKey: "avk_example",
 *   storageHosts: ["media.example.net"],
 *   fetch: () => Promise.resolve(new Response("a picture")),
 * });
 * const url = "https://media.example.net/1.jpg";
 * const download = await downloadFile(transport, url);
 * assertEquals(await download.text(), "a picture");
 * ```
 *
 * @module
 */

import type { RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";
import type { Download, DownloadOptions } from "./download.ts";
import { openFile } from "./open.ts";

export type {
  Download,
  DownloadOptions,
  DownloadProgress,
} from "./download.ts";

/**
 * Downloads a file as a stream. It ends when the caller aborts it or the
 * transport is closed.
 *
 * @param transport Sends the requests.
 * @param url The URL that a model carries.
 * @param options Options of the download.
 * @param options.renew Gives the URL anew when its signature has expired.
 * @param options.onProgress Called after every chunk.
 * @param request The caller's options; `timeout` limits the time to the
 * headers, then the time between two chunks; `maxRetries` the attempts in a row
 * that bring no byte.
 * @returns The file.
 * @throws {InvalidArgumentError} If the URL is not to be trusted.
 * @throws {AvalaError} If the request fails.
 */
export function downloadFile(
  transport: Transport,
  url: string,
  options: DownloadOptions = {},
  request: RequestOptions = {},
): Promise<Download> {
  return openFile(transport, url, options, request);
}
