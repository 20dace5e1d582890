/**
 * The emulator itself: credentials, faults, routes and the log of requests.
 *
 * @module
 */

import type { WireRecord } from "./engine/collection.ts";
import { checkCredential } from "./engine/credentials.ts";
import { type Fault, Faults, pause } from "./engine/faults.ts";
import { Gate } from "./engine/gate.ts";
import { type RateLimit, RateWindow } from "./engine/rate_limit.ts";
import { Replays } from "./engine/replays.ts";
import { RequestLog, type SeenRequest } from "./engine/request_log.ts";
import { type EmulatedResponse, failure } from "./engine/responses.ts";
import { Router } from "./engine/router.ts";
import { type EmulatorServer, serve } from "./engine/serve.ts";
import { State, type UploadSettings } from "./engine/state.ts";
import {
  parse,
  readSome,
  readText,
  toBytes,
  type WireRequest,
  type WireResponse,
} from "./engine/wire.ts";
import { announce } from "./resources/events.ts";
import { RESOURCES } from "./resources/mod.ts";
import {
  type WebhookDeliveryOptions,
  WebhookDispatcher,
} from "./resources/webhooks/dispatcher.ts";
import type { StoredFile } from "./storage/bucket.ts";
import { type ByteStream, digest } from "./storage/bytes.ts";

const PREFIX = "/api/v1";
const STORAGE = "/storage/";
/** Longer bodies are refused: the largest that the API needs fits well. */
const MAX_BODY = 2 ** 26;

/** Options of {@linkcode AvalaEmulator}. */
export interface AvalaEmulatorOptions {
  /**
   * The keys to accept.
   *
   * @default {every key that starts with "avk_", and every bearer token; one that starts with "avk_staff" is a staff key}
   */
  apiKeys?: string[] | undefined;
  /**
   * Refuse more requests in a window than this with 429. A window of a second or
   * more ends on a whole second, as its header has no finer unit.
   *
   * @default {nothing is refused; the headers count down from 100 a minute}
   */
  rateLimit?: RateLimit | undefined;
  /**
   * How many reads an export or an auto-label job takes until it is finished.
   *
   * @default {3}
   */
  pollsUntilExported?: number | undefined;
  /**
   * Settings of uploads.
   *
   * @default {addresses live an hour, files from 128 MiB on go in parts of 16 MiB, the quota is 1 TiB}
   */
  uploads?: Partial<UploadSettings> | undefined;
  /**
   * The clock, in milliseconds since 1970.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
  /** How webhooks are delivered. */
  webhooks?: WebhookDeliveryOptions | undefined;
  /**
   * How many requests are kept in the log.
   *
   * @default {10_000}
   */
  maxRequests?: number | undefined;
  /**
   * Hosts under which a served emulator is reached, beside those of this machine.
   * A request with another `Host` is refused with 403.
   *
   * @default {[]}
   */
  allowedHosts?: string[] | undefined;
  /**
   * Origins whose pages may use a served emulator, beside those of this machine;
   * `"null"` stands for pages without one. A request of another is refused with 403.
   *
   * @default {[]}
   */
  allowedOrigins?: string[] | undefined;
}

/**
 * The Avala API in memory, to test an application offline.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const emulator = new AvalaEmulator();
 * await using client = new AsyncClient({
 *   apiKey: "avk_example",
 *   fetch: emulator.fetch,
 * });
 * emulator.fault({ path: "/datasets/", status: 503 });
 * const page = await client.datasets.list({ dataType: "lidar" });
 * assertEquals(page.items[0]?.slug, "harbor-crane");
 * assertEquals(emulator.requests.map(({ status }) => status), [503, 200]);
 * ```
 */
export class AvalaEmulator {
  /** Stands in for the global `fetch`; every host is the emulator. */
  readonly fetch: typeof globalThis.fetch;
  readonly #options: AvalaEmulatorOptions;
  readonly #now: () => number;
  readonly #faults = new Faults();
  readonly #api = new Router(RESOURCES.flatMap(({ routes }) => routes));
  readonly #results = new Router(
    RESOURCES.flatMap(({ results = [] }) => results),
  );
  readonly #presigned = new Router(
    RESOURCES.flatMap(({ presigned = [] }) => presigned),
  );
  readonly #gate: Gate;
  readonly #log: RequestLog;
  #state!: State;
  #dispatcher: WebhookDispatcher | undefined;
  #servers = 0;
  #replays!: Replays;
  #window!: RateWindow;

  /**
   * Constructs an emulator with its sample data: a LiDAR dataset with three
   * sequences, issues and outcomes, an image dataset with 250 items, projects,
   * tasks and scores, a finished export, a webhook, two agents with executions that
   * wait for them, an organization with members, invitations and teams, a fleet of
   * four devices with recordings, events, rules, alerts and a channel, a slice, a
   * bucket, an inference provider, two auto-label jobs and two quality targets.
   *
   * @param options The options.
   */
  constructor(options: AvalaEmulatorOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#gate = new Gate(options);
    this.#log = new RequestLog(options.maxRequests ?? 10_000);
    this.fetch = (input, init) => this.#fetch(new Request(input, init));
    this.reset();
  }

  /**
   * The requests seen, the oldest first: the latest ones where there were more
   * than `maxRequests`.
   *
   * @returns The log.
   */
  get requests(): readonly SeenRequest[] {
    return this.#log.entries;
  }

  /**
   * The files that were uploaded, in the order in which they first arrived.
   *
   * @returns The files: path, size and SHA-256.
   */
  get storedFiles(): readonly StoredFile[] {
    return this.#state.bucket.files;
  }

  /**
   * Meets requests to come with a fault.
   *
   * @param fault The fault.
   */
  fault(fault: Fault): void {
    this.#faults.add(fault);
  }

  /**
   * Lets something happen that no request brings about, such as the end of a
   * task: webhooks and agents that want the event get it.
   *
   * @example A task ends
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const emulator = new AvalaEmulator();
   * const { fetch } = emulator;
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const { uid } = await client.agents.create({
   *   name: "Reviewer",
   *   events: ["task.completed"],
   * });
   * emulator.announce("task.completed", { task_uid: "t-1", task_name: "Boxes" });
   * const [execution] = (await client.agentExecutions.poll(uid)).items;
   * assertEquals(execution?.task, "t-1");
   * ```
   *
   * @param event Name of the event, such as `task.completed`.
   * @param payload What is known of it, as a webhook would carry it.
   */
  announce(event: string, payload: { [key: string]: unknown }): void {
    announce(this.#state, event, payload);
  }

  /** Forgets all faults. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /**
   * Waits for the webhook deliveries that are under way.
   *
   * @returns A promise that is fulfilled when each has arrived or failed for good.
   */
  async delivered(): Promise<void> {
    await this.#dispatcher?.idle();
  }

  /** Goes back to the start: the sample data, no faults, no requests seen, no deliveries under way. */
  reset(): void {
    const { pollsUntilExported = 3, uploads, rateLimit } = this.#options;
    this.#dispatcher?.stop();
    const now = this.#now;
    const state = new State({ pollsUntilExported, now, uploads });
    for (const { seed } of RESOURCES) seed?.(state);
    // deliveries of the sample data are history: the others are sent
    const dispatcher = new WebhookDispatcher({
      ...this.#options.webhooks,
      isServed: () => this.#servers > 0,
      timestamp: (later) => state.timestamp(later),
      note: (delivery, changes) =>
        state.collection("webhookDeliveries").update(delivery, changes),
    });
    state.send = (delivery, webhook) => dispatcher.send(delivery, webhook);
    this.#state = state;
    this.#dispatcher = dispatcher;
    this.#replays = new Replays();
    this.#log.clear();
    this.#window = new RateWindow(rateLimit, now);
    this.clearFaults();
  }

  /**
   * Serves the emulator on a loopback port, by `node:http`, which Deno, Node and
   * Bun have. While it is served, webhooks with an http address of this machine
   * (which the real service refuses) get their deliveries.
   *
   * @param options The port; any free one by default.
   * @param options.port The port.
   * @returns The server.
   */
  async serve(options: { port?: number } = {}): Promise<EmulatorServer> {
    const server = await serve(
      (request, signal) => this.#exchange(request, signal),
      {
        port: options.port ?? 0,
        gate: this.#gate,
        onClose: async () => {
          if (--this.#servers === 0) await this.#dispatcher?.stop();
        },
      },
    );
    this.#servers++;
    return server;
  }

  async #fetch(request: Request): Promise<Response> {
    const { method, url, headers, signal } = request;
    signal.throwIfAborted();
    const stream = request.body as ByteStream;
    const response = await this.#exchange(
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
    const empty = status === 204 || method === "HEAD";
    return new Response(empty ? null : cut ? half : bytes, response);
  }

  /** One request, from its log to its response. */
  async #exchange(
    request: WireRequest,
    signal: AbortSignal,
  ): Promise<WireResponse> {
    const isStorage = request.url.pathname.startsWith(STORAGE);
    const text = isStorage ? null : await readText(request.stream, MAX_BODY);
    const close = this.#log.open(
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
    const fault = this.#faults.take(method, url.pathname) ?? {};
    if (fault.delay) await pause(fault.delay, signal);
    if (fault.hang) await pause(Infinity, signal);
    const isStorage = text === null;
    if (fault.drop) {
      // half of a file has left when the connection breaks
      if (isStorage) await readSome(stream);
      return LOST;
    }
    const isFaulty = fault.status !== undefined || fault.body !== undefined;
    if (isFaulty && isStorage) await digest(stream);
    const response = isFaulty
      ? { status: fault.status ?? 200, body: fault.body ?? null }
      : text === undefined
      ? failure(413, `The body is longer than ${MAX_BODY} bytes.`)
      : await this.#respond(request, parse(text ?? ""));
    if (fault.loseAnswer) return LOST;
    const bytes = toBytes(response.body);
    return {
      status: response.status,
      headers: {
        "content-type": typeof response.body === "string"
          ? "text/html"
          : "application/json",
        "content-length": String(bytes.length),
        ...this.#window.headers(),
        ...response.headers,
        ...fault.headers,
        ...fault.retryAfter !== undefined &&
          { "retry-after": String(fault.retryAfter) },
      },
      bytes,
      cut: fault.truncate === true,
    };
  }

  async #respond(
    { method, url, headers, stream }: WireRequest,
    body: unknown,
  ): Promise<EmulatedResponse> {
    const { pathname } = url;
    const isStorage = pathname.startsWith(STORAGE);
    const found = isStorage
      ? this.#presigned.find(method, pathname)
      : pathname.startsWith(`${PREFIX}/`)
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
    // Django responds with a page where no route matches
    if (found === 404) return { status: 404, body: "<h1>Not Found</h1>" };
    if (found === 405) return failure(405, `Method "${method}" not allowed.`);
    if (found === 400) return failure(400, "The path is not valid UTF-8.");
    const { route: { takesList = false, handle }, params } = found;
    if (typeof body !== "object" || Array.isArray(body) !== takesList) {
      return failure(400, "JSON parse error");
    }
    const request = {
      method,
      url,
      headers,
      stream: isStorage ? stream : null,
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

/** The connection is cut. */
const LOST: WireResponse = {
  status: 0,
  headers: {},
  bytes: new Uint8Array(),
  cut: false,
};
