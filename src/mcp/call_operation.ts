/**
 * Calls the method behind a tool.
 *
 * @module
 */

import type { Operation } from "../catalog/types.ts";
import type { AsyncClient } from "../client.ts";
import { CursorPage } from "../http/pages.ts";
import { isJsonObject, type JsonObject } from "../wire/codec.ts";
import type { RequestContext } from "./protocol.ts";
import { DEFAULT_LIMIT } from "./schema.ts";

/** A result of more characters than this is cut, or refused. */
export const MAX_CHARACTERS = 200_000;

type Method = (...args: unknown[]) => unknown;

/**
 * Calls an operation with the arguments of a tool.
 *
 * @param client The client.
 * @param operation The operation.
 * @param given Arguments and options by name, checked.
 * @param context The request.
 * @returns The result: `{ items, nextCursor }` for pages, `{ items }` for lists.
 */
export async function callOperation(
  client: AsyncClient,
  operation: Operation,
  given: JsonObject,
  context: RequestContext,
): Promise<unknown> {
  const { args, options, returns } = operation;
  const positional = args.map(({ name }) => given[name]);
  const named = Object.fromEntries(
    options.flatMap(({ name }) =>
      given[name] === undefined ? [] : [[name, given[name]]]
    ),
  );
  const isPaged = options.some(({ name }) => name === "limit");
  const waits = operation.id.endsWith(".wait");
  for (let limit = Number(named.limit ?? DEFAULT_LIMIT);; limit >>= 1) {
    const chosen = {
      ...named,
      ...(isPaged && { limit }),
      ...(waits && { onPoll: toldBy(context) }),
    };
    const result = await methodOf(client, operation.id)(
      ...positional,
      ...(options.length > 0 || waits ? [chosen] : []),
      { signal: context.signal },
    );
    const page = options.some(({ name }) => name === "page")
      ? Number(named.page ?? 1) + 1
      : undefined;
    const json = toJson(result, returns.kind, page);
    // a page that is too long is asked for again, with fewer items
    const fits = JSON.stringify(json ?? null).length <= MAX_CHARACTERS;
    if (fits || !isPaged || limit <= 1) return json;
  }
}

function methodOf(client: AsyncClient, id: string): Method {
  const names = id.split(".");
  const method = names.pop() ?? "";
  let resource: unknown = client;
  for (const name of names) {
    resource = (resource as { [name: string]: unknown })[name];
  }
  const found = (resource as { [name: string]: Method })[method];
  if (!found) throw new TypeError(`The client has no method ${id}`);
  return found.bind(resource);
}

function toJson(
  result: unknown,
  kind: Operation["returns"]["kind"],
  page: number | undefined,
): unknown {
  if (result instanceof CursorPage) {
    const { items, nextCursor, hasMore } = result;
    const nextPage = hasMore && nextCursor === null ? page : undefined;
    return { items, nextCursor, ...(nextPage && { nextPage }) };
  }
  if (kind === "list" || Array.isArray(result)) return { items: result };
  if (kind === "nothing" || result === undefined) return { done: true };
  return isJsonObject(result) ? result : { result };
}

/** Tells the peer of every state that is not final. */
function toldBy(context: RequestContext): (state: unknown) => void {
  let polls = 0;
  return (state) => {
    const { status } = (state ?? {}) as { status?: unknown };
    context.progress(++polls, undefined, `status: ${status}`);
  };
}
