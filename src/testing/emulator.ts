/**
 * The emulator itself.
 *
 * @module
 */

import { redactJson } from "../redact.ts";
import { Clock } from "./engine/clock.ts";
import type { Fault, FaultHandle } from "./engine/faults.ts";
import { Gate } from "./engine/gate.ts";
import type { SeenRequest } from "./engine/request_log.ts";
import { Responder } from "./engine/responder.ts";
import { type EmulatorServer, serve } from "./engine/serve.ts";
import { type CollectionName, State } from "./engine/state.ts";
import { type AvalaEmulatorOptions, checkOptions } from "./options.ts";
import { announce } from "./resources/events.ts";
import { RESOURCES } from "./resources/mod.ts";
import { WebhookDispatcher } from "./resources/webhooks/dispatcher.ts";
import { fill } from "./seed.ts";
import { type EmulatorSnapshot, readSnapshot } from "./snapshot.ts";
import type { StoredFile } from "./storage/bucket.ts";

/** Skipped time that stands for one read of a job. */
const READ_MS = 10_000;

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
  /** Only those whose JSON holds this text, ignoring case. */
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
  readonly #gate: Gate;
  readonly #responder: Responder;
  readonly #makers = new Map(
    RESOURCES.flatMap(({ makers = {} }) => Object.entries(makers)),
  );
  #state!: State;
  #dispatcher: WebhookDispatcher | undefined;
  #servers = 0;

  /**
   * Constructs an emulator with its sample data: a LiDAR dataset with three
   * sequences, issues and outcomes, an image dataset with 250 items, projects,
   * tasks and scores, a finished export, a webhook, two agents with executions that
   * wait for them, an organization with members, invitations and teams, a fleet of
   * four devices with recordings, events, rules, alerts and a channel, a slice, a
   * bucket, an inference provider, two auto-label jobs and two quality targets.
   *
   * @param options The options.
   * @throws {ConfigurationError} If one is unknown or wrong, or the seed is.
   */
  constructor(options: AvalaEmulatorOptions = {}) {
    checkOptions(options);
    this.#options = options;
    this.#gate = new Gate({ ...options, storage: options.uploads?.origin });
    this.#responder = new Responder(RESOURCES, options);
    this.fetch = (input, init) =>
      this.#responder.fetch(new Request(input, init));
    this.reset();
  }

  /**
   * The requests seen, the oldest first: the latest ones where there were more
   * than `maxRequests`.
   *
   * @returns The log.
   */
  get requests(): readonly SeenRequest[] {
    return this.#responder.log.entries;
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
      now: this.#state.clock.now(),
      advance: (milliseconds) => this.#advance(milliseconds),
    };
  }

  /**
   * Makes requests to come fail.
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
   * @throws {TypeError} If it has a field that no fault has, or a status that is none.
   */
  fault(fault: Fault): FaultHandle {
    return this.#responder.faults.add(fault);
  }

  /**
   * Calls a listener for each request: once when it arrives, once when it has ended.
   *
   * @param listener What is told; what it throws has no effect.
   * @returns Ends it.
   */
  watch(listener: (request: SeenRequest) => void): () => void {
    return this.#responder.log.watch(listener);
  }

  /**
   * Reads the records of a collection as they go over the wire, with their secrets
   * replaced by `[redacted]`.
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
   * Captures the whole state, but for faults and the log of requests.
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
   * Returns to a snapshot, of this emulator or another one. Faults and the
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
   * Makes something happen that no request causes, such as the end of a
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
    this.#responder.faults.clear();
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
    this.#responder.log.clear();
    this.clearFaults();
  }

  /** Begins with a state that is filled. */
  #start(
    random: number,
    advanced: number,
    fillState: (state: State) => void,
  ): void {
    const { pollsUntilExported, uploads, now } = this.#options;
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
    this.#state = state;
    this.#dispatcher = dispatcher;
    this.#responder.begin(state);
  }

  #advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(
        `Cannot advance the time as 'milliseconds' must be a number from 0 on: current value is ${milliseconds}`,
      );
    }
    this.#state.clock.advance(milliseconds);
    const steps = milliseconds / READ_MS;
    for (const { advance } of RESOURCES) advance?.(this.#state, steps);
  }

  /**
   * Serves the emulator on a loopback port, by `node:http`, which Deno, Node and
   * Bun have. Its address without a path is a page that shows what happens in it. While it is served, webhooks with an http address of this machine
   * (which the real service refuses) get their deliveries.
   *
   * @param options The port; any free one by default.
   * @param options.port The port.
   * @returns The server.
   */
  async serve(options: { port?: number } = {}): Promise<EmulatorServer> {
    const { Page } = await import("./page/mod.ts");
    const page = new Page(this);
    const server = await serve(
      (request, signal) =>
        page.respond(request, signal) ??
          this.#responder.exchange(request, signal),
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
}
