/**
 * Spans of OpenTelemetry for what a client does, by the tracer of your choice.
 * Nothing of OpenTelemetry is loaded: what has the methods of its tracer will do.
 *
 * ```ts ignore
 * import { trace } from "npm:@opentelemetry/api@^1";
 * import { AsyncClient } from "@avala/client";
 * import { traced } from "@avala/client/tracing";
 *
 * const client = new AsyncClient({ hooks: traced(trace.getTracer("my-job")) });
 * ```
 *
 * A call is a span, named after its method (`datasets.list`), below the span that
 * is active where it is made. Each attempt at it is a span of the kind `CLIENT`
 * below that one, from the request to the end of the response, with the attributes
 * of the semantic conventions for HTTP: `http.request.method`, `url.full`,
 * `server.address`, `server.port`, `http.response.status_code`,
 * `http.request.resend_count`, `error.type`, and the `X-Request-Id` that support
 * asks for as `http.response.header.x-request-id`. A span that ends in an error has
 * the status `ERROR`; that of the call holds the error with its stack.
 *
 * Secrets are redacted, as for every hook. Nothing is added to the requests
 * themselves: the trace does not go on in the service. The span of an attempt has
 * the span of its call as its parent, and sees nothing else of the active context,
 * such as baggage.
 *
 * The requests of an upload are calls of their own, and so is each file that goes
 * to storage; the span of a download ends when its first bytes can be read.
 *
 * @example The spans of a call that needs two attempts
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { traced, type Tracer } from "@avala/client/tracing";
 * import { assertEquals } from "@std/assert";
 *
 * const spans: string[] = [];
 * const tracer: Tracer = {
 *   startSpan(name) {
 *     spans.push(name);
 *     return {
 *       setAttribute() {},
 *       setStatus() {},
 *       recordException() {},
 *       end() {},
 *     };
 *   },
 * };
 *
 * const emulator = new AvalaEmulator();
 * const { fetch } = emulator;
 * const hooks = traced(tracer);
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch, hooks });
 * emulator.fault({ path: "/tasks/", status: 503, retryAfter: 0 });
 * await client.tasks.list();
 * assertEquals(spans, ["tasks.list", "GET", "GET"]);
 * ```
 *
 * @module
 */

import { AvalaError } from "../errors.ts";
import { type HookRequest, type Hooks, notify } from "./hooks.ts";

/** A span, as OpenTelemetry has it. What its methods return is not used. */
export interface Span {
  /**
   * Says something about the work.
   *
   * @param name Name of the attribute.
   * @param value Its value.
   * @returns Nothing of use.
   */
  setAttribute(name: string, value: string | number | string[]): unknown;
  /**
   * Says how the work ended.
   *
   * @param status The code 2 for an error, and what went wrong.
   * @returns Nothing of use.
   */
  setStatus(status: { code: number; message?: string }): unknown;
  /**
   * Keeps an error.
   *
   * @param error The error.
   * @returns Nothing of use.
   */
  recordException(error: Error): unknown;
  /**
   * Ends the span.
   *
   * @returns Nothing of use.
   */
  end(): unknown;
}

/** What a span is started with. */
export interface SpanOptions {
  /**
   * Kind of the work: 0 inside the program, 2 a request to another.
   *
   * @default {0}
   */
  kind?: number;
  /**
   * What is known about the work.
   *
   * @default {nothing}
   */
  attributes?: { [name: string]: string | number };
}

/** What is carried along with work: above all, the span it belongs to. */
export interface SpanContext {
  /**
   * Reads a value.
   *
   * @param key Where it is kept.
   * @returns The value, or undefined.
   */
  getValue(key: symbol): unknown;
  /**
   * Makes a context with one more value.
   *
   * @param key Where it is kept.
   * @param value The value.
   * @returns The context.
   */
  setValue(key: symbol, value: unknown): SpanContext;
  /**
   * Makes a context without a value.
   *
   * @param key Where it is kept.
   * @returns The context.
   */
  deleteValue(key: symbol): SpanContext;
}

/** What starts spans, as OpenTelemetry has it. */
export interface Tracer {
  /**
   * Starts a span.
   *
   * @param name Name of the span.
   * @param options What it is started with.
   * @param context Holds the span above it; without one, that is the active span.
   * @returns The span.
   */
  startSpan(name: string, options?: SpanOptions, context?: SpanContext): Span;
}

/** The kinds of spans, and the status of one that failed. */
const INTERNAL = 0;
const CLIENT = 2;
const ERROR = 2;

/** The spans of a call that is under way. */
interface TracedCall {
  readonly span: Span;
  attempt: Span | undefined;
}

/**
 * Makes hooks that start a span for each call and for each attempt at it.
 *
 * @example Beside hooks of your own
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { traced, type Tracer } from "@avala/client/tracing";
 *
 * function connect(tracer: Tracer): AsyncClient {
 *   const hooks = traced(tracer, {
 *     onRetry: ({ url, waitMs }) => console.warn(`${url} in ${waitMs} ms`),
 *   });
 *   return new AsyncClient({ apiKey: "avk_example", hooks });
 * }
 * ```
 *
 * @param tracer Starts the spans.
 * @param hooks Hooks that are told as well.
 * @returns The hooks, for one client or several.
 */
export function traced(tracer: Tracer, hooks: Hooks = {}): Hooks {
  const calls = new Map<number, TracedCall>();
  const attemptOf = (callId: number | null) =>
    callId === null ? undefined : calls.get(callId)?.attempt;
  return {
    onRequest(event) {
      notify(hooks.onRequest, () => event);
      const { callId, operation, method } = event;
      let call = calls.get(callId);
      if (!call) {
        const span = tracer.startSpan(operation, { kind: INTERNAL });
        call = { span, attempt: undefined };
        calls.set(callId, call);
      }
      // an address that has expired is asked for anew within an attempt
      call.attempt?.end();
      const options = { kind: CLIENT, attributes: attributesOf(event) };
      call.attempt = tracer.startSpan(method, options, contextOf(call.span));
    },
    onResponse(event) {
      notify(hooks.onResponse, () => event);
      const { callId, statusCode, headers } = event;
      const attempt = attemptOf(callId);
      attempt?.setAttribute("http.response.status_code", statusCode);
      const id = headers["x-request-id"];
      if (id) attempt?.setAttribute(`http.response.header.x-request-id`, [id]);
    },
    onRetry(event) {
      notify(hooks.onRetry, () => event);
      endSpan(attemptOf(event.callId), event.error);
      const call = calls.get(event.callId ?? -1);
      if (call) call.attempt = undefined;
    },
    onError: hooks.onError,
    onEnd(event) {
      notify(hooks.onEnd, () => event);
      const { callId, error } = event;
      const call = calls.get(callId);
      calls.delete(callId);
      endSpan(call?.attempt, error);
      if (error instanceof AvalaError) call?.span.recordException(error);
      endSpan(call?.span, error);
    },
  };
}

function attributesOf(
  { method, url, attempt }: HookRequest,
): { [name: string]: string | number } {
  const { hostname, port, protocol } = new URL(url);
  return {
    "http.request.method": method,
    "url.full": url,
    "server.address": hostname,
    "server.port": Number(port || (protocol === "http:" ? 80 : 443)),
    ...(attempt > 1 ? { "http.request.resend_count": attempt - 1 } : {}),
  };
}

/** Ends a span, with what has failed, if something has. */
function endSpan(span: Span | undefined, error: unknown): void {
  if (error !== null) {
    span?.setAttribute("error.type", typeOf(error));
    const isOurs = error instanceof AvalaError;
    // what others have said may hold anything
    const message = isOurs ? { message: error.message } : {};
    span?.setStatus({ code: ERROR, ...message });
  }
  span?.end();
}

/** The status of a response that is an error, else the name of what was thrown. */
function typeOf(error: unknown): string {
  const { statusCode, name } = Object(error);
  return statusCode >= 400 ? `${statusCode}` : `${name ?? "_OTHER"}`;
}

/**
 * A context that holds a span, for a tracer to find it: OpenTelemetry keeps it under
 * a symbol that all versions of its API share.
 */
function contextOf(span: Span): SpanContext {
  const key = Symbol.for("OpenTelemetry Context Key SPAN");
  return contextWith(new Map([[key, span]]));
}

function contextWith(values: ReadonlyMap<symbol, unknown>): SpanContext {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextWith(new Map(values).set(key, value)),
    deleteValue(key) {
      const fewer = new Map(values);
      fewer.delete(key);
      return contextWith(fewer);
    },
  };
}
