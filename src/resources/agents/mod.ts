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

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import { type JsonObject, model } from "../../wire/codec.ts";
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
import {
  type AgentEventName,
  type AgentExecution,
  type AgentExecutionStatus,
  decodeAgentExecution,
} from "./executions.ts";
import { AgentRunner, type AgentRunnerOptions } from "./runner.ts";

export {
  type AgentAction,
  type AgentEventName,
  type AgentExecution,
  type AgentExecutionStatus,
  AsyncAgentExecutions,
  type PollAgentExecutionsOptions,
  type SubmitAgentActionOptions,
} from "./executions.ts";
export * from "./runner.ts";

/** An automation that reacts to workflow events. */
export interface Agent {
  /** Unique id of the agent. */
  uid: string;
  /** Display name. */
  name: string;
  /** Description. */
  description: string | null;
  /** Events the agent is called for. */
  events: AgentEventName[];
  /** Push address; agents without one poll. */
  callbackUrl: string | null;
  /** Whether it is called. */
  isActive: boolean;
  /** Unique id of the project the agent is limited to. */
  project: string | null;
  /** Task types the agent is limited to. */
  taskTypes: string[];
  /** Signing secret: only in the response of `create`. */
  secret: string | null;
  /** Counts by execution status; only on detail responses. */
  executionStats: JsonObject | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

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
  /** Signing secret, at most 255 characters; the server makes one when left out. */
  secret?: string | undefined;
}

/** Options of {@linkcode AsyncAgents.update}. Null should clear a field; the Avala docs don't say so. */
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

const decodeAgent = model<Agent>({
  uid: null,
  name: null,
  description: null,
  events: [],
  callbackUrl: null,
  isActive: true,
  project: null,
  taskTypes: [],
  secret: null,
  executionStats: null,
  createdAt: null,
  updatedAt: null,
});

const CREATE: OptionTable<CreateAgentOptions> = {
  name: requiredText,
  events: optional,
  description: optional,
  callbackUrl: optional,
  isActive: optional,
  project: optional,
  taskTypes: optional,
  secret: optional,
};

const UPDATE: OptionTable<UpdateAgentOptions> = {
  name: optional,
  events: optional,
  description: optional,
  callbackUrl: optional,
  isActive: optional,
  project: optional,
  taskTypes: optional,
};

const LIST_EXECUTIONS: OptionTable<ListAgentExecutionsOptions> = {
  status: optional,
  project: optional,
  taskTypes: optional,
  ...PAGE,
};

/** Agents. */
export class AsyncAgents extends Resource {
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
    const where = path("agents.list", "/agents/");
    return this.pages(decodeAgent, where, PAGE, options, request);
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
    const where = path("agents.get", "/agents/{uid}/", { uid });
    return await this.one(decodeAgent, "GET", where, request);
  }

  /**
   * Creates an agent. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The agent; only this response carries its secret.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateAgentOptions,
    request?: RequestOptions,
  ): Promise<Agent> {
    const where = path("agents.create", "/agents/");
    const input = body(CREATE, options);
    return await this.one(decodeAgent, "POST", where, request, input);
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
    const where = path("agents.update", "/agents/{uid}/", { uid });
    const input = body(UPDATE, options);
    return await this.one(decodeAgent, "PATCH", where, request, input);
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
    const where = path("agents.delete", "/agents/{uid}/", { uid });
    await this.nothing("DELETE", where, request);
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
    const where = path(
      "agents.listExecutions",
      "/agents/{uid}/executions/",
      { uid },
    );
    return this.pages(
      decodeAgentExecution,
      where,
      LIST_EXECUTIONS,
      options,
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
    const where = path("agents.test", "/agents/{uid}/test/", { uid });
    const input = { idempotent: true };
    return await this.json("POST", where, request, input);
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
    return new AgentRunner(this.transport, uid, options);
  }
}
