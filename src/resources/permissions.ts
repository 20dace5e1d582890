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

import type { RequestOptions } from "../http/request.ts";
import { model, type Open } from "../wire/codec.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** Whose credential it is. */
export type CredentialType = Open<"customer" | "coworker">;

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

const decodeCredentialPermissions = model<CredentialPermissions>({
  type: null,
  isStaffPrivileged: false,
  scopes: [],
  capabilities: [],
  toolsets: [],
});

/** Permissions. */
export class AsyncPermissions extends Resource {
  /**
   * Reads what the credential in use may do.
   *
   * @param request Request options.
   * @returns The permissions.
   * @throws {AvalaError} If the request fails.
   */
  async get(request?: RequestOptions): Promise<CredentialPermissions> {
    const where = path("permissions.get", "/users/me/permissions/");
    return await this.one(decodeCredentialPermissions, "GET", where, request);
  }
}
