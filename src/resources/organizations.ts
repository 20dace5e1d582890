/**
 * Organizations with their members, invitations and teams.
 *
 * @module
 */

import {
  NUMBERED_PAGE_PARAMETERS,
  type NumberedPageOptions,
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  requiredText,
  segment,
  toBody,
  toQuery,
} from "../arguments.ts";
import { type Decode, model, type Open } from "../codec.ts";
import { listPages, type PagePromise } from "../pagination.ts";
import type { RequestOptions } from "../request.ts";
import type { Transport } from "../transport.ts";

/** Industry of an organization. */
export type OrganizationIndustry = Open<
  | "robotics"
  | "autonomous_vehicle"
  | "ai_ml"
  | "other"
>;

/** Who may see an organization. */
export type OrganizationVisibility = Open<
  | "public"
  | "private"
>;

/** Plan of an organization. */
export type OrganizationPlan = Open<
  | "basic"
  | "pro"
  | "enterprise"
>;

/** Role in an organization. */
export type OrganizationRole = Open<
  | "owner"
  | "admin"
  | "member"
>;

/** State of an invitation. */
export type InvitationStatus = Open<
  "pending"
>;

/** Role in a team. */
export type TeamRole = Open<
  | "lead"
  | "member"
>;

/** An organization. */
export interface Organization {
  /** Unique id of the organization. */
  uid: string;
  /** Display name. */
  name: string;
  /** URL name; the id used in every organization route. */
  slug: string;
  /** Public handle. */
  handle: string | null;
  /** Description. */
  description: string | null;
  /** Address of the logo. */
  logo: string | null;
  /** Address of the web site. */
  website: string | null;
  /** Industry. */
  industry: OrganizationIndustry | null;
  /** E-mail address. */
  email: string | null;
  /** Phone number. */
  phone: string | null;
  /** Who may see the organization. */
  visibility: OrganizationVisibility | null;
  /** Plan. */
  plan: OrganizationPlan | null;
  /** Whether it is verified. */
  isVerified: boolean;
  /** Whether it is in use. */
  isActive: boolean;
  /** Number of members. */
  memberCount: number | null;
  /** Number of teams. */
  teamCount: number | null;
  /** Number of datasets. */
  datasetCount: number | null;
  /** Number of projects. */
  projectCount: number | null;
  /** Number of slices. */
  sliceCount: number | null;
  /** Role of the caller. */
  role: OrganizationRole | null;
  /** When the caller joined, ISO-8601. */
  joinedAt: string | null;
  /** How often the URL name may still change. */
  slugEditsRemaining: number | null;
  /** E-mail domains whose users may join. */
  allowedDomains: string[] | null;
  /** State of billing. */
  billingStatus: string | null;
  /** URL name of the public page. */
  publicSlug: string | null;
  /** Text of the public page. */
  readme: string | null;
  /** Kind of organization. */
  organizationType: string | null;
  /** Address on X. */
  xUrl: string | null;
  /** Address on Hugging Face. */
  huggingFaceUrl: string | null;
  /** Address on GitHub. */
  githubUrl: string | null;
  /** Address on LinkedIn. */
  linkedinUrl: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** A member of an organization. */
export interface OrganizationMember {
  /** Unique id of the user. */
  userUid: string;
  /** User name. */
  username: string | null;
  /** E-mail address. */
  email: string | null;
  /** Full name. */
  fullName: string | null;
  /** Address of the avatar. */
  picture: string | null;
  /** Role. */
  role: OrganizationRole | null;
  /** Only filled for callers who manage members, ISO-8601. */
  lastActiveAt: string | null;
  /** When it was created, ISO-8601. */
  createdAt: string | null;
}

/** An invitation to an organization. */
export interface Invitation {
  /** Unique id of the invitation. */
  uid: string;
  /** Name of the organization. */
  organizationName: string | null;
  /** URL name of the organization. */
  organizationSlug: string | null;
  /** E-mail address that was invited. */
  invitedEmail: string;
  /** User name of who invited. */
  invitedByUsername: string | null;
  /** Role. */
  role: OrganizationRole | null;
  /** State. */
  status: InvitationStatus | null;
  /** When it expires, ISO-8601. */
  expiresAt: string | null;
  /** Whether it has expired. */
  isExpired: boolean | null;
  /** Link to accept it; carries a one-time token: a secret. */
  acceptUrl: string | null;
  /** Link to pass on; carries a one-time token: a secret. */
  copyLink: string | null;
  /** When it was created, ISO-8601. */
  createdAt: string | null;
}

/** A team in an organization. */
export interface Team {
  /** Unique id of the team. */
  uid: string;
  /** Display name. */
  name: string;
  /** URL name; the id used in team routes. */
  slug: string | null;
  /** Description. */
  description: string | null;
  /** Hex color. */
  color: string | null;
  /** Unique id of the organization. */
  organizationUid: string | null;
  /** Name of the organization. */
  organizationName: string | null;
  /** URL name of the organization. */
  organizationSlug: string | null;
  /** Number of members. */
  memberCount: number | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** A member of a team. */
export interface TeamMember {
  /** Unique id of the user. */
  userUid: string;
  /** User name. */
  username: string | null;
  /** E-mail address. */
  email: string | null;
  /** Full name. */
  fullName: string | null;
  /** Address of the avatar. */
  picture: string | null;
  /** Role. */
  role: TeamRole | null;
  /** When it was created, ISO-8601. */
  createdAt: string | null;
}

/** Options of {@linkcode AsyncOrganizations.create}. */
export interface CreateOrganizationOptions {
  /** Display name. */
  name: string;
  /** Description. */
  description?: string | undefined;
  /** Address of the logo. */
  logo?: string | undefined;
  /** Address of the web site. */
  website?: string | undefined;
  /** Industry. */
  industry?: OrganizationIndustry | undefined;
  /** E-mail address. */
  email?: string | undefined;
  /** Phone number. */
  phone?: string | undefined;
  /** Who may see the organization. */
  visibility?: OrganizationVisibility | undefined;
}

/** Options of {@linkcode AsyncOrganizations.update}; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateOrganizationOptions {
  /** Display name. */
  name?: string | undefined;
  /** Public handle. */
  handle?: string | null | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Address of the logo. */
  logo?: string | null | undefined;
  /** Address of the web site. */
  website?: string | null | undefined;
  /** Industry. */
  industry?: OrganizationIndustry | null | undefined;
  /** E-mail address. */
  email?: string | null | undefined;
  /** Phone number. */
  phone?: string | null | undefined;
  /** Who may see the organization. */
  visibility?: OrganizationVisibility | null | undefined;
}

/** Filters of {@linkcode AsyncOrganizations.listMembers}. */
export interface ListMembersOptions extends NumberedPageOptions {
  /** Only members whose name or e-mail address holds this text. */
  search?: string | undefined;
  /** Role. */
  role?: OrganizationRole | undefined;
}

/** Options of {@linkcode AsyncOrganizations.updateMemberRole}. */
export interface UpdateMemberRoleOptions {
  /** Role. */
  role: OrganizationRole;
}

/** Options of {@linkcode AsyncOrganizations.transferOwnership}. */
export interface TransferOwnershipOptions {
  /** Unique id of the member who becomes the owner. */
  newOwnerUid: string;
}

/** Options of {@linkcode AsyncOrganizations.createInvitation}. */
export interface CreateInvitationOptions {
  /** E-mail address. */
  email: string;
  /** Role. */
  role?: OrganizationRole | undefined;
}

/** Options of {@linkcode AsyncOrganizations.createTeam}. */
export interface CreateTeamOptions {
  /** Display name. */
  name: string;
  /** Description. */
  description?: string | undefined;
  /** Hex color. */
  color?: string | undefined;
}

/** Options of {@linkcode AsyncOrganizations.updateTeam}; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateTeamOptions {
  /** Display name. */
  name?: string | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Hex color. */
  color?: string | null | undefined;
}

/** Options of {@linkcode AsyncOrganizations.addTeamMember}. */
export interface AddTeamMemberOptions {
  /** Unique id of the user. */
  userUid: string;
  /** Role. */
  role?: TeamRole | undefined;
}

/** Options of {@linkcode AsyncOrganizations.updateTeamMemberRole}. */
export interface UpdateTeamMemberRoleOptions {
  /** Role. */
  role: TeamRole;
}

const decodeOrganization: Decode<Organization> = model<Organization>({
  uid: null,
  name: null,
  slug: null,
  handle: null,
  description: null,
  logo: null,
  website: null,
  industry: null,
  email: null,
  phone: null,
  visibility: null,
  plan: null,
  isVerified: false,
  isActive: true,
  memberCount: null,
  teamCount: null,
  datasetCount: null,
  projectCount: null,
  sliceCount: null,
  role: null,
  joinedAt: null,
  slugEditsRemaining: null,
  allowedDomains: null,
  billingStatus: null,
  publicSlug: null,
  readme: null,
  organizationType: null,
  xUrl: null,
  huggingFaceUrl: null,
  githubUrl: null,
  linkedinUrl: null,
  createdAt: null,
  updatedAt: null,
});

const decodeOrganizationMember: Decode<OrganizationMember> = model<
  OrganizationMember
>({
  userUid: null,
  username: null,
  email: null,
  fullName: null,
  picture: null,
  role: null,
  lastActiveAt: null,
  createdAt: null,
});

const decodeInvitation: Decode<Invitation> = model<Invitation>({
  uid: null,
  organizationName: null,
  organizationSlug: null,
  invitedEmail: null,
  invitedByUsername: null,
  role: null,
  status: null,
  expiresAt: null,
  isExpired: null,
  acceptUrl: null,
  copyLink: null,
  createdAt: null,
});

const decodeTeam: Decode<Team> = model<Team>({
  uid: null,
  name: null,
  slug: null,
  description: null,
  color: null,
  organizationUid: null,
  organizationName: null,
  organizationSlug: null,
  memberCount: null,
  createdAt: null,
  updatedAt: null,
});

const decodeTeamMember: Decode<TeamMember> = model<TeamMember>({
  userUid: null,
  username: null,
  email: null,
  fullName: null,
  picture: null,
  role: null,
  createdAt: null,
});

const CREATE: Parameters<CreateOrganizationOptions> = {
  name: requiredText,
  description: optional,
  logo: optional,
  website: optional,
  industry: optional,
  email: optional,
  phone: optional,
  visibility: optional,
};

const UPDATE: Parameters<UpdateOrganizationOptions> = {
  name: optional,
  handle: optional,
  description: optional,
  logo: optional,
  website: optional,
  industry: optional,
  email: optional,
  phone: optional,
  visibility: optional,
};

const LIST_MEMBERS: Parameters<ListMembersOptions> = {
  search: optional,
  role: optional,
  ...NUMBERED_PAGE_PARAMETERS,
};

const UPDATE_MEMBER_ROLE: Parameters<UpdateMemberRoleOptions> = {
  role: requiredText,
};

const TRANSFER_OWNERSHIP: Parameters<TransferOwnershipOptions> = {
  newOwnerUid: requiredText,
};

const CREATE_INVITATION: Parameters<CreateInvitationOptions> = {
  email: requiredText,
  role: optional,
};

const CREATE_TEAM: Parameters<CreateTeamOptions> = {
  name: requiredText,
  description: optional,
  color: optional,
};

const UPDATE_TEAM: Parameters<UpdateTeamOptions> = {
  name: optional,
  description: optional,
  color: optional,
};

const ADD_TEAM_MEMBER: Parameters<AddTeamMemberOptions> = {
  userUid: requiredText,
  role: optional,
};

const UPDATE_TEAM_MEMBER_ROLE: Parameters<UpdateTeamMemberRoleOptions> = {
  role: requiredText,
};

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
