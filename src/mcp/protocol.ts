/**
 * The Model Context Protocol: requests in, responses and notifications out,
 * whatever carries them.
 *
 * @module
 */

import { isJsonObject, type JsonObject } from "../wire/codec.ts";

/** The versions of the protocol that are spoken, the newest first. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/** Codes of the errors of JSON-RPC. */
export const CODES = {
  parse: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  notFound: -32002,
} as const;

/** An error of the protocol: the request itself is wrong, not what it led to. */
export class ProtocolError extends Error {
  /** Code of JSON-RPC. */
  readonly code: number;

  /**
   * Constructs an error.
   *
   * @param code Code of JSON-RPC.
   * @param message What is wrong.
   */
  constructor(code: number, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
  }
}

/** How loud the log is, from the quietest. */
const LEVELS = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
];

/** What a handler of a request is given beside its parameters. */
export interface RequestContext {
  /** Fires when the peer cancels the request or goes away. */
  readonly signal: AbortSignal;
  /**
   * Tells the peer how far the request has come, if it wants to know.
   *
   * @param progress How far.
   * @param total How far it goes, if that is known.
   * @param message What is being done.
   */
  progress(progress: number, total?: number, message?: string): void;
  /**
   * Writes to the peer's log.
   *
   * @param level How bad it is.
   * @param text What happened.
   */
  log(level: "debug" | "info" | "warning" | "error", text: string): void;
}

/** Handles a request of a method. */
export type RequestHandler = (
  params: JsonObject,
  context: RequestContext,
) => unknown;

/** What a server says of itself. */
export interface ServerInfo {
  /** Name of the server. */
  readonly name: string;
  /** Its title, for people. */
  readonly title: string;
  /** Its version. */
  readonly version: string;
  /** How an assistant is to use it. */
  readonly instructions: string;
  /** What it can do. */
  readonly capabilities: JsonObject;
}

/** One conversation with a peer. */
export class Conversation {
  readonly #info: ServerInfo;
  readonly #handlers: { readonly [method: string]: RequestHandler };
  readonly #send: (message: JsonObject) => void;
  readonly #running = new Map<string | number, AbortController>();
  #level = LEVELS.indexOf("info");

  /**
   * Constructs a conversation.
   *
   * @param info What the server says of itself.
   * @param handlers What it does, by method.
   * @param send Sends a message to the peer.
   */
  constructor(
    info: ServerInfo,
    handlers: { readonly [method: string]: RequestHandler },
    send: (message: JsonObject) => void,
  ) {
    this.#info = info;
    this.#handlers = handlers;
    this.#send = send;
  }

  /** Ends what is under way: the peer has gone. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  /**
   * Handles a message.
   *
   * @param message The message.
   * @returns The response; undefined where there is none.
   */
  async handle(message: JsonObject): Promise<JsonObject | undefined> {
    const { id, method } = message;
    const params = isJsonObject(message.params) ? message.params : {};
    if (typeof method !== "string") {
      // a response to a request of ours: there are none
      if ("result" in message || "error" in message) return undefined;
      const text = "A request must have a 'method' that is a string";
      return failure(isId(id) ? id : null, CODES.invalidRequest, text);
    }
    if (!("id" in message)) {
      this.#notice(method, params);
      return undefined;
    }
    if (!isId(id)) {
      const text = "The 'id' of a request must be a string or an integer";
      return failure(null, CODES.invalidRequest, text);
    }
    return await this.#request(id, method, params);
  }

  /** A notification: nobody waits for a response, whatever it says. */
  #notice(method: string, { requestId }: JsonObject): void {
    if (method !== "notifications/cancelled" || !isId(requestId)) return;
    this.#running.get(requestId)?.abort();
  }

  async #request(
    id: string | number,
    method: string,
    params: JsonObject,
  ): Promise<JsonObject | undefined> {
    const handler = Object.hasOwn(this.#handlers, method)
      ? this.#handlers[method]
      : this.#own(method);
    if (!handler) {
      const text = `There is no method ${JSON.stringify(method)}`;
      return failure(id, CODES.unknownMethod, text);
    }
    if (this.#running.has(id)) {
      const text = `A request with the id ${JSON.stringify(id)} is under way`;
      return failure(id, CODES.invalidRequest, text);
    }
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(id, controller);
    try {
      const result = await handler(params, this.#context(params, signal));
      return signal.aborted ? undefined : { jsonrpc: "2.0", id, result };
    } catch (error) {
      // whoever has canceled a request waits for no response
      if (signal.aborted) return undefined;
      if (error instanceof ProtocolError) {
        return failure(id, error.code, error.message);
      }
      const text = error instanceof Error ? error.message : String(error);
      return failure(id, CODES.internal, text);
    } finally {
      this.#running.delete(id);
    }
  }

  /** What every server does. */
  #own(method: string): RequestHandler | undefined {
    switch (method) {
      case "initialize":
        return (params) => this.#initialize(params);
      case "ping":
        return () => ({});
      case "logging/setLevel":
        return ({ level }) => this.#setLevel(level);
    }
    return undefined;
  }

  #initialize({ protocolVersion }: JsonObject): JsonObject {
    const { name, title, version, capabilities, instructions } = this.#info;
    return {
      // the peer hangs up if it does not speak the one that is offered
      protocolVersion: VERSIONS.includes(String(protocolVersion))
        ? protocolVersion
        : VERSIONS[0],
      capabilities: { logging: {}, ...capabilities },
      serverInfo: { name, title, version },
      instructions,
    };
  }

  #setLevel(level: unknown): JsonObject {
    const found = LEVELS.indexOf(String(level));
    if (found < 0) {
      throw new ProtocolError(
        CODES.invalidParams,
        `'level' must be one of ${LEVELS.join(", ")}: current value is ${
          JSON.stringify(level)
        }`,
      );
    }
    this.#level = found;
    return {};
  }

  #context(params: JsonObject, signal: AbortSignal): RequestContext {
    const meta = isJsonObject(params._meta) ? params._meta : {};
    const { progressToken } = meta;
    return {
      signal,
      progress: (progress, total, message) => {
        if (!isId(progressToken) || signal.aborted) return;
        this.#notify("notifications/progress", {
          progressToken,
          progress,
          ...(total !== undefined && { total }),
          ...(message !== undefined && { message }),
        });
      },
      log: (level, data) => {
        if (LEVELS.indexOf(level) > this.#level) return;
        this.#notify("notifications/message", { level, logger: "avala", data });
      },
    };
  }

  #notify(method: string, params: JsonObject): void {
    this.#send({ jsonrpc: "2.0", method, params });
  }
}

/**
 * Makes a response that tells of an error.
 *
 * @param id Id of the request; null when it is not known.
 * @param code Code of JSON-RPC.
 * @param message What is wrong.
 * @returns The response.
 */
export function failure(
  id: string | number | null,
  code: number,
  message: string,
): JsonObject {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

function isId(id: unknown): id is string | number {
  return typeof id === "string" || Number.isInteger(id);
}
