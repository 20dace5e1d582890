/**
 * Alerts of a fleet.
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { model, type Open } from "../../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type { FleetSeverity } from "./severity.ts";

/** State of an alert. */
export type AlertStatus = Open<"open" | "acknowledged" | "resolved">;

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

const decodeAlert = model<FleetAlert>({
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

const LIST: OptionTable<ListAlertsOptions> = {
  status: optional,
  severity: optional,
  device: optional,
  rule: optional,
  ...PAGE,
};

const RESOLVE: OptionTable<ResolveAlertOptions> = {
  resolutionNote: optional,
};

/** Alerts of a fleet. */
export class AsyncFleetAlerts extends Resource {
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
    const where = path("fleet.alerts.list", "/fleet/alerts/");
    return this.pages(decodeAlert, where, LIST, options, request);
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
    const where = path("fleet.alerts.get", "/fleet/alerts/{uid}/", { uid });
    return await this.one(decodeAlert, "GET", where, request);
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
    const where = path(
      "fleet.alerts.acknowledge",
      "/fleet/alerts/{uid}/acknowledge/",
      { uid },
    );
    const input = { idempotent: true };
    return await this.one(decodeAlert, "POST", where, request, input);
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
    const where = path(
      "fleet.alerts.resolve",
      "/fleet/alerts/{uid}/resolve/",
      { uid },
    );
    const input = body(RESOLVE, options, true);
    return await this.one(decodeAlert, "POST", where, request, input);
  }
}
