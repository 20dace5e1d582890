/**
 * Agents: automations that react to events of the workflow.
 *
 * @example React to results
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const agent = await client.agents.create({
 *   name: "Checker",
 *   events: ["result.submitted"],
 * });
 * const runner = client.agents.runner(agent.uid)
 *   .on("result.submitted", ({ approve }) => approve("Looks right"));
 * await runner.runOnce(); // or `await runner.run({ signal })`, for ever
 * ```
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
import type { JsonObject } from "../../wire/codec.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import {
  type Agent,
  type AgentEventName,
  type AgentExecution,
  type AgentExecutionStatus,
  decodeAgent,
  decodeAgentExecution,
} from "./models.ts";
import { AgentRunner, type AgentRunnerOptions } from "./runner.ts";

export * from "./executions.ts";
export * from "./runner.ts";
export type {
  Agent,
  AgentAction,
  AgentEventName,
  AgentExecution,
  AgentExecutionStatus,
} from "./models.ts";

/** Options of {@linkcode AsyncAgents.create}. */
export interface CreateAgentOptions {
  /** Display name. */
  name: string;
  /** Events to be called for. */
  events?: AgentEventName[] | undefined;
  /** Description. */
  description?: string | undefined;
  /** Address to push to, at most 2,048 characters; agents without one poll. */
  callbackUrl?: string | undefined;
  /** Whether it is called. */
  isActive?: boolean | undefined;
  /** Project. */
  project?: string | undefined;
  /** Only for tasks of these types. */
  taskTypes?: string[] | undefined;
  /** Signing secret: only in the answer to `create`. */
  secret?: string | undefined;
}

/** Options of {@linkcode AsyncAgents.update}; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateAgentOptions {
  /** Display name. */
  name?: string | undefined;
  /** Events to be called for. */
  events?: AgentEventName[] | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Address to push to, at most 2,048 characters; agents without one poll. */
  callbackUrl?: string | null | undefined;
  /** Whether it is called. */
  isActive?: boolean | undefined;
  /** Project. */
  project?: string | null | undefined;
  /** Only for tasks of these types. */
  taskTypes?: string[] | undefined;
}

/** Filters of {@linkcode AsyncAgents.listExecutions}. */
export interface ListAgentExecutionsOptions extends PageOptions {
  /** State. */
  status?: AgentExecutionStatus | undefined;
  /** Project. */
  project?: string | undefined;
  /** Only executions of tasks of this type, or of these. */
  taskTypes?: string | string[] | undefined;
}

const CREATE: Parameters<CreateAgentOptions> = {
  name: requiredText,
  events: optional,
  description: optional,
  callbackUrl: optional,
  isActive: optional,
  project: optional,
  taskTypes: optional,
  secret: optional,
};

const UPDATE: Parameters<UpdateAgentOptions> = {
  name: optional,
  events: optional,
  description: optional,
  callbackUrl: optional,
  isActive: optional,
  project: optional,
  taskTypes: optional,
};

const LIST_EXECUTIONS: Parameters<ListAgentExecutionsOptions> = {
  status: optional,
  project: optional,
  taskTypes: optional,
  ...PAGE_PARAMETERS,
};

/** Agents. */
export class AsyncAgents {
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
   * Lists agents.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all agents when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Agent> {
    return listPages(
      this.#transport,
      () => ({ path: "/agents/", query: toQuery(PAGE_PARAMETERS, options) }),
      decodeAgent,
      request,
    );
  }

  /**
   * Reads an agent.
   *
   * @param uid Unique id of the agent.
   * @param request Request options.
   * @returns The agent, without its secret.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such agent.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<Agent> {
    const path = `/agents/${segment("uid", uid)}/`;
    return await this.#transport.object(
      decodeAgent,
      { method: "GET", path },
      request,
    );
  }

  /**
   * Creates an agent. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The agent; this answer alone carries its secret.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateAgentOptions,
    request?: RequestOptions,
  ): Promise<Agent> {
    return await this.#transport.object(decodeAgent, {
      method: "POST",
      path: "/agents/",
      body: toBody(CREATE, options),
    }, request);
  }

  /**
   * Changes an agent.
   *
   * @param uid Unique id of the agent.
   * @param options What to change.
   * @param request Request options.
   * @returns The agent, without its secret.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such agent.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    uid: string,
    options: UpdateAgentOptions,
    request?: RequestOptions,
  ): Promise<Agent> {
    const path = `/agents/${segment("uid", uid)}/`;
    return await this.#transport.object(decodeAgent, {
      method: "PATCH",
      path,
      body: toBody(UPDATE, options),
    }, request);
  }

  /**
   * Deletes an agent.
   *
   * @param uid Unique id of the agent.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such agent.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const path = `/agents/${segment("uid", uid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Lists what an agent was called for.
   *
   * @param uid Unique id of the agent.
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all executions when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listExecutions(
    uid: string,
    options: ListAgentExecutionsOptions = {},
    request?: RequestOptions,
  ): PagePromise<AgentExecution> {
    return listPages(
      this.#transport,
      () => ({
        path: `/agents/${segment("uid", uid)}/executions/`,
        query: toQuery(LIST_EXECUTIONS, options),
      }),
      decodeAgentExecution,
      request,
      "pageOrArray",
    );
  }

  /**
   * Has the server test an agent: it is called once.
   *
   * @param uid Unique id of the agent.
   * @param request Request options.
   * @returns The server's JSON as it is; its keys differ between the Avala
   * sources.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such agent.
   * @throws {AvalaError} If the request fails.
   */
  async test(uid: string, request?: RequestOptions): Promise<JsonObject> {
    const path = `/agents/${segment("uid", uid)}/test/`;
    return await this.#transport.json({
      method: "POST",
      path,
      idempotent: true,
    }, request);
  }

  /**
   * Makes a runner for an agent: it polls for executions and calls a handler for
   * each.
   *
   * @param uid Unique id of the agent.
   * @param options Options of the runner.
   * @returns The runner; add handlers to it, then run it.
   * @throws {InvalidArgumentError} If an argument is wrong.
   */
  runner(uid: string, options?: AgentRunnerOptions): AgentRunner {
    return new AgentRunner(this.#transport, uid, options);
  }
}
