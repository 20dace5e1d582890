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

import { notify } from "../http/hooks.ts";
import { internalsOf } from "../http/internals.ts";
import type { RequestOptions } from "../http/request.ts";
import { discard } from "../http/response.ts";
import type { Transport } from "../http/transport.ts";
import { Download, type DownloadOptions } from "./download.ts";
import { FileRequest } from "./request.ts";
import { fileStream, type StreamOptions } from "./stream.ts";
import { versionOf } from "./version.ts";

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
  { renew, onProgress }: DownloadOptions = {},
  request: RequestOptions = {},
): Promise<Download> {
  return new Promise<Download>((resolve, reject) => {
    // the work lasts as long as the stream, longer than this call
    transport.run(async (signal) => {
      const file = new FileRequest(
        internalsOf(transport),
        url,
        renew,
        request,
      );
      const first = await file.open(undefined, signal, []);
      // the caller may have aborted it while the response was on its way
      if (signal.aborted) {
        discard(first);
        throw signal.reason;
      }
      const version = versionOf(first.headers);
      const { size } = version;
      let bytes = 0;
      const onBytes = (count: number) => {
        bytes += count;
        notify(onProgress, () => ({ bytes, size }));
      };
      await new Promise<void>((release) => {
        const whole: StreamOptions = {
          request: file,
          version,
          start: 0,
          first,
          signal,
          onBytes,
          release,
        };
        const contentType = first.headers.get("content-type");
        const body = fileStream(whole);
        resolve(new Download(body, version, contentType, open));
      });

      /** Opens a part of the file over a connection of its own. */
      function open(start: number, end: number): Promise<ByteStream> {
        return new Promise((resolve, reject) => {
          transport.run((signal) =>
            new Promise<void>((release) => {
              const part = { request: file, version, start, end };
              resolve(fileStream({ ...part, signal, release }));
            }), request.signal).catch(reject);
        });
      }
    }, request.signal).catch(reject);
  });
}

type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;
