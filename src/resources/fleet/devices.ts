/**
 * Devices of a fleet: robots and sensor rigs.
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
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";

/** State of a device. */
export type DeviceStatus = Open<
  "online" | "offline" | "maintenance" | "provisioning"
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
  /** Credential of the device: a secret, only in the response of `register`. */
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

/** Options of {@linkcode AsyncFleetDevices.update}. Null should clear a field; the Avala docs don't say so. */
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

const decodeDevice = model<FleetDevice>({
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

const LIST: OptionTable<ListDevicesOptions> = {
  status: optional,
  type: optional,
  ...PAGE,
};

const REGISTER: OptionTable<RegisterDeviceOptions> = {
  name: requiredText,
  type: requiredText,
  firmwareVersion: optional,
  tags: optional,
  metadata: optional,
};

const UPDATE: OptionTable<UpdateDeviceOptions> = {
  name: optional,
  status: optional,
  firmwareVersion: optional,
  tags: optional,
  metadata: optional,
};

/** Devices of a fleet: robots and sensor rigs. */
export class AsyncFleetDevices extends Resource {
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
    const where = path("fleet.devices.list", "/fleet/devices/");
    return this.pages(decodeDevice, where, LIST, options, request);
  }

  /**
   * Registers a device. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The device; only this response carries its token.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async register(
    options: RegisterDeviceOptions,
    request?: RequestOptions,
  ): Promise<FleetDevice> {
    const where = path("fleet.devices.register", "/fleet/devices/");
    const input = body(REGISTER, options);
    return await this.one(decodeDevice, "POST", where, request, input);
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
    const where = path("fleet.devices.get", "/fleet/devices/{uid}/", { uid });
    return await this.one(decodeDevice, "GET", where, request);
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
    const where = path(
      "fleet.devices.update",
      "/fleet/devices/{uid}/",
      { uid },
    );
    const input = body(UPDATE, options);
    return await this.one(decodeDevice, "PATCH", where, request, input);
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
    const where = path(
      "fleet.devices.delete",
      "/fleet/devices/{uid}/",
      { uid },
    );
    await this.nothing("DELETE", where, request);
  }
}
