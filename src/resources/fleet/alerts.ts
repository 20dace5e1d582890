/**
 * Alerts of a fleet.
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
import { type Decode, model, type Open } from "../../wire/codec.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import type { FleetSeverity } from "./severity.ts";

/** State of an alert. */
export type AlertStatus = Open<
  | "open"
  | "acknowledged"
  | "resolved"
>;

/** A raised alert. */
export interface FleetAlert {
  /** Unique id of the alert. */
  uid: string;
  /** Unique id of the rule. */
  rule: string | null;
  /** Unique id of the device. */
  device: string | null;
  /** Unique id of the recording. */
  recording: string | null;
  /** How bad it is. */
  severity: FleetSeverity | null;
  /** State. */
  status: AlertStatus | null;
  /** What happened. */
  message: string | null;
  /** When it was raised, ISO-8601. */
  triggeredAt: string | null;
  /** When it was acknowledged, ISO-8601. */
  acknowledgedAt: string | null;
  /** Who acknowledged it. */
  acknowledgedBy: string | null;
  /** When it was resolved, ISO-8601. */
  resolvedAt: string | null;
  /** Note about the resolution. */
  resolutionNote: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Filters of {@linkcode AsyncFleetAlerts.list}. */
export interface ListAlertsOptions extends PageOptions {
  /** State. */
  status?: AlertStatus | undefined;
  /** How bad it is. */
  severity?: FleetSeverity | undefined;
  /** Unique id of the device. */
  device?: string | undefined;
  /** Unique id of the rule. */
  rule?: string | undefined;
}

/** Options of {@linkcode AsyncFleetAlerts.resolve}. */
export interface ResolveAlertOptions {
  /** Note about the resolution. */
  resolutionNote?: string | undefined;
}

const decodeFleetAlert: Decode<FleetAlert> = model<FleetAlert>({
  uid: null,
  rule: null,
  device: null,
  recording: null,
  severity: null,
  status: null,
  message: null,
  triggeredAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolutionNote: null,
  createdAt: null,
  updatedAt: null,
});

const LIST: Parameters<ListAlertsOptions> = {
  status: optional,
  severity: optional,
  device: optional,
  rule: optional,
  ...PAGE_PARAMETERS,
};

const RESOLVE: Parameters<ResolveAlertOptions> = {
  resolutionNote: optional,
};

/** Alerts of a fleet. */
export class AsyncFleetAlerts {
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
   * Lists alerts.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all alerts when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListAlertsOptions = {},
    request?: RequestOptions,
  ): PagePromise<FleetAlert> {
    return listPages(
      this.#transport,
      () => ({ path: "/fleet/alerts/", query: toQuery(LIST, options) }),
      decodeFleetAlert,
      request,
    );
  }

  /**
   * Reads an alert.
   *
   * @param uid Unique id of the alert.
   * @param request Request options.
   * @returns The alert.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such alert.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<FleetAlert> {
    const path = `/fleet/alerts/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetAlert, {
      method: "GET",
      path,
    }, request);
  }

  /**
   * Acknowledges an alert.
   *
   * @param uid Unique id of the alert.
   * @param request Request options.
   * @returns The alert.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such alert.
   * @throws {AvalaError} If the request fails.
   */
  async acknowledge(
    uid: string,
    request?: RequestOptions,
  ): Promise<FleetAlert> {
    const path = `/fleet/alerts/${segment("uid", uid)}/acknowledge/`;
    return await this.#transport.object(decodeFleetAlert, {
      method: "POST",
      path,
      idempotent: true,
    }, request);
  }

  /**
   * Resolves an alert.
   *
   * @param uid Unique id of the alert.
   * @param options A note.
   * @param request Request options.
   * @returns The alert.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such alert.
   * @throws {AvalaError} If the request fails.
   */
  async resolve(
    uid: string,
    options: ResolveAlertOptions = {},
    request?: RequestOptions,
  ): Promise<FleetAlert> {
    const path = `/fleet/alerts/${segment("uid", uid)}/resolve/`;
    return await this.#transport.object(decodeFleetAlert, {
      method: "POST",
      path,
      body: toBody(RESOLVE, options),
      idempotent: true,
    }, request);
  }
}
