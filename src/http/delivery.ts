/**
 * One request on its way: what is known of it, and the errors that it can end in.
 *
 * @module
 */

import { AvalaError, ConnectionError, TimeoutError } from "../errors.ts";
import type { ActiveCalls, Limits } from "./deadline.ts";
import type { Internals } from "./internals.ts";
import type { WireRequest } from "./request.ts";
import { type About, discard, errorOf } from "./response.ts";

/** A request on its way, over all its attempts. */
export class Delivery implements Limits {
  /** What is sent. */
  request: WireRequest;
  /** What the calls of the client share. */
  readonly internals: Internals;
  /** All calls of the client. */
  readonly calls: ActiveCalls;
  /** Ends the request. */
  signal: AbortSignal | null | undefined;
  /** The number of the current attempt. */
  attempt = 0;
  /** How many attempts have reached `fetch`. */
  sent = 0;
  /** Whether a failed attempt may have done its work. */
  mayHaveWorked = false;
  /** The response of the current attempt, if it was a refusal. */
  refusal: Response | undefined;
  /** The bearer tokens that went with the request: a server may repeat any of them. */
  readonly tokens: string[] = [];

  /**
   * Constructs a request that was not sent yet.
   *
   * @param internals What the calls of the client share.
   * @param request What is sent.
   * @param signal Ends the request.
   */
  constructor(
    internals: Internals,
    request: WireRequest,
    signal: AbortSignal | null | undefined,
  ) {
    this.internals = internals;
    this.calls = internals.calls;
    this.request = request;
    this.signal = signal;
  }

  /**
   * The time limit of an attempt.
   *
   * @returns Milliseconds.
   */
  get timeout(): number {
    return this.request.timeout;
  }

  /**
   * Makes the error of an attempt that took too long.
   *
   * @returns The error.
   */
  timeoutError(): AvalaError {
    const { action, timeout, idle } = this.request;
    const about = this.about();
    // a body that hangs does not hide the status that came before it
    if (this.refusal) return errorOf(this.refusal, null, about);
    const what = idle ?? "did not respond within";
    return new TimeoutError(
      `Cannot ${action} as ${this.host} ${what} ${timeout} ms`,
      about,
    );
  }

  /**
   * Drops a response that came too late.
   *
   * @param result What the attempt gave.
   */
  discard(result: unknown): void {
    if (result instanceof Response) discard(result);
  }

  /**
   * Makes the error of a connection that broke.
   *
   * @param what What happened.
   * @param cause What was thrown.
   * @returns The error.
   */
  broken(what: string, cause?: unknown): ConnectionError {
    const { action } = this.request;
    const reason = reasonOf(cause);
    return new ConnectionError(
      `Cannot ${action} as ${what} (${this.host})${reason && `: ${reason}`}`,
      { ...this.about(), cause },
    );
  }

  /**
   * Tells what is known about the request.
   *
   * @returns Options of an error.
   */
  about(): About {
    const { action, method, path, authorized } = this.request;
    return {
      action,
      peer: authorized ? "server" : "storage",
      method,
      path,
      attempts: this.sent,
      secrets: this.secrets(),
    };
  }

  /**
   * Collects what must not be shown of the request.
   *
   * @returns The secrets.
   */
  secrets(): string[] {
    return [...this.tokens, ...this.request.secrets()];
  }

  /**
   * The host that the request goes to.
   *
   * @returns Its name, and its port where there is one.
   */
  get host(): string {
    return new URL(this.request.url).host;
  }
}

/** The system's code for a failed connection, else the innermost message. */
function reasonOf(cause: unknown): string {
  let message = "";
  for (let error = cause; error instanceof Error; error = error.cause) {
    const { code } = error as { code?: unknown };
    if (typeof code === "string") return code;
    message = error.message;
  }
  return message;
}
