/**
 * Where the alerts of a fleet are sent.
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model, type Open } from "../../wire/codec.ts";
import {
  body,
  type OptionTable,
  PAGE,
  type PageOptions,
  required,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";

/** Kind of an alert channel. */
export type AlertChannelType = Open<"slack" | "email" | "webhook">;

/** Where alerts are sent. */
export interface FleetAlertChannel {
  /** Unique id of the channel. */
  uid: string;
  /** Display name. */
  name: string;
  /** Kind of channel. */
  type: AlertChannelType | null;
  /** Settings of the channel, your JSON untouched; may hold secrets. */
  config: JsonObject | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Options of {@linkcode AsyncFleetAlertChannels.create}. */
export interface CreateAlertChannelOptions {
  /** Display name. */
  name: string;
  /** Kind of channel. */
  type: AlertChannelType;
  /** Settings of the channel, your JSON untouched; may hold secrets. */
  config: JsonObject;
}

const decodeChannel = model<FleetAlertChannel>({
  uid: null,
  name: null,
  type: null,
  config: null,
  createdAt: null,
  updatedAt: null,
});

const CREATE: OptionTable<CreateAlertChannelOptions> = {
  name: requiredText,
  type: requiredText,
  config: required,
};

/** Where the alerts of a fleet are sent. */
export class AsyncFleetAlertChannels extends Resource {
  /**
   * Lists channels.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all channels when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<FleetAlertChannel> {
    const where = path("fleet.alertChannels.list", "/fleet/alert-channels/");
    return this.pages(decodeChannel, where, PAGE, options, request);
  }

  /**
   * Creates a channel. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The channel.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateAlertChannelOptions,
    request?: RequestOptions,
  ): Promise<FleetAlertChannel> {
    const where = path("fleet.alertChannels.create", "/fleet/alert-channels/");
    const input = body(CREATE, options);
    return await this.one(decodeChannel, "POST", where, request, input);
  }

  /**
   * Deletes a channel.
   *
   * @param uid Unique id of the channel.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such channel.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const where = path(
      "fleet.alertChannels.delete",
      "/fleet/alert-channels/{uid}/",
      { uid },
    );
    await this.nothing("DELETE", where, request);
  }

  /**
   * Has the server test a channel by a message to it.
   *
   * @param uid Unique id of the channel.
   * @param request Request options.
   * @returns The server's JSON as it is; its keys differ between the Avala
   * sources.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such channel.
   * @throws {AvalaError} If the request fails.
   */
  async test(uid: string, request?: RequestOptions): Promise<JsonObject> {
    const where = path(
      "fleet.alertChannels.test",
      "/fleet/alert-channels/{uid}/test/",
      { uid },
    );
    return await this.json("POST", where, request, { idempotent: true });
  }
}
