/**
 * Recordings of a fleet.
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model, type Open } from "../../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";

/** State of a recording. */
export type RecordingStatus = Open<
  "uploading" | "uploaded" | "processing" | "ready" | "error" | "archived"
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

const decodeRecording = model<FleetRecording>({
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

const LIST: OptionTable<ListRecordingsOptions> = {
  device: optional,
  status: optional,
  ...PAGE,
};

const UPDATE: OptionTable<UpdateRecordingOptions> = {
  status: optional,
  tags: optional,
};

/** Recordings of a fleet. */
export class AsyncFleetRecordings extends Resource {
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
    const where = path("fleet.recordings.list", "/fleet/recordings/");
    return this.pages(decodeRecording, where, LIST, options, request);
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
    const where = path(
      "fleet.recordings.get",
      "/fleet/recordings/{uid}/",
      { uid },
    );
    return await this.one(decodeRecording, "GET", where, request);
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
    const where = path(
      "fleet.recordings.update",
      "/fleet/recordings/{uid}/",
      { uid },
    );
    const input = body(UPDATE, options);
    return await this.one(decodeRecording, "PATCH", where, request, input);
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
    const where = path(
      "fleet.recordings.delete",
      "/fleet/recordings/{uid}/",
      { uid },
    );
    await this.nothing("DELETE", where, request);
  }
}
