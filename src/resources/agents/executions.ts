/**
 * What agents were called for, and what they decided.
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
  type AgentAction,
  type AgentExecution,
  type AgentExecutionStatus,
  decodeAgentExecution,
} from "./models.ts";

/** Options of {@linkcode AsyncAgentExecutions.poll}. */
export interface PollAgentExecutionsOptions extends PageOptions {
  /**
   * State.
   *
   * @default {"pending"}
   */
  status?: AgentExecutionStatus | undefined;
  /** Project. */
  project?: string | undefined;
  /** Only executions of tasks of this type, or of these. */
  taskTypes?: string | string[] | undefined;
}

/** Options of {@linkcode AsyncAgentExecutions.submitAction}. */
export interface SubmitAgentActionOptions {
  /** Unique id of the execution. */
  execution: string;
  /** What to do. */
  action: AgentAction;
  /** Why. */
  reason?: string | undefined;
}

const POLL: Parameters<PollAgentExecutionsOptions> = {
  status: { default: "pending" },
  project: optional,
  taskTypes: optional,
  ...PAGE_PARAMETERS,
};

const SUBMIT_ACTION: Parameters<SubmitAgentActionOptions> = {
  execution: requiredText,
  action: requiredText,
  reason: optional,
};

/** Executions of agents. */
export class AsyncAgentExecutions {
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
   * Lists what an agent was called for: by default what still waits for an
   * action.
   *
   * @param agentUid Unique id of the agent.
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all executions when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such agent.
   * @throws {AvalaError} If a request fails.
   */
  poll(
    agentUid: string,
    options: PollAgentExecutionsOptions = {},
    request?: RequestOptions,
  ): PagePromise<AgentExecution> {
    return listPages(
      this.#transport,
      () => ({
        path: `/agents/${segment("agentUid", agentUid)}/executions/`,
        query: toQuery(POLL, options),
      }),
      decodeAgentExecution,
      request,
      "pageOrArray",
    );
  }

  /**
   * Ends an execution with a decision. `skip` acknowledges it without effect.
   * It is never sent twice, unless the server says that it did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The server's JSON as it is.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async submitAction(
    options: SubmitAgentActionOptions,
    request?: RequestOptions,
  ): Promise<JsonObject> {
    return await this.#transport.json({
      method: "POST",
      path: "/agent-actions/",
      body: toBody(SUBMIT_ACTION, options),
    }, request);
  }
}
