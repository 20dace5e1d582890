/**
 * What the credential in use may do.
 *
 * @example What the key may do
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const { type, scopes } = await client.permissions.get();
 * console.log(type, scopes);
 * ```
 *
 * @module
 */

import { type Decode, model, type Open } from "../wire/codec.ts";
import type { RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";

/** Whose credential it is. */
export type CredentialType = Open<
  | "customer"
  | "coworker"
>;

/** What the credential in use may do. */
export interface CredentialPermissions {
  /** Kind. */
  type: CredentialType;
  /** Whether it has staff rights. */
  isStaffPrivileged: boolean;
  /** Scopes. */
  scopes: string[];
  /** What it may do. */
  capabilities: string[];
  /** Toolsets it may use. */
  toolsets: string[];
}

const decodeCredentialPermissions: Decode<CredentialPermissions> = model<
  CredentialPermissions
>({
  type: null,
  isStaffPrivileged: false,
  scopes: [],
  capabilities: [],
  toolsets: [],
});

/** Permissions. */
export class AsyncPermissions {
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
   * Reads what the credential in use may do.
   *
   * @param request Request options.
   * @returns The permissions.
   * @throws {AvalaError} If the request fails.
   */
  async get(request?: RequestOptions): Promise<CredentialPermissions> {
    return await this.#transport.object(decodeCredentialPermissions, {
      method: "GET",
      path: "/users/me/permissions/",
    }, request);
  }
}
