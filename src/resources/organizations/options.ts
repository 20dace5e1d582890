/**
 * The options of the methods of organizations.
 *
 * @module
 */

import {
  NUMBERED_PAGE_PARAMETERS,
  type NumberedPageOptions,
  optional,
  type Parameters,
  requiredText,
} from "../../wire/options.ts";
import type {
  OrganizationIndustry,
  OrganizationRole,
  OrganizationVisibility,
  TeamRole,
} from "./models.ts";

/** Options of `AsyncOrganizations.create`. */
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

/** Options of `AsyncOrganizations.update`; null clears a field, as is usual, though the Avala docs do not say so. */
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

/** Filters of `AsyncOrganizations.listMembers`. */
export interface ListMembersOptions extends NumberedPageOptions {
  /** Only members whose name or e-mail address holds this text. */
  search?: string | undefined;
  /** Role. */
  role?: OrganizationRole | undefined;
}

/** Options of `AsyncOrganizations.updateMemberRole`. */
export interface UpdateMemberRoleOptions {
  /** Role. */
  role: OrganizationRole;
}

/** Options of `AsyncOrganizations.transferOwnership`. */
export interface TransferOwnershipOptions {
  /** Unique id of the member who becomes the owner. */
  newOwnerUid: string;
}

/** Options of `AsyncOrganizations.createInvitation`. */
export interface CreateInvitationOptions {
  /** E-mail address. */
  email: string;
  /** Role. */
  role?: OrganizationRole | undefined;
}

/** Options of `AsyncOrganizations.createTeam`. */
export interface CreateTeamOptions {
  /** Display name. */
  name: string;
  /** Description. */
  description?: string | undefined;
  /** Hex color. */
  color?: string | undefined;
}

/** Options of `AsyncOrganizations.updateTeam`; null clears a field, as is usual, though the Avala docs do not say so. */
export interface UpdateTeamOptions {
  /** Display name. */
  name?: string | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Hex color. */
  color?: string | null | undefined;
}

/** Options of `AsyncOrganizations.addTeamMember`. */
export interface AddTeamMemberOptions {
  /** Unique id of the user. */
  userUid: string;
  /** Role. */
  role?: TeamRole | undefined;
}

/** Options of `AsyncOrganizations.updateTeamMemberRole`. */
export interface UpdateTeamMemberRoleOptions {
  /** Role. */
  role: TeamRole;
}

/** Table of {@linkcode CreateOrganizationOptions}. */
export const CREATE: Parameters<CreateOrganizationOptions> = {
  name: requiredText,
  description: optional,
  logo: optional,
  website: optional,
  industry: optional,
  email: optional,
  phone: optional,
  visibility: optional,
};

/** Table of {@linkcode UpdateOrganizationOptions}. */
export const UPDATE: Parameters<UpdateOrganizationOptions> = {
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

/** Table of {@linkcode ListMembersOptions}. */
export const LIST_MEMBERS: Parameters<ListMembersOptions> = {
  search: optional,
  role: optional,
  ...NUMBERED_PAGE_PARAMETERS,
};

/** Table of {@linkcode UpdateMemberRoleOptions}. */
export const UPDATE_MEMBER_ROLE: Parameters<UpdateMemberRoleOptions> = {
  role: requiredText,
};

/** Table of {@linkcode TransferOwnershipOptions}. */
export const TRANSFER_OWNERSHIP: Parameters<TransferOwnershipOptions> = {
  newOwnerUid: requiredText,
};

/** Table of {@linkcode CreateInvitationOptions}. */
export const CREATE_INVITATION: Parameters<CreateInvitationOptions> = {
  email: requiredText,
  role: optional,
};

/** Table of {@linkcode CreateTeamOptions}. */
export const CREATE_TEAM: Parameters<CreateTeamOptions> = {
  name: requiredText,
  description: optional,
  color: optional,
};

/** Table of {@linkcode UpdateTeamOptions}. */
export const UPDATE_TEAM: Parameters<UpdateTeamOptions> = {
  name: optional,
  description: optional,
  color: optional,
};

/** Table of {@linkcode AddTeamMemberOptions}. */
export const ADD_TEAM_MEMBER: Parameters<AddTeamMemberOptions> = {
  userUid: requiredText,
  role: optional,
};

/** Table of {@linkcode UpdateTeamMemberRoleOptions}. */
export const UPDATE_TEAM_MEMBER_ROLE: Parameters<UpdateTeamMemberRoleOptions> =
  {
    role: requiredText,
  };
