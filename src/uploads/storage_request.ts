/**
 * Sends a file to a presigned address: once, without credential, redirect or
 * header of the client.
 *
 * @module
 */

import { discard } from "../http/response.ts";
import { show, toUrl } from "../wire/options.ts";
import { bounded, Lifetime } from "../http/deadline.ts";
import { checkHeaders, type Config } from "../http/config.ts";
import {
  AvalaError,
  type AvalaErrorOptions,
  ConnectionError,
  ForbiddenError,
  InvalidResponseError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from "../errors.ts";
import { notify, redactHeaders } from "../http/hooks.ts";
import { redactUrl, secretValues } from "../redact.ts";
import { parseRetryAfter } from "../http/retry.ts";
import { type Payload, sizedBody } from "./sized_body.ts";
import { refuseTarget } from "../http/trusted_hosts.ts";

/** Where a file goes, as the API said. */
export interface StorageTarget {
  /** HTTP method. */
  readonly method: "PUT" | "POST";
  /** Presigned address. */
  readonly url: unknown;
  /** Headers that the address was signed for. */
  readonly headers?: unknown;
}

/** A file that is to be sent once. */
export interface StorageRequest {
  /** Where it goes. */
  readonly target: StorageTarget;
  /** What is sent. */
  readonly payload: Payload;
  /** Told the number of bytes of the file that went out. */
  readonly onBytes: (count: number) => void;
  /**
   * Milliseconds that may pass without a byte going out or an answer.
   *
   * @default {120_000}
   */
  readonly timeout?: number | undefined;
  /** Statuses that mean success beside 2xx. */
  readonly accepted?: readonly number[];
}

const IDLE_LIMIT = 120_000;
/** How much of an error's body is read, in bytes. */
const ERROR_BODY_LIMIT = 4_096;
/** Headers that belong to the connection; `fetch` sets them. */
const OWN_HEADERS = ["host", "content-length", "transfer-encoding", "cookie"];

/**
 * Sends a file once.
 *
 * @param config The configuration of the client.
 * @param request The file and where it goes.
 * @param parent Ends it.
 * @returns The headers of the storage's answer.
 * @throws {InvalidResponseError} If the address is not to be trusted; nothing is sent then.
 * @throws {InvalidArgumentError} If the file gives more or fewer bytes than its size.
 * @throws {AvalaError} If the storage refuses the file, or the connection breaks.
 */
export async function sendToStorage(
  config: Config,
  request: StorageRequest,
  parent: AbortSignal,
): Promise<Headers> {
  const { target, payload, timeout = IDLE_LIMIT } = request;
  const { method } = target;
  const url = checkTarget(config, target, payload.path);
  const headers = headersOf(target);
  const limit = new Lifetime();
  const secrets = () => secretValues(Object.fromEntries(url.searchParams));
  const about = (): AvalaErrorOptions => ({
    method,
    path: url.pathname,
    attempts: 1,
    secrets: secrets(),
  });
  const failure = `Cannot upload ${show(payload.path)} as `;
  let last = performance.now();
  const watch = () => {
    const idle = performance.now() - last;
    if (idle < timeout) timer = setTimeout(watch, timeout - idle);
    else {
      limit.end(() =>
        new TimeoutError(
          `${failure}nothing went to ${url.host} for ${timeout} ms`,
          about(),
        )
      );
    }
  };
  let timer = setTimeout(watch, timeout);
  try {
    return await bounded(
      { signal: parent, lifetime: limit },
      async (signal) => {
        const body = await sizedBody(payload, (count) => {
          last = performance.now();
          if (!signal.aborted) request.onBytes(count);
        }, signal);
        signal.throwIfAborted();
        try {
          const fault = body.fault();
          if (fault) throw fault;
          const fetch = config.fetch ?? globalThis.fetch;
          const sent = { ...headers, ...body.init.headers };
          notify(config.hooks.onRequest, () => ({
            method,
            url: redactUrl(url.href),
            headers: redactHeaders(Object.entries(sent), secrets()),
            attempt: 1,
          }));
          const start = last = performance.now();
          const response = await fetch(url.href, {
            ...body.init,
            method,
            headers: sent,
            redirect: "manual",
            signal,
          }).catch((cause) => {
            signal.throwIfAborted();
            throw body.fault() ?? new ConnectionError(
              `${failure}the connection to ${url.host} failed`,
              { ...about(), cause },
            );
          });
          notify(config.hooks.onResponse, () => ({
            method,
            url: redactUrl(url.href),
            attempt: 1,
            statusCode: response.status,
            headers: redactHeaders(response.headers, secrets()),
            durationMs: performance.now() - start,
          }));
          // an early answer must not pass for a file that was read to its end
          const cut = body.fault();
          if (cut) {
            discard(response);
            throw cut;
          }
          if (response.ok || request.accepted?.includes(response.status)) {
            discard(response);
            if (body.uncounted > 0) request.onBytes(body.uncounted);
            return response.headers;
          }
          throw await refusalOf(response, failure, about());
        } finally {
          body.close();
        }
      },
    );
  } finally {
    clearTimeout(timer);
  }
}

function checkTarget(
  config: Config,
  { url: address }: StorageTarget,
  path: string,
): URL {
  const url = toUrl(address);
  const reason = url ? refuseTarget(url, config) : "it is no absolute URL";
  if (url && !reason) return url;
  throw new InvalidResponseError(
    `Cannot upload ${show(path)} as its address ${
      typeof address === "string" ? show(redactUrl(address)) : show(address)
    } is not to be trusted: ${reason}`,
  );
}

function headersOf({ headers }: StorageTarget): { [name: string]: string } {
  const given = Object.entries(headers ?? {}).filter(([name]) =>
    !OWN_HEADERS.includes(name.toLowerCase())
  );
  return checkHeaders(Object.fromEntries(given), InvalidResponseError);
}

/** Turns a refusal of the storage into an error; its XML names the reason. */
async function refusalOf(
  response: Response,
  failure: string,
  about: AvalaErrorOptions,
): Promise<AvalaError> {
  const { status, headers } = response;
  if (status < 400) {
    discard(response);
    return new InvalidResponseError(
      `${failure}the storage answered ${
        status || "a redirect"
      }: redirects are not followed`,
      { ...about, statusCode: status || null },
    );
  }
  const text = await readStart(response);
  const said = ["Code", "Message"].flatMap((tag) =>
    new RegExp(`<${tag}>([^<]{1,300})</${tag}>`).exec(text)?.[1] ?? []
  );
  const message = `${failure}the storage answered ${status}${
    said.length > 0 ? `: ${said.join(": ")}` : ""
  }`;
  const known = { ...about, statusCode: status, body: text || null };
  if (status === 403) return new ForbiddenError(message, known);
  if (status === 429) {
    const retryAfter = parseRetryAfter(headers.get("retry-after"));
    return new RateLimitError(message, retryAfter, known);
  }
  return status >= 500
    ? new ServerError(message, known)
    : new AvalaError(message, known);
}

async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (reader && text.length < ERROR_BODY_LIMIT) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // the status is known: what was read of the body has to do
  }
  reader?.cancel().catch(() => {});
  return text.slice(0, ERROR_BODY_LIMIT);
}
