/**
 * A server that speaks raw TCP, so that it can misbehave in every way: each
 * request is handed to the test, which writes whatever it likes to the socket.
 *
 * @module
 */

import type { Socket } from "node:net";
import { serveRaw, type TestServer } from "./server.ts";

/** A request that was seen. */
export interface RawRequest {
  /** HTTP method. */
  method: string;
  /** Path with its query. */
  path: string;
  /** The head, as it came. */
  head: string;
  /** The body, as it came; empty when it was not waited for. */
  body: string;
  /** How many requests came before it on its connection. */
  earlier: number;
}

/** One connection, as a fault handles it. */
export interface Wire {
  /** Sends text or bytes; does nothing once the client has gone. */
  send(data: string | Uint8Array): void;
  /** Cuts the connection. */
  cut(): void;
  /** Ends the connection in order. */
  end(): void;
  /** Whether the client has gone. */
  gone(): boolean;
  /** Resolves when what was sent has left, or the client has gone. */
  drained(): Promise<void>;
  /** Waits; ends early when the client has gone. */
  pause(milliseconds: number): Promise<void>;
}

/** Responds in full, or misbehaves; `false` leaves the request open. */
export type Respond = (
  wire: Wire,
  request: RawRequest,
) => Promise<boolean | void> | boolean | void;

/** How a request is met. */
export interface Meeting {
  /** Called before the body has come, instead of after. */
  early?: boolean;
  /** Sends the response. */
  respond: Respond;
}

/** A running server. */
export interface RawServer extends TestServer {
  /** Everything it has seen. */
  seen: RawRequest[];
  /** How many connections were made. */
  connections(): number;
  /** How many connections wait for the rest of a response. */
  busy(): number;
}

/** Starts a server whose requests are met as the test says, and remembered. */
export async function startRawServer(
  meet: (request: RawRequest) => Meeting,
  remember = true,
): Promise<RawServer> {
  const seen: RawRequest[] = [];
  const busy = new Set<Socket>();
  let connections = 0;
  const server = await serveRaw((socket) => {
    connections++;
    socket.on("close", () => busy.delete(socket));
    serve(socket, (request) => {
      if (remember) seen.push(request);
      return meet(request);
    }, busy);
  });
  return {
    ...server,
    seen,
    connections: () => connections,
    busy: () => busy.size,
  };
}

function serve(
  socket: Socket,
  meet: (request: RawRequest) => Meeting,
  busy: Set<Socket>,
): void {
  let text = "";
  let earlier = 0;
  let open: { request: RawRequest; length: number; meeting: Meeting } | null =
    null;
  const wire = wireOf(socket);
  const respond = async (meeting: Meeting, request: RawRequest) => {
    busy.add(socket);
    if (await meeting.respond(wire, request) !== false) busy.delete(socket);
  };
  // one byte is one character, so that lengths are bytes
  socket.setEncoding("latin1");
  socket.on("data", (data) => {
    text += data;
    if (!open) {
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = text.slice(0, end);
      text = text.slice(end + 4);
      const [method = "", path = ""] = head.split(" ", 2);
      const length = /^content-length: *(\d+)/im.exec(head)?.[1] ?? 0;
      const request = { method, path, head, body: "", earlier: earlier++ };
      open = { request, length: Number(length), meeting: meet(request) };
      if (open.meeting.early) {
        respond(open.meeting, request);
        return;
      }
    }
    if (open.meeting.early || text.length < open.length) return;
    const { request, length, meeting } = open;
    open = null;
    request.body = text.slice(0, length);
    text = text.slice(length);
    respond(meeting, request);
  });
}

function wireOf(socket: Socket): Wire {
  const either = (event: string, milliseconds?: number) =>
    new Promise<void>((resolve) => {
      if (socket.destroyed) return resolve();
      const done = () => {
        clearTimeout(timer);
        socket.off(event, done);
        socket.off("close", done);
        resolve();
      };
      const timer = milliseconds === undefined
        ? undefined
        : setTimeout(done, milliseconds);
      socket.on(event, done);
      socket.on("close", done);
    });
  return {
    send: (data) => {
      if (!socket.destroyed) socket.write(data);
    },
    cut: () => socket.destroy(),
    end: () => socket.end(),
    gone: () => socket.destroyed,
    drained: () =>
      socket.writableNeedDrain ? either("drain") : Promise.resolve(),
    pause: (milliseconds) => either("close", milliseconds),
  };
}
