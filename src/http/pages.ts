/**
 * Pages: one by `await`, all of them by `for await`.
 *
 * @module
 */

import type { Decode } from "../wire/codec.ts";
import { InvalidResponseError } from "../errors.ts";
import type { RequestOptions } from "./request.ts";
import type { Transport } from "./transport.ts";

/** Where a page comes from, and how its items are read. */
interface Listing<T> {
  readonly transport: Transport;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly decode: Decode<T>;
  readonly options: RequestOptions;
  readonly promised: "page" | "pageOrArray";
  readonly trail?: Trail;
}

/**
 * Where a walk has been, to notice that it goes in a circle. One earlier page is
 * remembered, and another one after twice as many steps: a walk that comes back
 * to it goes in a circle (Brent's algorithm), and memory stays constant.
 */
interface Trail {
  /** The link that is remembered. */
  readonly mark: string;
  /** Steps since. */
  readonly steps: number;
  /** Steps until another link is remembered. */
  readonly limit: number;
}

/** The query parameter that leads to another page. */
interface Link {
  readonly name: "cursor" | "page";
  readonly value: string;
}

/**
 * One page of a list. Iterating it gives its own items; iterating it with
 * `for await` goes on to the end of the list.
 *
 * @typeParam T The model of the items.
 */
export class CursorPage<T> implements Iterable<T>, AsyncIterable<T> {
  /** The items of this page. */
  readonly items: T[];
  /** Where the next page starts, to be given as `cursor`; null on the last page. */
  readonly nextCursor: string | null;
  /** Where the previous page starts, or null. */
  readonly previousCursor: string | null;
  /** Whether there is a next page. */
  readonly hasMore: boolean;
  readonly #listing: Listing<T>;
  readonly #next: unknown;

  /**
   * Constructs a page from its JSON.
   *
   * @param listing Where the page comes from.
   * @param json The page as the server sent it.
   */
  constructor(
    listing: Listing<T>,
    json: { results: unknown[]; next?: unknown; previous?: unknown },
  ) {
    this.#listing = listing;
    this.#next = json.next ?? null;
    this.items = json.results.map((item) => listing.decode(item));
    this.nextCursor = readLink(json.next)?.value ?? null;
    this.previousCursor = readLink(json.previous)?.value ?? null;
    this.hasMore = this.#next !== null;
  }

  /**
   * How many items this page has.
   *
   * @returns The number.
   */
  get length(): number {
    return this.items.length;
  }

  /**
   * Iterates the items of this page.
   *
   * @returns The iterator.
   */
  [Symbol.iterator](): IterableIterator<T> {
    return this.items[Symbol.iterator]();
  }

  /**
   * Iterates the items from here to the end of the list. While the caller works
   * on a page, the next one is already being fetched.
   *
   * @returns The iterator.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /**
   * Fetches the next page.
   *
   * @param options Options of the request; those of the listing by default.
   * @returns The page, or null after the last.
   * @throws {InvalidResponseError} If the server's link leads nowhere or back here.
   * @throws {AvalaError} If the request fails.
   */
  async nextPage(options?: RequestOptions): Promise<CursorPage<T> | null> {
    if (!this.hasMore) return null;
    const listing = { ...this.#listing, ...(options && { options }) };
    const { link: { name, value }, trail } = this.#follow();
    const query = new URLSearchParams(listing.query);
    query.set(name, value);
    return await fetchPage({ ...listing, query, trail });
  }

  /**
   * Iterates the pages from this one to the end of the list. While the caller
   * works on a page, the next one is already being fetched, never more than one
   * ahead; leaving the loop cancels it.
   *
   * @returns The iterator.
   */
  pages(): AsyncGenerator<CursorPage<T>, void, undefined> {
    return walk(this, this.#listing.options);
  }

  /** The link to the next page, checked: only its query is used, never its host. */
  #follow(): { link: Link; trail: Trail } {
    const { path, query, trail } = this.#listing;
    const link = readLink(this.#next);
    if (!link) {
      throw new InvalidResponseError(
        `Cannot list ${path} to its end as the link to the next page has neither 'cursor' nor 'page'`,
        { method: "GET", path },
      );
    }
    const next = follow(trail, `${link.name}=${link.value}`);
    if (!next || query.get(link.name) === link.value) {
      throw new InvalidResponseError(
        `Cannot list ${path} to its end as the link to the next page leads back to a page that was read before`,
        { method: "GET", path },
      );
    }
    return { link, trail: next };
  }
}

async function* walk<T>(
  first: CursorPage<T>,
  options: RequestOptions,
): AsyncGenerator<CursorPage<T>, void, undefined> {
  const { signal } = options;
  const leaving = new AbortController();
  const stop = () => leaving.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  try {
    let page: CursorPage<T> | null = first;
    while (page) {
      signal?.throwIfAborted();
      const ahead: Promise<CursorPage<T> | null> = page.nextPage({
        ...options,
        signal: leaving.signal,
      });
      // its error is the caller's only when the caller gets there
      ahead.catch(() => {});
      yield page;
      page = await ahead;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    leaving.abort();
  }
}

/** The trail with one more step; undefined when it has come full circle. */
function follow(trail: Trail | undefined, link: string): Trail | undefined {
  if (!trail) return { mark: link, steps: 0, limit: 1 };
  const { mark, steps, limit } = trail;
  if (link === mark) return undefined;
  return steps + 1 < limit
    ? { mark, steps: steps + 1, limit }
    : { mark: link, steps: 0, limit: limit * 2 };
}

/** Reads the query of a link, which may be relative. */
function readLink(link: unknown): Link | undefined {
  if (typeof link !== "string" || !URL.canParse(link, "https://relative")) {
    return undefined;
  }
  const { searchParams } = new URL(link, "https://relative");
  for (const name of ["cursor", "page"] as const) {
    const value = searchParams.get(name);
    if (value) return { name, value };
  }
  return undefined;
}

async function fetchPage<T>(listing: Listing<T>): Promise<CursorPage<T>> {
  const { transport, path, query, options, promised } = listing;
  const json = await transport.send(
    { method: "GET", path, query, promised },
    options,
  );
  const page = Array.isArray(json) ? { results: json } : json;
  return new CursorPage(listing, page as { results: unknown[] });
}

/**
 * A page that is fetched when it is awaited, and a list that is walked when it
 * is iterated. Nothing is sent before either.
 *
 * @typeParam T The model of the items.
 */
export class PagePromise<T>
  implements PromiseLike<CursorPage<T>>, AsyncIterable<T> {
  readonly #start: () => Promise<CursorPage<T>>;
  #page: Promise<CursorPage<T>> | undefined;

  /**
   * Constructs a promise that has not started.
   *
   * @param start Fetches the first page.
   */
  constructor(start: () => Promise<CursorPage<T>>) {
    this.#start = start;
  }

  /**
   * Fetches the first page, once.
   *
   * @typeParam R What the page becomes.
   * @typeParam E What an error becomes.
   * @param onPage Called with the page.
   * @param onError Called with the error.
   * @returns A promise of what the callbacks give.
   */
  then<R = CursorPage<T>, E = never>(
    onPage?: ((page: CursorPage<T>) => R | PromiseLike<R>) | null,
    onError?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.#first().then(onPage, onError);
  }

  /**
   * Fetches the first page and handles its error.
   *
   * @typeParam E What an error becomes.
   * @param onError Called with the error.
   * @returns A promise of the page, or of what the callback gives.
   */
  catch<E = never>(
    onError?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<CursorPage<T> | E> {
    return this.#first().catch(onError);
  }

  /**
   * Fetches the first page and calls back whatever comes of it.
   *
   * @param onEnd Called at the end.
   * @returns A promise of the page.
   */
  finally(onEnd?: (() => void) | null): Promise<CursorPage<T>> {
    return this.#first().finally(onEnd);
  }

  /**
   * Iterates all items of the list, page by page.
   *
   * @returns The iterator.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this.#first();
  }

  /**
   * Iterates the pages of the list.
   *
   * @returns The iterator.
   */
  async *pages(): AsyncGenerator<CursorPage<T>, void, undefined> {
    yield* (await this.#first()).pages();
  }

  #first(): Promise<CursorPage<T>> {
    return this.#page ??= this.#start();
  }
}

/**
 * Lists an endpoint that answers with pages.
 *
 * @typeParam T The model of the items.
 * @param transport Sends the requests.
 * @param target Gives the path and the query; what it throws rejects the promise.
 * @param decode Decodes an item.
 * @param options The caller's options, for every page.
 * @param promised Whether a plain array is taken for the only page.
 * @returns The first page, or all of them.
 */
export function listPages<T>(
  transport: Transport,
  target: () => { path: string; query: URLSearchParams },
  decode: Decode<T>,
  options: RequestOptions = {},
  promised: "page" | "pageOrArray" = "page",
): PagePromise<T> {
  return new PagePromise(async () =>
    await fetchPage({ transport, decode, options, promised, ...target() })
  );
}
