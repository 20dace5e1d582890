/**
 * Webhook subscriptions, and the receiving end: {@linkcode verifyWebhook}.
 *
 * It checks the signature over the raw bytes and gives a typed event. Give several
 * secrets while you replace one. Only the body is signed, not the name of the event
 * nor the id of the delivery: check the fields that you need, and give a store as
 * `seen` (a `Set` does for one process) where a replay would do harm. In tests,
 * {@linkcode signWebhook} makes the signature, and the emulator sends real deliveries.
 *
 * @example Subscribe to an event
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const webhook = await client.webhooks.create({
 *   targetUrl: "https://hooks.example.com/avala",
 *   events: ["export.completed"],
 * });
 * console.log(webhook.uid); // keep `webhook.secret`: it is shown this once
 * ```
 *
 * @example Receive events
 * ```ts
 * import { WebhookVerificationError } from "@avala/client/errors";
 * import { signWebhook, verifyWebhook } from "@avala/client/webhooks";
 * import { assertEquals } from "@std/assert";
 *
 * const secret = "whsec_example"; // `webhooks.create` showed it once
 *
 * async function receive(request: Request): Promise<Response> {
 *   try {
 *     const event = await verifyWebhook(request, secret);
 *     if (event.type === "export.completed") {
 *       console.log("finished:", event.payload.uid);
 *     }
 *     return new Response(null, { status: 204 });
 *   } catch (error) {
 *     if (!(error instanceof WebhookVerificationError)) throw error;
 *     return new Response(null, { status: 400 });
 *   }
 * }
 * // Deno.serve(receive), Bun.serve({ fetch: receive }),
 * // app.post("/", (c) => receive(c.req.raw))
 *
 * // in a test
 * const body = JSON.stringify({ uid: "e-1", status: "exported" });
 * const request = new Request("https://example.com/hook", {
 *   method: "POST",
 *   body,
 *   headers: {
 *     "X-Avala-Webhook-Signature": await signWebhook(body, secret),
 *     "X-Avala-Webhook-Event": "export.completed",
 *   },
 * });
 * assertEquals((await receive(request)).status, 204);
 * ```
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model } from "../../wire/codec.ts";
import {
  body,
  nonEmptyArray,
  nonEmptyString,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  requiredList,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type { WebhookEvent, WebhookEventName } from "./events.ts";
import type { VerifyWebhookOptions, WebhookDelivered } from "./verify.ts";

export type {
  SeenWebhooks,
  VerifyWebhookOptions,
  WebhookDelivered,
} from "./verify.ts";
export type {
  DatasetDeletedPayload,
  DatasetEventPayload,
  ExportEventPayload,
  ResultEventPayload,
  TaskEventPayload,
  WebhookEvent,
  WebhookEventName,
  WebhookEventOf,
} from "./events.ts";

/** A webhook subscription. */
export interface Webhook {
  /** Unique id of the webhook. */
  uid: string;
  /** https address to deliver to. */
  targetUrl: string;
  /** Names of the events that are delivered. */
  events: WebhookEventName[];
  /** Whether deliveries are made. */
  isActive: boolean;
  /** Signing secret; only in the response of `create`, else null. */
  secret: string | null;
  /** When the webhook was created, ISO-8601. */
  createdAt: string | null;
  /** When the webhook last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Options of {@linkcode AsyncWebhooks.create}. */
export interface CreateWebhookOptions {
  /** https address to deliver to. */
  targetUrl: string;
  /** Names of the events to deliver. */
  events: WebhookEventName[];
  /** Whether deliveries are made. */
  isActive?: boolean | undefined;
  /** Signing secret; the server makes one when it is left out. */
  secret?: string | undefined;
}

/** Options of {@linkcode AsyncWebhooks.update}: only what is given changes. */
export interface UpdateWebhookOptions {
  /** https address to deliver to. */
  targetUrl?: string | undefined;
  /** Names of the events to deliver. */
  events?: WebhookEventName[] | undefined;
  /** Whether deliveries are made. */
  isActive?: boolean | undefined;
}

const decodeWebhook = model<Webhook>({
  uid: null,
  targetUrl: null,
  events: [],
  isActive: true,
  secret: null,
  createdAt: null,
  updatedAt: null,
});

const CREATE: OptionTable<CreateWebhookOptions> = {
  targetUrl: requiredText,
  events: requiredList,
  isActive: optional,
  secret: optional,
};

const UPDATE: OptionTable<UpdateWebhookOptions> = {
  targetUrl: { check: nonEmptyString },
  events: { check: nonEmptyArray },
  isActive: optional,
};

/** Webhooks. */
export class AsyncWebhooks extends Resource {
  /**
   * Lists webhooks.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all webhooks when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Webhook> {
    const where = path("webhooks.list", "/webhooks/");
    return this.pages(decodeWebhook, where, PAGE, options, request);
  }

  /**
   * Reads a webhook.
   *
   * @param uid Unique id of the webhook.
   * @param request Request options.
   * @returns The webhook, without its secret.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such webhook.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<Webhook> {
    const where = path("webhooks.get", "/webhooks/{uid}/", { uid });
    return await this.one(decodeWebhook, "GET", where, request);
  }

  /**
   * Subscribes an address to events.
   *
   * @param options Address and events.
   * @param request Request options.
   * @returns The webhook; only this response carries its secret.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateWebhookOptions,
    request?: RequestOptions,
  ): Promise<Webhook> {
    const where = path("webhooks.create", "/webhooks/");
    const input = body(CREATE, options);
    return await this.one(decodeWebhook, "POST", where, request, input);
  }

  /**
   * Changes a webhook.
   *
   * @param uid Unique id of the webhook.
   * @param options What to change.
   * @param request Request options.
   * @returns The webhook, without its secret.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such webhook.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    uid: string,
    options: UpdateWebhookOptions,
    request?: RequestOptions,
  ): Promise<Webhook> {
    const where = path("webhooks.update", "/webhooks/{uid}/", { uid });
    const input = body(UPDATE, options);
    return await this.one(decodeWebhook, "PATCH", where, request, input);
  }

  /**
   * Deletes a webhook.
   *
   * @param uid Unique id of the webhook.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such webhook.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const where = path("webhooks.delete", "/webhooks/{uid}/", { uid });
    await this.nothing("DELETE", where, request);
  }

  /**
   * Has the server deliver a test event.
   *
   * @param uid Unique id of the webhook.
   * @param request Request options.
   * @returns The server's JSON as it is; its keys differ between sources of the
   * Avala docs (`success`, `delivered`, `message` were seen).
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such webhook.
   * @throws {AvalaError} If the request fails.
   */
  async test(uid: string, request?: RequestOptions): Promise<JsonObject> {
    const where = path("webhooks.test", "/webhooks/{uid}/test/", { uid });
    return await this.json("POST", where, request, { idempotent: true });
  }
}

/**
 * Verifies that a body comes from the service: its signature is the HMAC-SHA256
 * of the raw body with the webhook's secret.
 *
 * The headers are not signed, and so neither are the name of the event and the id
 * of the delivery: anyone who has seen a delivery can send its body again, under another
 * name. Before you act on an event, check that its payload has what its type
 * promises, such as a `taskUid` for `task.completed`; where a replay would do harm,
 * give `seen`.
 *
 * @example A receiver
 * ```ts
 * import { signWebhook, verifyWebhook } from "@avala/client/webhooks";
 * import { WebhookVerificationError } from "@avala/client/errors";
 * import { assertEquals } from "@std/assert";
 *
 * const secret = "whsec_example";
 *
 * // works with Deno.serve, Bun.serve, Hono, and every other handler of requests
 * async function handler(request: Request): Promise<Response> {
 *   try {
 *     const event = await verifyWebhook(request, secret);
 *     if (event.type === "export.completed") {
 *       console.log(event.payload.downloadUrl);
 *     }
 *     return new Response(null, { status: 204 });
 *   } catch (error) {
 *     if (!(error instanceof WebhookVerificationError)) throw error;
 *     return new Response(null, { status: 400 });
 *   }
 * }
 *
 * // a test of it
 * const body = JSON.stringify({ uid: "e-1", status: "exported" });
 * const headers = {
 *   "X-Avala-Webhook-Signature": await signWebhook(body, secret),
 *   "X-Avala-Webhook-Event": "export.completed",
 * };
 * const url = "https://receiver.example/";
 * const delivered = new Request(url, { method: "POST", body, headers });
 * assertEquals((await handler(delivered)).status, 204);
 * ```
 *
 * @example A framework that reads the body itself
 * ```ts
 * import { signWebhook, verifyWebhook } from "@avala/client/webhooks";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('{"uid":"d-1","item_count":3}');
 * const signature = await signWebhook(body, "whsec_example");
 * const event = await verifyWebhook(
 *   { body, signature, event: "dataset.updated" },
 *   ["whsec_example", "whsec_retired"],
 * );
 * assertEquals(event.type === "dataset.updated" && event.payload.itemCount, 3);
 * ```
 *
 * @example Each body once
 * ```ts
 * import { signWebhook, verifyWebhook } from "@avala/client/webhooks";
 * import { WebhookReplayError } from "@avala/client/errors";
 * import { assertRejects } from "@std/assert";
 *
 * const seen = new Set<string>(); // or a database with entries that expire
 * const body = '{"task_uid":"t-1","task_status":"completed"}';
 * const signature = await signWebhook(body, "whsec_example");
 * const verify = () =>
 *   verifyWebhook({ body, signature }, "whsec_example", { seen });
 * await verify();
 * await assertRejects(verify, WebhookReplayError); // respond 2xx, do nothing
 * ```
 *
 * @param received The request, its body unread; or the raw body and the headers.
 * @param secret The secret of the webhook; several while it is being replaced.
 * @param options Options of the verification.
 * @returns The event.
 * @throws {WebhookVerificationError} If the signature is missing or wrong, the body too long or no JSON.
 * @throws {WebhookReplayError} If the body was seen before.
 * @throws {InvalidArgumentError} If the body was already read or parsed, a secret is empty, or an option is wrong.
 */
export async function verifyWebhook(
  received: Request | WebhookDelivered,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  // before the first pause: bytes that change later must not pass for these
  const { body } = (received ?? {}) as WebhookDelivered;
  const kept = isBytes(body)
    ? { ...received as WebhookDelivered, body: copyOf(body) }
    : received;
  const { verifyWebhook } = await import("./verify.ts");
  return await verifyWebhook(kept, secret, options);
}

/**
 * Signs a body as the service does, for tests of one's own receiver.
 *
 * @example Usage
 * ```ts
 * import { signWebhook } from "@avala/client/webhooks";
 * import { assertEquals } from "@std/assert";
 *
 * const signature = await signWebhook("{}", "whsec_example");
 * assertEquals(signature.length, 64);
 * ```
 *
 * @param body The body as it will be sent.
 * @param secret The secret.
 * @returns The value of the header `X-Avala-Webhook-Signature`.
 * @throws {InvalidArgumentError} If the body is neither text nor bytes, or the secret is empty.
 */
export async function signWebhook(
  body: string | Uint8Array | ArrayBuffer,
  secret: string,
): Promise<string> {
  const kept = isBytes(body) ? copyOf(body) : body;
  const { signWebhook } = await import("./verify.ts");
  return await signWebhook(kept, secret);
}

function isBytes(body: unknown): body is Uint8Array | ArrayBuffer {
  return body instanceof Uint8Array || body instanceof ArrayBuffer;
}

/** A slice of Node's buffers would be the same bytes. */
function copyOf(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  return new Uint8Array(bytes instanceof ArrayBuffer ? bytes.slice(0) : bytes);
}
