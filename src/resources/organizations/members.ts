/**
 * Members of organizations, invitations and ownership.
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
  decodeInvitation,
  decodeOrganizationMember,
  type Invitation,
  type OrganizationMember,
} from "./models.ts";
import {
  CREATE_INVITATION,
  type CreateInvitationOptions,
  LIST_MEMBERS,
  type ListMembersOptions,
  TRANSFER_OWNERSHIP,
  type TransferOwnershipOptions,
  UPDATE_MEMBER_ROLE,
  type UpdateMemberRoleOptions,
} from "./options.ts";

import { OrganizationTeams } from "./teams.ts";

/** Members of organizations, invitations and ownership. */
export class OrganizationMembers extends OrganizationTeams {
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
}
