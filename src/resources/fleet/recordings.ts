/**
 * Recordings of a fleet.
 *
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
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

/** State of a recording. */
export type RecordingStatus = Open<
  | "uploading"
  | "uploaded"
  | "processing"
  | "ready"
  | "error"
  | "archived"
>;

/** A recording made by a device. */
export interface FleetRecording {
  /** Unique id of the recording. */
  uid: string;
  /** Unique id of the device. */
  device: string | null;
  /** State. */
  status: RecordingStatus | null;
  /** Duration in seconds. */
  durationSeconds: number | null;
  /** Size in bytes. */
  sizeBytes: number | null;
  /** Number of topics. */
  topicCount: number;
  /** Tags. */
  tags: string[];
  /** Table of topics, the JSON of the server untouched; null in lists. */
  topics: JsonObject[] | null;
  /** When it started, ISO-8601. */
  startedAt: string | null;
  /** When it ended, ISO-8601. */
  endedAt: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Filters of {@linkcode AsyncFleetRecordings.list}. */
export interface ListRecordingsOptions extends PageOptions {
  /** Unique id of the device. */
  device?: string | undefined;
  /** State. */
  status?: RecordingStatus | undefined;
}

/** Options of {@linkcode AsyncFleetRecordings.update}. */
export interface UpdateRecordingOptions {
  /** State. */
  status?: RecordingStatus | undefined;
  /** Tags. */
  tags?: string[] | undefined;
}

const decodeFleetRecording: Decode<FleetRecording> = model<FleetRecording>({
  uid: null,
  device: null,
  status: null,
  durationSeconds: null,
  sizeBytes: null,
  topicCount: 0,
  tags: [],
  topics: null,
  startedAt: null,
  endedAt: null,
  createdAt: null,
  updatedAt: null,
});

const LIST: Parameters<ListRecordingsOptions> = {
  device: optional,
  status: optional,
  ...PAGE_PARAMETERS,
};

const UPDATE: Parameters<UpdateRecordingOptions> = {
  status: optional,
  tags: optional,
};

/** Recordings of a fleet. */
export class AsyncFleetRecordings {
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
   * Lists recordings.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all recordings when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListRecordingsOptions = {},
    request?: RequestOptions,
  ): PagePromise<FleetRecording> {
    return listPages(
      this.#transport,
      () => ({ path: "/fleet/recordings/", query: toQuery(LIST, options) }),
      decodeFleetRecording,
      request,
    );
  }

  /**
   * Reads a recording.
   *
   * @param uid Unique id of the recording.
   * @param request Request options.
   * @returns The recording.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such recording.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<FleetRecording> {
    const path = `/fleet/recordings/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetRecording, {
      method: "GET",
      path,
    }, request);
  }

  /**
   * Changes a recording.
   *
   * @param uid Unique id of the recording.
   * @param options What to change.
   * @param request Request options.
   * @returns The recording.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such recording.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    uid: string,
    options: UpdateRecordingOptions,
    request?: RequestOptions,
  ): Promise<FleetRecording> {
    const path = `/fleet/recordings/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetRecording, {
      method: "PATCH",
      path,
      body: toBody(UPDATE, options),
    }, request);
  }

  /**
   * Deletes a recording.
   *
   * @param uid Unique id of the recording.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such recording.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const path = `/fleet/recordings/${segment("uid", uid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }
}
