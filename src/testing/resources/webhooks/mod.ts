/**
 * Emulated routes of webhooks.
 *
 * @module
 */

import { crudRoutes, withRecord } from "../../engine/crud.ts";
import type { WireRecord } from "../../engine/collection.ts";
import type { BodyFields } from "../../engine/fields.ts";
import { isLoopback } from "../../engine/hosts.ts";
import { respond } from "../../engine/responses.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";
import { deliver } from "./deliveries.ts";

const PATH = "/webhooks/";
const collection = "webhooks";

const UPDATE_FIELDS: BodyFields = {
  target_url: { type: "string", required: true, check: checkTarget },
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
};
const FIELDS: BodyFields = { ...UPDATE_FIELDS, secret: { type: "string" } };

/** Webhooks. */
export const WEBHOOKS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      show: ({ secret: _, ...webhook }) => webhook,
      create: {
        fields: FIELDS,
        make: (given, { state }) => newWebhook(state, given),
        // this response alone carries the secret
        show: (webhook) => webhook,
      },
      update: { fields: UPDATE_FIELDS },
      delete: true,
    }),
    {
      method: "POST",
      path: `${PATH}{uid}/test/`,
      handle: withRecord({ collection }, ({ uid, events }, { state }) => {
        const [event = "dataset.created"] = events as string[];
        deliver(state, event, { uid, test: true }, uid);
        return respond({
          success: true,
          message: "A test event was delivered.",
        });
      }),
    },
  ],
  seed,
  models: {
    webhooks: {
      collection,
      fields: FIELDS,
      make: (given, state) => newWebhook(state, given),
    },
  },
};

/** The service takes https alone; http to this machine is there for tests. */
function checkTarget(value: unknown): string | undefined {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
  const isFine = url?.protocol === "https:" ||
    url?.protocol === "http:" && isLoopback(url.hostname);
  return isFine ? undefined : "Enter a valid https URL.";
}

function newWebhook(state: State, given: WireRecord): WireRecord {
  const uid = state.newUid();
  return {
    uid,
    is_active: true,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
    secret: given.secret || `emulated-secret-${uid}`,
  };
}

function seed(state: State): void {
  state.collection(collection).add(newWebhook(state, {
    target_url: "https://hooks.northlight.example/avala",
    events: ["export.completed", "dataset.created"],
    secret: "emulated-secret-0",
    created_at: CREATED,
    updated_at: UPDATED,
  }));
}
