/**
 * The sockets of a server whose handlers are in a page or a worker.
 *
 * @module
 */

import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import {
  createServer as createRawServer,
  type Server as RawServer,
  type Socket,
} from "node:net";
import { Buffer } from "node:buffer";
import type { Message } from "../sandbox/frame.ts";

/** Sends a message into the sandbox. */
export type Send = (message: Message, bytes?: Uint8Array) => void;

/** All servers of one test file. */
export class HostServers {
  readonly #send: Send;
  readonly #servers = new Map<string, RawServer>();
  readonly #sockets = new Map<string, Socket>();
  readonly #responses = new Map<string, ServerResponse>();
  readonly #names = new WeakMap<Socket, string>();
  #made = 0;

  /** Constructs none, yet. */
  constructor(send: Send) {
    this.#send = send;
  }

  /** Does what the sandbox asks for. */
  receive(message: Message, bytes: Uint8Array): void {
    const { op, id, number = 0, headers = {}, text } = message;
    const response = this.#responses.get(id);
    const socket = this.#sockets.get(id);
    if (op === "listen") this.#listen(id, number, text === "raw");
    else if (op === "close") this.#close(id);
    else if (op === "head") response?.writeHead(number, headers).flushHeaders();
    else if (op === "write" && response) response.write(Buffer.from(bytes));
    else if (op === "write" && socket) this.#write(id, socket, bytes);
    else if (op === "end" && response) response.end(Buffer.from(bytes));
    else if (op === "end") socket?.end();
    else if (op === "destroy") socket?.destroy();
  }

  /** Ends all that is left. */
  closeAll(): void {
    for (const server of this.#servers.values()) server.close();
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  #listen(id: string, port: number, raw: boolean): void {
    const server = raw ? createRawServer() : createServer(
      (request, response) => this.#exchange(id, request, response),
    );
    this.#servers.set(id, server);
    server.on("error", ({ message }) => {
      this.#send({ op: "refused", id, text: message });
    });
    server.on("connection", (socket: Socket) => {
      const made = this.#name();
      this.#names.set(socket, made);
      this.#sockets.set(made, socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(made);
        this.#send({ op: "closed", id: made });
      });
      this.#send({ op: "connection", id, made });
      if (!raw) return;
      socket.on("data", (chunk: Uint8Array) => {
        this.#send({ op: "data", id: made }, chunk);
      });
      socket.on("end", () => this.#send({ op: "end", id: made }));
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const number = typeof address === "object" ? address?.port ?? 0 : 0;
      this.#send({ op: "listening", id, number });
    });
  }

  #write(id: string, socket: Socket, bytes: Uint8Array): void {
    const drained = () => this.#send({ op: "drain", id });
    if (socket.write(Buffer.from(bytes))) drained();
    else socket.once("drain", drained);
  }

  #close(id: string): void {
    const closed = () => this.#send({ op: "closed", id });
    const server = this.#servers.get(id);
    this.#servers.delete(id);
    if (server) server.close(closed);
    else closed();
  }

  #exchange(
    server: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const id = this.#name();
    this.#responses.set(id, response);
    this.#send({
      op: "request",
      id: server,
      made: id,
      socket: this.#names.get(request.socket) ?? "",
      method: request.method ?? "",
      text: request.url ?? "",
      headers: request.headers,
    });
    request.on("data", (chunk: Uint8Array) => {
      this.#send({ op: "data", id }, chunk);
    });
    request.on("end", () => this.#send({ op: "end", id }));
    request.on("error", () => {});
    response.on("error", () => {});
    response.on("close", () => {
      this.#responses.delete(id);
      this.#send({ op: "closed", id });
    });
  }

  #name(): string {
    return `host-${++this.#made}`;
  }
}
