/**
 * A loop that handles what an agent is called for.
 *
 * @module
 */

import {
  AuthenticationError,
  AvalaError,
  ClientClosedError,
  ConfigurationError,
  ForbiddenError,
  InvalidArgumentError,
  NotFoundError,
} from "../../errors.ts";
import type { Transport } from "../../http/transport.ts";
import type { JsonObject } from "../../wire/codec.ts";
import {
  local,
  type OptionTable,
  refusal,
  toBody,
} from "../../wire/options.ts";
import { segment } from "../../wire/path.ts";
import {
  type AgentAction,
  type AgentEventName,
  type AgentExecution,
  AsyncAgentExecutions,
} from "./executions.ts";

/** Options of {@linkcode AgentRunner}. */
export interface AgentRunnerOptions {
  /**
   * Milliseconds to wait when there was nothing to do. After work, the runner looks
   * again at once.
   *
   * @default {5_000}
   */
  interval?: number | undefined;
  /** Only executions of this project. */
  project?: string | undefined;
  /** Only executions of tasks of these types. */
  taskTypes?: string[] | undefined;
  /**
   * Called with what a handler threw, and with errors of requests that the runner
   * survives.
   *
   * @default {console.error}
   */
  onError?: ((error: unknown, execution?: AgentExecution) => void) | undefined;
}

/** What a handler is called with. The first of its decisions counts. */
export interface AgentContext {
  /** The execution. */
  execution: AgentExecution;
  /** The event that caused it. */
  event: AgentEventName;
  /** Data of the event, untouched; empty when there is none. */
  payload: JsonObject;
  /** Approves the result. */
  approve: (reason?: string) => Promise<JsonObject>;
  /** Rejects the result. */
  reject: (reason?: string) => Promise<JsonObject>;
  /** Flags the result for somebody to look at. */
  flag: (reason?: string) => Promise<JsonObject>;
  /** Acknowledges the execution without effect. */
  skip: (reason?: string) => Promise<JsonObject>;
}

/** Handles an execution. */
export type AgentHandler = (context: AgentContext) => unknown;

const RUNNER: OptionTable<AgentRunnerOptions> = {
  interval: {
    check: (value) =>
      typeof value === "number" && value > 0 && value < 2 ** 31
        ? undefined
        : "a number of milliseconds above 0, below 2 ** 31",
    local: true,
  },
  project: local,
  taskTypes: local,
  onError: local,
};

const LONGEST_BACKOFF = 60_000;

/**
 * Polls for the executions of an agent and calls a handler for each, one after the
 * other.
 *
 * An execution without a handler, whose handler threw, or that was handled
 * without a decision, is skipped with a reason, so that it does not come again.
 *
 * @example Approve results
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const agent = await client.agents.create({ name: "Checker" });
 * const runner = client.agents.runner(agent.uid)
 *   .on("result.submitted", async ({ payload, approve, flag }) => {
 *     if (payload.result_data) await approve();
 *     else await flag("The result is empty");
 *   });
 * await runner.runOnce(); // or `await runner.run({ signal })`, for ever
 * ```
 */
export class AgentRunner {
  readonly #transport: Transport;
  readonly #executions: AsyncAgentExecutions;
  readonly #uid: string;
  readonly #options: AgentRunnerOptions;
  readonly #interval: number;
  readonly #handlers = new Map<string, AgentHandler>();

  /**
   * Constructs a runner.
   *
   * @param transport Sends the requests.
   * @param uid Unique id of the agent.
   * @param options The options.
   * @throws {InvalidArgumentError} If an argument is wrong.
   */
  constructor(
    transport: Transport,
    uid: string,
    options: AgentRunnerOptions = {},
  ) {
    segment("agents.runner", "uid", uid);
    toBody("agents.runner", RUNNER, options);
    this.#transport = transport;
    this.#executions = new AsyncAgentExecutions(transport);
    this.#uid = uid;
    this.#options = options;
    this.#interval = options.interval ?? 5_000;
  }

  /**
   * Sets the handler of an event.
   *
   * @param event Name of the event.
   * @param handler Called with every execution that the event caused.
   * @returns The runner.
   * @throws {InvalidArgumentError} If the handler is no function.
   */
  on(event: AgentEventName, handler: AgentHandler): this {
    if (typeof handler !== "function") {
      throw refusal("runner.on", "'handler'", "a function", handler);
    }
    this.#handlers.set(event, handler);
    return this;
  }

  /**
   * Handles executions until it is aborted or the client is closed. After a failed
   * request it waits twice as long each time, up to a minute; a credential or an
   * agent that is refused ends it.
   *
   * @param options The signal that ends it.
   * @param options.signal Ends it at once; it rejects with the signal's own reason.
   * @returns Never; it rejects when it ends.
   * @throws {AuthenticationError} If the credential is refused.
   * @throws {ForbiddenError} If the credential may not do this.
   * @throws {NotFoundError} If there is no such agent.
   * @throws {ClientClosedError} If the client is closed.
   */
  run(options: { signal?: AbortSignal | undefined } = {}): Promise<never> {
    return this.#transport.run(async (signal) => {
      let failures = 0;
      while (true) {
        let handled = 0;
        try {
          handled = await this.runOnce({ signal });
          failures = 0;
        } catch (error) {
          signal.throwIfAborted();
          if (!isTransient(error)) throw error;
          this.#report(error);
          failures++;
        }
        if (handled > 0 && failures === 0) continue;
        const wait = this.#interval * 2 ** Math.max(0, failures - 1);
        const longest = Math.max(LONGEST_BACKOFF, this.#interval);
        const { delay } = await import("jsr:@std/async@^1.5.0/delay");
        await delay(Math.min(wait, longest), { signal });
      }
    }, options.signal);
  }

  /**
   * Handles all executions that are waiting now, on all pages.
   *
   * @param options The signal that ends it.
   * @param options.signal Ends it at once; it rejects with the signal's own reason.
   * @returns How many executions there were.
   * @throws {AvalaError} If a request fails.
   */
  async runOnce(
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<number> {
    const { signal } = options;
    const { project, taskTypes } = this.#options;
    let handled = 0;
    const waiting = this.#executions.poll(
      this.#uid,
      { project, taskTypes },
      { signal },
    );
    for await (const execution of waiting) {
      signal?.throwIfAborted();
      await this.#handle(execution, signal);
      handled++;
    }
    return handled;
  }

  async #handle(
    execution: AgentExecution,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let decided = false;
    const decide = (action: AgentAction) => async (reason?: string) => {
      if (decided) {
        throw new InvalidArgumentError(
          `Cannot ${action} execution "${execution.uid}" as it has its decision already`,
        );
      }
      decided = true;
      return await this.#executions.submitAction(
        { execution: execution.uid, action, reason: reason || undefined },
        { signal },
      );
    };
    const context: AgentContext = {
      execution,
      event: execution.eventType,
      payload: execution.eventPayload ?? {},
      approve: decide("approve"),
      reject: decide("reject"),
      flag: decide("flag"),
      skip: decide("skip"),
    };
    const handler = this.#handlers.get(execution.eventType);
    let reason = handler
      ? "The handler made no decision"
      : `There is no handler for ${execution.eventType}`;
    try {
      await handler?.(context);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AvalaError && !isTransient(error)) throw error;
      this.#report(error, execution);
      reason = "The handler failed";
    }
    if (!decided) await context.skip(reason);
  }

  #report(error: unknown, execution?: AgentExecution): void {
    const { onError = console.error } = this.#options;
    onError(error, execution);
  }
}

/** Whether a failed request may go better the next time. */
function isTransient(error: unknown): boolean {
  return !(error instanceof AuthenticationError ||
    error instanceof ForbiddenError || error instanceof NotFoundError ||
    error instanceof ConfigurationError || error instanceof ClientClosedError);
}
