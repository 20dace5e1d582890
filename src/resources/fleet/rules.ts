/**
 * Rules that turn data of a fleet into alerts or tags.
 *
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  required,
  requiredList,
  requiredText,
  segment,
  toBody,
  toQuery,
} from "../../wire/options.ts";
import { type Decode, type JsonObject, model } from "../../wire/codec.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";

/** A rule that turns fleet data into alerts or tags. */
export interface FleetRule {
  /** Unique id of the rule. */
  uid: string;
  /** Display name. */
  name: string;
  /** Description. */
  description: string | null;
  /** Whether the rule is evaluated. */
  enabled: boolean;
  /** What triggers the rule, your JSON untouched; types seen are threshold, pattern, frequency, absence and composite. */
  condition: JsonObject | null;
  /** What to do then, your JSON untouched. */
  actions: JsonObject[];
  /** Which devices the rule covers, your JSON untouched. */
  scope: JsonObject | null;
  /** How often it was hit. */
  hitCount: number;
  /** When it was last hit, ISO-8601. */
  lastHitAt: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Filters of {@linkcode AsyncFleetRules.list}. */
export interface ListRulesOptions extends PageOptions {
  /** Whether the rule is evaluated. */
  enabled?: boolean | undefined;
}

/** Options of {@linkcode AsyncFleetRules.create}. */
export interface CreateRuleOptions {
  /** Display name. */
  name: string;
  /** What triggers the rule, your JSON untouched; types seen are threshold, pattern, frequency, absence and composite. */
  condition: JsonObject;
  /** What to do then, your JSON untouched. */
  actions: JsonObject[];
  /** Description. */
  description?: string | undefined;
  /** Whether the rule is evaluated. */
  enabled?: boolean | undefined;
  /** Which devices the rule covers, your JSON untouched. */
  scope?: JsonObject | undefined;
}

/** Options of {@linkcode AsyncFleetRules.update}; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateRuleOptions {
  /** Display name. */
  name?: string | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Whether the rule is evaluated. */
  enabled?: boolean | undefined;
  /** What triggers the rule, your JSON untouched; types seen are threshold, pattern, frequency, absence and composite. */
  condition?: JsonObject | null | undefined;
  /** What to do then, your JSON untouched. */
  actions?: JsonObject[] | undefined;
  /** Which devices the rule covers, your JSON untouched. */
  scope?: JsonObject | null | undefined;
}

const decodeFleetRule: Decode<FleetRule> = model<FleetRule>({
  uid: null,
  name: null,
  description: null,
  enabled: true,
  condition: null,
  actions: [],
  scope: null,
  hitCount: 0,
  lastHitAt: null,
  createdAt: null,
  updatedAt: null,
});

const LIST: Parameters<ListRulesOptions> = {
  enabled: optional,
  ...PAGE_PARAMETERS,
};

const CREATE: Parameters<CreateRuleOptions> = {
  name: requiredText,
  condition: required,
  actions: requiredList,
  description: optional,
  enabled: optional,
  scope: optional,
};

const UPDATE: Parameters<UpdateRuleOptions> = {
  name: optional,
  description: optional,
  enabled: optional,
  condition: optional,
  actions: optional,
  scope: optional,
};

/** Rules that turn data of a fleet into alerts or tags. */
export class AsyncFleetRules {
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
   * Lists rules.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all rules when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListRulesOptions = {},
    request?: RequestOptions,
  ): PagePromise<FleetRule> {
    return listPages(
      this.#transport,
      () => ({ path: "/fleet/rules/", query: toQuery(LIST, options) }),
      decodeFleetRule,
      request,
    );
  }

  /**
   * Creates a rule. It is never sent twice, unless the server says that it did
   * not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The rule.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateRuleOptions,
    request?: RequestOptions,
  ): Promise<FleetRule> {
    return await this.#transport.object(decodeFleetRule, {
      method: "POST",
      path: "/fleet/rules/",
      body: toBody(CREATE, options),
    }, request);
  }

  /**
   * Reads a rule.
   *
   * @param uid Unique id of the rule.
   * @param request Request options.
   * @returns The rule.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such rule.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<FleetRule> {
    const path = `/fleet/rules/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetRule, {
      method: "GET",
      path,
    }, request);
  }

  /**
   * Changes a rule.
   *
   * @param uid Unique id of the rule.
   * @param options What to change.
   * @param request Request options.
   * @returns The rule.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such rule.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    uid: string,
    options: UpdateRuleOptions,
    request?: RequestOptions,
  ): Promise<FleetRule> {
    const path = `/fleet/rules/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeFleetRule, {
      method: "PATCH",
      path,
      body: toBody(UPDATE, options),
    }, request);
  }

  /**
   * Deletes a rule.
   *
   * @param uid Unique id of the rule.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such rule.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const path = `/fleet/rules/${segment("uid", uid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }
}
