/**
 * The log of requests: secrets redacted, size bounded.
 *
 * @module
 */

import { redactHeaders, redactJson, redactText } from "../../redact.ts";
import { parse, type WireRequest, type WireResponse } from "./wire.ts";

/** A request that the emulator has seen. */
export interface SeenRequest {
  /** Its number, from 1. */
  readonly id: number;
  /** When it came, ISO-8601. */
  readonly time: string;
  /** HTTP method. */
  readonly method: string;
  /** Path with its prefix. */
  readonly path: string;
  /** Query by name; secrets are replaced by `[redacted]`. */
  readonly query: { [name: string]: string };
  /** Headers by lowercase name; secrets are replaced by `[redacted]`. */
  readonly headers: { [name: string]: string };
  /** Parsed JSON body, or null; secrets are replaced by `[redacted]`, and a large one by its size. */
  readonly body: unknown;
  /** How many requests like it have failed right before it. */
  readonly retry: number;
  /** Status of the response; 0 when the connection was cut, or while there is none. */
  readonly status: number;
  /** Milliseconds until the response, or until the connection was cut; null while the request is under way. */
  readonly durationMs: number | null;
  /** Headers of the response by lowercase name; secrets are replaced by `[redacted]`. */
  readonly responseHeaders: { [name: string]: string };
  /** Body of the response: JSON or text, or null; secrets are replaced by `[redacted]`, and what is large or neither by its size. */
  readonly responseBody: unknown;
}

/** Longer bodies of requests are logged by their size alone. */
const MAX_BODY = 2 ** 20;
/** Longer bodies of responses are logged by their size alone. */
const MAX_RESPONSE = 2 ** 14;
/** Bodies in the log take no more than this. */
const MAX_TOTAL = 2 ** 25;

/** The latest requests. */
export class RequestLog {
  readonly #limit: number;
  readonly #listeners = new Set<(request: SeenRequest) => void>();
  /** The latest request of each method and URL, in the order of requests. */
  readonly #latest = new Map<string, SeenRequest>();
  readonly #entries: SeenRequest[] = [];
  /** Bytes of bodies by request, in the same order. */
  readonly #sizes = new Map<SeenRequest, number>();
  #total = 0;
  #id = 0;

  /**
   * Constructs an empty log.
   *
   * @param limit How many requests it holds.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The latest requests, the oldest first.
   *
   * @returns The requests.
   */
  get entries(): readonly SeenRequest[] {
    return this.#entries;
  }

  /** Forgets all requests; who watches goes on watching. */
  clear(): void {
    this.#forget(0);
  }

  /**
   * Tells of each request, when it comes and when it is over.
   *
   * @param listener What is told; what it throws has no effect.
   * @returns Ends it.
   */
  watch(listener: (request: SeenRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Logs a request that has come.
   *
   * @param request The request.
   * @param body Its body: text, or null for one that is not logged.
   * @param time When it came, ISO-8601.
   * @returns Logs that the request is over.
   */
  open(
    { method, url, headers }: WireRequest,
    body: string | null,
    time: string,
  ): (response: WireResponse) => void {
    const start = performance.now();
    // the query of a presigned address differs each time
    const place = `${method} ${url.pathname}${body === null ? "" : url.search}`;
    const before = this.#latest.get(place);
    let shown: () => unknown = () => null;
    const entry = {
      id: ++this.#id,
      time,
      method,
      path: url.pathname,
      query: redactJson(Object.fromEntries(url.searchParams)) as {
        [name: string]: string;
      },
      headers: redactHeaders(headers, []),
      // bodies are made when they are asked for, as it costs more than the
      // whole response did
      get body(): unknown {
        return showBody(body ?? "", MAX_BODY);
      },
      retry: before && hasFailed(before) ? before.retry + 1 : 0,
      status: 0,
      durationMs: null as number | null,
      responseHeaders: {} as { [name: string]: string },
      get responseBody(): unknown {
        return shown();
      },
    };
    this.#latest.delete(place);
    this.#latest.set(place, entry);
    this.#entries.push(entry);
    this.#add(entry, Math.min(body?.length ?? 0, MAX_BODY));
    this.#tell(entry);
    return ({ status, headers, bytes }) => {
      entry.status = status;
      entry.durationMs = performance.now() - start;
      entry.responseHeaders = redactHeaders(Object.entries(headers), []);
      const { length } = bytes;
      const isShown = length <= MAX_RESPONSE && isText(headers["content-type"]);
      shown = isShown
        ? () => showBody(new TextDecoder().decode(bytes), length)
        : () => sizeOf(length);
      if (isShown) this.#add(entry, length);
      this.#tell(entry);
    };
  }

  /** Counts bytes of a request that is in the log, and makes room for them. */
  #add(entry: SeenRequest, bytes: number): void {
    if (entry.id <= this.#id - this.#entries.length) return;
    this.#sizes.set(entry, (this.#sizes.get(entry) ?? 0) + bytes);
    this.#total += bytes;
    while (this.#total > MAX_TOTAL || this.#entries.length > this.#limit) {
      this.#forget(this.#entries.length - 1);
    }
  }

  /** Forgets the oldest requests, but for so many. */
  #forget(kept: number): void {
    for (const entry of this.#entries.splice(0, this.#entries.length - kept)) {
      this.#total -= this.#sizes.get(entry) ?? 0;
      this.#sizes.delete(entry);
    }
    const oldest = this.#id - kept;
    for (const [place, { id }] of this.#latest) {
      if (id > oldest) break;
      this.#latest.delete(place);
    }
  }

  #tell(entry: SeenRequest): void {
    for (const listener of this.#listeners) {
      try {
        listener(entry);
      } catch {
        // who watches does nothing else
      }
    }
  }
}

function hasFailed({ status, durationMs }: SeenRequest): boolean {
  return durationMs !== null &&
    (status === 0 || status === 408 || status === 429 || status >= 500);
}

function isText(type = ""): boolean {
  return /json|xml|^text\//.test(type);
}

/** JSON or text without its secrets; null for nothing, the size of what is too long. */
function showBody(text: string, limit: number): unknown {
  if (text === "") return null;
  if (text.length > limit) return sizeOf(text.length);
  const json = parse(text);
  return json === undefined ? redactText(text) : redactJson(json);
}

function sizeOf(length: number): unknown {
  return length === 0 ? null : `[${length} bytes]`;
}
