/**
 * A server of one file, which breaks off as it is told, one script entry per
 * request.
 *
 * @module
 */

import { createServer } from "node:http";
import { answerPreflight } from "./cors.ts";
import { test } from "../tools/harness.ts";

/** What happens to one request. */
export interface Part {
  /** How many bytes of the body are sent before the connection is cut. */
  cutAfter?: number;
  /** How many bytes of the body are sent before nothing comes any more. */
  stallAfter?: number;
  /** Answer with this status and no file. */
  status?: number;
  /** Answer with the whole file, whatever part is asked for. */
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
export interface FileServer {
  /** `http://127.0.0.1:PORT`. */
  origin: string;
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
    await withFileServer(file, script, (server) => use(server, file));
  });
}

async function withFileServer(
  given: Uint8Array<ArrayBuffer>,
  script: Part[],
  use: (server: FileServer) => Promise<void>,
): Promise<void> {
  const seen: SeenPart[] = [];
  const used = new Set<unknown>();
  let file = given;
  let version = 1;
  const server = createServer((request, response) => {
    if (answerPreflight(request, response)) return;
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
      connection: "close",
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
      response.writeHead(part.status, { connection: "close" });
      response.end("{}");
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
      setTimeout(() => request.socket.destroy(), 20);
    }
  });
  const sockets = new Set<{ destroy(): unknown }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    await use({
      origin: `http://127.0.0.1:${port}`,
      seen,
      connections: () => used.size,
    });
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  }
}
