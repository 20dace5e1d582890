/**
 * Events: marked moments in recordings.
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model, type Open } from "../../wire/codec.ts";
import {
  body,
  type Check,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  positiveInteger,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type { FleetSeverity } from "./severity.ts";

/** Kind of an event. */
export type FleetEventType = Open<
  "error" | "warning" | "info" | "state_change" | "anomaly" | "custom"
>;

/** A marked moment in a recording. */
export interface FleetEvent {
  /** Unique id of the event. */
  uid: string;
  /** Unique id of the recording. */
  recording: string | null;
  /** Unique id of the device. */
  device: string | null;
  /** Kind of event. */
  type: FleetEventType | null;
  /** Label, at most 120 characters. */
  label: string | null;
  /** Description. */
  description: string | null;
  /** Moment in the recording, ISO-8601. */
  timestamp: string | null;
  /** Duration in milliseconds. */
  durationMs: number | null;
  /** Tags. */
  tags: string[];
  /** Your own metadata, untouched. */
  metadata: JsonObject | null;
  /** How bad it is. */
  severity: FleetSeverity | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** What a batch has created. */
export interface FleetEventBatchResult {
  /** Events stored. */
  created: number;
}

/** An event to create. */
export interface FleetEventInput {
  /** Unique id of the recording. */
  recording: string;
  /** Unique id of the device. */
  device: string;
  /** Label. */
  label: string;
  /** Kind. */
  type: FleetEventType;
  /** Moment in the recording, ISO-8601. */
  timestamp: string;
  /** How bad it is. */
  severity?: FleetSeverity | undefined;
  /** Description. */
  description?: string | undefined;
  /** Duration in milliseconds. */
  durationMs?: number | undefined;
  /** Tags. */
  tags?: string[] | undefined;
  /** Your own metadata; sent as it is. */
  metadata?: JsonObject | undefined;
}

/** Filters of {@linkcode AsyncFleetEvents.list}. */
export interface ListEventsOptions extends PageOptions {
  /** Unique id of the recording. */
  recording?: string | undefined;
  /** Unique id of the device. */
  device?: string | undefined;
  /** Kind of event. */
  type?: FleetEventType | undefined;
  /** How bad it is. */
  severity?: FleetSeverity | undefined;
}

/** Options of {@linkcode AsyncFleetEvents.createBatch}. */
export interface CreateEventBatchOptions {
  /** The events, 1 to 1,000 of them. */
  events: FleetEventInput[];
}

const decodeEvent = model<FleetEvent>({
  uid: null,
  recording: null,
  device: null,
  type: null,
  label: null,
  description: null,
  timestamp: null,
  durationMs: null,
  tags: [],
  metadata: null,
  severity: null,
  createdAt: null,
  updatedAt: null,
});

const decodeBatchResult = model<FleetEventBatchResult>({
  created: null,
});

const EVENT: OptionTable<FleetEventInput> = {
  recording: requiredText,
  device: requiredText,
  label: requiredText,
  type: requiredText,
  timestamp: requiredText,
  severity: optional,
  description: optional,
  durationMs: { check: positiveInteger },
  tags: optional,
  metadata: optional,
};

const LIST: OptionTable<ListEventsOptions> = {
  recording: optional,
  device: optional,
  type: optional,
  severity: optional,
  ...PAGE,
};

/** How many events one request may create, as the Avala docs say. */
const MAX_BATCH = 1_000;
const oneToThousand: Check = (events) =>
  Array.isArray(events) && events.length > 0 && events.length <= MAX_BATCH
    ? undefined
    : `an array of 1 to ${MAX_BATCH} events`;

const CREATE_BATCH: OptionTable<CreateEventBatchOptions> = {
  events: { required: true, check: oneToThousand, fields: EVENT },
};

/** Events: marked moments in recordings. */
export class AsyncFleetEvents extends Resource {
  /**
   * Lists events.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all events when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListEventsOptions = {},
    request?: RequestOptions,
  ): PagePromise<FleetEvent> {
    const where = path("fleet.events.list", "/fleet/events/");
    return this.pages(decodeEvent, where, LIST, options, request);
  }

  /**
   * Creates an event. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The event.
   * @param request Request options.
   * @returns The event.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: FleetEventInput,
    request?: RequestOptions,
  ): Promise<FleetEvent> {
    const where = path("fleet.events.create", "/fleet/events/");
    const input = body(EVENT, options);
    return await this.one(decodeEvent, "POST", where, request, input);
  }

  /**
   * Creates 1 to 1,000 events in one request. It is never sent twice, unless
   * the server says that it did not process it.
   *
   * @param options The events.
   * @param request Request options.
   * @returns How many were created.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async createBatch(
    options: CreateEventBatchOptions,
    request?: RequestOptions,
  ): Promise<FleetEventBatchResult> {
    const where = path("fleet.events.createBatch", "/fleet/events/batch/");
    const input = body(CREATE_BATCH, options);
    return await this.one(decodeBatchResult, "POST", where, request, input);
  }

  /**
   * Reads an event.
   *
   * @param uid Unique id of the event.
   * @param request Request options.
   * @returns The event.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such event.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<FleetEvent> {
    const where = path("fleet.events.get", "/fleet/events/{uid}/", { uid });
    return await this.one(decodeEvent, "GET", where, request);
  }

  /**
   * Deletes an event.
   *
   * @param uid Unique id of the event.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such event.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const where = path("fleet.events.delete", "/fleet/events/{uid}/", { uid });
    await this.nothing("DELETE", where, request);
  }
}
