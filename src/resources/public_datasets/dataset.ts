/**
 * A revision of a public dataset with its objects.
 *
 * @module
 */

import type { RequestOptions } from "../../http/request.ts";
import {
  nonEmptyString,
  positiveInteger,
  refusal,
} from "../../wire/options.ts";
import { checkRevision, expect, ListingCheck, PAGE_SIZE } from "./checks.ts";
import type {
  DatasetRevision,
  DatasetRevisionObject,
  DatasetRevisionObjectPage,
  ListRevisionObjectsOptions,
} from "./models.ts";
import { readReference } from "./reference.ts";

/** Sends the requests. */
export interface RevisionSource {
  /** Reads a revision by name. */
  resolve(
    owner: string,
    dataset: string,
    selector: string,
    request?: RequestOptions,
  ): Promise<DatasetRevision>;
  /** Reads a revision by its digest. */
  resolveByUid(
    datasetUid: string,
    revisionSha256: string,
    request?: RequestOptions,
  ): Promise<DatasetRevision>;
  /** Lists objects. */
  listObjects(
    datasetUid: string,
    revisionSha256: string,
    options?: ListRevisionObjectsOptions,
    request?: RequestOptions,
  ): Promise<DatasetRevisionObjectPage>;
}

/** Lists objects of a revision. */
type List = (
  options: ListRevisionObjectsOptions,
) => Promise<DatasetRevisionObjectPage>;

/**
 * Finds a revision, and checks that it is the one.
 *
 * @param api Sends the requests.
 * @param reference The reference given.
 * @param selector The revision given beside it.
 * @param request Options of every request.
 * @returns The revision, and its objects.
 * @throws {InvalidArgumentError} If the reference is none.
 * @throws {InvalidResponseError} If the response is about something else.
 */
export async function loadDataset(
  api: RevisionSource,
  reference: string,
  selector: string | undefined,
  request?: RequestOptions,
): Promise<PublicDataset> {
  const asked = readReference(reference, selector);
  const revision = "owner" in asked
    ? await api.resolve(asked.owner, asked.dataset, asked.selector, request)
    : await api.resolveByUid(asked.datasetUid, asked.revisionSha256, request);
  checkRevision(revision, asked);
  const { datasetUid, revisionSha256 } = revision;
  const list: List = (options) =>
    api.listObjects(datasetUid, revisionSha256, options, request);
  return new PublicDataset(revision, list);
}

/** A revision of a public dataset, and its objects. */
export class PublicDataset {
  /** The revision. */
  readonly revision: DatasetRevision;
  readonly #list: List;

  /**
   * Constructs a dataset.
   *
   * @param revision The revision, checked.
   * @param list Lists its objects.
   */
  constructor(revision: DatasetRevision, list: List) {
    this.revision = revision;
    this.#list = list;
  }

  /**
   * All objects, by role, ordinal and path.
   *
   * @returns The objects; nothing is sent before they are iterated.
   */
  get objects(): RevisionObjects {
    return this.#objects();
  }

  /**
   * The objects of the role `episode`.
   *
   * @returns The objects; nothing is sent before they are iterated.
   */
  get episodes(): RevisionObjects {
    return this.#objects("episode");
  }

  /**
   * Gives the objects of a role.
   *
   * @param role The role, such as `thumbnail`.
   * @returns The objects; nothing is sent before they are iterated.
   * @throws {InvalidArgumentError} If the role is no text.
   */
  forRole(role: string): RevisionObjects {
    checkRole("forRole", role);
    return this.#objects(role);
  }

  #objects(role?: string): RevisionObjects {
    return new RevisionObjects(this.revision, this.#list, role);
  }

  /**
   * Reads one object, with one request.
   *
   * @param role Its role, such as `episode`.
   * @param ordinal Its number among the objects of the role, from 0.
   * @returns The object, or null when there is none.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {InvalidResponseError} If the response does not fit the revision.
   * @throws {AvalaError} If the request fails.
   */
  async getObject(
    role: string,
    ordinal: number,
  ): Promise<DatasetRevisionObject | null> {
    checkRole("getObject", role);
    const page = await this.#list({ role, ordinal });
    new ListingCheck(this.revision, role).add(page);
    const [object = null, ...others] = page.results;
    expect(this.revision.canonicalReference, {
      ordinal: others.length === 0 && (object?.ordinal ?? ordinal) === ordinal,
      nextCursor: page.nextCursor === null,
    });
    return object;
  }
}

function checkRole(method: string, role: string): void {
  const wanted = nonEmptyString(role);
  if (wanted) throw refusal(method, "'role'", wanted, role);
}

/**
 * Objects of a revision. Each iteration lists them anew, and checks what comes:
 * their order, that none comes twice, and that they add up to the manifest.
 */
export class RevisionObjects implements AsyncIterable<DatasetRevisionObject> {
  readonly #revision: DatasetRevision;
  readonly #list: List;
  readonly #role: string | undefined;

  /**
   * Constructs a list that was not read yet.
   *
   * @param revision The revision, checked.
   * @param list Lists its objects.
   * @param role The role of the objects; all objects without one.
   */
  constructor(revision: DatasetRevision, list: List, role?: string) {
    this.#revision = revision;
    this.#list = list;
    this.#role = role;
  }

  /**
   * Iterates the objects.
   *
   * @returns The iterator.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<
    DatasetRevisionObject,
    void,
    undefined
  > {
    const role = this.#role;
    const check = new ListingCheck(this.#revision, role);
    const episodes = new Set<number>();
    let cursor: string | undefined;
    do {
      const page = await this.#list({ limit: PAGE_SIZE, role, cursor });
      check.add(page);
      await this.#checkEpisodes(page.results, episodes);
      yield* page.results;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    check.end();
  }

  /**
   * Gathers the objects in an array.
   *
   * @param options How many objects are gathered at most.
   * @param options.limit The number; what is behind it is not fetched.
   * @returns The objects.
   * @throws {InvalidArgumentError} If the limit is no positive integer.
   * @throws {InvalidResponseError} If a response does not fit the revision.
   * @throws {AvalaError} If a request fails.
   */
  async toArray(options: { limit: number }): Promise<DatasetRevisionObject[]> {
    const { limit } = options ?? {};
    const wanted = positiveInteger(limit);
    if (wanted) throw refusal("toArray", "'limit'", wanted, limit);
    const objects: DatasetRevisionObject[] = [];
    for await (const object of this) {
      objects.push(object);
      if (objects.length >= limit) break;
    }
    return objects;
  }

  /** Every object that belongs to an episode must name one that is there. */
  async #checkEpisodes(
    objects: readonly DatasetRevisionObject[],
    known: Set<number>,
  ): Promise<void> {
    const role = "episode";
    const named = new Set<number>();
    for (const { role: own, ordinal, episodeOrdinal } of objects) {
      if (own === role) known.add(ordinal);
      if (episodeOrdinal !== null) named.add(episodeOrdinal);
    }
    const ordinals = [...named].filter((ordinal) => !known.has(ordinal));
    if (ordinals.length === 0) return;
    const page = await this.#list({ role, ordinals });
    new ListingCheck(this.#revision, role).add(page);
    for (const { ordinal } of page.results) known.add(ordinal);
    expect(this.#revision.canonicalReference, {
      episodeOrdinal: ordinals.every((ordinal) => known.has(ordinal)),
    });
  }
}
