/**
 * Shows a request instead of sending it.
 *
 * @module
 */

import type { Fetch } from "../http/config.ts";
import { redactJson, redactUrl } from "../redact.ts";
import { safeJson } from "./safe_text.ts";
import type { Context } from "./command.ts";

/** A request that was not sent. */
export class NotSent extends Error {
  /** Name of the class. */
  override name = "NotSent";
  /** HTTP method. */
  readonly method: string;
  /** Where it would have gone, secrets redacted. */
  readonly url: string;
  /** What it would have carried, secrets redacted. */
  readonly body: unknown;

  /**
   * Constructs it.
   *
   * @param method HTTP method.
   * @param url Where it would have gone.
   * @param body What it would have carried.
   */
  constructor(method: string, url: string, body: unknown) {
    super(`${method} ${url} was not sent`);
    this.method = method;
    this.url = redactUrl(url);
    this.body = redactJson(body);
  }
}

/** Sends requests that only read, and keeps back all others. */
export class Recorder {
  /** The first request that was kept back; the client wraps what `fetch` throws. */
  kept: NotSent | undefined;

  /** Sends or keeps back; for the client's option `fetch`. */
  readonly fetch: Fetch = async (url, init) => {
    const method = init.method ?? "GET";
    if (method === "GET" || method === "HEAD") return await fetch(url, init);
    const text = init.body ? await new Response(init.body).text() : "";
    const body = text === "" ? undefined : JSON.parse(text);
    this.kept ??= new NotSent(method, url, body);
    throw this.kept;
  };
}

/**
 * Prints a request that was kept back.
 *
 * @param context What the command works with.
 * @param request The request.
 */
export async function printNotSent(
  { terminal, settings }: Pick<Context, "terminal" | "settings">,
  { method, url, body }: NotSent,
): Promise<void> {
  if (settings.output === "json" || settings.output === "jsonl") {
    const indent = settings.output === "json" ? 2 : undefined;
    await terminal.out(`${safeJson({ method, url, body }, indent)}\n`);
    return;
  }
  const text = body === undefined ? "" : `${safeJson(body, 2)}\n`;
  await terminal.out(`${method} ${url}\n${text}`);
}
