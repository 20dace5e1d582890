/**
 * Stands in for `node:net` where there are no sockets: servers that write what
 * they like, as the stand-in for `node:http` cannot.
 *
 * @module
 */

import { Server } from "./http.ts";
import type { Socket } from "./http_exchange.ts";

/** Makes a server whose connections `handler` takes. */
export function createServer(handler: (socket: Socket) => unknown): Server {
  return new Server("raw").on("connection", handler);
}
