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

import type { PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import {
  body,
  NUMBERED_PAGE,
  type NumberedPageOptions,
  PAGE,
  type PageOptions,
  requiredText,
} from "../../wire/options.ts";
import { path } from "../../wire/path.ts";
import { Resource } from "../resource.ts";
import {
  ADD_TEAM_MEMBER,
  type AddTeamMemberOptions,
  CREATE,
  CREATE_INVITATION,
  CREATE_TEAM,
  type CreateInvitationOptions,
  type CreateOrganizationOptions,
  type CreateTeamOptions,
  decodeInvitation,
  decodeOrganization,
  decodeOrganizationMember,
  decodeTeam,
  decodeTeamMember,
  type Invitation,
  LIST_MEMBERS,
  type ListMembersOptions,
  type Organization,
  type OrganizationMember,
  type Team,
  type TeamMember,
  type TransferOwnershipOptions,
  UPDATE,
  UPDATE_TEAM,
  type UpdateMemberRoleOptions,
  type UpdateOrganizationOptions,
  type UpdateTeamMemberRoleOptions,
  type UpdateTeamOptions,
} from "./models.ts";

export type {
  AddTeamMemberOptions,
  CreateInvitationOptions,
  CreateOrganizationOptions,
  CreateTeamOptions,
  Invitation,
  InvitationStatus,
  ListMembersOptions,
  Organization,
  OrganizationIndustry,
  OrganizationMember,
  OrganizationPlan,
  OrganizationRole,
  OrganizationVisibility,
  Team,
  TeamMember,
  TeamRole,
  TransferOwnershipOptions,
  UpdateMemberRoleOptions,
  UpdateOrganizationOptions,
  UpdateTeamMemberRoleOptions,
  UpdateTeamOptions,
} from "./models.ts";

/** Organizations with their members, invitations and teams. */
export class AsyncOrganizations extends Resource {
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
    const where = path("organizations.list", "/organizations/");
    return this.pages(decodeOrganization, where, PAGE, options, request);
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
    const where = path("organizations.get", "/organizations/{slug}/", { slug });
    return await this.one(decodeOrganization, "GET", where, request);
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
    const where = path("organizations.create", "/organizations/");
    const input = body(CREATE, options);
    return await this.one(decodeOrganization, "POST", where, request, input);
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
    const where = path(
      "organizations.update",
      "/organizations/{slug}/",
      { slug },
    );
    const input = body(UPDATE, options);
    return await this.one(decodeOrganization, "PATCH", where, request, input);
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
    const where = path(
      "organizations.delete",
      "/organizations/{slug}/",
      { slug },
    );
    await this.nothing("DELETE", where, request);
  }

  /**
   * Reads the industries that an organization can name.
   *
   * @param request Request options.
   * @returns The server's JSON as it is; the Avala docs do not show it.
   * @throws {AvalaError} If the request fails.
   */
  async industryChoices(request?: RequestOptions): Promise<unknown> {
    const where = path(
      "organizations.industryChoices",
      "/organizations/industry-choices/",
    );
    return await this.json("GET", where, request);
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
    const where = path(
      "organizations.listMembers",
      "/organizations/{slug}/members/",
      { slug },
    );
    return this.pages(
      decodeOrganizationMember,
      where,
      LIST_MEMBERS,
      options,
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
    const where = path(
      "organizations.removeMember",
      "/organizations/{slug}/members/{userUid}/",
      { slug, userUid },
    );
    await this.nothing("DELETE", where, request);
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
    const where = path(
      "organizations.updateMemberRole",
      "/organizations/{slug}/members/{userUid}/role/",
      { slug, userUid },
    );
    const input = body({ role: requiredText }, options);
    await this.nothing("PATCH", where, request, input);
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
    const where = path(
      "organizations.leave",
      "/organizations/{slug}/leave/",
      { slug },
    );
    const input = { idempotent: true };
    await this.nothing("POST", where, request, input);
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
    const where = path(
      "organizations.transferOwnership",
      "/organizations/{slug}/transfer-ownership/",
      { slug },
    );
    const input = body({ newOwnerUid: requiredText }, options);
    await this.nothing("POST", where, request, input);
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
    const where = path(
      "organizations.listInvitations",
      "/organizations/{slug}/invitations/",
      { slug },
    );
    return this.pages(decodeInvitation, where, NUMBERED_PAGE, options, request);
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
    const where = path(
      "organizations.createInvitation",
      "/organizations/{slug}/invitations/",
      { slug },
    );
    const input = body(CREATE_INVITATION, options);
    return await this.one(decodeInvitation, "POST", where, request, input);
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
    const where = path(
      "organizations.resendInvitation",
      "/organizations/{slug}/invitations/{invitationUid}/resend/",
      { slug, invitationUid },
    );
    await this.nothing("POST", where, request);
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
    const where = path(
      "organizations.cancelInvitation",
      "/organizations/{slug}/invitations/{invitationUid}/cancel/",
      { slug, invitationUid },
    );
    const input = { idempotent: true };
    await this.nothing("POST", where, request, input);
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
    const where = path(
      "organizations.listTeams",
      "/organizations/{slug}/teams/",
      { slug },
    );
    return this.pages(decodeTeam, where, NUMBERED_PAGE, options, request);
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
    const where = path(
      "organizations.createTeam",
      "/organizations/{slug}/teams/",
      { slug },
    );
    const input = body(CREATE_TEAM, options);
    return await this.one(decodeTeam, "POST", where, request, input);
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
    const where = path(
      "organizations.getTeam",
      "/organizations/{slug}/teams/{teamSlug}/",
      { slug, teamSlug },
    );
    return await this.one(decodeTeam, "GET", where, request);
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
    const where = path(
      "organizations.updateTeam",
      "/organizations/{slug}/teams/{teamSlug}/",
      { slug, teamSlug },
    );
    const input = body(UPDATE_TEAM, options);
    return await this.one(decodeTeam, "PATCH", where, request, input);
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
    const where = path(
      "organizations.deleteTeam",
      "/organizations/{slug}/teams/{teamSlug}/",
      { slug, teamSlug },
    );
    await this.nothing("DELETE", where, request);
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
    const where = path(
      "organizations.listTeamMembers",
      "/organizations/{slug}/teams/{teamSlug}/members/",
      { slug, teamSlug },
    );
    return this.pages(decodeTeamMember, where, NUMBERED_PAGE, options, request);
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
    const where = path(
      "organizations.addTeamMember",
      "/organizations/{slug}/teams/{teamSlug}/members/",
      { slug, teamSlug },
    );
    const input = body(ADD_TEAM_MEMBER, options);
    return await this.one(decodeTeamMember, "POST", where, request, input);
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
    const where = path(
      "organizations.removeTeamMember",
      "/organizations/{slug}/teams/{teamSlug}/members/{userUid}/",
      { slug, teamSlug, userUid },
    );
    await this.nothing("DELETE", where, request);
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
    const where = path(
      "organizations.updateTeamMemberRole",
      "/organizations/{slug}/teams/{teamSlug}/members/{userUid}/role/",
      { slug, teamSlug, userUid },
    );
    const input = body({ role: requiredText }, options);
    await this.nothing("PATCH", where, request, input);
  }
}
