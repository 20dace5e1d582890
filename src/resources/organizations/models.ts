/**
 * The models and options of organizations.
 *
 * @module
 */

import { type Decode, model, type Open } from "../../wire/codec.ts";
import {
  NUMBERED_PAGE,
  type NumberedPageOptions,
  optional,
  type OptionTable,
  requiredText,
} from "../../wire/options.ts";

/** Industry of an organization. */
export type OrganizationIndustry = Open<
  "robotics" | "autonomous_vehicle" | "ai_ml" | "other"
>;

/** Who may see an organization. */
export type OrganizationVisibility = Open<"public" | "private">;

/** Plan of an organization. */
export type OrganizationPlan = Open<"basic" | "pro" | "enterprise">;

/** Role in an organization. */
export type OrganizationRole = Open<"owner" | "admin" | "member">;

/** State of an invitation. */
export type InvitationStatus = Open<"pending">;

/** Role in a team. */
export type TeamRole = Open<"lead" | "member">;

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

export const decodeOrganization: Decode<Organization> = model<Organization>({
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

export const decodeOrganizationMember: Decode<OrganizationMember> = model<
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

export const decodeInvitation: Decode<Invitation> = model<Invitation>({
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

export const decodeTeam: Decode<Team> = model<Team>({
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

export const decodeTeamMember: Decode<TeamMember> = model<TeamMember>({
  userUid: null,
  username: null,
  email: null,
  fullName: null,
  picture: null,
  role: null,
  createdAt: null,
});

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
