/**
 * What all servers of the tests have in common: a free port on loopback, and an
 * end that takes every connection along.
 *
 * @module
 */

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { answerPreflight } from "./cors.ts";

/** A running server; `await using` ends it. */
export interface TestServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly origin: string;
}

/** Takes a request. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
) => unknown;

/**
 * Starts a server that speaks HTTP. Pages of every origin may use it. It closes
 * each connection after one response, unless told to keep it.
 */
export async function serveHttp(
  handle: Handler,
  { keepAlive = false }: { keepAlive?: boolean } = {},
): Promise<TestServer> {
  return await listen(createHttpServer((request, response) => {
    // also a preflight's: a browser repeats what a reused connection lost
    if (!keepAlive) response.setHeader("connection", "close");
    if (!answerPreflight(request, response)) handle(request, response);
  }));
}

/** Starts a server that hands out its connections as they are. */
export async function serveRaw(
  handle: (socket: Socket) => unknown,
): Promise<TestServer> {
  return await listen(createServer(handle));
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
