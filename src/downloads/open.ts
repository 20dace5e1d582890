/**
 * Opens a file: the whole of it at once, parts of it when they are asked for.
 *
 * @module
 */

import { fromCaller } from "../http/deadline.ts";
import { notify } from "../http/hooks.ts";
import { internalsOf } from "../http/internals.ts";
import type { RequestOptions } from "../http/request.ts";
import { discard } from "../http/response.ts";
import type { Transport } from "../http/transport.ts";
import { Download, type DownloadOptions } from "./download.ts";
import { FileRequest, type GrantedFile } from "./request.ts";
import { fileStream, type StreamOptions } from "./stream.ts";
import { versionOf } from "./version.ts";

/**
 * Opens a file. It ends when the caller aborts it or the transport is closed.
 *
 * @param transport Sends the requests.
 * @param url Where the file is.
 * @param options Options of the download.
 * @param options.renew Gives the URL anew when its signature has expired.
 * @param options.onProgress Called after every chunk.
 * @param request The caller's request options.
 * @param granted Set when the address was checked by who gave it.
 * @returns The file.
 * @throws {InvalidArgumentError} If the URL is not to be trusted.
 * @throws {AvalaError} If the request fails.
 */
export async function openFile(
  transport: Transport,
  url: string,
  { renew, onProgress }: DownloadOptions,
  request: RequestOptions,
  granted?: GrantedFile,
): Promise<Download> {
  const opened = new Promise<Download>((resolve, reject) => {
    // the work lasts as long as the stream, longer than this call
    transport.run(async (signal) => {
      const file = new FileRequest(
        internalsOf(transport),
        url,
        renew,
        request,
        granted,
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
  try {
    return await opened;
  } catch (error) {
    throw fromCaller(error, request.signal);
  }
}

type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;
