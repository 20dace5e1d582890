/**
 * A server of one file, which breaks off as it is told, one script entry per
 * request.
 *
 * @module
 */

import { test } from "../tools/harness.ts";
import { serveHttp, type TestServer } from "./server.ts";

/** What happens to one request. */
export interface Part {
  /** How many bytes of the body are sent before the connection is cut. */
  cutAfter?: number;
  /** How many bytes of the body are sent before nothing comes any more. */
  stallAfter?: number;
  /** Respond with this status and no file. */
  status?: number;
  /** Respond with the whole file, whatever part is asked for. */
  whole?: boolean;
  /** The file from now on. */
  file?: Uint8Array<ArrayBuffer>;
  /** Headers in place of those of the file; an empty value leaves one out. */
  headers?: { [name: string]: string };
}

/** A request that was seen. */
export interface SeenPart {
  /** Path with its query. */
  url: string;
  /** Headers by lowercase name. */
  headers: { [name: string]: string | string[] | undefined };
}

/** A running server. */
export interface FileServer extends TestServer {
  /** What was asked for. */
  seen: SeenPart[];
  /** How many connections are open that carried a request; Node opens a spare one after an abort. */
  connections(): number;
}

/** Declares a test against a server of a file of 10,000 bytes. */
export function testFile(
  name: string,
  script: Part[],
  use: (
    server: FileServer,
    file: Uint8Array<ArrayBuffer>,
  ) => Promise<void>,
): void {
  test(name, async () => {
    const file = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
    await using server = await startFileServer(file, script);
    await use(server, file);
  });
}

/** Starts a server that follows a script, and then sends the whole file. */
export async function startFileServer(
  given: Uint8Array<ArrayBuffer>,
  script: Part[],
): Promise<FileServer> {
  const seen: SeenPart[] = [];
  const used = new Set<unknown>();
  let file = given;
  let version = 1;
  const server = await serveHttp((request, response) => {
    const { url = "", headers } = request;
    seen.push({ url, headers });
    used.add(request.socket);
    request.socket.on("close", () => used.delete(request.socket));
    const part = script[seen.length - 1] ?? {};
    if (part.file) {
      file = part.file;
      version++;
    }
    const etag = `"v${version}"`;
    const ifRange = headers["if-range"];
    const range = /^bytes=(\d+)-$/.exec(headers.range ?? "");
    const ranged = range && !part.whole &&
      (ifRange === undefined || ifRange === etag);
    const from = ranged ? Number(range[1]) : 0;
    const body = file.subarray(from);
    const all: { [name: string]: string } = {
      "content-type": "application/octet-stream",
      "content-length": String(body.length),
      etag,
      ...(ranged && {
        "content-range": `bytes ${from}-${file.length - 1}/${file.length}`,
      }),
      ...part.headers,
    };
    for (const name in all) if (all[name] === "") delete all[name];
    if (part.status) {
      response.writeHead(part.status).end("{}");
      return;
    }
    response.writeHead(ranged ? 206 : 200, all);
    const limit = part.cutAfter ?? part.stallAfter;
    if (limit === undefined) {
      response.end(body);
      return;
    }
    response.flushHeaders();
    response.write(body.subarray(0, limit));
    if (part.cutAfter !== undefined) {
      const timer = setTimeout(() => request.socket.destroy(), 20);
      response.on("close", () => clearTimeout(timer));
    }
  });
  return { ...server, seen, connections: () => used.size };
}
