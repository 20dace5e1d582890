/**
 * The account behind the credential.
 *
 * @example Who is it
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const { uid } = await client.users.getMe();
 * console.log(uid);
 * ```
 *
 * @module
 */

import { type Decode, model } from "../wire/codec.ts";
import type { RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";

/** The account behind the credential; other fields are kept as unknown. */
export interface CurrentUser {
  /** Unique id. */
  uid: string;
}

const decodeCurrentUser: Decode<CurrentUser> = model<CurrentUser>({
  uid: null,
});

/** Users. */
export class AsyncUsers {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Reads the account behind the credential. Only `uid` is known of it; other
   * fields are kept, in camelCase.
   *
   * @param request Request options.
   * @returns The account.
   * @throws {AvalaError} If the request fails.
   */
  async getMe(request?: RequestOptions): Promise<CurrentUser> {
    return await this.#transport.object(decodeCurrentUser, {
      method: "GET",
      path: "/users/me/",
    }, request);
  }
}
