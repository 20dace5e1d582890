/**
 * Webhook deliveries that are really sent, signed as the service signs them.
 *
 * @module
 */

import { signWebhook } from "../../../resources/webhooks/verify.ts";
import type { Clock } from "../../engine/clock.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { isLoopback } from "../../engine/hosts.ts";
import { type ByteStream, chunksOf } from "../../storage/bytes.ts";

/** How the emulator delivers webhooks. */
export interface WebhookDeliveryOptions {
  /**
   * Sends every delivery, to whatever address.
   *
   * @default {the global fetch, while the emulator is served, and only to http addresses of this machine; other deliveries are recorded, not sent}
   */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * What the waits before further attempts (60, 300, 1,800 and 7,200 s) are
   * multiplied by.
   *
   * @default {0.001}
   */
  delayFactor?: number | undefined;
}

// assumptions: the docs say that failed deliveries are retried, not how
const TIMEOUT = 10_000;
const DELAYS = [60_000, 300_000, 1_800_000, 7_200_000];
/** Of a longer response nobody reads the rest. */
const MAX_RESPONSE = 2 ** 20;

/** What the dispatcher needs to know of the emulator. */
export interface DispatcherOptions extends WebhookDeliveryOptions {
  /** Tells whether the emulator is served. */
  isServed: () => boolean;
  /** The clock. */
  clock: Clock;
  /** Notes in the record of a delivery what became of it. */
  note: (delivery: WireRecord, changes: WireRecord) => void;
}

/** Brings deliveries to their webhooks. */
export class WebhookDispatcher {
  readonly #options: DispatcherOptions;
  readonly #underWay = new Set<Promise<void>>();
  #ended = new AbortController();

  /**
   * Constructs a dispatcher.
   *
   * @param options How to deliver, and what it needs to know.
   */
  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /**
   * Sends a delivery if its address may be reached; what becomes of it is noted
   * in its record.
   *
   * @param delivery The record, as of a delivery that arrived at once.
   * @param webhook The webhook, with its secret.
   */
  send(delivery: WireRecord, webhook: WireRecord): void {
    if (!this.#reaches(String(webhook.target_url))) return;
    this.#options.note(delivery, {
      ...NO_RESPONSE,
      attempts: 0,
      status: "pending",
    });
    const { signal } = this.#ended;
    const work = this.#deliver(delivery, webhook, signal)
      // stopped on purpose
      .catch(() => {})
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /**
   * Waits for the deliveries that are under way.
   *
   * @returns A promise that is fulfilled when each has arrived or failed for good.
   */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /**
   * Ends deliveries and waits that are under way.
   *
   * @returns A promise that is fulfilled when nothing is left of them.
   */
  async stop(): Promise<void> {
    this.#ended.abort();
    this.#ended = new AbortController();
    await Promise.all(this.#underWay);
  }

  #reaches(target: string): boolean {
    if (this.#options.fetch) return true;
    const { protocol, hostname } = new URL(target);
    return this.#options.isServed() && protocol === "http:" &&
      isLoopback(hostname);
  }

  async #deliver(
    delivery: WireRecord,
    webhook: WireRecord,
    signal: AbortSignal,
  ): Promise<void> {
    const { delayFactor = 0.001, clock, note } = this.#options;
    const timestamp = (later: number) =>
      new Date(clock.now() + later).toISOString();
    for (let attempt = 1;; attempt++) {
      const noted = await this.#attempt(delivery, webhook, signal);
      const wait = DELAYS[attempt - 1];
      const status = Number(noted.response_status);
      const arrived = status >= 200 && status < 300;
      const again = !arrived && wait !== undefined;
      note(delivery, {
        ...noted,
        attempts: attempt,
        status: arrived ? "delivered" : again ? "pending" : "failed",
        next_retry_at: again ? timestamp(wait) : null,
        updated_at: timestamp(0),
      });
      if (!again) return;
      await clock.sleep(wait * delayFactor, signal);
    }
  }

  /** Sends it once, and says what to note of the response. */
  async #attempt(
    { uid, event_type, payload }: WireRecord,
    { target_url, secret }: WireRecord,
    parent: AbortSignal,
  ): Promise<WireRecord> {
    const body = JSON.stringify(payload);
    const headers = {
      "content-type": "application/json",
      "X-Avala-Webhook-Signature": await signWebhook(body, String(secret)),
      "X-Avala-Webhook-Event": String(event_type),
      "X-Avala-Webhook-Delivery": String(uid),
    };
    const { fetch = globalThis.fetch } = this.#options;
    try {
      const response = await fetch(String(target_url), {
        method: "POST",
        headers,
        body,
        redirect: "manual",
        signal: AbortSignal.any([parent, AbortSignal.timeout(TIMEOUT)]),
      });
      return await noteOf(response);
    } catch {
      parent.throwIfAborted();
      return NO_RESPONSE;
    }
  }
}

const NO_RESPONSE: WireRecord = {
  response_status: null,
  response_body: null,
  response_body_size: null,
  response_body_sha256: null,
  response_preview: null,
};

/** What a foreign server responds is nobody else's to read: only how much it was. */
async function noteOf(response: Response): Promise<WireRecord> {
  let size = 0;
  for await (const chunk of chunksOf(response.body as ByteStream)) {
    size += chunk.length;
    if (size >= MAX_RESPONSE) break;
  }
  return {
    ...NO_RESPONSE,
    response_status: response.status,
    response_body_size: size,
  };
}
