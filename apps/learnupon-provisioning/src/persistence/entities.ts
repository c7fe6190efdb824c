import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Cause } from '@portico/contracts';
import type { CustomFieldDefinition } from '@portico/learnupon-client';
import type { Learner, Operation } from '@portico/provisioning-plan';
import type { PaceState } from '../lane/pace.js';
import {
  AccountEntity,
  GroupMembershipEntity,
  InviteEntity,
  PortalGroupEntity,
  SeenPortalEntity,
} from './mirror-entities.js';

/** What `realm.changed` says of a tenant. */
export const RealmEntity = defineEntity({
  name: 'Realm',
  tableName: 'realm',
  properties: {
    tenant: p.text().primary(),
    revision: p.bigint('number'),
    pool: p.text(),
    active: p.boolean(),
    allowsDuplicates: p.boolean(),
    /** What LearnUpon showed of the same switch: whether, where and when last. */
    observedSwitch: p.boolean().nullable(),
    observedPortal: p.text().nullable(),
    observedAt: p.datetime().nullable(),
  },
});

/** A portal as configured; one that was taken out of the configuration stays, with mode `off`. */
export const PortalEntity = defineEntity({
  name: 'Portal',
  tableName: 'portal',
  primaryKeys: ['tenant', 'portal'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    /** In the realm's order. */
    position: p.integer(),
    title: p.text(),
    topLevel: p.boolean(),
    mode: p.text().$type<'on' | 'observe' | 'off'>(),
    baseUrl: p.text(),
    secretRef: p.text(),
    /** False once it was taken out of the configuration. */
    named: p.boolean().defaultRaw('true'),
  },
});

/** The ordered, paced work of one portal: who does it, when it is due, what is wrong with it. */
export const LaneEntity = defineEntity({
  name: 'Lane',
  tableName: 'lane',
  primaryKeys: ['tenant', 'portal'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    pool: p.text(),
    active: p.boolean(),
    /** Grows with each lease; whoever writes an attempt or an outcome must have the newest. */
    leaseNumber: p.bigint('number').defaultRaw('0'),
    leaseHolder: p.text().nullable(),
    leaseUntil: p.datetime().nullable(),
    lastServed: p.datetime().nullable(),
    nextDue: p.datetime().defaultRaw('now()'),
    /** Not served before, whatever comes in. */
    pausedUntil: p.datetime().nullable(),
    /** The `wake` that the last lease began with; a greater one means new work. */
    seenWake: p.bigint('number').defaultRaw('0'),
    /** Turns in a row that the portal did not answer. */
    failures: p.integer().defaultRaw('0'),
    quarantineReason: p.text().nullable(),
    quarantineMessage: p.text().nullable(),
    quarantinedAt: p.datetime().nullable(),
    /** When the last complete read of the accounts began and ended; likewise of the invites. */
    usersBegunAt: p.datetime().nullable(),
    usersCompletedAt: p.datetime().nullable(),
    /** Whatever was written to accounts before has been read back. */
    usersVerifiedAt: p.datetime().nullable(),
    invitesBegunAt: p.datetime().nullable(),
    invitesCompletedAt: p.datetime().nullable(),
    /** False where the key may not list invites. */
    invitesReadable: p.boolean().defaultRaw('true'),
    licencesFullUntil: p.datetime().nullable(),
    convergedAt: p.datetime().nullable(),
    /** Of a portal that is off: it is read, because somebody's leaving elsewhere hangs on who is there. */
    watched: p.boolean().defaultRaw('false'),
    /** Since when the list of accounts lacks many that are there, how often it was read so, and when it is read again. */
    suspectSince: p.datetime().nullable(),
    suspectReads: p.integer().defaultRaw('0'),
    suspectMessage: p.text().nullable(),
    usersRetryAt: p.datetime().nullable(),
    /** Definitions of the portal's custom user data, as the last list of accounts had them. */
    customFields: p.json<CustomFieldDefinition[]>().nullable(),
    /** When the groups that policy uses were last read with their members. */
    groupsCompletedAt: p.datetime().nullable(),
    /** The day, in UTC, for which cells that wait for a day were last looked at. */
    plannedDay: p.text().nullable(),
    /** Of a top-level portal: when its sub-portals were last listed. */
    portalsReadAt: p.datetime().nullable(),
    pace: p.json<PaceState>().nullable(),
    reads: p.bigint('number').defaultRaw('0'),
    writes: p.bigint('number').defaultRaw('0'),
    throttled: p.bigint('number').defaultRaw('0'),
  },
});

/** Counts what brings work to a lane. */
export const LaneWakeEntity = defineEntity({
  name: 'LaneWake',
  tableName: 'lane_wake',
  primaryKeys: ['tenant', 'portal'],
  properties: { tenant: p.text().primary(), portal: p.text().primary(), wake: p.bigint('number') },
});

/** The newest decision about one employee. */
export const PersonEntity = defineEntity({
  name: 'Person',
  tableName: 'person',
  primaryKeys: ['tenant', 'employeeId'],
  properties: {
    tenant: p.text().primary(),
    employeeId: p.text().primary(),
    revision: p.bigint('number'),
    leaver: p.boolean(),
    cause: p.json<Cause>(),
    traceparent: p.text().nullable(),
  },
});

/** One employee × one portal: wanted, linked, refused, what a lane has to do, and why it is as it is. */
export const CellEntity = defineEntity({
  name: 'Cell',
  tableName: 'cell',
  primaryKeys: ['tenant', 'employeeId', 'portal'],
  properties: {
    tenant: p.text().primary(),
    employeeId: p.text().primary(),
    portal: p.text().primary(),
    access: p.text(),
    policyReason: p.text(),
    leaving: p.text(),
    expiresOn: p.text().nullable(),
    retainUntil: p.text().nullable(),
    /** The cause that the gate keeps back, and the one that was approved: that counts while they are the same. */
    holdCause: p.text().nullable(),
    approvedCause: p.text().nullable(),
    learner: p.json<Learner>().nullable(),
    accountId: p.text().nullable(),
    origin: p.text().nullable(),
    /** Made or invited by Portico, and what policy owns on create alone is not all written. */
    fresh: p.boolean().defaultRaw('false'),
    /** The type and the last day that Portico wrote into the account. */
    writtenType: p.text().nullable(),
    writtenExpiry: p.text().nullable(),
    inviteId: p.text().nullable(),
    /** What LearnUpon refused, and until when the same is not tried again; without an end, until it is another thing. */
    refusalReason: p.text().nullable(),
    refusalKey: p.text().nullable(),
    refusalUntil: p.datetime().nullable(),
    /** The attempt that wrote last, and when; a complete list of the lane that began later has read it back. */
    appliedAttempt: p.bigint('number').nullable(),
    unverifiedSince: p.datetime().nullable(),
    /** What was written, as versions before 0005 keep it. */
    appliedKey: p.text().nullable(),
    /** To be planned: leavers 0, joiners 1, everything else 2. Absent when there is nothing to plan. */
    priority: p.smallint().nullable(),
    dirtyAt: p.datetime().nullable(),
    reason: p.text(),
    actual: p.text(),
    pending: p.text().nullable(),
    since: p.datetime(),
    /** What is in the way, in a sentence, and which portal or which employee that is. */
    detail: p.text().nullable(),
    blockedPortal: p.text().nullable(),
    blockedEmployee: p.text().nullable(),
  },
});

/** What one cause takes away in one portal and the gate keeps back, since its first cell was recorded. */
export const HoldEntity = defineEntity({
  name: 'Hold',
  tableName: 'hold',
  primaryKeys: ['tenant', 'portal', 'causeId'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    causeId: p.text().primary(),
    kind: p.text(),
    judgedPeople: p.integer(),
    judgedOf: p.integer(),
    openedAt: p.datetime(),
    /** Absent again when somebody comes later by the same cause. */
    approvedAt: p.datetime().nullable(),
    approvedBy: p.text().nullable(),
    digest: p.text().nullable(),
    approvedPeople: p.integer().nullable(),
  },
});

/** A person's yes: this account is this employee's. */
export const CorrelationEntity = defineEntity({
  name: 'Correlation',
  tableName: 'correlation',
  primaryKeys: ['tenant', 'portal', 'employeeId'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    employeeId: p.text().primary(),
    accountId: p.text(),
    confirmedBy: p.text(),
    confirmedAt: p.datetime(),
  },
});

/** Who alone may have an identifier. It outlives the account that had it. */
export const IdentifierClaimEntity = defineEntity({
  name: 'IdentifierClaim',
  tableName: 'identifier_claim',
  primaryKeys: ['tenant', 'kind', 'value'],
  properties: {
    tenant: p.text().primary(),
    kind: p.text().primary(),
    value: p.text().primary(),
    employeeId: p.text(),
  },
});

export const ATTEMPT_STATES = ['begun', 'doubt', 'done', 'refused', 'unsent', 'absent'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/**
 * One write, written down before the call. `begun` and `doubt` have no known outcome; `unsent` never left; `absent` was
 * found not to have happened.
 */
export const AttemptEntity = defineEntity({
  name: 'Attempt',
  tableName: 'attempt',
  primaryKeys: ['tenant', 'portal', 'id'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    id: p.bigint('number').primary().autoincrement(false).generated('identity'),
    employeeId: p.text(),
    operation: p.json<Operation>(),
    leaseNumber: p.bigint('number'),
    /** When the call has ended for certain, whatever became of who made it. */
    deadline: p.datetime(),
    state: p.text().$type<AttemptState>(),
    /** When LearnUpon was last looked at for the effect. */
    lookedAt: p.datetime().nullable(),
    /** Complete lists, begun long enough after the deadline, that lack the effect. */
    listsWithout: p.integer().defaultRaw('0'),
    /** The account or invite that it made. */
    resultId: p.text().nullable(),
    detail: p.text().nullable(),
    begunAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
});

/** How often each effect happened. */
export const EffectEntity = defineEntity({
  name: 'Effect',
  tableName: 'effect',
  primaryKeys: ['tenant', 'portal', 'effect'],
  properties: {
    tenant: p.text().primary(),
    portal: p.text().primary(),
    effect: p.text().primary(),
    total: p.bigint('number'),
  },
});

export const ENTITIES = [
  RealmEntity,
  PortalEntity,
  LaneEntity,
  LaneWakeEntity,
  PersonEntity,
  CellEntity,
  HoldEntity,
  CorrelationEntity,
  IdentifierClaimEntity,
  AccountEntity,
  InviteEntity,
  AttemptEntity,
  EffectEntity,
  SeenPortalEntity,
  PortalGroupEntity,
  GroupMembershipEntity,
];
