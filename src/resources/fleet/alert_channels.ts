/**
 * Where the alerts of a fleet are sent.
 *
 * @module
 */

import {
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  required,
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

/** Kind of an alert channel. */
export type AlertChannelType = Open<
  | "slack"
  | "email"
  | "webhook"
>;

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

const decodeFleetAlertChannel: Decode<FleetAlertChannel> = model<
  FleetAlertChannel
>({
  uid: null,
  name: null,
  type: null,
  config: null,
  createdAt: null,
  updatedAt: null,
});

const CREATE: Parameters<CreateAlertChannelOptions> = {
  name: requiredText,
  type: requiredText,
  config: required,
};

/** Where the alerts of a fleet are sent. */
export class AsyncFleetAlertChannels {
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
    return listPages(
      this.#transport,
      () => ({
        path: "/fleet/alert-channels/",
        query: toQuery(PAGE_PARAMETERS, options),
      }),
      decodeFleetAlertChannel,
      request,
    );
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
    return await this.#transport.object(decodeFleetAlertChannel, {
      method: "POST",
      path: "/fleet/alert-channels/",
      body: toBody(CREATE, options),
    }, request);
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
    const path = `/fleet/alert-channels/${segment("uid", uid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Has the server test a channel: a message is sent to it.
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
    const path = `/fleet/alert-channels/${segment("uid", uid)}/test/`;
    return await this.#transport.json({
      method: "POST",
      path,
      idempotent: true,
    }, request);
  }
}
