/**
 * Items, sequences, frames and health of datasets.
 *
 * @module
 */

import {
  PAGE_PARAMETERS,
  type PageOptions,
  segment,
  show,
  toQuery,
} from "../../wire/options.ts";
import type { Decode } from "../../wire/codec.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import {
  type DatasetHealth,
  type DatasetItem,
  type DatasetSequence,
  decodeHealth,
  decodeItem,
  decodeSequence,
} from "./models.ts";
import { ManualUploads } from "./uploads.ts";
import {
  type DatasetCalibration,
  type DatasetFrame,
  framesOf,
  toCalibration,
  toFrame,
} from "./frames.ts";

/** Items, sequences, frames and health of datasets. */
export class DatasetContents extends ManualUploads {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    super(transport);
    this.#transport = transport;
  }

  /**
   * Lists the items of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all items when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listItems(
    owner: string,
    slug: string,
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<DatasetItem> {
    return this.#list(owner, slug, "items", decodeItem, options, request);
  }

  /**
   * Reads an item of a dataset.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param itemUid Unique id of the item.
   * @param request Request options.
   * @returns The item.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such item.
   * @throws {AvalaError} If the request fails.
   */
  async getItem(
    owner: string,
    slug: string,
    itemUid: string,
    request?: RequestOptions,
  ): Promise<DatasetItem> {
    const path = `${pathOf(owner, slug)}items/${segment("itemUid", itemUid)}/`;
    return await this.#get(decodeItem, path, request);
  }

  /**
   * Lists the sequences of a dataset, without their frames.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all sequences when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listSequences(
    owner: string,
    slug: string,
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<DatasetSequence> {
    return this.#list(
      owner,
      slug,
      "sequences",
      decodeSequence,
      options,
      request,
    );
  }

  /**
   * Reads a sequence with all its frames; the answer can be many megabytes.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param request Request options.
   * @returns The sequence.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async getSequence(
    owner: string,
    slug: string,
    sequenceUid: string,
    request?: RequestOptions,
  ): Promise<DatasetSequence> {
    const path = `${pathOf(owner, slug)}sequences/${
      segment("sequenceUid", sequenceUid)
    }/`;
    return await this.#get(decodeSequence, path, request);
  }

  /**
   * Reads the health of a dataset: counts, and what was found wrong at import.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param request Request options.
   * @returns The health.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such dataset.
   * @throws {AvalaError} If the request fails.
   */
  async getHealth(
    owner: string,
    slug: string,
    request?: RequestOptions,
  ): Promise<DatasetHealth> {
    return await this.#get(
      decodeHealth,
      `${pathOf(owner, slug)}health/`,
      request,
    );
  }

  /**
   * Picks a frame out of a sequence; one request, which reads the whole sequence.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param frameIdx Index of the frame, from 0.
   * @param request Request options.
   * @returns The frame.
   * @throws {InvalidArgumentError} If an argument is wrong, or the sequence has no such frame.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async getFrame(
    owner: string,
    slug: string,
    sequenceUid: string,
    frameIdx: number,
    request?: RequestOptions,
  ): Promise<DatasetFrame> {
    if (!Number.isSafeInteger(frameIdx) || frameIdx < 0) {
      throw new InvalidArgumentError(
        `Cannot get the frame as 'frameIdx' must be an integer from 0: current value is ${
          show(frameIdx)
        }`,
      );
    }
    const sequence = await this.getSequence(owner, slug, sequenceUid, request);
    const frames = framesOf(sequence);
    const frame = frames[frameIdx];
    if (!frame) {
      throw new InvalidArgumentError(
        `Cannot get the frame as 'frameIdx' must be below ${frames.length}, the number of frames in sequence "${sequenceUid}": current value is ${frameIdx}`,
      );
    }
    return toFrame(frame, frameIdx);
  }

  /**
   * Derives the camera rig of a sequence from its first frame; one request.
   *
   * @param owner User name or organization slug of the owner.
   * @param slug URL name of the dataset.
   * @param sequenceUid Unique id of the sequence.
   * @param request Request options.
   * @returns The rig, or why there is none.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such sequence.
   * @throws {AvalaError} If the request fails.
   */
  async getCalibration(
    owner: string,
    slug: string,
    sequenceUid: string,
    request?: RequestOptions,
  ): Promise<DatasetCalibration> {
    const sequence = await this.getSequence(owner, slug, sequenceUid, request);
    return toCalibration(sequenceUid, sequence);
  }

  #get<T>(
    decode: Decode<T>,
    path: string,
    request?: RequestOptions,
  ): Promise<T> {
    return this.#transport.object(decode, { method: "GET", path }, request);
  }

  #list<T>(
    owner: string,
    slug: string,
    what: string,
    decode: Decode<T>,
    options: PageOptions,
    request?: RequestOptions,
  ): PagePromise<T> {
    return listPages(
      this.#transport,
      () => ({
        path: `${pathOf(owner, slug)}${what}/`,
        query: toQuery(PAGE_PARAMETERS, options),
      }),
      decode,
      request,
    );
  }
}

/**
 * Builds the path of a dataset.
 *
 * @param owner User name or organization slug of the owner.
 * @param slug URL name of the dataset.
 * @returns The path.
 * @throws {InvalidArgumentError} If an argument is wrong.
 */
export function pathOf(owner: string, slug: string): string {
  return `/datasets/${segment("owner", owner)}/${segment("slug", slug)}/`;
}
