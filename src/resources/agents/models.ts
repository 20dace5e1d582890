/**
 * The models of agents.
 *
 * @module
 */

import {
  type Decode,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";

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
export type AgentExecutionStatus = Open<
  | "pending"
  | "success"
>;

/** What an agent decides. */
export type AgentAction = Open<
  | "approve"
  | "reject"
  | "flag"
  | "skip"
>;

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
  /** Signing secret: only in the answer to `create`. */
  secret: string | null;
  /** Counts by execution status; only on detail responses. */
  executionStats: JsonObject | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Decodes {@linkcode Agent}. */
export const decodeAgent: Decode<Agent> = model<Agent>({
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
  /** What the agent answered, untouched. */
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

/** Decodes {@linkcode AgentExecution}. */
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
