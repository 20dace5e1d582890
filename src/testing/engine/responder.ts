/**
 * The way of a request: its log, the fault that meets it, its credential, its
 * route.
 *
 * @module
 */

import { accepts } from "jsr:@std/http@^1.1.3/negotiation";
import { STATUS_TEXT, type StatusCode } from "jsr:@std/http@^1.1.3/status";
import { type ByteStream, receive } from "../storage/bytes.ts";
import type { WireRecord } from "./collection.ts";
import { checkCredential } from "./credentials.ts";
import { Faults, pause } from "./faults.ts";
import { type RateLimit, RateWindow } from "./rate_limit.ts";
import { Replays } from "./replays.ts";
import { RequestLog } from "./request_log.ts";
import { type EmulatedResponse, failure } from "./responses.ts";
import { type EmulatedResource, type RouteMatch, Router } from "./router.ts";
import type { State } from "./state.ts";
import {
  parse,
  readSome,
  readText,
  toBytes,
  type WireRequest,
  type WireResponse,
} from "./wire.ts";

const PREFIX = "/api/v1";
const STORAGE = "/storage/";
/** Longer bodies are refused: the largest that the API needs fits well. */
const MAX_BODY = 2 ** 26;

/** How requests are responded to. */
export interface ResponderOptions {
  /** The keys to accept. */
  apiKeys?: readonly string[] | undefined;
  /** How many requests are served in a window of time. */
  rateLimit?: RateLimit | undefined;
  /** Milliseconds that every response takes longer. */
  latency?: number | undefined;
  /** How many requests are kept in the log. */
  maxRequests?: number | undefined;
}

/** Responds to requests. */
export class Responder {
  /** The requests seen. */
  readonly log: RequestLog;
  /** The faults that are waiting for their requests. */
  readonly faults: Faults = new Faults();
  readonly #options: ResponderOptions;
  readonly #api: Router;
  readonly #results: Router;
  readonly #presigned: Router;
  readonly #site: Router;
  #state!: State;
  #replays!: Replays;
  #window!: RateWindow;

  /**
   * Constructs a responder; it needs a state before the first request.
   *
   * @param resources All resources.
   * @param options How to respond.
   */
  constructor(
    resources: readonly EmulatedResource[],
    options: ResponderOptions,
  ) {
    this.#options = options;
    this.log = new RequestLog(options.maxRequests ?? 10_000);
    this.#api = new Router(resources.flatMap(({ routes }) => routes));
    this.#results = new Router(
      resources.flatMap(({ results = [] }) => results),
    );
    this.#presigned = new Router(
      resources.flatMap(({ presigned = [] }) => presigned),
    );
    this.#site = new Router(resources.flatMap(({ site = [] }) => site));
  }

  /**
   * Responds from now on with what a state knows.
   *
   * @param state The state.
   */
  begin(state: State): void {
    this.#state = state;
    this.#replays = new Replays();
    this.#window = new RateWindow(
      this.#options.rateLimit,
      () => state.clock.now(),
    );
  }

  /**
   * Responds as `fetch` does.
   *
   * @param request The request.
   * @returns The response.
   */
  async fetch(request: Request): Promise<Response> {
    const { method, url, headers, signal } = request;
    signal.throwIfAborted();
    const stream = request.body as ByteStream;
    const response = await this.exchange(
      { method, url: new URL(url), headers, stream },
      signal,
    );
    const { status, bytes, cut } = response;
    if (status === 0) throw new TypeError("fetch failed");
    const half = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, bytes.length >> 1));
      },
      pull(controller) {
        controller.error(new TypeError("terminated"));
      },
    });
    const isEmpty = [204, 304].includes(status) || method === "HEAD";
    const statusText = STATUS_TEXT[status as StatusCode] ?? "";
    const body = response.stream ?? (cut ? half : bytes);
    return new Response(isEmpty ? null : body, {
      ...response,
      statusText,
    });
  }

  /**
   * Responds to a request.
   *
   * @param request The request.
   * @param signal Ends it.
   * @returns The response.
   */
  async exchange(
    request: WireRequest,
    signal: AbortSignal,
  ): Promise<WireResponse> {
    const { method, url } = request;
    const isStorage = url.pathname.startsWith(STORAGE);
    const text = isStorage ? null : await readText(request.stream, MAX_BODY);
    const site = this.#site.find(method, url.pathname);
    if (typeof site === "object") {
      return toWire(await this.#handle(site, request, parse(text ?? "")));
    }
    const close = this.log.open(
      request,
      text ?? null,
      this.#state.timestamp(),
    );
    let response = LOST;
    try {
      response = await this.#process(request, text, signal);
    } finally {
      close(response);
    }
    return response;
  }

  /** One request, with the fault that meets it. */
  async #process(
    request: WireRequest,
    text: string | null | undefined,
    signal: AbortSignal,
  ): Promise<WireResponse> {
    const { method, url, stream } = request;
    const fault = this.faults.take(method, url.pathname) ?? {};
    const { latency = 0 } = this.#options;
    if (latency) await pause(latency, signal);
    if (fault.delay) await pause(fault.delay, signal);
    if (fault.hang) await pause(Infinity, signal);
    const isStorage = text === null;
    if (fault.drop) {
      // half of a file has left when the connection breaks
      if (isStorage) await readSome(stream);
      return LOST;
    }
    const isFaulty = fault.status !== undefined || fault.body !== undefined;
    if (isFaulty && isStorage) await receive(stream);
    const response = isFaulty
      ? { status: fault.status ?? 200, body: fault.body ?? null }
      : text === undefined
      ? failure(413, `The body is longer than ${MAX_BODY} bytes.`)
      : await this.#respond(request, parse(text ?? ""));
    if (fault.loseAnswer) return LOST;
    const wire = toWire(response);
    return {
      ...wire,
      headers: {
        ...this.#window.headers(),
        ...wire.headers,
        ...fault.headers,
        ...fault.retryAfter !== undefined &&
          { "retry-after": String(fault.retryAfter) },
      },
      cut: fault.truncate === true,
    };
  }

  async #respond(
    request: WireRequest,
    body: unknown,
  ): Promise<EmulatedResponse> {
    const { method, url: { pathname }, headers } = request;
    const isStorage = pathname.startsWith(STORAGE);
    const isApi = pathname.startsWith(`${PREFIX}/`);
    const found = isStorage
      ? this.#presigned.find(method, pathname)
      : isApi
      ? this.#api.find(method, pathname.slice(PREFIX.length))
      : this.#results.find(method, pathname);
    const isOpen = typeof found === "object" && found.route.open === true;
    const refusal = isStorage
      ? undefined
      : (isOpen ? undefined : checkCredential(
        headers,
        this.#state,
        this.#options.apiKeys,
      )) ?? this.#window.count();
    if (refusal) return refusal;
    if (isApi && !accepts({ headers }, "application/json")) {
      return failure(406, "Could not satisfy the request Accept header.");
    }
    // Django responds with a page where no route matches
    if (found === 404) return { status: 404, body: "<h1>Not Found</h1>" };
    if (found === 405) return failure(405, `Method "${method}" not allowed.`);
    if (found === 400) return failure(400, "The path is not valid UTF-8.");
    return await this.#handle(found, request, body);
  }

  async #handle(
    { route: { takesList = false, handle }, params }: RouteMatch,
    { method, url, headers, stream }: WireRequest,
    body: unknown,
  ): Promise<EmulatedResponse> {
    if (typeof body !== "object" || Array.isArray(body) !== takesList) {
      return failure(400, "JSON parse error");
    }
    const request = {
      method,
      url,
      headers,
      // whatever else has a body, it has been read
      stream,
      params,
      body: takesList ? {} : body as WireRecord ?? {},
      entries: Array.isArray(body) ? body : [],
      state: this.#state,
    };
    try {
      return await this.#replays.respond(request, () => handle(request));
    } catch (error) {
      return failure(500, `The emulator failed: ${error}`);
    }
  }
}

function toWire(
  { status, body, headers }: EmulatedResponse,
): WireResponse {
  const isStream = body instanceof ReadableStream;
  const bytes = isStream ? new Uint8Array() : toBytes(body);
  const type = typeof body === "string" ? "text/html" : "application/json";
  return {
    status,
    headers: {
      "content-type": type,
      ...!isStream && { "content-length": String(bytes.length) },
      ...headers,
    },
    bytes,
    ...isStream && { stream: body },
    cut: false,
  };
}

/** The connection is cut. */
const LOST: WireResponse = {
  status: 0,
  headers: {},
  bytes: new Uint8Array(),
  cut: false,
};
