/**
 * Organizations with their members, invitations and teams.
 *
 * @example Invite somebody
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [organization] = (await client.organizations.list()).items;
 * await client.organizations.createInvitation(organization!.slug, {
 *   email: "ada@example.com",
 *   role: "member",
 * });
 * const { slug } = organization!;
 * for await (const member of client.organizations.listMembers(slug)) {
 *   console.log(member.username, member.role);
 * }
 * ```
 *
 * @module
 */

import {
  PAGE_PARAMETERS,
  type PageOptions,
  segment,
  toBody,
  toQuery,
} from "../../wire/options.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import { decodeOrganization, type Organization } from "./models.ts";
import {
  CREATE,
  type CreateOrganizationOptions,
  UPDATE,
  type UpdateOrganizationOptions,
} from "./options.ts";

import { OrganizationMembers } from "./members.ts";

export { OrganizationMembers } from "./members.ts";
export { OrganizationTeams } from "./teams.ts";
export type {
  Invitation,
  InvitationStatus,
  Organization,
  OrganizationIndustry,
  OrganizationMember,
  OrganizationPlan,
  OrganizationRole,
  OrganizationVisibility,
  Team,
  TeamMember,
  TeamRole,
} from "./models.ts";
export type {
  AddTeamMemberOptions,
  CreateInvitationOptions,
  CreateOrganizationOptions,
  CreateTeamOptions,
  ListMembersOptions,
  TransferOwnershipOptions,
  UpdateMemberRoleOptions,
  UpdateOrganizationOptions,
  UpdateTeamMemberRoleOptions,
  UpdateTeamOptions,
} from "./options.ts";

/**
 * Organizations. The methods for members, invitations and teams come from
 * {@linkcode OrganizationMembers} and {@linkcode OrganizationTeams}.
 */
export class AsyncOrganizations extends OrganizationMembers {
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
   * Lists organizations.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all organizations when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Organization> {
    return listPages(
      this.#transport,
      () => ({
        path: "/organizations/",
        query: toQuery(PAGE_PARAMETERS, options),
      }),
      decodeOrganization,
      request,
    );
  }

  /**
   * Reads an organization.
   *
   * @param slug URL name of the organization.
   * @param request Request options.
   * @returns The organization.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async get(slug: string, request?: RequestOptions): Promise<Organization> {
    const path = `/organizations/${segment("slug", slug)}/`;
    return await this.#transport.object(decodeOrganization, {
      method: "GET",
      path,
    }, request);
  }

  /**
   * Creates an organization. It is never sent twice, unless the server says
   * that it did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The organization.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateOrganizationOptions,
    request?: RequestOptions,
  ): Promise<Organization> {
    return await this.#transport.object(decodeOrganization, {
      method: "POST",
      path: "/organizations/",
      body: toBody(CREATE, options),
    }, request);
  }

  /**
   * Changes an organization.
   *
   * @param slug URL name of the organization.
   * @param options What to change.
   * @param request Request options.
   * @returns The organization.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    slug: string,
    options: UpdateOrganizationOptions,
    request?: RequestOptions,
  ): Promise<Organization> {
    const path = `/organizations/${segment("slug", slug)}/`;
    return await this.#transport.object(decodeOrganization, {
      method: "PATCH",
      path,
      body: toBody(UPDATE, options),
    }, request);
  }

  /**
   * Deletes an organization.
   *
   * @param slug URL name of the organization.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async delete(slug: string, request?: RequestOptions): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Reads the industries that an organization can name.
   *
   * @param request Request options.
   * @returns The server's JSON as it is; the Avala docs do not show it.
   * @throws {AvalaError} If the request fails.
   */
  async industryChoices(request?: RequestOptions): Promise<unknown> {
    return await this.#transport.json({
      method: "GET",
      path: "/organizations/industry-choices/",
    }, request);
  }
}
