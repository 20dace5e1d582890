/**
 * Downloads of files behind addresses that models carry.
 *
 * @module
 */

import type { RequestOptions } from "../http/request.ts";
import { sessionOf } from "../http/session.ts";
import type { Transport } from "../http/transport.ts";
import type { Download, DownloadOptions } from "./download.ts";
import { toDownload } from "./stream.ts";
import { FileRequest } from "./request.ts";

/**
 * Downloads a file as a stream. It ends when the caller aborts it or the
 * transport is closed.
 *
 * @param transport Sends the requests.
 * @param url The URL that a model carries.
 * @param options Options of the download.
 * @param request The caller's options; `timeout` limits the time to the
 * headers, then the time between two chunks; `maxRetries` the attempts in a row
 * that bring no byte.
 * @returns The file.
 * @throws {InvalidArgumentError} If the URL is not to be trusted.
 * @throws {AvalaError} If the request fails.
 */
export async function downloadFile(
  transport: Transport,
  url: string,
  options: DownloadOptions = {},
  request: RequestOptions = {},
): Promise<Download> {
  const { config, sender } = sessionOf(transport);
  const { renew, onProgress } = options;
  const file = new FileRequest(config, sender, { url, renew, request });
  return await new Promise<Download>((resolve, reject) => {
    // the work lasts as long as the stream, longer than this call
    transport.run(async (signal) => {
      const first = await file.open(signal);
      await new Promise<void>((release) =>
        resolve(toDownload(file, first, signal, onProgress, release))
      );
    }, request.signal).catch(reject);
  });
}
