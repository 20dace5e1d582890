/**
 * The options of the methods of organizations.
 *
 * @module
 */

import {
  NUMBERED_PAGE,
  type NumberedPageOptions,
  optional,
  type OptionTable,
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

/** Options of `AsyncOrganizations.update`. Null should clear a field; the Avala docs don't say so. */
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

/** Options of `AsyncOrganizations.updateTeam`. Null should clear a field; the Avala docs don't say so. */
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

export const CREATE: OptionTable<CreateOrganizationOptions> = {
  name: requiredText,
  description: optional,
  logo: optional,
  website: optional,
  industry: optional,
  email: optional,
  phone: optional,
  visibility: optional,
};

export const UPDATE: OptionTable<UpdateOrganizationOptions> = {
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

export const LIST_MEMBERS: OptionTable<ListMembersOptions> = {
  search: optional,
  role: optional,
  ...NUMBERED_PAGE,
};

export const CREATE_INVITATION: OptionTable<CreateInvitationOptions> = {
  email: requiredText,
  role: optional,
};

export const CREATE_TEAM: OptionTable<CreateTeamOptions> = {
  name: requiredText,
  description: optional,
  color: optional,
};

export const UPDATE_TEAM: OptionTable<UpdateTeamOptions> = {
  name: optional,
  description: optional,
  color: optional,
};

export const ADD_TEAM_MEMBER: OptionTable<AddTeamMemberOptions> = {
  userUid: requiredText,
  role: optional,
};
