/**
 * The presigned addresses of the files of a recording.
 *
 * @module
 */

import { InvalidResponseError } from "../../errors.ts";
import type { Step } from "../../uploads/engine.ts";
import { show } from "../../wire/options.ts";
import type { FleetUploadUrl } from "./recording_uploads.ts";

/** Addresses asked for with one request. */
const BATCH = 100;
/** With this file of a batch the next batch is asked for, so that nobody waits. */
const AHEAD = 75;

/** Gives each file its address: from a batch at first, a fresh one afterwards. */
export class AddressBook {
  readonly #batches: string[][] = [];
  readonly #batchOf = new Map<string, number>();
  readonly #asked = new Map<number, Promise<Map<string, FleetUploadUrl>>>();
  readonly #ask: (
    paths: string[],
    step: Step,
  ) => Promise<FleetUploadUrl[]>;

  /**
   * Constructs a book.
   *
   * @param paths Paths of all files, in the order in which they are sent.
   * @param ask Asks for addresses.
   */
  constructor(
    paths: readonly string[],
    ask: (
      paths: string[],
      step: Step,
    ) => Promise<FleetUploadUrl[]>,
  ) {
    this.#ask = ask;
    for (let at = 0; at < paths.length; at += BATCH) {
      const batch = paths.slice(at, at + BATCH);
      for (const path of batch) this.#batchOf.set(path, this.#batches.length);
      this.#batches.push(batch);
    }
  }

  /**
   * Gives an address that was not given before.
   *
   * @param path Path of the file.
   * @param step Sends the request, if one is needed.
   * @returns The address.
   * @throws {InvalidResponseError} If the server gives none.
   */
  async take(path: string, step: Step): Promise<FleetUploadUrl> {
    const number = this.#batchOf.get(path);
    if (number === undefined) {
      return pick(byPath(await this.#ask([path], step)), path);
    }
    const asked = this.#request(number, step);
    if (this.#batches[number]?.[AHEAD] === path) {
      this.#request(number + 1, step);
    }
    const urls = await asked;
    const found = pick(urls, path);
    this.#batchOf.delete(path);
    // what was used is not kept
    urls.delete(path);
    if (urls.size === 0) this.#asked.delete(number);
    return found;
  }

  #request(number: number, step: Step): Promise<Map<string, FleetUploadUrl>> {
    const asked = this.#asked.get(number);
    const batch = this.#batches[number];
    if (asked || !batch) return asked ?? Promise.resolve(new Map());
    const asking = this.#ask(batch, step).then(byPath);
    this.#asked.set(number, asking);
    // the next who needs it asks again
    asking.catch(() => this.#asked.delete(number));
    return asking;
  }
}

function byPath(urls: FleetUploadUrl[]): Map<string, FleetUploadUrl> {
  return new Map(urls.map((url) => [url.path, url]));
}

function pick(urls: Map<string, FleetUploadUrl>, path: string): FleetUploadUrl {
  const url = urls.get(path);
  if (url) return url;
  throw new InvalidResponseError(
    `Cannot upload ${show(path)} as the server gives no address for it`,
  );
}
