/**
 * Hooks: watch what the client does, with all secrets redacted.
 *
 * @module
 */

import type { AvalaError } from "../errors.ts";

/** What a call is told of each of its responses. */
export interface CallResponse {
  /** HTTP status. */
  statusCode: number;
  /** Headers of the response by lowercase name, secrets redacted. */
  headers: { [name: string]: string };
  /** Value of the `X-Request-Id` header, which support asks for, or null. */
  requestId: string | null;
  /** Which attempt this is the response to, from 1. */
  attempt: number;
  /** Milliseconds from sending the request to the headers. */
  durationMs: number;
}

/** A request is about to be sent. */
export interface HookRequest {
  /** The method of the client that sends the request: `datasets.list`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** URL with secrets redacted. */
  url: string;
  /** Which call it belongs to: the same number in all events of a call. */
  callId: number;
  /** Headers by lowercase name, secrets redacted. */
  headers: { [name: string]: string };
  /** Which attempt this is, from 1. */
  attempt: number;
}

/** The headers of a response have arrived. */
export interface HookResponse {
  /** The method of the client that sends the request: `datasets.list`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** URL with secrets redacted. */
  url: string;
  /** Which call it belongs to: the same number in all events of a call. */
  callId: number;
  /** Which attempt this is the response to, from 1. */
  attempt: number;
  /** HTTP status. */
  statusCode: number;
  /** Headers of the response by lowercase name, secrets redacted. */
  headers: { [name: string]: string };
  /** Milliseconds from sending the request to the headers. */
  durationMs: number;
}

/** An attempt has failed and another will follow. */
export interface HookRetry {
  /** The method of the client that sends the request: `datasets.list`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** URL with secrets redacted. */
  url: string;
  /**
   * Which call it belongs to; null when a step of an upload has failed whose last
   * call went to the API: each of its requests is a call of its own.
   */
  callId: number | null;
  /** Which attempt has failed, from 1. */
  attempt: number;
  /** Seconds the server asked to wait, or null. */
  retryAfter: number | null;
  /** Milliseconds until the next attempt: what the server asked for, and the backoff. */
  waitMs: number;
  /** Why it failed. */
  error: AvalaError;
}

/** A call has failed for good. */
export interface HookError {
  /** The method of the client that sends the request: `datasets.list`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** URL with secrets redacted. */
  url: string;
  /**
   * Which call it belongs to; null when a step of an upload has failed whose last
   * call went to the API: each of its requests is a call of its own.
   */
  callId: number | null;
  /** How many times the request was sent. */
  attempts: number;
  /** The error that the caller gets. */
  error: AvalaError;
}

/** A call has ended. */
export interface HookEnd {
  /** The method of the client that sends the request: `datasets.list`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** URL with secrets redacted. */
  url: string;
  /** Which call it is: the same number in all events of a call. */
  callId: number;
  /** How many times the request was sent. */
  attempts: number;
  /** What the call rejects with, an aborted signal's own reason included; null when it has succeeded. */
  error: unknown;
}

/**
 * Functions that are told what happens. They only watch: what they return or
 * throw has no effect on the call.
 */
export interface Hooks {
  /** Called before each attempt. */
  onRequest?: ((event: HookRequest) => void) | undefined;
  /** Called when the headers of a response have arrived. */
  onResponse?: ((event: HookResponse) => void) | undefined;
  /** Called before the wait that precedes another attempt. */
  onRetry?: ((event: HookRetry) => void) | undefined;
  /** Called once when a call fails for good; not when the caller aborts it. */
  onError?: ((event: HookError) => void) | undefined;
  /**
   * Called once when a call has ended, however it did. A download ends here when
   * its first bytes can be read; each file that is sent to storage, and each
   * request of an upload, is a call of its own.
   */
  onEnd?: ((event: HookEnd) => void) | undefined;
}

/**
 * Tells a hook of an event; costs nothing where there is no hook.
 *
 * @typeParam E The event.
 * @param hook The hook, if there is one.
 * @param event Makes the event.
 */
export function notify<E>(
  hook: ((event: E) => void) | undefined,
  event: () => E,
): void {
  if (hook === undefined) return;
  try {
    // an async hook returns a promise, whatever its declared type says
    const result: unknown = hook(event());
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // a hook only watches
  }
}
