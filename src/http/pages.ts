/**
 * Pages: one by `await`, all of them by `for await`.
 *
 * @module
 */

import { InvalidArgumentError, InvalidResponseError } from "../errors.ts";
import type { Decode } from "../wire/codec.ts";
import { type Input, positiveInteger, refusal } from "../wire/options.ts";
import type { Path } from "../wire/path.ts";
import { Deadline, fromCaller, type Origin, originOf } from "./deadline.ts";
import { internalsOf } from "./internals.ts";
import type { Call, RequestOptions } from "./request.ts";
import type { Transport } from "./transport.ts";

/** Where a page comes from, and how its items are read. */
export interface Listing<T> {
  /** Sends the requests. */
  readonly transport: Transport;
  /** Where the list is. */
  readonly path: Path;
  /** Makes the query of the first page. */
  readonly query: (method: string) => URLSearchParams;
  /** Decodes an item. */
  readonly decode: Decode<T>;
  /** Options of the request of every page. */
  readonly request: RequestOptions;
  /** Whether a plain array is taken for the only page. */
  readonly shape: "page" | "pageOrArray";
  /** Loads what reads every page, where `JSON.parse` would lose some of it. */
  readonly reader?: Input["reader"];
  /** The link that led here, if it is not the first page. */
  readonly link?: Link;
  /** Where a walk has been. */
  readonly visited?: CycleDetector;
  /** Who made the list, where the runtime forgets it. */
  readonly origin?: Origin | undefined;
}

/**
 * Where a walk has been, to notice that it goes in a circle. One earlier page is
 * remembered, and another one after twice as many steps: a walk that comes back
 * to it goes in a circle (Brent's algorithm), and memory stays constant.
 */
export interface CycleDetector {
  /** The link that is remembered. */
  readonly mark: string;
  /** Steps since. */
  readonly steps: number;
  /** Steps until another link is remembered. */
  readonly limit: number;
}

/** The query parameter that leads to another page. */
export interface Link {
  /** Its name. */
  readonly name: "cursor" | "page";
  /** Its value. */
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
  /**
   * Where the next page starts, to be given as `cursor`. Null on the last page, and
   * where pages are numbered: {@linkcode CursorPage.nextPage} goes on in any case.
   */
  readonly nextCursor: string | null;
  /** Where the previous page starts, to be given as `cursor`, or null. */
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
    this.nextCursor = cursorOf(json.next);
    this.previousCursor = cursorOf(json.previous);
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
   * Gives an item of this page.
   *
   * @param index Its index; negative ones count from the end.
   * @returns The item, or undefined where there is none.
   */
  at(index: number): T | undefined {
    return this.items.at(index);
  }

  /**
   * Makes something of each item of this page.
   *
   * @typeParam R What is made.
   * @param make Makes it.
   * @returns What was made, in order.
   */
  map<R>(make: (item: T, index: number) => R): R[] {
    return this.items.map(make);
  }

  /**
   * Picks items of this page.
   *
   * @param keep Tells whether an item is picked.
   * @returns The items that are.
   */
  filter(keep: (item: T, index: number) => boolean): T[] {
    return this.items.filter(keep);
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
   * @param request Options of the request; those of the listing by default.
   * @returns The page, or null after the last.
   * @throws {InvalidResponseError} If the server's link leads nowhere or back here.
   * @throws {AvalaError} If the request fails.
   */
  async nextPage(request?: RequestOptions): Promise<CursorPage<T> | null> {
    if (!this.hasMore) return null;
    const listing = { ...this.#listing, ...this.#follow() };
    return await fetchPage(request ? { ...listing, request } : listing);
  }

  /**
   * Iterates the pages from this one to the end of the list. While the caller
   * works on a page, the next one is already being fetched, never more than one
   * ahead; leaving the loop cancels it.
   *
   * @returns The iterator.
   */
  pages(): AsyncGenerator<CursorPage<T>, void, undefined> {
    return walk(this, this.#listing);
  }

  /** The link to the next page, checked: only its query is used, never its host. */
  #follow(): { link: Link; visited: CycleDetector } {
    const { path, query, visited } = this.#listing;
    const link = readLink(this.#next);
    if (!link) {
      throw brokenList(
        path,
        "the link to the next page has neither 'cursor' nor 'page'",
      );
    }
    const next = visit(visited, `${link.name}=${link.value}`);
    const here = this.#listing.link?.value ?? query(path.name).get(link.name);
    if (!next || here === link.value) {
      throw brokenList(
        path,
        "the link to the next page leads back to a page that was read before",
      );
    }
    return { link, visited: next };
  }
}

function brokenList({ name, template }: Path, why: string): Error {
  return new InvalidResponseError(
    `Cannot call ${name} to the end of the list as ${why}`,
    { method: "GET", path: template },
  );
}

/** A list whose pages stay empty is given up. */
const MAX_EMPTY_PAGES = 100;

async function* walk<T>(
  first: CursorPage<T>,
  { transport, path, request, origin }: Listing<T>,
): AsyncGenerator<CursorPage<T>, void, undefined> {
  const { signal } = request;
  const { calls } = internalsOf(transport);
  // all walks under way share a listener: Node warns of more than ten
  const walking = signal && new Deadline({ calls, signal }, () => {});
  const leaving = walking ? walking.controller : new AbortController();
  let empty = 0;
  try {
    let page: CursorPage<T> | null = first;
    while (page) {
      signal?.throwIfAborted();
      empty = page.length === 0 ? empty + 1 : 0;
      if (empty > MAX_EMPTY_PAGES) {
        throw brokenList(path, `${MAX_EMPTY_PAGES} pages in a row were empty`);
      }
      const ahead: Promise<CursorPage<T> | null> = page.nextPage({
        ...request,
        signal: leaving.signal,
      });
      // its error is the caller's only when the caller gets there
      ahead.catch(() => {});
      yield page;
      page = await ahead;
    }
  } catch (error) {
    throw fromCaller(error, signal, origin);
  } finally {
    walking?.settle();
    leaving.abort();
  }
}

/** Takes note of a link; undefined when the walk has come full circle. */
function visit(
  visited: CycleDetector | undefined,
  link: string,
): CycleDetector | undefined {
  if (!visited) return { mark: link, steps: 0, limit: 1 };
  const { mark, steps, limit } = visited;
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

/** The cursor in a link; the number of a page is none. */
function cursorOf(url: unknown): string | null {
  const link = readLink(url);
  return link?.name === "cursor" ? link.value : null;
}

async function fetchPage<T>(
  listing: Listing<T>,
  origin?: Origin,
): Promise<CursorPage<T>> {
  const { transport, path, link, shape, reader, request } = listing;
  const query = (method: string) => {
    const query = listing.query(method);
    if (link) query.set(link.name, link.value);
    return query;
  };
  const call: Call = { method: "GET", path, query, reader };
  try {
    const json = await transport.send(call, shape, request);
    const page = Array.isArray(json) ? { results: json } : json;
    return new CursorPage(listing, page as { results: unknown[] });
  } catch (error) {
    throw fromCaller(error, request.signal, origin);
  }
}

/**
 * A page that is fetched when it is awaited, and a list that is walked when it
 * is iterated. Nothing is sent before either.
 *
 * @typeParam T The model of the items.
 */
export class PagePromise<T>
  implements PromiseLike<CursorPage<T>>, AsyncIterable<T> {
  readonly #listing: Listing<T>;
  #page: Promise<CursorPage<T>> | undefined;

  /**
   * Constructs a promise that has not started.
   *
   * @param listing Where the pages come from.
   */
  constructor(listing: Listing<T>) {
    this.#listing = { ...listing, origin: originOf() };
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
   * A list that was not awaited has no items yet: what is a compile error in
   * TypeScript says in JavaScript what is missing.
   *
   * @returns Nothing, as it throws.
   * @throws {InvalidArgumentError} Always.
   */
  get items(): never {
    throw new InvalidArgumentError(
      "Cannot read a page that has not arrived: put 'await' before the call",
    );
  }

  /**
   * Refuses `for` without `await`.
   *
   * @returns Never.
   * @throws {InvalidArgumentError} Always.
   */
  [Symbol.iterator](): never {
    throw new InvalidArgumentError(
      "Cannot iterate a list without 'await': write 'for await', or await the list",
    );
  }

  /**
   * Gathers the items of the list, over all its pages, in an array.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const tasks = await client.tasks.list({ limit: 2 }).toArray({ limit: 5 });
   * assertEquals(tasks.length, 5);
   * ```
   *
   * @param options How many items are gathered at most.
   * @param options.limit The number; what is behind it is not fetched.
   * @returns The items.
   * @throws {InvalidArgumentError} If the limit is no positive integer.
   * @throws {AvalaError} If a request fails.
   */
  async toArray(options: { limit: number }): Promise<T[]> {
    const { limit } = options ?? {};
    const wanted = positiveInteger(limit);
    if (wanted) throw refusal("toArray", "'limit'", wanted, limit);
    const items: T[] = [];
    for await (const item of this) {
      items.push(item);
      if (items.length >= limit) break;
    }
    return items;
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
    const listing = this.#listing;
    return this.#page ??= fetchPage(listing, listing.origin);
  }
}
