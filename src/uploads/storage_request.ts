/**
 * A file on its way to a presigned address: without the client's credential and
 * headers, to storage alone.
 *
 * @module
 */

import { type AvalaError, InvalidResponseError } from "../errors.ts";
import { checkHeaders, type Config } from "../http/config.ts";
import { type Deadline, SHARES_TIMERS } from "../http/deadline.ts";
import type { Delivery } from "../http/exchange.ts";
import { callFetch, refuse } from "../http/exchange.ts";
import {
  limitsOf,
  type RequestOptions,
  type WireRequest,
} from "../http/request.ts";
import { discard } from "../http/response.ts";
import { refuseUrl } from "../http/trusted_hosts.ts";
import { redactUrl, secretFields } from "../redact.ts";
import { show, toUrl } from "../wire/options.ts";
import { keepsLength, type Payload, sizedBody } from "./sized_body.ts";

/** Where a file goes, as the API said. */
export interface StorageTarget {
  /** HTTP method. */
  readonly method: "PUT" | "POST";
  /** Presigned address. */
  readonly url: unknown;
  /** Headers that the address was signed for. */
  readonly headers?: unknown;
  /** What else was signed: the fields of a form. */
  readonly fields?: unknown;
  /** Statuses that mean success beside 2xx. */
  readonly accepted?: readonly number[];
}

/** Milliseconds that may pass without a byte going out or a response. */
const IDLE_LIMIT = 120_000;
/** Bytes a second that the slowest line is thought to carry. */
const SLOWEST_LINE = 32_768;
/** Headers that belong to the connection; `fetch` sets them. */
const OWN_HEADERS = ["host", "content-length", "transfer-encoding", "cookie"];

/**
 * Checks where a file goes, and makes a request of it.
 *
 * @param config The configuration of the client.
 * @param operation The method of the client that sends it.
 * @param target Where it goes.
 * @param payload What is sent.
 * @param options The caller's request options.
 * @returns The request.
 * @throws {InvalidResponseError} If the address is not to be trusted.
 */
export function prepareUpload(
  config: Config,
  operation: string,
  target: StorageTarget,
  payload: Payload,
  options: RequestOptions,
): WireRequest {
  const { method, headers, fields } = target;
  const url = checkTarget(config, target, payload.path);
  const limit = options.timeout ?? IDLE_LIMIT;
  // a browser sends a file as one blob, and tells nothing until all of it has gone;
  // a Cloudflare worker takes in all of it, however slowly it goes out
  const isCounted = keepsLength() && SHARES_TIMERS;
  const allowance = isCounted ? 0 : payload.size / SLOWEST_LINE * 1_000;
  return {
    operation,
    action: `upload ${show(payload.path)}`,
    method,
    path: url.pathname,
    url: url.href,
    authorized: false,
    headers: headersOf(target),
    body: undefined,
    ...limitsOf(config, { ...options, timeout: limit }, operation),
    timeout: limit + allowance,
    idle: "took nothing for",
    repeatable: true,
    shape: "nothing",
    onResponse: options.onResponse,
    secrets: () => [
      // what was signed is all that it takes to store something under that name
      ...secretFields(Object.fromEntries(url.searchParams)),
      ...secretFields(headers),
      ...secretFields(fields),
    ],
  };
}

/**
 * Makes one attempt to send a file: all of it must go out.
 *
 * @param payload What is sent.
 * @param accepted Statuses that mean success beside 2xx.
 * @param onBytes Told the number of bytes of the file that went out.
 * @returns The attempt, which gives the headers of the storage's response.
 */
export function exchangeFile(
  payload: Payload,
  accepted: readonly number[],
  onBytes: (count: number) => void,
): (
  signal: AbortSignal,
  delivery: Delivery,
  deadline: Deadline,
) => Promise<Headers> {
  return async (signal, delivery, deadline) => {
    const body = await sizedBody(payload, (count) => {
      deadline.extend();
      if (!signal.aborted) onBytes(count);
    }, signal);
    try {
      signal.throwIfAborted();
      const broken = body.fault();
      if (broken) throw broken;
      const headers = { ...delivery.request.headers, ...body.init.headers };
      const init = { ...body.init, headers };
      const response = await callFetch(signal, delivery, init)
        .catch((error) => {
          signal.throwIfAborted();
          throw body.fault() ?? error;
        });
      const { ok, status } = response;
      // whatever the storage makes of half a file
      const fault = body.fault();
      if (!fault && !ok && !accepted.includes(status)) {
        await refuse(response, delivery, signal);
      }
      discard(response);
      if (fault) throw fault;
      // an early response must not pass for a file that has arrived
      if (ok && !body.isSent()) {
        throw delivery.broken(
          `a response (${status}) came before the file had left`,
        );
      }
      body.complete();
      return response.headers;
    } finally {
      body.close();
    }
  };
}

function checkTarget(
  config: Config,
  { url: address }: StorageTarget,
  path: string,
): URL {
  const url = toUrl(address);
  const reason = url ? refuseUrl(url, config) : "it is no absolute URL";
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

/**
 * Tells whether the storage would take the file at a fresh address.
 *
 * @param error Why it refused the file.
 * @returns `true` when the signature has expired, or may have.
 */
export function isExpired({ statusCode, message }: AvalaError): boolean {
  return statusCode === 403 ||
    (statusCode === 400 && /\b(?:ExpiredToken|RequestTimeout)\b/.test(message));
}
