/**
 * Rules that turn data of a fleet into alerts or tags.
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model } from "../../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  required,
  requiredList,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";

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

/** Options of {@linkcode AsyncFleetRules.update}. Null should clear a field; the Avala docs don't say so. */
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

const decodeRule = model<FleetRule>({
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

const LIST: OptionTable<ListRulesOptions> = {
  enabled: optional,
  ...PAGE,
};

const CREATE: OptionTable<CreateRuleOptions> = {
  name: requiredText,
  condition: required,
  actions: requiredList,
  description: optional,
  enabled: optional,
  scope: optional,
};

const UPDATE: OptionTable<UpdateRuleOptions> = {
  name: optional,
  description: optional,
  enabled: optional,
  condition: optional,
  actions: optional,
  scope: optional,
};

/** Rules that turn data of a fleet into alerts or tags. */
export class AsyncFleetRules extends Resource {
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
    const where = path("fleet.rules.list", "/fleet/rules/");
    return this.pages(decodeRule, where, LIST, options, request);
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
    const where = path("fleet.rules.create", "/fleet/rules/");
    const input = body(CREATE, options);
    return await this.one(decodeRule, "POST", where, request, input);
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
    const where = path("fleet.rules.get", "/fleet/rules/{uid}/", { uid });
    return await this.one(decodeRule, "GET", where, request);
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
    const where = path("fleet.rules.update", "/fleet/rules/{uid}/", { uid });
    const input = body(UPDATE, options);
    return await this.one(decodeRule, "PATCH", where, request, input);
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
    const where = path("fleet.rules.delete", "/fleet/rules/{uid}/", { uid });
    await this.nothing("DELETE", where, request);
  }
}
