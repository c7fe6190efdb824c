import { defineEntity, p } from '@mikro-orm/postgresql';

/** The mirror of a portal's accounts. */
export const AccountEntity = defineEntity({
  name: 'Account',
  tableName: 'account',
  primaryKeys: ['tenant', 'portal', 'accountId'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    accountId: p.text().primary(),
    email: p.text().nullable(),
    username: p.text().nullable(),
    firstName: p.text(),
    lastName: p.text(),
    language: p.text().nullable(),
    timeZone: p.text().nullable(),
    enabled: p.boolean(),
    userType: p.text(),
    accountExpires: p.text().nullable(),
    customData: p.json<Record<string, string | null>>(),
    /** False where the latest complete read lacks it. */
    listed: p.boolean(),
  },
});

/** The mirror of a portal's invites. */
export const InviteEntity = defineEntity({
  name: 'Invite',
  tableName: 'invite',
  primaryKeys: ['tenant', 'portal', 'inviteId'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    inviteId: p.text().primary(),
    email: p.text(),
    status: p.text(),
    acceptUrl: p.text().nullable(),
    sentAt: p.datetime().nullable(),
    listed: p.boolean(),
    firstSeenAt: p.datetime().defaultRaw('now()'),
  },
});

/** A sub-portal as the top-level portal lists it. */
export const SeenPortalEntity = defineEntity({
  name: 'SeenPortal',
  tableName: 'seen_portal',
  primaryKeys: ['tenant', 'subdomain'],
  properties: {
    tenant: p.text().primary(),
    subdomain: p.text().primary(),
    title: p.text(),
    /** The portal of the realm that it is; absent where the realm does not name it. */
    portal: p.text().nullable(),
    licencesPurchased: p.integer().nullable(),
    licencesUsed: p.integer().nullable(),
  },
});

/** The mirror of a portal's groups. */
export const PortalGroupEntity = defineEntity({
  name: 'PortalGroup',
  tableName: 'portal_group',
  primaryKeys: ['tenant', 'portal', 'groupId'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    groupId: p.text().primary(),
    title: p.text(),
    /** Policy names it, or Portico put somebody in it: its members are read. */
    wanted: p.boolean().defaultRaw('false'),
    membersReadAt: p.datetime().nullable(),
    members: p.integer().defaultRaw('0'),
  },
});

/** The mirror of the members of those groups, and which of them Portico put there. */
export const GroupMembershipEntity = defineEntity({
  name: 'GroupMembership',
  tableName: 'group_membership',
  primaryKeys: ['tenant', 'portal', 'groupId', 'accountId'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    groupId: p.text().primary(),
    accountId: p.text().primary(),
    /** Whom Portico put in it; absent where somebody else did. */
    employeeId: p.text().nullable(),
    /** A write that has not been read back. */
    pending: p.text().$type<'join' | 'leave'>().nullable(),
    writtenAt: p.datetime().nullable(),
    lookedAt: p.datetime().nullable(),
  },
});
