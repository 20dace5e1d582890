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

import type { RequestOptions } from "../http/request.ts";
import { model } from "../wire/codec.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** The account behind the credential; other fields are kept as unknown. */
export interface CurrentUser {
  /** Unique id. */
  uid: string;
}

const decodeCurrentUser = model<CurrentUser>({
  uid: null,
});

/** Users. */
export class AsyncUsers extends Resource {
  /**
   * Reads the account behind the credential. Only `uid` is known of it; other
   * fields are kept, in camelCase.
   *
   * @param request Request options.
   * @returns The account.
   * @throws {AvalaError} If the request fails.
   */
  async getMe(request?: RequestOptions): Promise<CurrentUser> {
    const where = path("users.getMe", "/users/me/");
    return await this.one(decodeCurrentUser, "GET", where, request);
  }
}
