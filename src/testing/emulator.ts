/**
 * The emulator itself: credentials, faults, routes and the log of requests.
 *
 * @module
 */

import { STATUS_TEXT, type StatusCode } from "jsr:@std/http@^1.1.3/status";
import { ConfigurationError } from "../errors.ts";
import { redactJson } from "../redact.ts";
import type { WireRecord } from "./engine/collection.ts";
import { checkCredential } from "./engine/credentials.ts";
import { Clock } from "./engine/clock.ts";
import {
  type Fault,
  type FaultHandle,
  Faults,
  pause,
} from "./engine/faults.ts";
import { Gate } from "./engine/gate.ts";
import { type RateLimit, RateWindow } from "./engine/rate_limit.ts";
import { Replays } from "./engine/replays.ts";
import { RequestLog, type SeenRequest } from "./engine/request_log.ts";
import { type EmulatedResponse, failure } from "./engine/responses.ts";
import { Router } from "./engine/router.ts";
import { type EmulatorServer, serve } from "./engine/serve.ts";
import {
  parse,
  readSome,
  readText,
  toBytes,
  type WireRequest,
  type WireResponse,
} from "./engine/wire.ts";
import {
  type CollectionName,
  State,
  type UploadSettings,
} from "./engine/state.ts";
import { announce } from "./resources/events.ts";
import { RESOURCES } from "./resources/mod.ts";
import {
  type WebhookDeliveryOptions,
  WebhookDispatcher,
} from "./resources/webhooks/dispatcher.ts";
import type { StoredFile } from "./storage/bucket.ts";
import { type EmulatorSeed, fill } from "./seed.ts";
import { type EmulatorSnapshot, readSnapshot } from "./snapshot.ts";
import { type ByteStream, receive } from "./storage/bytes.ts";

const PREFIX = "/api/v1";
/** Skipped time that stands for one read of a job. */
const READ_MS = 10_000;
const STORAGE = "/storage/";
/** Longer bodies are refused: the largest that the API needs fits well. */
const MAX_BODY = 2 ** 26;

/** Options of {@linkcode AvalaEmulator}. */
export interface AvalaEmulatorOptions {
  /**
   * What it starts with: how much sample data of which kind, or records of one's
   * own in place of the sample data.
   *
   * @default {some sample data of each kind}
   */
  seed?: EmulatorSeed | undefined;
  /**
   * Another number gives other sample data, the same number always the same.
   *
   * @default {0}
   */
  random?: number | undefined;
  /**
   * Milliseconds that every response takes longer.
   *
   * @default {0}
   */
  latency?: number | undefined;
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
   * How many reads an export or an auto-label job takes until it is finished; ten
   * seconds that {@linkcode EmulatorTime.advance} skips stand for one.
   *
   * @default {3}
   */
  pollsUntilExported?: number | undefined;
  /**
   * Settings of uploads.
   *
   * @default {addresses live an hour, files from 128 MiB on go in parts of 16 MiB, the quota is 1 TiB, 64 MiB of bytes are kept}
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

/** The emulator's clock. */
export interface EmulatorTime {
  /** Milliseconds since 1970. */
  readonly now: number;
  /**
   * Skips time: jobs go on, addresses and windows of the rate limit end, and
   * deliveries of webhooks are tried again, without anybody waiting.
   *
   * @param milliseconds How much.
   * @throws {RangeError} If it is no number from 0 on.
   */
  advance(milliseconds: number): void;
}

/** Which records of a collection are looked at. */
export interface RecordQuery {
  /** Only those whose JSON holds this text, in whatever case. */
  search?: string;
  /**
   * How many.
   *
   * @default {100}
   */
  limit?: number;
  /**
   * How many are passed over first.
   *
   * @default {0}
   */
  offset?: number;
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
  readonly #makers = new Map(
    RESOURCES.flatMap(({ makers = {} }) => Object.entries(makers)),
  );
  #state!: State;
  #dispatcher: WebhookDispatcher | undefined;
  #clock!: Clock;
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
    checkOptions(options);
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
   * The emulator's clock.
   *
   * @example A job that takes a while
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const emulator = new AvalaEmulator();
   * const { fetch } = emulator;
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const { uid } = await client.exports.create({ name: "Night run", dataset: "d" });
   * emulator.time.advance(60_000);
   * assertEquals((await client.exports.get(uid)).status, "exported");
   * ```
   *
   * @returns The clock.
   */
  get time(): EmulatorTime {
    return {
      now: this.#clock.now(),
      advance: (milliseconds) => this.#advance(milliseconds),
    };
  }

  /**
   * Meets requests to come with a fault.
   *
   * @example A fault that may meet nothing
   * ```ts
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const emulator = new AvalaEmulator();
   * const fault = emulator.fault({ path: "/task/", status: 503 });
   * await emulator.fetch("https://api.avala.ai/api/v1/tasks/");
   * assertEquals(fault.hits, 0);
   * assertEquals(
   *   fault.hint,
   *   'None of 1 requests had "/task/" in its path; the latest: GET /api/v1/tasks/',
   * );
   * fault.clear();
   * ```
   *
   * @param fault The fault.
   * @returns Tells how many requests it has met, and takes it back.
   * @throws {TypeError} If it has a field that no fault has.
   */
  fault(fault: Fault): FaultHandle {
    return this.#faults.add(fault);
  }

  /**
   * Tells of each request, once when it comes and once when it is over.
   *
   * @param listener What is told; what it throws has no effect.
   * @returns Ends it.
   */
  watch(listener: (request: SeenRequest) => void): () => void {
    return this.#log.watch(listener);
  }

  /**
   * Looks at the records of a collection, as they go over the wire and with their
   * secrets replaced by `[redacted]`.
   *
   * @param collection Its name.
   * @param query Which ones, and how many.
   * @returns The records, and how many there are in all.
   */
  records(
    collection: CollectionName,
    query: RecordQuery = {},
  ): { total: number; records: { [field: string]: unknown }[] } {
    const { search = "", limit = 100, offset = 0 } = query;
    const text = search.toLowerCase();
    const found = this.#state.collection(collection).filter((record) =>
      text === "" || JSON.stringify(record).toLowerCase().includes(text)
    );
    const records = found.slice(offset, offset + limit)
      .map((record) => redactJson(record) as { [field: string]: unknown });
    return { total: found.length, records };
  }

  /**
   * Keeps everything that there is, but for faults and the log of requests.
   *
   * @example Back to where a test began
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const emulator = new AvalaEmulator();
   * const { fetch } = emulator;
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const snapshot = emulator.snapshot();
   * await client.exports.create({ dataset: "d" });
   * emulator.restore(snapshot);
   * assertEquals((await client.exports.list()).length, 1);
   * ```
   *
   * @returns Plain data, which `structuredClone` and JSON leave as it is.
   */
  snapshot(): EmulatorSnapshot {
    return { version: 1, state: this.#state.save() };
  }

  /**
   * Goes back to what was kept, by this emulator or another one. Faults and the
   * log of requests stay.
   *
   * @param snapshot What was kept.
   * @throws {TypeError} If it is none of {@linkcode AvalaEmulator.snapshot}.
   */
  restore(snapshot: EmulatorSnapshot): void {
    const saved = readSnapshot(snapshot);
    const { random, advanced } = saved;
    this.#start(random, advanced, (state) => state.load(saved));
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

  /** Goes back to the start: what it was seeded with, no faults, no requests seen, no deliveries under way. */
  reset(): void {
    const { random = 0, seed } = this.#options;
    this.#start(random, 0, (state) => fill(state, seed, RESOURCES));
    this.#log.clear();
    this.clearFaults();
  }

  /** Begins with a state that is filled. */
  #start(
    random: number,
    advanced: number,
    fillState: (state: State) => void,
  ): void {
    const { pollsUntilExported, uploads, rateLimit, now } = this.#options;
    const clock = new Clock(now ?? Date.now);
    clock.advance(advanced);
    const state = new State({
      pollsUntilExported,
      clock,
      uploads,
      random,
      makers: this.#makers,
    });
    fillState(state);
    this.#dispatcher?.stop();
    // deliveries of the sample data are history: the others are sent
    const dispatcher = new WebhookDispatcher({
      ...this.#options.webhooks,
      isServed: () => this.#servers > 0,
      clock,
      note: (delivery, changes) =>
        state.collection("webhookDeliveries").update(delivery, changes),
    });
    state.send = (delivery, webhook) => dispatcher.send(delivery, webhook);
    this.#clock = clock;
    this.#state = state;
    this.#dispatcher = dispatcher;
    this.#replays = new Replays();
    this.#window = new RateWindow(rateLimit, () => clock.now());
  }

  #advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(
        `Cannot advance the time as 'milliseconds' must be a number from 0 on: current value is ${milliseconds}`,
      );
    }
    this.#clock.advance(milliseconds);
    const steps = milliseconds / READ_MS;
    for (const { advance } of RESOURCES) advance?.(this.#state, steps);
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
    const isEmpty = [204, 304].includes(status) || method === "HEAD";
    const statusText = STATUS_TEXT[status as StatusCode] ?? "";
    return new Response(isEmpty ? null : cut ? half : bytes, {
      ...response,
      statusText,
    });
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

const OPTIONS: { [name in keyof Required<AvalaEmulatorOptions>]: true } = {
  seed: true,
  random: true,
  latency: true,
  apiKeys: true,
  rateLimit: true,
  pollsUntilExported: true,
  uploads: true,
  now: true,
  webhooks: true,
  maxRequests: true,
  allowedHosts: true,
  allowedOrigins: true,
};

function checkOptions(options: AvalaEmulatorOptions): void {
  const unknown = Object.keys(options).find((name) =>
    !Object.hasOwn(OPTIONS, name)
  );
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `Cannot make the emulator as '${unknown}' is none of its options: ${
        Object.keys(OPTIONS).join(", ")
      }`,
    );
  }
  const { random = 0, latency = 0, maxRequests = 0 } = options;
  for (
    const [name, value] of Object.entries({ random, latency, maxRequests })
  ) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new ConfigurationError(
      `Cannot make the emulator as '${name}' must be a number from 0 on: current value is ${value}`,
    );
  }
}
