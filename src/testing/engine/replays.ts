/**
 * Answers that a repeated `Idempotency-Key` gets once more.
 *
 * @module
 */

import type { EmulatedAnswer, EmulatedRequest } from "./router.ts";

const MUTATIONS = ["POST", "PUT", "PATCH", "DELETE"];

/** The first answers to requests that carried a key. */
export class Replays {
  readonly #first = new Map<string, Promise<EmulatedAnswer>>();

  /**
   * Answers a request, or repeats the first answer to it.
   *
   * @param request The request.
   * @param make Answers the request for the first time.
   * @returns The answer.
   */
  async answer(
    request: EmulatedRequest,
    make: () => EmulatedAnswer | Promise<EmulatedAnswer>,
  ): Promise<EmulatedAnswer> {
    const { method, url, headers } = request;
    const key = headers.get("idempotency-key");
    if (!key || !MUTATIONS.includes(method)) return await make();
    // assumption: every route honors the key, for one credential, method and
    // path; the body is not compared, and a refusal is repeated as well
    const caller = headers.get("x-avala-api-key") ??
      headers.get("authorization");
    const place = JSON.stringify([caller, method, url.pathname, key]);
    let first = this.#first.get(place);
    if (!first) {
      // a copy, since the records of an answer go on changing
      first = Promise.resolve(make()).then((made) => structuredClone(made));
      this.#first.set(place, first);
    }
    return await first;
  }
}
