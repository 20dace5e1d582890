/**
 * One request on its way, and one attempt at it: everything from the credential to
 * the end of the response's body.
 *
 * @module
 */

import {
  type AvalaError,
  ConfigurationError,
  ConnectionError,
  TimeoutError,
} from "../errors.ts";
import { redactHeaders, redactUrl } from "../redact.ts";
import { show } from "../wire/options.ts";
import { checkAccessToken, type Config } from "./config.ts";
import { type ActiveCalls, type Limits, showTimeout } from "./deadline.ts";
import { type CallResponse, type HookRequest, notify } from "./hooks.ts";
import type { ErrorReader, Internals } from "./internals.ts";
import type { WireRequest } from "./request.ts";
import { type About, discard, readJson, textOf } from "./response.ts";

const IS_DENO = "Deno" in globalThis;

let deliveries = 0;

/** A request on its way, over all its attempts. */
export class Delivery implements Limits {
  /** Tells it from all others, for the hooks. */
  readonly id: number = ++deliveries;
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
  /** Makes the error of the current attempt's response, if that was a refusal. */
  refusal: (() => AvalaError) | undefined;
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
    // a body that hangs does not hide the status that came before it
    if (this.refusal) return this.refusal();
    const what = idle ?? "did not respond within";
    return new TimeoutError(
      `Cannot ${action} as ${this.host} ${what} ${showTimeout(timeout)}`,
      this.about(),
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
      // the URL that people find is often that of the host alone
      hint: /^[^/]+\/\/[^/]+$/.test(this.internals.config.baseUrl)
        ? " (the base URL has no path such as /api/v1)"
        : "",
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

/**
 * Sends a request once and reads its response.
 *
 * @param signal Ends the attempt.
 * @param delivery The request.
 * @returns What the shape of the request says: JSON, null for nothing, the unread response of a stream, or headers.
 * @throws {AvalaError} If the attempt fails.
 */
export async function exchange(
  signal: AbortSignal,
  delivery: Delivery,
): Promise<unknown> {
  const { request, internals } = delivery;
  const { shape } = request;
  const init: RequestInit = { headers: await headersOf(delivery, signal) };
  const body = bodyOf(request);
  if (body !== undefined) init.body = body;
  const response = await callFetch(signal, delivery, init);
  if (request.authorized) {
    internals.latest.response = response;
    internals.throttle?.learn(response);
  }
  if (!response.ok) return await refuse(response, delivery, signal);
  if (shape === "nothing") {
    // the status says it all: a broken body must not fail the call
    discard(response);
    return null;
  }
  if (response.bodyUsed) {
    throw unusable(delivery, "a Response whose body was read before");
  }
  if (shape === "stream") return response;
  const { maxResponseBytes } = request;
  let text: string | undefined;
  try {
    text = await textOf(response, maxResponseBytes);
  } catch (cause) {
    signal.throwIfAborted();
    throw delivery.broken("the response broke off", cause);
  }
  const parse = request.reader ? await request.reader() : JSON.parse;
  if (text !== undefined && response.status !== 206) {
    const json = readJson(text, shape, parse);
    if (json !== undefined) return json;
  }
  const { tooLarge, unexpectedBody } = await loadErrors(response, delivery);
  throw text === undefined
    ? tooLarge(response, maxResponseBytes, delivery.about())
    : unexpectedBody(response, text, shape, delivery.about(), parse);
}

/** The error of a `fetch` that does not do what it must: no retry would help. */
function unusable(delivery: Delivery, what: string): ConfigurationError {
  const { action } = delivery.request;
  return new ConfigurationError(
    `Cannot ${action} as 'fetch' gave ${what}`,
    delivery.about(),
  );
}

/** Loads what makes errors of responses: most programs never need it. */
async function loadErrors(
  { status }: Response,
  delivery: Delivery,
): Promise<ErrorReader> {
  return await delivery.internals.loadErrors().catch((cause) => {
    const what = `what reads its errors did not load (status ${status})`;
    throw delivery.broken(what, cause);
  });
}

/**
 * Calls `fetch`, and tells the hooks of it.
 *
 * @param signal Ends the attempt.
 * @param delivery The request.
 * @param init Headers and body; the rest is added to it, as a copy by spread is slow on Node.
 * @returns The response, unread.
 * @throws {ConnectionError} If there is none.
 */
export async function callFetch(
  signal: AbortSignal,
  delivery: Delivery,
  init: RequestInit,
): Promise<Response> {
  const { request, internals: { config } } = delivery;
  const { hooks } = config;
  const { onResponse } = request;
  const headers = init.headers as { [name: string]: string };
  delivery.refusal = undefined;
  delivery.attempt++;
  delivery.sent++;
  if (hooks.onRequest) {
    notify(hooks.onRequest, () => eventOf(delivery, Object.entries(headers)));
  }
  const isHeard = hooks.onResponse !== undefined || onResponse !== undefined;
  const start = isHeard ? performance.now() : 0;
  // looked up at each call, so that a test can replace the global one
  const fetch = config.fetch ?? globalThis.fetch;
  let response: Response;
  try {
    init.method = request.method;
    init.redirect = "manual";
    init.signal = signal;
    response = await fetch(request.url, init);
  } catch (cause) {
    signal.throwIfAborted();
    throw delivery.broken("the connection failed", cause);
  }
  if (typeof response?.status !== "number") {
    throw unusable(delivery, `no Response: current value is ${show(response)}`);
  }
  if (signal.aborted) {
    discard(response);
    throw signal.reason;
  }
  if (isHeard) {
    const durationMs = performance.now() - start;
    notify(hooks.onResponse, () => ({
      ...eventOf(delivery, response.headers),
      statusCode: response.status,
      durationMs,
    }));
    notify(onResponse, () => callResponseOf(delivery, response, durationMs));
  }
  return response;
}

/**
 * Makes what a response without success comes to.
 *
 * @param response The response.
 * @param delivery The request.
 * @param signal Ends the attempt.
 * @returns Null for a deletion that an earlier attempt has done.
 * @throws {AvalaError} In all other cases.
 */
export async function refuse(
  response: Response,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<null> {
  const { method, shape } = delivery.request;
  if (
    response.status === 404 && method === "DELETE" && shape === "nothing" &&
    delivery.mayHaveWorked
  ) {
    // an earlier attempt deleted it, and its response was lost
    discard(response);
    return null;
  }
  // nobody reads the body meanwhile: it must not outlive the attempt
  const drop = () => discard(response);
  if (signal.aborted) {
    drop();
    throw signal.reason;
  }
  signal.addEventListener("abort", drop);
  let errors: ErrorReader;
  try {
    errors = await loadErrors(response, delivery);
  } finally {
    signal.removeEventListener("abort", drop);
  }
  signal.throwIfAborted();
  if (response.status >= 400) {
    delivery.refusal = () => errors.errorOf(response, null, delivery.about());
  }
  throw await errors.readError(response, delivery.about(), signal);
}

/** The headers of the request, with its bearer token where it needs one. */
function headersOf(
  delivery: Delivery,
  signal: AbortSignal,
):
  | { readonly [name: string]: string }
  | Promise<{ readonly [name: string]: string }> {
  const { request, internals } = delivery;
  const { accessToken } = internals.config;
  return accessToken === undefined || !request.authorized
    ? request.headers
    : authorize(delivery, accessToken, signal);
}

async function authorize(
  delivery: Delivery,
  accessToken: NonNullable<Config["accessToken"]>,
  signal: AbortSignal,
): Promise<{ [name: string]: string }> {
  let token = accessToken;
  if (typeof token === "function") {
    try {
      token = await token();
    } catch (cause) {
      throw new ConfigurationError(
        "Cannot send the request as the function 'accessToken' failed",
        { ...delivery.about(), cause },
      );
    }
    // the time limit may have passed meanwhile
    signal.throwIfAborted();
  }
  checkAccessToken(token);
  if (!delivery.tokens.includes(token)) delivery.tokens.push(token);
  return { ...delivery.request.headers, authorization: `Bearer ${token}` };
}

/** What the hooks of one attempt are told alike. */
function eventOf(
  delivery: Delivery,
  headers: Iterable<readonly [string, string]>,
): HookRequest {
  const { operation, method, url } = delivery.request;
  const secrets = delivery.secrets();
  return {
    operation,
    method,
    url: redactUrl(url, secrets),
    callId: delivery.id,
    headers: redactHeaders(headers, secrets),
    attempt: delivery.attempt,
  };
}

/**
 * Tells the hook of a call that has ended.
 *
 * @param delivery The request.
 * @param error What the call rejects with; null when it has succeeded.
 */
export function notifyEnd(delivery: Delivery, error: unknown): void {
  const { id: callId, sent: attempts, internals, request } = delivery;
  notify(internals.config.hooks.onEnd, () => {
    const { operation, method } = request;
    const url = redactUrl(request.url, delivery.secrets());
    return { operation, method, url, callId, attempts, error };
  });
}

function callResponseOf(
  delivery: Delivery,
  { status, headers }: Response,
  durationMs: number,
): CallResponse {
  const shown = redactHeaders(headers, delivery.secrets());
  return {
    statusCode: status,
    headers: shown,
    requestId: shown["x-request-id"] ?? null,
    attempt: delivery.attempt,
    durationMs,
  };
}

/**
 * Makes a body that the runtime itself does not send twice: on a reused
 * connection that dies before a response, Deno repeats requests with a text as
 * body or none, POST included, but none with a `Blob` (which, unlike a stream,
 * keeps its `Content-Length`). To the service, `{}` is the same as no body.
 */
function bodyOf(
  { method, repeatable, body }: WireRequest,
): string | Blob | undefined {
  if (!IS_DENO) return body;
  if (body !== undefined) return new Blob([body]);
  return method === "POST" && !repeatable
    ? new Blob(["{}"], { type: "application/json" })
    : undefined;
}
