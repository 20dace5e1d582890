/**
 * Emulated routes of webhook deliveries.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { crudRoutes } from "../../engine/crud.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";

/** How many deliveries are kept; the oldest ones are forgotten. */
const LIMIT = 10_000;

/** Webhook deliveries. */
export const WEBHOOK_DELIVERIES: EmulatedResource = {
  routes: crudRoutes({
    path: "/webhook-deliveries/",
    collection: "webhookDeliveries",
  }),
  seed,
};

/**
 * Records a delivery to every active webhook that wants an event, and has it
 * sent.
 *
 * @param state Where the webhooks are.
 * @param event Name of the event.
 * @param payload Body of the delivery.
 * @param only Unique id of the one webhook to deliver to, whatever it wants.
 */
export function deliver(
  state: State,
  event: string,
  payload: WireRecord,
  only?: unknown,
): void {
  for (const { record: webhook } of state.collection("webhooks").rows()) {
    const { uid, events, is_active } = webhook;
    const isWanted = only === undefined
      ? is_active && (events as string[]).includes(event)
      : uid === only;
    if (!isWanted) continue;
    const deliveries = state.collection("webhookDeliveries");
    if (deliveries.size >= LIMIT) deliveries.delete(deliveries.find()?.uid);
    const delivery = deliveries.add({
      uid: state.newUid(),
      subscription: uid,
      event_type: event,
      payload,
      response_status: 200,
      response_body: null,
      response_body_size: 2,
      response_body_sha256: null,
      response_preview: "ok",
      attempts: 1,
      next_retry_at: null,
      status: "delivered",
      created_at: state.timestamp(),
      updated_at: state.timestamp(),
    });
    state.send?.(delivery, webhook);
  }
}

function seed(state: State): void {
  const dataset = state.collection("datasets").find({ data_type: "image" });
  const webhook = state.collection("webhooks").find();
  for (let index = 0; index < 3; index++) {
    const payload = { uid: dataset?.uid, itemCount: index, "dotted.key": null };
    deliver(state, "dataset.created", payload, webhook?.uid);
  }
}
