/**
 * The page of a served emulator: what happens in it, and buttons to make things
 * happen.
 *
 * @module
 */

import { ServerSentEventStream } from "jsr:@std/http@^1.1.3/server-sent-event-stream";
import type { Fault, FaultHandle } from "../engine/faults.ts";
import type { SeenRequest } from "../engine/request_log.ts";
import type { CollectionName } from "../engine/state.ts";
import {
  readText,
  type WireRequest,
  type WireResponse,
} from "../engine/wire.ts";
import { COLLECTIONS, type PageControl } from "./control.ts";
import { HTML } from "./html.ts";
import { SCRIPTS } from "./scripts/mod.ts";
import { STYLE } from "./style.ts";

/** Requests that a page is told of when it opens. */
const BACKLOG = 200;
/** Records on one page of a table. */
const RECORDS = 50;
/** Bytes of a body that the page sends: a snapshot may be large. */
const MAX_BODY = 2 ** 28;
/** Milliseconds between two signs of life, so that no connection is given up. */
const HEARTBEAT = 15_000;

/** A fault that was added on the page. */
interface ListedFault {
  id: number;
  fault: Fault;
  handle: FaultHandle;
}

/** Responds to the requests of the page; to all others with nothing. */
export class Page {
  readonly #control: PageControl;
  #faults: ListedFault[] = [];
  #faultIds = 0;

  /**
   * Constructs the page of an emulator.
   *
   * @param control The emulator.
   */
  constructor(control: PageControl) {
    this.#control = control;
  }

  /**
   * Responds to a request.
   *
   * @param request The request.
   * @param signal Fires when the browser has gone.
   * @returns The response; undefined where the request is none of the page.
   */
  respond(
    request: WireRequest,
    signal: AbortSignal,
  ): Promise<WireResponse> | undefined {
    const { pathname } = request.url;
    if (pathname !== "/" && !pathname.startsWith("/-/")) return undefined;
    return this.#respond(request, signal).catch((error) =>
      json(400, { error: error instanceof Error ? error.message : "" })
    );
  }

  async #respond(
    request: WireRequest,
    signal: AbortSignal,
  ): Promise<WireResponse> {
    const { method, url } = request;
    const place = `${method} ${url.pathname}`;
    if (method === "GET" && Object.hasOwn(SCRIPTS, url.pathname)) {
      return text("text/javascript", SCRIPTS[url.pathname] ?? "");
    }
    switch (place) {
      case "GET /":
        return text("text/html", HTML);
      case "GET /-/style.css":
        return text("text/css", STYLE);
      case "GET /-/events":
        return this.#events(signal);
      case "GET /-/collections":
        return json(200, this.#collections());
      case "GET /-/records":
        return json(200, this.#records(url.searchParams));
      case "GET /-/faults":
        return json(200, this.#listFaults());
      case "GET /-/snapshot":
        return json(200, this.#control.snapshot());
      case "GET /-/time":
        return json(200, { now: this.#control.time.now });
    }
    const body = await readBody(request);
    switch (place) {
      case "POST /-/faults":
        return json(201, this.#addFault(body as Fault));
      case "DELETE /-/faults":
        return json(200, this.#clearFault(Number(body.id)));
      case "POST /-/announce":
        this.#control.announce(
          String(body.event),
          body.payload as { [key: string]: unknown } ?? {},
        );
        return json(200, {});
      case "POST /-/time":
        this.#control.time.advance(Number(body.milliseconds));
        return json(200, { now: this.#control.time.now });
      case "POST /-/restore":
        this.#control.restore(body as never);
        return json(200, {});
      case "POST /-/reset":
        this.#control.reset();
        this.#faults = [];
        return json(200, {});
    }
    return json(404, { error: "There is nothing here" });
  }

  /** Every request as it happens, until the browser has gone. */
  #events(signal: AbortSignal): WireResponse {
    let stop = () => {};
    const messages = new ReadableStream<{ event: string; data: string }>({
      start: (controller) => {
        const tell = (request: SeenRequest) => {
          const data = JSON.stringify(request);
          controller.enqueue({ event: "request", data });
        };
        const beat = () => controller.enqueue({ event: "beat", data: "" });
        // a browser is connected once something has come
        beat();
        for (const seen of this.#control.requests.slice(-BACKLOG)) tell(seen);
        const leave = this.#control.watch(tell);
        const beats = setInterval(beat, HEARTBEAT);
        stop = () => {
          leave();
          clearInterval(beats);
        };
        signal.addEventListener("abort", () => {
          stop();
          controller.close();
        }, { once: true });
      },
      cancel: () => stop(),
    });
    const stream = messages.pipeThrough(new ServerSentEventStream());
    return {
      ...text("text/event-stream", ""),
      headers: headersOf("text/event-stream"),
      stream: stream as ReadableStream<Uint8Array<ArrayBuffer>>,
    };
  }

  #collections(): unknown {
    return Object.entries(COLLECTIONS).map(([name, title]) => {
      const { total } = this.#control.records(name as CollectionName, {
        limit: 0,
      });
      return { name, title, total };
    });
  }

  #records(query: URLSearchParams): unknown {
    const collection = query.get("collection") ?? "";
    if (!Object.hasOwn(COLLECTIONS, collection)) {
      throw new TypeError(
        `There is no collection ${JSON.stringify(collection)}`,
      );
    }
    return this.#control.records(collection as CollectionName, {
      search: query.get("search") ?? "",
      offset: Number(query.get("offset") ?? 0),
      limit: RECORDS,
    });
  }

  #addFault(given: Fault): unknown {
    const fault = { ...given };
    const handle = this.#control.fault(fault);
    const id = ++this.#faultIds;
    this.#faults.push({ id, fault, handle });
    return { id };
  }

  #listFaults(): unknown {
    return this.#faults.map(({ id, fault, handle }) => ({
      id,
      fault,
      hits: handle.hits,
      hint: handle.hint,
    }));
  }

  #clearFault(id: number): unknown {
    const found = this.#faults.find((listed) => listed.id === id);
    found?.handle.clear();
    this.#faults = this.#faults.filter((listed) => listed.id !== id);
    return {};
  }
}

async function readBody(
  { stream }: WireRequest,
): Promise<{ [name: string]: unknown }> {
  const body = await readText(stream, MAX_BODY);
  const parsed: unknown = JSON.parse(body || "{}");
  if (typeof parsed === "object" && parsed !== null) {
    return parsed as { [name: string]: unknown };
  }
  throw new TypeError("The body must be a JSON object");
}

/** Nothing of the page comes from anywhere else, or is kept. */
function headersOf(type: string): { [name: string]: string } {
  return {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  };
}

function text(type: string, body: string): WireResponse {
  return {
    status: 200,
    headers: headersOf(type),
    bytes: new TextEncoder().encode(body),
    cut: false,
  };
}

function json(status: number, body: unknown): WireResponse {
  return { ...text("application/json", JSON.stringify(body)), status };
}
