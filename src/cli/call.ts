/**
 * Calls the method of an operation.
 *
 * @module
 */

import type { Operation } from "../catalog/types.ts";
import type { CursorPage, PagePromise } from "../http/pages.ts";
import type { Context, Given } from "./command.ts";

/** Entries to print, and what is known of those that are left out. */
export interface Entries {
  /** The entries. */
  readonly entries: Iterable<unknown> | AsyncIterable<unknown>;
  /** Where the next page starts; known when the entries are printed. */
  readonly next?: () => string | null;
}

/** The greatest page that is asked for without being told. */
const PAGE_SIZE = 100;

/**
 * Calls an operation.
 *
 * @param operation The operation.
 * @param context What the command works with.
 * @param given What was typed.
 * @returns What the method gives back.
 */
export async function callOperation(
  operation: Operation,
  context: Context,
  given: Given,
): Promise<unknown> {
  const { id } = operation;
  if (id === "signup.signup") {
    const { signUp } = await import("./sign_up.ts");
    return await signUp(context, given);
  }
  const options = id.endsWith(".wait")
    ? { ...given.options, throwOnFailure: true }
    : given.options;
  const client = await context.client();
  return await invoke(operation, client, { ...given, options }, context.signal);
}

/**
 * Calls an operation that gives pages: one, as many as the limit needs, or all.
 *
 * @param operation The operation.
 * @param context What the command works with.
 * @param given What was typed.
 * @returns The entries, read as they are printed.
 */
export async function pagesOf(
  operation: Operation,
  context: Context,
  given: Given,
): Promise<Entries> {
  const { all, limit, pageSize } = context.settings;
  const size = pageSize ?? (limit && Math.min(limit, PAGE_SIZE));
  const options = size === undefined
    ? given.options
    : { ...given.options, limit: size };
  const client = await context.client();
  const pages = invoke(
    operation,
    client,
    { ...given, options },
    context.signal,
  ) as PagePromise<unknown>;
  if (limit !== undefined) return { entries: take(pages, limit) };
  if (all) return { entries: pages };
  const page = await pages;
  return { entries: page.items, next: () => page.nextCursor };
}

/** Makes the call; a page promise is handed out unread. */
function invoke(
  { id, options: known }: Operation,
  client: object,
  { args, options }: Given,
  signal: AbortSignal,
): unknown {
  const names = id.split(".");
  const name = names.pop() as string;
  let resource = client as { [name: string]: unknown };
  for (const owner of names) resource = resource[owner] as typeof resource;
  const method = resource[name] as (...args: unknown[]) => unknown;
  const own = known.length > 0 ? [options] : [];
  return method.call(resource, ...args, ...own, { signal });
}

/** Asks for a page only when the one before is not enough. */
async function* take(
  pages: PagePromise<unknown>,
  limit: number,
): AsyncGenerator<unknown> {
  let rest = limit;
  for (
    let page: CursorPage<unknown> | null = await pages;
    page;
    page = await page.nextPage()
  ) {
    yield* page.items.slice(0, rest);
    rest -= page.length;
    if (rest <= 0) return;
  }
}
