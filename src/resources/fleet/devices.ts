/**
 * Devices of a fleet: robots and sensor rigs.
 *
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
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

/** State of a device. */
export type DeviceStatus = Open<
  | "online"
  | "offline"
  | "maintenance"
  | "provisioning"
>;

/** A robot or sensor rig. */
export interface FleetDevice {
  /** Unique id of the device. */
  uid: string;
  /** Display name. */
  name: string;
  /** Kind of device, a name of your own. */
  type: string | null;
  /** State. */
  status: DeviceStatus | null;
  /** Tags. */
  tags: string[];
  /** Version of the firmware. */
  firmwareVersion: string | null;
  /** Your own metadata, untouched. */
  metadata: JsonObject | null;
  /** When it last reported, ISO-8601. */
  lastSeenAt: string | null;
  /** Credential of the device: a secret, only in the answer to `register`. */
  deviceToken: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Filters of {@linkcode AsyncFleetDevices.list}. */
export interface ListDevicesOptions extends PageOptions {
  /** State. */
  status?: DeviceStatus | undefined;
  /** Kind of device, a name of your own. */
  type?: string | undefined;
}

/** Options of {@linkcode AsyncFleetDevices.register}. */
export interface RegisterDeviceOptions {
  /** Display name. */
  name: string;
  /** Kind of device, a name of your own. */
  type: string;
  /** Version of the firmware. */
  firmwareVersion?: string | undefined;
  /** Tags. */
  tags?: string[] | undefined;
  /** Your own metadata, untouched. */
  metadata?: JsonObject | undefined;
}

/** Options of {@linkcode AsyncFleetDevices.update}; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateDeviceOptions {
  /** Display name. */
  name?: string | undefined;
  /** State. */
  status?: DeviceStatus | null | undefined;
  /** Version of the firmware. */
  firmwareVersion?: string | null | undefined;
  /** Tags. */
  tags?: string[] | undefined;
  /** Your own metadata, untouched. */
  metadata?: JsonObject | null | undefined;
}

const decodeFleetDevice: Decode<FleetDevice> = model<FleetDevice>({
  uid: null,
  name: null,
  type: null,
  status: null,
  tags: [],
  firmwareVersion: null,
  metadata: null,
  lastSeenAt: null,
  deviceToken: null,
  createdAt: null,
  updatedAt: null,
});

const LIST: Parameters<ListDevicesOptions> = {
  status: optional,
  type: optional,
  ...PAGE_PARAMETERS,
};

const REGISTER: Parameters<RegisterDeviceOptions> = {
  name: requiredText,
  type: requiredText,
  firmwareVersion: optional,
  tags: optional,
  metadata: optional,
};

const UPDATE: Parameters<UpdateDeviceOptions> = {
  name: optional,
  status: optional,
  firmwareVersion: optional,
  tags: optional,
  metadata: optional,
};

/** Devices of a fleet: robots and sensor rigs. */
export class AsyncFleetDevices {
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
   * Lists devices.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all devices when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListDevicesOptions = {},
    request?: RequestOptions,
  ): PagePromise<FleetDevice> {
    return listPages(
      this.#transport,
      () => ({ path: "/fleet/devices/", query: toQuery(LIST, options) }),
      decodeFleetDevice,
      request,
    );
  }

  /**
   * Registers a device. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The device; this answer alone carries its token.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async register(
    options: RegisterDeviceOptions,
    request?: RequestOptions,
  ): Promise<FleetDevice> {
    return await this.#transport.object(decodeFleetDevice, {
      method: "POST",
      path: "/fleet/devices/",
      body: toBody(REGISTER, options),
    }, request);
  }

  /**
   * Reads a device.
   *
   * @param uid Unique id of the device.
   * @param request Request options.
   * @returns The device, without its token.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such device.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<FleetDevice> {
    const path = `/fleet/devices/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetDevice, {
      method: "GET",
      path,
    }, request);
  }

  /**
   * Changes a device.
   *
   * @param uid Unique id of the device.
   * @param options What to change.
   * @param request Request options.
   * @returns The device.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such device.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    uid: string,
    options: UpdateDeviceOptions,
    request?: RequestOptions,
  ): Promise<FleetDevice> {
    const path = `/fleet/devices/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetDevice, {
      method: "PATCH",
      path,
      body: toBody(UPDATE, options),
    }, request);
  }

  /**
   * Deletes a device.
   *
   * @param uid Unique id of the device.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such device.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const path = `/fleet/devices/${segment("uid", uid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }
}
