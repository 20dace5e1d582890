/**
 * What webhooks deliver: the events and their payloads.
 *
 * @module
 */

import {
  type Decode,
  isJsonObject,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";

/** Name of an event that a webhook can be told of. */
export type WebhookEventName = Open<
  | "dataset.created"
  | "dataset.updated"
  | "dataset.deleted"
  | "export.completed"
  | "export.failed"
  | "task.completed"
  | "result.submitted"
  | "result.accepted"
  | "result.rejected"
  | "quality.alert"
>;

/** Payload of `export.completed` and `export.failed`. */
export interface ExportEventPayload {
  /** Unique id of the export. */
  uid: string;
  /** State of the export. */
  status: string | null;
  /** Where the result is, if there is one. */
  downloadUrl: string | null;
  /** Format of the export. */
  format: string | null;
  /** When the export was created, ISO-8601. */
  createdAt: string | null;
}

/** Payload of `dataset.created` and `dataset.updated`. */
export interface DatasetEventPayload {
  /** Unique id of the dataset. */
  uid: string;
  /** Display name. */
  name: string | null;
  /** User name of the owner. */
  owner: string | null;
  /** Name in URLs. */
  slug: string | null;
  /** What the dataset holds, such as `lidar`. */
  dataType: string | null;
  /** How many items it has. */
  itemCount: number | null;
  /** When the dataset was created, ISO-8601. */
  createdAt: string | null;
  /** When the dataset last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Payload of `dataset.deleted`. */
export interface DatasetDeletedPayload {
  /** Unique id that the dataset had. */
  uid: string;
  /** Display name. */
  name: string | null;
  /** User name of the owner. */
  owner: string | null;
  /** Name in URLs. */
  slug: string | null;
}

/** Payload of `task.completed`. */
export interface TaskEventPayload {
  /** Unique id of the task. */
  taskUid: string;
  /** Display name of the task. */
  taskName: string | null;
  /** Type of the task. */
  taskType: string | null;
  /** State of the task. */
  taskStatus: string | null;
  /** Unique id of the project. */
  projectUid: string | null;
}

/** Payload of `result.submitted`, `result.accepted` and `result.rejected`. */
export interface ResultEventPayload {
  /** Unique id of the task. */
  taskUid: string;
  /** Unique id of the result. */
  resultUid: string | null;
  /** The result itself, the server's JSON untouched. */
  resultData: unknown;
  /** What is said about the result, the server's JSON untouched. */
  resultMetadata: unknown;
  /** Display name of the task. */
  taskName: string | null;
  /** Type of the task. */
  taskType: string | null;
  /** Unique id of the project. */
  projectUid: string | null;
}

/**
 * One kind of event.
 *
 * @typeParam Type What tells the kinds apart.
 * @typeParam Payload What the event says.
 */
export interface WebhookEventOf<Type extends string, Payload> {
  /** The kind of the event: a name known to this version, or `unknown`. */
  type: Type;
  /** Name of the event as it was sent, or null when it is not known. It is not signed. */
  event: string | null;
  /** Unique id of the delivery, or null when it is not known. It is not signed. */
  delivery: string | null;
  /** The body with its top-level keys in camelCase; of an `unknown` event the JSON as it came. */
  payload: Payload;
  /** The body's JSON as it came. */
  raw: unknown;
}

/**
 * A verified event. Look at its `type`: it tells the type of the payload. An
 * event that this version does not know has the type `unknown`.
 *
 * The signature covers the body alone, not the name that `type` is read from, so a
 * field of the payload may be missing all the same: check those that you need.
 */
export type WebhookEvent =
  | WebhookEventOf<"export.completed" | "export.failed", ExportEventPayload>
  | WebhookEventOf<"dataset.created" | "dataset.updated", DatasetEventPayload>
  | WebhookEventOf<"dataset.deleted", DatasetDeletedPayload>
  | WebhookEventOf<"task.completed", TaskEventPayload>
  | WebhookEventOf<
    "result.submitted" | "result.accepted" | "result.rejected",
    ResultEventPayload
  >
  | WebhookEventOf<"quality.alert", JsonObject>
  | WebhookEventOf<"unknown", unknown>;

const exportPayload = model<ExportEventPayload>({
  uid: null,
  status: null,
  downloadUrl: null,
  format: null,
  createdAt: null,
});

const datasetPayload = model<DatasetEventPayload>({
  uid: null,
  name: null,
  owner: null,
  slug: null,
  dataType: null,
  itemCount: null,
  createdAt: null,
  updatedAt: null,
});

const deletedPayload = model<DatasetDeletedPayload>({
  uid: null,
  name: null,
  owner: null,
  slug: null,
});

const taskPayload = model<TaskEventPayload>({
  taskUid: null,
  taskName: null,
  taskType: null,
  taskStatus: null,
  projectUid: null,
});

const resultPayload = model<ResultEventPayload>({
  taskUid: null,
  resultUid: null,
  resultData: null,
  resultMetadata: null,
  taskName: null,
  taskType: null,
  projectUid: null,
});

/** The decoder of each known event's payload. */
const PAYLOADS: { readonly [event: string]: Decode<unknown> } = {
  "export.completed": exportPayload,
  "export.failed": exportPayload,
  "dataset.created": datasetPayload,
  "dataset.updated": datasetPayload,
  "dataset.deleted": deletedPayload,
  "task.completed": taskPayload,
  "result.submitted": resultPayload,
  "result.accepted": resultPayload,
  "result.rejected": resultPayload,
  // the Avala docs name no keys of this one
  "quality.alert": model<JsonObject>({}),
};

/**
 * Makes an event of what a delivery carries.
 *
 * @param raw The body's JSON.
 * @param event Name of the event, if known.
 * @param delivery Unique id of the delivery, if known.
 * @returns The event.
 */
export function toWebhookEvent(
  raw: unknown,
  event: string | null,
  delivery: string | null,
): WebhookEvent {
  const decode = event !== null && Object.hasOwn(PAYLOADS, event)
    ? PAYLOADS[event]
    : undefined;
  if (!decode || !isJsonObject(raw)) {
    return { type: "unknown", event, delivery, payload: raw, raw };
  }
  // the table has a decoder of the right payload for every name
  const type = event as "quality.alert";
  const payload = decode(raw) as JsonObject;
  return { type, event, delivery, payload, raw };
}
