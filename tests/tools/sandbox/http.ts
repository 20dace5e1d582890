/**
 * Stands in for `node:http` where there are no sockets: the sockets are in
 * another process, the handlers of the requests here. It knows what the emulator
 * and the tests use.
 *
 * @module
 */

import { Emitter, type Listener } from "./emitter.ts";
import { forget, register, send } from "./link.ts";
import type { Headers, Message } from "./frame.ts";
import { IncomingMessage, ServerResponse, Socket } from "./http_exchange.ts";

/** Takes a request and responds to it. */
type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

const listening = new Set<Server>();

/** How many servers are not closed. */
export function listeningServers(): number {
  return listening.size;
}

/** Makes a server whose requests `handler` takes. */
export function createServer(handler?: Handler): Server {
  const server = new Server();
  return handler ? server.on("request", handler) : server;
}

/** A server on a port of this machine. */
export class Server extends Emitter {
  readonly #id = register((message) => this.#receive(message));
  readonly #sockets = new Map<string, Socket>();
  readonly #kind: "http" | "raw";
  #port = 0;

  /** Constructs a server that speaks HTTP, or hands out its connections raw. */
  constructor(kind: "http" | "raw" = "http") {
    super();
    this.#kind = kind;
  }

  /** Where it listens. */
  address(): { address: string; port: number } | null {
    return this.#port ? { address: "127.0.0.1", port: this.#port } : null;
  }

  /** Starts to listen, on a loopback port whatever the host is. */
  listen(port = 0, ...rest: (string | Listener)[]): this {
    const ready = rest.find((value) => typeof value === "function");
    if (ready) this.once("listening", ready);
    listening.add(this);
    send({ op: "listen", id: this.#id, number: port, text: this.#kind });
    return this;
  }

  /** Ends when the last connection has ended. */
  close(closed?: Listener): this {
    if (closed) this.once("close", closed);
    send({ op: "close", id: this.#id });
    return this;
  }

  /** Ends each connection. */
  closeAllConnections(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  #receive(message: Message): void {
    const { op, made = "", number = 0, text } = message;
    switch (op) {
      case "listening":
        this.#port = number;
        this.emit("listening");
        break;
      case "refused":
        listening.delete(this);
        this.emit("error", new Error(text));
        break;
      case "closed":
        listening.delete(this);
        this.#port = 0;
        forget(this.#id);
        this.emit("close");
        break;
      case "connection": {
        const socket = new Socket(made);
        this.#sockets.set(made, socket);
        socket.once("close", () => this.#sockets.delete(made));
        this.emit("connection", socket);
        break;
      }
      case "request":
        this.#exchange(message, made);
    }
  }

  #exchange({ socket: name = "", ...message }: Message, id: string): void {
    const socket = this.#sockets.get(name);
    if (!socket) return;
    const { method = "", text = "", headers = {} as Headers } = message;
    const request = new IncomingMessage(method, text, headers, socket);
    const response = new ServerResponse(id, socket);
    register(({ op }, bytes) => {
      if (op === "data") request.arrive("data", bytes);
      if (op === "end") request.arrive("end");
      if (op !== "closed") return;
      forget(id);
      request.emit("close");
      response.emit("close");
    }, id);
    this.emit("request", request, response);
  }
}
