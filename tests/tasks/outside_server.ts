/**
 * The sockets of a server whose handlers are in a page or a worker.
 *
 * @module
 */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { Buffer } from "node:buffer";
import type { Message } from "../confined/frame.ts";

/** Sends a message inside. */
export type Send = (message: Message, bytes?: Uint8Array) => void;

/** All servers of one test file. */
export class OutsideServers {
  readonly #send: Send;
  readonly #servers = new Map<string, Server>();
  readonly #sockets = new Map<string, Socket>();
  readonly #answers = new Map<string, ServerResponse>();
  readonly #names = new WeakMap<Socket, string>();
  #made = 0;

  /** Constructs none, yet. */
  constructor(send: Send) {
    this.#send = send;
  }

  /** Does what the inside asks for. */
  receive({ op, id, number = 0, headers = {} }: Message, bytes: Uint8Array) {
    const answer = this.#answers.get(id);
    switch (op) {
      case "listen":
        return this.#listen(id, number);
      case "close":
        return this.#close(id);
      case "destroy":
        return this.#sockets.get(id)?.destroy();
      case "head":
        return answer?.writeHead(number, headers).flushHeaders();
      case "write":
        return answer?.write(Buffer.from(bytes));
      case "end":
        return answer?.end(Buffer.from(bytes));
    }
  }

  /** Ends all that is left. */
  closeAll(): void {
    for (const server of this.#servers.values()) server.close();
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  #listen(id: string, port: number): void {
    const server = createServer((request, response) => {
      this.#exchange(id, request, response);
    });
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
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const number = typeof address === "object" ? address?.port ?? 0 : 0;
      this.#send({ op: "listening", id, number });
    });
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
    this.#answers.set(id, response);
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
      this.#answers.delete(id);
      this.#send({ op: "closed", id });
    });
  }

  #name(): string {
    return `outside-${++this.#made}`;
  }
}
