/**
 * Public datasets, for everybody: no key is needed, and none is sent. A dataset has
 * revisions, and a revision never changes: what it lists has a SHA-256, which is
 * checked while the bytes arrive.
 *
 * @example Without a key
 * ```ts
 * import { AsyncPublicDatasets } from "@avala/client/public-datasets";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { Transport } from "@avala/client/transport";
 *
 * const { fetch } = new AvalaEmulator();
 * await using transport = new Transport({ fetch }, "none");
 * const publicDatasets = new AsyncPublicDatasets(transport);
 *
 * const dataset = await publicDatasets.load("northlight/harbor-crane");
 * console.log("keep this:", dataset.revision.canonicalReference);
 * for await (const episode of dataset.episodes) {
 *   const download = await publicDatasets.downloadObject(episode);
 *   console.log(episode.logicalPath, (await download.bytes()).length);
 * }
 * ```
 *
 * @module
 */

import type { Download } from "../../downloads/download.ts";
import { AvalaError } from "../../errors.ts";
import { anonymous } from "../../http/internals.ts";
import type { Method, RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import type { Decode } from "../../wire/codec.ts";
import { type Input, query, refusal, toBody } from "../../wire/options.ts";
import { type Path, path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import type { PublicDataset } from "./dataset.ts";
import type {
  DatasetObjectAccess,
  DatasetRevision,
  DatasetRevisionObject,
  DatasetRevisionObjectPage,
  DownloadObjectOptions,
  ListRevisionObjectsOptions,
  LoadDatasetOptions,
  ObjectAccessOptions,
} from "./models.ts";

export type {
  DatasetObjectAccess,
  DatasetObjectProvider,
  DatasetObjectTransport,
  DatasetRevision,
  DatasetRevisionManifest,
  DatasetRevisionObject,
  DatasetRevisionObjectPage,
  DatasetRevisionOrigin,
  DatasetRevisionRights,
  DatasetRevisionState,
  DatasetRightsAccess,
  DatasetRightsStatus,
  DownloadObjectOptions,
  ListRevisionObjectsOptions,
  LoadDatasetOptions,
  ObjectAccessOptions,
} from "./models.ts";
export type { PublicDataset, RevisionObjects } from "./dataset.ts";

/** Public datasets. */
export class AsyncPublicDatasets extends Resource {
  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests, without its credential.
   */
  constructor(transport: Transport) {
    super(anonymous(transport));
  }

  /**
   * Reads a revision of a public dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param dataset URL name of the dataset.
   * @param selector Digest of the revision, or an alias such as `main`. An alias may move, a digest never does.
   * @param request Request options.
   * @returns The revision.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such revision, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {AvalaError} If the request fails.
   */
  async resolve(
    owner: string,
    dataset: string,
    selector: string,
    request?: RequestOptions,
  ): Promise<DatasetRevision> {
    for (const [what, value] of Object.entries({ dataset, selector })) {
      // a server decodes %40 before it parts the two
      if (typeof value !== "string" || !value.includes("@")) continue;
      const method = "publicDatasets.resolve";
      throw refusal(method, `'${what}'`, "a text without '@'", value);
    }
    const where = path(
      "publicDatasets.resolve",
      "/resolve/{owner}/{dataset}@{selector}/",
      { owner, dataset, selector },
    );
    const { decodeRevision } = await import("./models.ts");
    return await this.#ask(decodeRevision, "GET", where, request);
  }

  /**
   * Reads a revision of a public dataset by what its canonical reference holds.
   *
   * @param datasetUid Unique id of the dataset.
   * @param revisionSha256 Digest of the revision.
   * @param request Request options.
   * @returns The revision.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such revision, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {AvalaError} If the request fails.
   */
  async resolveByUid(
    datasetUid: string,
    revisionSha256: string,
    request?: RequestOptions,
  ): Promise<DatasetRevision> {
    const where = path(
      "publicDatasets.resolveByUid",
      "/resolve/uid/{datasetUid}/{revisionSha256}/",
      { datasetUid, revisionSha256 },
    );
    const { decodeRevision } = await import("./models.ts");
    return await this.#ask(decodeRevision, "GET", where, request);
  }

  /**
   * Reads some of the objects of a revision. The response is no page: `nextCursor`
   * goes on as `cursor`. {@linkcode AsyncPublicDatasets.load} walks all of them.
   *
   * @param datasetUid Unique id of the dataset.
   * @param revisionSha256 Digest of the revision.
   * @param options Role, numbers, how many, and where to go on.
   * @param request Request options.
   * @returns The objects, by role, ordinal and path.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such revision, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {AvalaError} If the request fails.
   */
  async listObjects(
    datasetUid: string,
    revisionSha256: string,
    options: ListRevisionObjectsOptions = {},
    request?: RequestOptions,
  ): Promise<DatasetRevisionObjectPage> {
    const where = path(
      "publicDatasets.listObjects",
      "/resolve/uid/{datasetUid}/{revisionSha256}/objects/",
      { datasetUid, revisionSha256 },
    );
    const { decodeObjects, LIST } = await import("./models.ts");
    const input = query(LIST, options);
    return await this.#ask(decodeObjects, "GET", where, request, input);
  }

  /**
   * Reads an address of an object's bytes, without a download to follow:
   * {@linkcode AsyncPublicDatasets.downloadObject} does all that is needed for one.
   * The address is good for some minutes, and a secret.
   *
   * @param datasetUid Unique id of the dataset.
   * @param revisionSha256 Digest of the revision.
   * @param objectUid Unique id of the object.
   * @param options Which kinds of addresses.
   * @param request Request options.
   * @returns The address.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such object, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {AvalaError} If the request fails.
   */
  async getObjectAccess(
    datasetUid: string,
    revisionSha256: string,
    objectUid: string,
    options: ObjectAccessOptions = {},
    request?: RequestOptions,
  ): Promise<DatasetObjectAccess> {
    const where = path(
      "publicDatasets.getObjectAccess",
      "/resolve/uid/{datasetUid}/{revisionSha256}/objects/{objectUid}/access/",
      { datasetUid, revisionSha256, objectUid },
    );
    const { ACCESS, decodeAccess } = await import("./models.ts");
    const input = query(ACCESS, options);
    return await this.#ask(decodeAccess, "GET", where, request, input);
  }

  /**
   * Asks for an address of an object's bytes, and tells that a download follows. A
   * server that does not know this yet (405) is asked as by
   * {@linkcode AsyncPublicDatasets.getObjectAccess}.
   *
   * @param datasetUid Unique id of the dataset.
   * @param revisionSha256 Digest of the revision.
   * @param objectUid Unique id of the object.
   * @param options Which kinds of addresses.
   * @param request Request options.
   * @returns The address.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such object, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {AvalaError} If the request fails.
   */
  async requestObjectAccess(
    datasetUid: string,
    revisionSha256: string,
    objectUid: string,
    options: ObjectAccessOptions = {},
    request?: RequestOptions,
  ): Promise<DatasetObjectAccess> {
    const params = { datasetUid, revisionSha256, objectUid };
    const where = path(
      "publicDatasets.requestObjectAccess",
      "/resolve/uid/{datasetUid}/{revisionSha256}/objects/{objectUid}/access/",
      params,
    );
    const { ACCESS, decodeAccess } = await import("./models.ts");
    const mends = 405;
    const input = { ...query(ACCESS, options), idempotent: true, mends };
    try {
      return await this.#ask(decodeAccess, "POST", where, request, input);
    } catch (error) {
      const isOlder = error instanceof AvalaError && error.statusCode === mends;
      if (!isOlder) throw error;
      return await this.#ask(decodeAccess, "GET", where, request, input);
    }
  }

  /**
   * Finds a revision of a public dataset by a reference. Its objects are listed when
   * they are iterated. What the service tells is checked: whether it is what was
   * asked for, and in itself whole and consistent.
   *
   * @example One object, for good
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const { publicDatasets } = client;
   * const { revision } = await publicDatasets.load("northlight/harbor-crane");
   *
   * // the alias `main` may move; this finds the same bytes in a year
   * const same = await publicDatasets.load(revision.canonicalReference);
   * const episode = await same.getObject("episode", 0);
   * assertEquals(episode?.ordinal, 0);
   * ```
   *
   * @param reference `owner/dataset`, `owner/dataset@selector` or `avala://datasets/uid@digest`.
   * @param options Which revision.
   * @param request Request options, of this request and of those that list objects.
   * @returns The revision, and its objects.
   * @throws {InvalidArgumentError} If the reference is none, or the revision is given twice.
   * @throws {NotFoundError} If there is no such revision, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {InvalidResponseError} If the response is about something else, or contradicts itself.
   * @throws {AvalaError} If the request fails.
   */
  async load(
    reference: string,
    options: LoadDatasetOptions = {},
    request?: RequestOptions,
  ): Promise<PublicDataset> {
    const { LOAD } = await import("./models.ts");
    toBody("publicDatasets.load", LOAD, options);
    const { loadDataset } = await import("./dataset.ts");
    return await loadDataset(this, reference, options.revision, request);
  }

  /**
   * Downloads an object as a stream. Its size and SHA-256 are checked while the bytes
   * arrive: the stream, and whatever reads it, fails at its end when they are others.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const { publicDatasets } = client;
   * const dataset = await publicDatasets.load("northlight/harbor-crane");
   * const episode = await dataset.getObject("episode", 0);
   * const download = await publicDatasets.downloadObject(episode!);
   * assertEquals((await download.bytes()).length, episode?.sizeBytes);
   * ```
   *
   * @param object The object, as a listing gives it.
   * @param options Progress, and how much may be read into memory.
   * @param request Request options; `timeout` limits the time to the headers, then
   * the time between two chunks; `headers` go to the API alone.
   * @returns The file.
   * @throws {InvalidArgumentError} If the object is none.
   * @throws {NotFoundError} If there is no such object, or it is not public.
   * @throws {DatasetRevisionWithdrawnError} If the revision was withdrawn.
   * @throws {InvalidResponseError} If the address is that of something else, or not to be trusted.
   * @throws {AvalaError} If a request fails.
   */
  async downloadObject(
    object: DatasetRevisionObject,
    options: DownloadObjectOptions = {},
    request?: RequestOptions,
  ): Promise<Download> {
    const { DOWNLOAD } = await import("./models.ts");
    toBody("publicDatasets.downloadObject", DOWNLOAD, options);
    const { downloadObject } = await import("./download.ts");
    const { transport } = this;
    return await downloadObject(this, transport, object, options, request);
  }

  /** Calls an endpoint that may say that the revision was withdrawn. */
  async #ask<T>(
    decode: Decode<T>,
    method: Method,
    where: Path,
    request?: RequestOptions,
    input?: Input,
  ): Promise<T> {
    try {
      return await this.one(decode, method, where, request, input);
    } catch (error) {
      if (!(error instanceof AvalaError) || error.statusCode !== 410) {
        throw error;
      }
      const { withdrawn } = await import("./withdrawn.ts");
      throw withdrawn(error, where.params);
    }
  }
}
