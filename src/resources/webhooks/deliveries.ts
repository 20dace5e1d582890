/**
 * What was delivered to webhooks.
 *
 * @example What did not arrive
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * for await (const delivery of client.webhookDeliveries.list()) {
 *   if (delivery.status !== "delivered") {
 *     console.log(delivery.eventType, delivery.responseStatus, delivery.attempts);
 *   }
 * }
 * ```
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model, type Open } from "../../wire/codec.ts";
import { PAGE, type PageOptions } from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type { WebhookEventName } from "./events.ts";

/** State of a delivery. */
export type WebhookDeliveryStatus = Open<"pending" | "delivered" | "failed">;

/** One webhook delivery and its retries. */
export interface WebhookDelivery {
  /** Unique id of the delivery. */
  uid: string;
  /** Unique id of the webhook. */
  subscription: string;
  /** Name of the event. */
  eventType: WebhookEventName;
  /** The body that was sent, untouched. */
  payload: JsonObject | null;
  /** HTTP status of the receiver's response. */
  responseStatus: number | null;
  /** Body of the receiver's response; older servers only. */
  responseBody: string | null;
  /** Size of that body in bytes. Documented, but not used by the official SDKs. */
  responseBodySize: number | null;
  /** SHA-256 of that body. Documented, but not used by the official SDKs. */
  responseBodySha256: string | null;
  /** First part of that body. Documented, but not used by the official SDKs. */
  responsePreview: string | null;
  /** How many times it was tried. */
  attempts: number;
  /** When it is tried again, ISO-8601. */
  nextRetryAt: string | null;
  /** State of the delivery. */
  status: WebhookDeliveryStatus | null;
  /** When the delivery was created, ISO-8601. */
  createdAt: string | null;
  /** When the delivery last changed, ISO-8601. */
  updatedAt: string | null;
}

const decodeDelivery = model<WebhookDelivery>({
  uid: null,
  subscription: null,
  eventType: null,
  payload: null,
  responseStatus: null,
  responseBody: null,
  responseBodySize: null,
  responseBodySha256: null,
  responsePreview: null,
  attempts: 0,
  nextRetryAt: null,
  status: null,
  createdAt: null,
  updatedAt: null,
});

/** Webhook deliveries. */
export class AsyncWebhookDeliveries extends Resource {
  /**
   * Lists deliveries.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all deliveries when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<WebhookDelivery> {
    const where = path("webhookDeliveries.list", "/webhook-deliveries/");
    return this.pages(decodeDelivery, where, PAGE, options, request);
  }

  /**
   * Reads a delivery.
   *
   * @param uid Unique id of the delivery.
   * @param request Request options.
   * @returns The delivery.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such delivery.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<WebhookDelivery> {
    const where = path(
      "webhookDeliveries.get",
      "/webhook-deliveries/{uid}/",
      { uid },
    );
    return await this.one(decodeDelivery, "GET", where, request);
  }
}
