/**
 * The emulator itself: credentials, faults, routes and the log of requests.
 *
 * @module
 */

import { redactHeaders } from "../../http/hooks.ts";
import { redactJson } from "../../redact.ts";
import { type Arriving, digest, type StoredFile } from "../storage/bucket.ts";
import {
  Courier,
  type WebhookDeliveryOptions,
} from "../resources/webhook_dispatcher.ts";
import { announce } from "../resources/events.ts";
import {
  type Arrival,
  type Departure,
  parse,
  readSome,
  toBytes,
} from "./exchange.ts";
import { type Fault, Faults, pause } from "./faults.ts";
import { Replays } from "./replays.ts";
import { RESOURCES } from "../resources/mod.ts";
import { type EmulatedAnswer, findRoute } from "./router.ts";
import { type EmulatorServer, serve } from "./serve.ts";
import type { WireRecord } from "./store.ts";
import { type UploadSettings, World } from "./state.ts";

const PREFIX = "/api/v1";
const ROUTES = RESOURCES.flatMap(({ routes }) => routes);
const PRESIGNED_ROUTES = RESOURCES.flatMap(({ presigned = [] }) => presigned);
const STORAGE_ROUTES = RESOURCES.flatMap(({ storage = [] }) => storage);

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
  rateLimit?: { limit: number; windowMs: number } | undefined;
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
}

/** A request that the emulator has seen. */
export interface SeenRequest {
  /** HTTP method. */
  method: string;
  /** Path with its prefix. */
  path: string;
  /** Query by name; secrets are replaced by `[redacted]`. */
  query: { [name: string]: string };
  /** Headers by lowercase name; secrets are replaced by `[redacted]`. */
  headers: { [name: string]: string };
  /** Parsed JSON body, or null; secrets are replaced by `[redacted]`. */
  body: unknown;
  /** Status it was answered with; 0 when the connection was cut. */
  status: number;
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
 * assertEquals(page.items[0]?.slug, "hafenkran-sued");
 * assertEquals(emulator.requests.map(({ status }) => status), [503, 200]);
 * ```
 */
export class AvalaEmulator {
  /** Stands in for the global `fetch`; every host is the emulator. */
  readonly fetch: typeof globalThis.fetch;
  readonly #options: AvalaEmulatorOptions;
  readonly #faults = new Faults();
  #world!: World;
  #courier: Courier | undefined;
  #servers = 0;
  #replays!: Replays;
  #requests: SeenRequest[] = [];
  #window = { end: 0, count: 0 };

  /**
   * Constructs an emulator with its small world: a LiDAR dataset with three
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
    this.fetch = (input, init) => this.#fetch(new Request(input, init));
    this.reset();
  }

  /**
   * The requests seen, in order.
   *
   * @returns The log.
   */
  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  /**
   * The files that were uploaded, in the order in which they first arrived.
   *
   * @returns The files: path, size and SHA-256.
   */
  get storedFiles(): readonly StoredFile[] {
    return this.#world.bucket.files;
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
    announce(this.#world, event, payload);
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
    await this.#courier?.idle();
  }

  /** Goes back to the start: the small world, no faults, no requests seen, no deliveries under way. */
  reset(): void {
    const { pollsUntilExported = 3, now = Date.now, uploads } = this.#options;
    this.#courier?.stop();
    this.#world = new World(pollsUntilExported, now, uploads);
    for (const { seed } of RESOURCES) seed?.(this.#world);
    // what the small world has delivered is history
    const { webhooks = {} } = this.#options;
    this.#courier = new Courier(webhooks, () => this.#servers > 0, now);
    this.#world.courier = this.#courier;
    this.#replays = new Replays();
    this.#requests = [];
    this.#window = { end: 0, count: 0 };
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
      (arrival, signal) => this.#exchange(arrival, signal),
      options.port ?? 0,
      async () => {
        if (--this.#servers === 0) await this.#courier?.stop();
      },
    );
    this.#servers++;
    return server;
  }

  async #fetch(request: Request): Promise<Response> {
    const { method, url, headers, signal } = request;
    signal.throwIfAborted();
    const stream = request.body as Arriving;
    const arrival = { method, url: new URL(url), headers, stream };
    const departure = await this.#exchange(arrival, signal);
    if (departure.status === 0) throw new TypeError("fetch failed");
    const { status, bytes, cut } = departure;
    const half = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, bytes.length >> 1));
      },
      pull(controller) {
        controller.error(new TypeError("terminated"));
      },
    });
    const empty = status === 204 || method === "HEAD";
    return new Response(empty ? null : cut ? half : bytes, departure);
  }

  /** One request, with the fault that meets it. */
  async #exchange(arrival: Arrival, signal: AbortSignal): Promise<Departure> {
    const { method, url, headers, stream } = arrival;
    const isStored = url.pathname.startsWith("/storage/");
    const fault = this.#faults.take(method, url.pathname) ?? {};
    const body = isStored ? {} : parse(await new Response(stream).text());
    const seen: SeenRequest = {
      method,
      path: url.pathname,
      query: redactJson(Object.fromEntries(url.searchParams)) as {
        [name: string]: string;
      },
      headers: redactHeaders(headers, []),
      body: isStored ? null : redactJson(body ?? null),
      status: 0,
    };
    this.#requests.push(seen);
    if (fault.delay) await pause(fault.delay, signal);
    if (fault.hang) await pause(Infinity, signal);
    const lost = {
      status: 0,
      headers: {},
      bytes: new Uint8Array(),
      cut: false,
    };
    if (fault.drop) {
      // half of a file has left when the connection breaks
      if (isStored) await readSome(stream);
      return lost;
    }
    const isAnswered = fault.status !== undefined || fault.body !== undefined;
    if (isAnswered && isStored) await digest(stream);
    const answer = isAnswered
      ? { status: fault.status ?? 200, body: fault.body ?? null }
      : await this.#answer(arrival, body);
    if (fault.loseAnswer) return lost;
    seen.status = answer.status;
    const bytes = toBytes(answer.body);
    return {
      status: answer.status,
      headers: {
        "content-type": typeof answer.body === "string"
          ? "text/html"
          : "application/json",
        "content-length": String(bytes.length),
        ...this.#rateLimitHeaders(),
        ...answer.headers,
        ...fault.headers,
        ...(fault.retryAfter !== undefined &&
          { "retry-after": String(fault.retryAfter) }),
      },
      bytes,
      cut: fault.truncate === true,
    };
  }

  async #answer(arrival: Arrival, body: unknown): Promise<EmulatedAnswer> {
    const { method, url, headers, stream } = arrival;
    const presigned = findRoute(PRESIGNED_ROUTES, method, url.pathname);
    const isPresigned = typeof presigned === "object";
    const isApi = url.pathname.startsWith(`${PREFIX}/`);
    const path = isApi ? url.pathname.slice(PREFIX.length) : url.pathname;
    const found = isPresigned
      ? presigned
      : findRoute(isApi ? ROUTES : STORAGE_ROUTES, method, path);
    const open = typeof found === "object" && found.route.open;
    const refusal = isPresigned
      ? undefined
      : (open ? undefined : this.#checkCredential(headers)) ??
        this.#countRequest();
    if (refusal) return refusal;
    // Django answers with a page where no route matches
    if (found === 404) return { status: 404, body: "<h1>Not Found</h1>" };
    if (found === 405) {
      return {
        status: 405,
        body: { detail: `Method "${method}" not allowed.` },
      };
    }
    const entries = Array.isArray(body) ? body : [];
    const { takesList = false, handle } = found.route;
    if (typeof body !== "object" || Array.isArray(body) !== takesList) {
      return { status: 400, body: { detail: "JSON parse error" } };
    }
    const request = {
      method,
      url,
      headers,
      stream: isPresigned ? stream : null,
      params: found.params,
      body: takesList ? {} : body as WireRecord ?? {},
      entries,
      world: this.#world,
    };
    return await this.#replays.answer(request, () => handle(request));
  }

  #checkCredential(headers: Headers): EmulatedAnswer | undefined {
    const { apiKeys } = this.#options;
    const key = headers.get("x-avala-api-key");
    const bearer = headers.get("authorization")?.startsWith("Bearer ");
    if (!key && bearer && !apiKeys) return undefined;
    const known = key &&
      (this.#world.keys.has(key) ||
        (apiKeys?.includes(key) ?? key.startsWith("avk_")));
    if (known) return undefined;
    const detail = key
      ? "Invalid API key."
      : "Authentication credentials were not provided.";
    return { status: 401, body: { detail } };
  }

  #countRequest(): EmulatedAnswer | undefined {
    const { rateLimit, now = Date.now } = this.#options;
    const window = this.#window;
    if (now() >= window.end) {
      const { windowMs = 60_000 } = rateLimit ?? {};
      const end = now() + windowMs;
      window.end = windowMs < 1_000 ? end : Math.round(end / 1_000) * 1_000;
      window.count = 0;
    }
    window.count++;
    if (!rateLimit || window.count <= rateLimit.limit) return undefined;
    const wait = Math.max(1, Math.ceil((window.end - now()) / 1_000));
    return {
      status: 429,
      body: { detail: `Request was throttled. Try again in ${wait} s.` },
      headers: { "retry-after": String(wait) },
    };
  }

  #rateLimitHeaders(): { [name: string]: string } {
    const limit = this.#options.rateLimit?.limit ?? 100;
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - this.#window.count)),
      "x-ratelimit-reset": String(Math.ceil(this.#window.end / 1_000)),
    };
  }
}
