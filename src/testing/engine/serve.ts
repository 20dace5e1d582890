/**
 * The emulator on a loopback port.
 *
 * @module
 */

import type { ByteStream } from "../storage/bytes.ts";
import type { Gate } from "./gate.ts";
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

/** How an emulator is served. */
export interface ServeOptions {
  /** The port; 0 for any free one. */
  port: number;
  /** Who may use it. */
  gate: Gate;
  /** Called once when the server is closed. */
  onClose: () => Promise<void>;
}

/**
 * Serves an emulator by `node:http`, whose connections can be cut.
 *
 * @param exchange Responds to a request.
 * @param options How to serve it.
 * @returns The server.
 * @throws {RangeError} If the port is none.
 * @throws {Error} If the port is taken, or this runtime has no `node:http`.
 */
export async function serve(
  exchange: (
    request: WireRequest,
    signal: AbortSignal,
  ) => Promise<WireResponse>,
  { port, gate, onClose }: ServeOptions,
): Promise<EmulatorServer> {
  // imported here, so that the module loads where there is no node:http; caught,
  // so that a bundler for such places leaves the import to run time
  const { createServer } = await import("node:http").catch((cause) => {
    throw new Error(
      "Cannot serve the emulator as this runtime has no 'node:http'",
      { cause },
    );
  });
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(
      `Cannot serve the emulator as 'port' must be an integer from 0 to 65535: current value is ${port}`,
    );
  }
  const server = createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const { host, origin } = headers;
    // what is refused may have a body that nobody reads
    const refuse = (status: number, detail: string) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "connection": "close",
      }).end(JSON.stringify({ detail }));
    };
    const refusal = gate.refusal(host, origin);
    if (refusal) return refuse(403, refusal);
    if (!url.startsWith("/")) return refuse(400, "The target is no path.");
    if (origin !== undefined) {
      // On a connection used before, Chromium itself sends a request again that
      // gets no response: a fault would be over before the page hears of it.
      response.setHeader("connection", "close");
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-expose-headers", "*");
      response.setHeader("vary", "origin");
    }
    const preflight = preflightHeaders(method, headers);
    if (preflight) {
      response.writeHead(204, preflight).end();
      return;
    }
    const gone = new AbortController();
    // a request that was cut no longer knows its socket
    const { socket } = request;
    response.on("close", () => gone.abort());
    request.on("error", () => gone.abort());
    exchange({
      method,
      url: new URL(`http://${host}${url}`),
      headers: new Headers(
        Object.entries(headers).map((
          [name, value],
        ): [string, string] => [name, String(value)]),
      ),
      stream: toStream(request),
    }, gone.signal).then(async ({ status, headers, bytes, stream, cut }) => {
      if (status === 0) {
        socket.destroy();
        return;
      }
      response.writeHead(status, headers);
      if (stream) {
        const reader = stream.getReader();
        response.on("close", () => reader.cancel().catch(() => {}));
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          response.write(value);
        }
        response.end();
        return;
      }
      if (!cut) {
        response.end(bytes);
        return;
      }
      response.write(bytes.subarray(0, bytes.length >> 1));
      // time for the first half to leave
      setTimeout(() => socket.destroy(), 20);
    }).catch(() => {
      // the caller has gone
      socket.destroy();
    });
  });
  const sockets = new Set<{ destroy(): unknown }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const reason = "code" in cause && cause.code === "EADDRINUSE"
        ? "it is taken"
        : cause.message;
      const text = `Cannot serve the emulator on port ${port} as ${reason}`;
      reject(new Error(text, { cause }));
    });
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
  method: string,
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
