/**
 * Teams of organizations and their members.
 *
 * @module
 */

import {
  NUMBERED_PAGE_PARAMETERS,
  type NumberedPageOptions,
  segment,
  toBody,
  toQuery,
} from "../../wire/options.ts";
import { listPages, type PagePromise } from "../../http/pages.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import {
  decodeTeam,
  decodeTeamMember,
  type Team,
  type TeamMember,
} from "./models.ts";
import {
  ADD_TEAM_MEMBER,
  type AddTeamMemberOptions,
  CREATE_TEAM,
  type CreateTeamOptions,
  UPDATE_TEAM,
  UPDATE_TEAM_MEMBER_ROLE,
  type UpdateTeamMemberRoleOptions,
  type UpdateTeamOptions,
} from "./options.ts";

/** Teams of organizations and their members. */
export class OrganizationTeams {
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
