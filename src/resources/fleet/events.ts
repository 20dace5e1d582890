/**
 * Events: marked moments in recordings.
 *
 * @module
 */

import {
  type Check,
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  positiveInteger,
  requiredText,
  segment,
  toBody,
  toQuery,
} from "../../wire/options.ts";
import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import type { FleetSeverity } from "./severity.ts";

/** Kind of an event. */
export type FleetEventType = Open<
  | "error"
  | "warning"
  | "info"
  | "state_change"
  | "anomaly"
  | "custom"
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

/** Answer to a batch create. */
export interface FleetEventBatchResult {
  /** Events stored. */
  created: number;
}

/** One event of a batch create. */
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
  /** Events to be called for. */
  events: FleetEventInput[];
}

const decodeFleetEvent: Decode<FleetEvent> = model<FleetEvent>({
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

const decodeFleetEventBatchResult: Decode<FleetEventBatchResult> = model<
  FleetEventBatchResult
>({
  created: null,
});

const EVENT: Parameters<FleetEventInput> = {
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

const LIST: Parameters<ListEventsOptions> = {
  recording: optional,
  device: optional,
  type: optional,
  severity: optional,
  ...PAGE_PARAMETERS,
};

/** After the Avala docs. */
const MAX_BATCH = 1_000;
const oneToThousand: Check = (events) =>
  Array.isArray(events) && events.length > 0 && events.length <= MAX_BATCH
    ? undefined
    : `an array of 1 to ${MAX_BATCH} events`;

const CREATE_BATCH: Parameters<CreateEventBatchOptions> = {
  events: { required: true, check: oneToThousand, fields: EVENT },
};

/** Events: marked moments in recordings. */
export class AsyncFleetEvents {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

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
    return listPages(
      this.#transport,
      () => ({ path: "/fleet/events/", query: toQuery(LIST, options) }),
      decodeFleetEvent,
      request,
    );
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
    return await this.#transport.object(decodeFleetEvent, {
      method: "POST",
      path: "/fleet/events/",
      body: toBody(EVENT, options),
    }, request);
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
    return await this.#transport.object(decodeFleetEventBatchResult, {
      method: "POST",
      path: "/fleet/events/batch/",
      body: toBody(CREATE_BATCH, options),
    }, request);
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
    const path = `/fleet/events/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetEvent, {
      method: "GET",
      path,
    }, request);
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
    const path = `/fleet/events/${segment("uid", uid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }
}
