/**
 * Responses that a repeated `Idempotency-Key` gets once more.
 *
 * @module
 */

import type { EmulatedResponse } from "./responses.ts";
import type { EmulatedRequest } from "./router.ts";

const MUTATIONS = ["POST", "PUT", "PATCH", "DELETE"];
/** How many first responses are remembered. */
const LIMIT = 10_000;

/** The first responses to requests that carried a key. */
export class Replays {
  readonly #first = new Map<string, Promise<EmulatedResponse>>();

  /**
   * Responds to a request, or repeats the first response to it.
   *
   * @param request The request.
   * @param make Responds to the request for the first time.
   * @returns The response.
   */
  async respond(
    request: EmulatedRequest,
    make: () => EmulatedResponse | Promise<EmulatedResponse>,
  ): Promise<EmulatedResponse> {
    const { method, url, headers } = request;
    const key = headers.get("idempotency-key");
    if (!key || !MUTATIONS.includes(method)) return await make();
    // assumption: every route honors the key, for one credential, method and
    // path; the body is not compared, and a refusal is repeated as well
    const caller = headers.get("x-avala-api-key") ??
      headers.get("authorization");
    const place = JSON.stringify([caller, method, url.pathname, key]);
    const first = this.#first.get(place) ?? Promise.resolve(make());
    this.#first.set(place, first);
    const [oldest] = this.#first.keys();
    if (this.#first.size > LIMIT && oldest) this.#first.delete(oldest);
    return await first;
  }
}
