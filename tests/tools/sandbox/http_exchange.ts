/**
 * What the handlers of the stand-in for `node:http` get: requests, responses
 * and their connections.
 *
 * @module
 */

import { Emitter, type Listener } from "./emitter.ts";
import type { Headers } from "./frame.ts";
import { register, send } from "./link.ts";

/** A connection. */
export class Socket extends Emitter {
  /** Whether it has ended. */
  destroyed = false;
  /** Whether what was written waits for the other side to read. */
  writableNeedDrain = false;
  readonly #id: string;
  #decoder: TextDecoder | undefined;

  /** Constructs what stands for a connection of that name. */
  constructor(id: string) {
    super();
    this.#id = register(({ op }, bytes) => {
      switch (op) {
        case "data":
          this.emit("data", this.#decoder?.decode(bytes) ?? new Chunk(bytes));
          break;
        case "drain":
          this.writableNeedDrain = false;
          this.emit("drain");
          break;
        case "end":
          this.emit("end");
          break;
        case "closed":
          this.destroyed = true;
          this.emit("close");
      }
    }, id);
  }

  /** Lets the data come as text, one character for each byte. */
  setEncoding(_encoding: "latin1"): this {
    this.#decoder = new TextDecoder("latin1");
    return this;
  }

  /** Sends data, on a raw connection. */
  write(data: string | Uint8Array): boolean {
    this.writableNeedDrain = true;
    send({ op: "write", id: this.#id }, toBytes(data));
    return false;
  }

  /** Ends it in order. */
  end(): this {
    send({ op: "end", id: this.#id });
    return this;
  }

  /** Ends it at once. */
  destroy(): void {
    this.destroyed = true;
    send({ op: "destroy", id: this.#id });
  }
}

/** A request whose body arrives bit by bit. */
export class IncomingMessage extends Emitter {
  /** HTTP method. */
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  /** Headers by lowercase name. */
  readonly headers: Headers;
  /** Its connection. */
  readonly socket: Socket;
  readonly #held: [event: string, chunk: Uint8Array | undefined][] = [];
  #flows = false;

  /** Constructs a request. */
  constructor(method: string, url: string, headers: Headers, socket: Socket) {
    super();
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.socket = socket;
  }

  /** Nothing of the body is lost before somebody listens to it. */
  override on(event: string, listener: Listener): this {
    if (event === "data") queueMicrotask(() => this.resume());
    return super.on(event, listener);
  }

  /** Lets the body flow. */
  resume(): this {
    this.#flows = true;
    for (const [event, chunk] of this.#held.splice(0)) this.emit(event, chunk);
    return this;
  }

  /** Ends the connection. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Takes a chunk of the body, or its end. */
  arrive(event: "data" | "end", bytes?: Uint8Array): void {
    const chunk = bytes && new Chunk(bytes);
    if (this.#flows) this.emit(event, chunk);
    else this.#held.push([event, chunk]);
  }

  /** Walks the body. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let over = false;
    let wake = () => {};
    const end = () => {
      over = true;
      wake();
    };
    this.on("end", end).on("close", end).on("data", (chunk: Uint8Array) => {
      chunks.push(chunk);
      wake();
    });
    while (true) {
      const chunk = chunks.shift();
      if (chunk) yield chunk;
      else if (over) return;
      else await new Promise<void>((resolve) => wake = resolve);
    }
  }
}

/** A response. */
export class ServerResponse extends Emitter {
  /** HTTP status. */
  statusCode = 200;
  /** Whether the headers have left. */
  headersSent = false;
  /** Whether `end` was called. */
  writableEnded = false;
  /** Its connection. */
  readonly socket: Socket;
  readonly #id: string;
  readonly #headers: Headers = {};

  /** Constructs the response of the exchange of that name. */
  constructor(id: string, socket: Socket) {
    super();
    this.#id = id;
    this.socket = socket;
  }

  /** Sets a header. */
  setHeader(name: string, value: string | string[] | number): this {
    const text = typeof value === "number" ? String(value) : value;
    this.#headers[name.toLowerCase()] = text;
    return this;
  }

  /** Sends the headers. */
  writeHead(
    status: number,
    headers: { [name: string]: string | string[] | number } = {},
  ): this {
    this.statusCode = status;
    for (const name in headers) this.setHeader(name, headers[name] ?? "");
    this.flushHeaders();
    return this;
  }

  /** Sends the headers, if they have not left yet. */
  flushHeaders(): void {
    if (this.headersSent) return;
    this.headersSent = true;
    const { statusCode: number } = this;
    send({ op: "head", id: this.#id, number, headers: this.#headers });
  }

  /** Sends a part of the body. */
  write(chunk: string | Uint8Array): boolean {
    this.flushHeaders();
    send({ op: "write", id: this.#id }, toBytes(chunk));
    return true;
  }

  /** Sends the rest. */
  end(chunk: string | Uint8Array = ""): this {
    this.writableEnded = true;
    if (!this.headersSent) this.flushHeaders();
    send({ op: "end", id: this.#id }, toBytes(chunk));
    this.emit("finish");
    return this;
  }

  /** Ends the connection. */
  destroy(): void {
    this.socket.destroy();
  }
}

/** A chunk that becomes text as a `Buffer` does. */
class Chunk extends Uint8Array {
  override toString(): string {
    return new TextDecoder().decode(this);
  }
}

function toBytes(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
}
