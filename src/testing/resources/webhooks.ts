/**
 * Emulated routes of webhooks and their deliveries.
 *
 * @module
 */

import { isLoopback } from "../../http/config.ts";
import { type BodyFields, fieldErrors } from "../engine/fields.ts";
import {
  answer,
  type EmulatedResource,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";

const FIELDS: BodyFields = {
  target_url: {
    type: "string",
    required: true,
    check: checkTarget,
  },
  events: {
    type: "array",
    required: true,
    choices: [
      "dataset.created",
      "dataset.updated",
      "dataset.deleted",
      "export.completed",
      "export.failed",
      "task.completed",
      "result.submitted",
      "result.accepted",
      "result.rejected",
      "quality.alert",
    ],
  },
  is_active: { type: "boolean", notNull: true },
  secret: { type: "string" },
};

/** The routes of webhooks. */
const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/webhooks/",
    handle: ({ url, world }) =>
      pageAnswer(world.webhooks.page(url, undefined, withoutSecret)),
  },
  {
    method: "POST",
    path: "/webhooks/",
    handle: ({ body, world }) => {
      const refusal = refuse(fieldErrors(body, FIELDS));
      if (refusal) return refusal;
      const now = world.timestamp();
      const uid = world.newUid();
      const webhook = world.webhooks.add({
        uid,
        target_url: body.target_url,
        events: body.events,
        is_active: body.is_active ?? true,
        secret: body.secret || `emulated-secret-${uid}`,
        created_at: now,
        updated_at: now,
      });
      // this answer alone carries the secret
      return answer({ ...webhook }, 201);
    },
  },
  {
    method: "GET",
    path: "/webhooks/{uid}/",
    handle: ({ params, world }) => {
      const webhook = world.webhooks.get(params.uid ?? "");
      return answer(webhook && withoutSecret(webhook));
    },
  },
  {
    method: "PATCH",
    path: "/webhooks/{uid}/",
    handle: ({ params, body, world }) => {
      const webhook = world.webhooks.get(params.uid ?? "");
      if (!webhook) return notFound();
      const refusal = refuse(fieldErrors(body, FIELDS, true));
      if (refusal) return refusal;
      for (const field of ["target_url", "events", "is_active"]) {
        if (body[field] !== undefined) webhook[field] = body[field];
      }
      webhook.updated_at = world.timestamp();
      return answer(withoutSecret(webhook));
    },
  },
  {
    method: "DELETE",
    path: "/webhooks/{uid}/",
    handle: ({ params, world }) =>
      world.webhooks.delete(params.uid ?? "")
        ? { status: 204, body: null }
        : notFound(),
  },
  {
    method: "POST",
    path: "/webhooks/{uid}/test/",
    handle: ({ params, world }) => {
      const webhook = world.webhooks.get(params.uid ?? "");
      if (!webhook) return notFound();
      const event = (webhook.events as string[])[0] ?? "dataset.created";
      world.deliver(event, { uid: webhook.uid, test: true }, params.uid);
      return answer({ success: true, message: "A test event was delivered." });
    },
  },
];

/** The routes of webhook deliveries. */
const DELIVERY_ROUTES: Route[] = [
  {
    method: "GET",
    path: "/webhook-deliveries/",
    handle: ({ url, world }) => pageAnswer(world.deliveries.page(url)),
  },
  {
    method: "GET",
    path: "/webhook-deliveries/{uid}/",
    handle: ({ params, world }) =>
      answer(world.deliveries.get(params.uid ?? "")),
  },
];

/** Webhooks and their deliveries. */
export const WEBHOOKS: EmulatedResource = {
  routes: [...ROUTES, ...DELIVERY_ROUTES],
};

/** The service takes https alone; http to this machine is there for tests. */
function checkTarget(value: unknown): string | undefined {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
  const fine = url?.protocol === "https:" ||
    url?.protocol === "http:" && isLoopback(url.hostname);
  return fine ? undefined : "Enter a valid https URL.";
}

function withoutSecret(webhook: WireRecord): WireRecord {
  const { secret: _, ...rest } = webhook;
  return rest;
}
