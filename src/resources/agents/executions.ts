/**
 * What agents were called for, and what they decided.
 *
 * @module
 */

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
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

/** An event that agents are called for. */
export type AgentEventName = Open<
  | "dataset.created"
  | "dataset.updated"
  | "dataset.deleted"
  | "export.completed"
  | "export.failed"
  | "task.completed"
  | "result.submitted"
  | "result.accepted"
  | "result.rejected"
>;

/** State of an execution; `pending` until an action was submitted. */
export type AgentExecutionStatus = Open<"pending" | "success">;

/** What an agent decides. */
export type AgentAction = Open<"approve" | "reject" | "flag" | "skip">;

/** One delivery of an event to an agent. */
export interface AgentExecution {
  /** Unique id of the execution. */
  uid: string;
  /** Unique id of the agent. */
  registration: string;
  /** Event that caused it. */
  eventType: AgentEventName;
  /** Unique id of the task. */
  task: string | null;
  /** Unique id of the result. */
  result: string | null;
  /** `pending` until an action was submitted. */
  status: AgentExecutionStatus | null;
  /** Action submitted. */
  action: AgentAction | null;
  /** Event data, untouched. */
  eventPayload: JsonObject | null;
  /** What the agent responded with, untouched. */
  responsePayload: JsonObject | null;
  /** What went wrong, if anything. */
  errorMessage: string | null;
  /** When it started, ISO-8601. */
  startedAt: string | null;
  /** When it ended, ISO-8601. */
  completedAt: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

export const decodeAgentExecution: Decode<AgentExecution> = model<
  AgentExecution
>({
  uid: null,
  registration: null,
  eventType: null,
  task: null,
  result: null,
  status: null,
  action: null,
  eventPayload: null,
  responsePayload: null,
  errorMessage: null,
  startedAt: null,
  completedAt: null,
  createdAt: null,
  updatedAt: null,
});

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

const POLL: OptionTable<PollAgentExecutionsOptions> = {
  status: { default: "pending" },
  project: optional,
  taskTypes: optional,
  ...PAGE,
};

const SUBMIT_ACTION: OptionTable<SubmitAgentActionOptions> = {
  execution: requiredText,
  action: requiredText,
  reason: optional,
};

/** Executions of agents. */
export class AsyncAgentExecutions extends Resource {
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
    const where = path(
      "agentExecutions.poll",
      "/agents/{agentUid}/executions/",
      { agentUid },
    );
    return this.pages(
      decodeAgentExecution,
      where,
      POLL,
      options,
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
    const where = path("agentExecutions.submitAction", "/agent-actions/");
    const input = body(SUBMIT_ACTION, options);
    return await this.json("POST", where, request, input);
  }
}
