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
  NUMBERED_PAGE_PARAMETERS,
  type NumberedPageOptions,
  PAGE_PARAMETERS,
  type PageOptions,
  segment,
  toBody,
  toQuery,
} from "../arguments.ts";
import { listPages, type PagePromise } from "../pagination.ts";
import type { RequestOptions } from "../request.ts";
import type { Transport } from "../transport.ts";
import {
  decodeInvitation,
  decodeOrganization,
  decodeOrganizationMember,
  decodeTeam,
  decodeTeamMember,
  type Invitation,
  type Organization,
  type OrganizationMember,
  type Team,
  type TeamMember,
} from "./organization_models.ts";
import {
  ADD_TEAM_MEMBER,
  type AddTeamMemberOptions,
  CREATE,
  CREATE_INVITATION,
  CREATE_TEAM,
  type CreateInvitationOptions,
  type CreateOrganizationOptions,
  type CreateTeamOptions,
  LIST_MEMBERS,
  type ListMembersOptions,
  TRANSFER_OWNERSHIP,
  type TransferOwnershipOptions,
  UPDATE,
  UPDATE_MEMBER_ROLE,
  UPDATE_TEAM,
  UPDATE_TEAM_MEMBER_ROLE,
  type UpdateMemberRoleOptions,
  type UpdateOrganizationOptions,
  type UpdateTeamMemberRoleOptions,
  type UpdateTeamOptions,
} from "./organization_options.ts";

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
} from "./organization_models.ts";
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
} from "./organization_options.ts";

/** Organizations. */
export class AsyncOrganizations {
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

  /**
   * Lists the members of an organization.
   *
   * @param slug URL name of the organization.
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all members when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listMembers(
    slug: string,
    options: ListMembersOptions = {},
    request?: RequestOptions,
  ): PagePromise<OrganizationMember> {
    return listPages(
      this.#transport,
      () => ({
        path: `/organizations/${segment("slug", slug)}/members/`,
        query: toQuery(LIST_MEMBERS, options),
      }),
      decodeOrganizationMember,
      request,
    );
  }

  /**
   * Removes a member from an organization.
   *
   * @param slug URL name of the organization.
   * @param userUid Unique id of the user.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such member.
   * @throws {AvalaError} If the request fails.
   */
  async removeMember(
    slug: string,
    userUid: string,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/members/${
      segment("userUid", userUid)
    }/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Gives a member another role.
   *
   * @param slug URL name of the organization.
   * @param userUid Unique id of the user.
   * @param options The role.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such member.
   * @throws {AvalaError} If the request fails.
   */
  async updateMemberRole(
    slug: string,
    userUid: string,
    options: UpdateMemberRoleOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/members/${
      segment("userUid", userUid)
    }/role/`;
    await this.#transport.nothing({
      method: "PATCH",
      path,
      body: toBody(UPDATE_MEMBER_ROLE, options),
    }, request);
  }

  /**
   * Leaves an organization.
   *
   * @param slug URL name of the organization.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async leave(slug: string, request?: RequestOptions): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/leave/`;
    await this.#transport.nothing(
      { method: "POST", path, idempotent: true },
      request,
    );
  }

  /**
   * Makes another member the owner. It is never sent twice, unless the server
   * says that it did not process it.
   *
   * @param slug URL name of the organization.
   * @param options The new owner.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async transferOwnership(
    slug: string,
    options: TransferOwnershipOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/transfer-ownership/`;
    await this.#transport.nothing({
      method: "POST",
      path,
      body: toBody(TRANSFER_OWNERSHIP, options),
    }, request);
  }

  /**
   * Lists the invitations of an organization.
   *
   * @param slug URL name of the organization.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all invitations when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listInvitations(
    slug: string,
    options: NumberedPageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Invitation> {
    return listPages(
      this.#transport,
      () => ({
        path: `/organizations/${segment("slug", slug)}/invitations/`,
        query: toQuery(NUMBERED_PAGE_PARAMETERS, options),
      }),
      decodeInvitation,
      request,
    );
  }

  /**
   * Invites somebody to an organization. It is never sent twice, unless the
   * server says that it did not process it.
   *
   * @param slug URL name of the organization.
   * @param options The options.
   * @param request Request options.
   * @returns The invitation; its links carry a one-time token: a secret.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async createInvitation(
    slug: string,
    options: CreateInvitationOptions,
    request?: RequestOptions,
  ): Promise<Invitation> {
    const path = `/organizations/${segment("slug", slug)}/invitations/`;
    return await this.#transport.object(decodeInvitation, {
      method: "POST",
      path,
      body: toBody(CREATE_INVITATION, options),
    }, request);
  }

  /**
   * Sends an invitation once more.
   *
   * @param slug URL name of the organization.
   * @param invitationUid Unique id of the invitation.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such invitation.
   * @throws {AvalaError} If the request fails.
   */
  async resendInvitation(
    slug: string,
    invitationUid: string,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/invitations/${
      segment("invitationUid", invitationUid)
    }/resend/`;
    await this.#transport.nothing({ method: "POST", path }, request);
  }

  /**
   * Cancels an invitation.
   *
   * @param slug URL name of the organization.
   * @param invitationUid Unique id of the invitation.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such invitation.
   * @throws {AvalaError} If the request fails.
   */
  async cancelInvitation(
    slug: string,
    invitationUid: string,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/invitations/${
      segment("invitationUid", invitationUid)
    }/cancel/`;
    await this.#transport.nothing(
      { method: "POST", path, idempotent: true },
      request,
    );
  }

  /**
   * Lists the teams of an organization.
   *
   * @param slug URL name of the organization.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all teams when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listTeams(
    slug: string,
    options: NumberedPageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Team> {
    return listPages(
      this.#transport,
      () => ({
        path: `/organizations/${segment("slug", slug)}/teams/`,
        query: toQuery(NUMBERED_PAGE_PARAMETERS, options),
      }),
      decodeTeam,
      request,
    );
  }

  /**
   * Creates a team. It is never sent twice, unless the server says that it did
   * not process it.
   *
   * @param slug URL name of the organization.
   * @param options The options.
   * @param request Request options.
   * @returns The team.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such organization.
   * @throws {AvalaError} If the request fails.
   */
  async createTeam(
    slug: string,
    options: CreateTeamOptions,
    request?: RequestOptions,
  ): Promise<Team> {
    const path = `/organizations/${segment("slug", slug)}/teams/`;
    return await this.#transport.object(decodeTeam, {
      method: "POST",
      path,
      body: toBody(CREATE_TEAM, options),
    }, request);
  }

  /**
   * Reads a team.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param request Request options.
   * @returns The team.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such team.
   * @throws {AvalaError} If the request fails.
   */
  async getTeam(
    slug: string,
    teamSlug: string,
    request?: RequestOptions,
  ): Promise<Team> {
    const path = `/organizations/${segment("slug", slug)}/teams/${
      segment("teamSlug", teamSlug)
    }/`;
    return await this.#transport.object(
      decodeTeam,
      { method: "GET", path },
      request,
    );
  }

  /**
   * Changes a team.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param options What to change.
   * @param request Request options.
   * @returns The team.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such team.
   * @throws {AvalaError} If the request fails.
   */
  async updateTeam(
    slug: string,
    teamSlug: string,
    options: UpdateTeamOptions,
    request?: RequestOptions,
  ): Promise<Team> {
    const path = `/organizations/${segment("slug", slug)}/teams/${
      segment("teamSlug", teamSlug)
    }/`;
    return await this.#transport.object(decodeTeam, {
      method: "PATCH",
      path,
      body: toBody(UPDATE_TEAM, options),
    }, request);
  }

  /**
   * Deletes a team.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such team.
   * @throws {AvalaError} If the request fails.
   */
  async deleteTeam(
    slug: string,
    teamSlug: string,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/teams/${
      segment("teamSlug", teamSlug)
    }/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Lists the members of a team.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all members when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  listTeamMembers(
    slug: string,
    teamSlug: string,
    options: NumberedPageOptions = {},
    request?: RequestOptions,
  ): PagePromise<TeamMember> {
    return listPages(
      this.#transport,
      () => ({
        path: `/organizations/${segment("slug", slug)}/teams/${
          segment("teamSlug", teamSlug)
        }/members/`,
        query: toQuery(NUMBERED_PAGE_PARAMETERS, options),
      }),
      decodeTeamMember,
      request,
    );
  }

  /**
   * Adds a member to a team. It is never sent twice, unless the server says
   * that it did not process it.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param options The options.
   * @param request Request options.
   * @returns The member.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such team.
   * @throws {AvalaError} If the request fails.
   */
  async addTeamMember(
    slug: string,
    teamSlug: string,
    options: AddTeamMemberOptions,
    request?: RequestOptions,
  ): Promise<TeamMember> {
    const path = `/organizations/${segment("slug", slug)}/teams/${
      segment("teamSlug", teamSlug)
    }/members/`;
    return await this.#transport.object(decodeTeamMember, {
      method: "POST",
      path,
      body: toBody(ADD_TEAM_MEMBER, options),
    }, request);
  }

  /**
   * Removes a member from a team.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param userUid Unique id of the user.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such member.
   * @throws {AvalaError} If the request fails.
   */
  async removeTeamMember(
    slug: string,
    teamSlug: string,
    userUid: string,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/teams/${
      segment("teamSlug", teamSlug)
    }/members/${segment("userUid", userUid)}/`;
    await this.#transport.nothing({ method: "DELETE", path }, request);
  }

  /**
   * Gives a member of a team another role.
   *
   * @param slug URL name of the organization.
   * @param teamSlug URL name of the team.
   * @param userUid Unique id of the user.
   * @param options The role.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is missing or wrong.
   * @throws {NotFoundError} If there is no such member.
   * @throws {AvalaError} If the request fails.
   */
  async updateTeamMemberRole(
    slug: string,
    teamSlug: string,
    userUid: string,
    options: UpdateTeamMemberRoleOptions,
    request?: RequestOptions,
  ): Promise<void> {
    const path = `/organizations/${segment("slug", slug)}/teams/${
      segment("teamSlug", teamSlug)
    }/members/${segment("userUid", userUid)}/role/`;
    await this.#transport.nothing({
      method: "PATCH",
      path,
      body: toBody(UPDATE_TEAM_MEMBER_ROLE, options),
    }, request);
  }
}
