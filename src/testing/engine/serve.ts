/**
 * The emulator on a loopback port.
 *
 * @module
 */

import type { ByteStream } from "../storage/bytes.ts";
import type { WireRequest, WireResponse } from "./wire.ts";

/** A served emulator. */
export interface EmulatorServer extends AsyncDisposable {
  /** The base URL for a client: `http://127.0.0.1:PORT/api/v1`. */
  baseUrl: string;
  /** The origin: `http://127.0.0.1:PORT`. */
  origin: string;
  /** The port. */
  port: number;
  /**
   * Ends the server and all its connections.
   *
   * @returns A promise that is fulfilled when it has ended.
   */
  close(): Promise<void>;
}

/**
 * Serves an emulator by `node:http`, whose connections can be cut.
 *
 * @param exchange Responds to a request.
 * @param port The port; 0 for any free one.
 * @param onClose Called once when the server is closed.
 * @returns The server.
 */
export async function serve(
  exchange: (
    request: WireRequest,
    signal: AbortSignal,
  ) => Promise<WireResponse>,
  port: number,
  onClose: () => Promise<void>,
): Promise<EmulatorServer> {
  // imported here, so that the module loads where there is no node:http; caught,
  // so that a bundler for such places leaves the import to run time
  const { createServer } = await import("node:http").catch((cause) => {
    throw new Error(
      "Cannot serve the emulator as this runtime has no 'node:http'",
      { cause },
    );
  });
  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", "*");
    // On a connection used before, Chromium itself sends a request again that
    // gets no response: a fault would be over before the page hears of it.
    if (request.headers.origin) response.setHeader("connection", "close");
    const preflight = preflightHeaders(request.method, request.headers);
    if (preflight) {
      response.writeHead(204, preflight).end();
      return;
    }
    const gone = new AbortController();
    // a request that was cut no longer knows its socket
    const { socket } = request;
    response.on("close", () => gone.abort());
    request.on("error", () => gone.abort());
    (async () => {
      try {
        const reply = await exchange({
          method: request.method ?? "GET",
          url: new URL(request.url ?? "/", `http://${request.headers.host}`),
          headers: new Headers(
            Object.entries(request.headers).map((
              [name, value],
            ): [string, string] => [name, String(value)]),
          ),
          stream: toStream(request),
        }, gone.signal);
        const { status, headers, bytes, cut } = reply;
        if (status === 0) throw new Error("the connection is to be cut");
        response.writeHead(status, headers);
        if (!cut) {
          response.end(bytes);
          return;
        }
        response.write(bytes.subarray(0, bytes.length >> 1));
        // time for the first half to leave
        setTimeout(() => socket.destroy(), 20);
      } catch {
        // cut on purpose, or the caller has gone
        socket.destroy();
      }
    })();
  });
  const sockets = new Set<{ destroy(): unknown }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  const origin = `http://127.0.0.1:${bound}`;
  let closed: Promise<void> | undefined;
  const close = () =>
    closed ??= onClose().then(() =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      })
    );
  return {
    baseUrl: `${origin}/api/v1`,
    origin,
    port: bound,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * What a browser wants to hear before a page from elsewhere sends a request with
 * headers of its own; undefined for any other request.
 */
function preflightHeaders(
  method: string | undefined,
  headers: { [name: string]: string | string[] | undefined },
): { [name: string]: string } | undefined {
  const wanted = headers["access-control-request-method"];
  if (method !== "OPTIONS" || wanted === undefined) return undefined;
  return {
    "access-control-allow-methods": String(wanted),
    // a wildcard would leave out the header of a bearer token
    "access-control-allow-headers": String(
      headers["access-control-request-headers"] ?? "",
    ),
    "access-control-max-age": "600",
  };
}

/** The body of a request, read only as fast as it is wanted. */
function toStream(request: AsyncIterable<Uint8Array>): ByteStream {
  const chunks = request[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}
