import { ACCESS_STATES, REASON_CODES } from '@portico/contracts';
import { PHASES } from '../status.js';
import { policySchemas } from './policy-schemas.js';
import {
  counts,
  integer,
  list,
  moment,
  name,
  nullable,
  object,
  page,
  ref,
  revisionSum,
  sentences,
  string,
} from './schema-parts.js';

export const schemas = {
  Problem: object(
    { type: string, title: string, status: integer, code: string, detail: string },
    { faults: list(object({ path: string, message: string })), service: string },
  ),
  Me: object({
    name: string,
    role: { enum: ['admin', 'viewer'] },
    tenant: { ...string, description: 'A tenant, or `*`' },
  }),
  RealmChange: object({ kind: { enum: ['added', 'changed', 'removed'] }, path: string }, { from: {}, to: {} }),
  RealmPlan: object({ tenant: string, storedVersion: integer, changes: list(ref('RealmChange')), warnings: sentences }),
  RealmApplied: object({
    tenant: string,
    storedVersion: integer,
    version: integer,
    applied: { type: 'boolean' },
    changes: list(ref('RealmChange')),
    warnings: sentences,
  }),
  Realm: object({ version: integer, document: { type: 'object' } }),
  Run: object({ runId: string }),
  SourceRead: object(
    {
      id: string,
      kind: { enum: ['full', 'changed'] },
      state: { enum: ['waiting', 'running', 'certified', 'refused', 'failed'] },
    },
    {
      startedAt: moment,
      finishedAt: moment,
      rows: integer,
      totals: object({ joiners: integer, movers: integer, leavers: integer }),
      reason: string,
    },
  ),
  SourceStatus: object(
    {
      employees: integer,
      maxRevision: integer,
      unpublished: integer,
      reads: list(ref('SourceRead')),
    },
    { realmRevision: integer, revisionSum, isFullReadDue: { type: 'boolean' } },
  ),
  PolicyStatus: object(
    {
      employees: integer,
      maxEmployeeRevision: integer,
      decisions: integer,
      maxAccessRevision: integer,
      unpublished: integer,
      undecided: integer,
      policyVersion: integer,
    },
    {
      realmRevision: integer,
      employeeRevisionSum: revisionSum,
      accessRevisionSum: revisionSum,
      gathering: list(
        object({
          cause: object({ kind: string, id: string }),
          people: integer,
          arrived: integer,
          since: moment,
          decidedAt: moment,
        }),
      ),
    },
  ),
  PortalStatus: object(
    {
      portal: string,
      title: string,
      wanted: integer,
      active: integer,
      pendingInvites: integer,
      outstanding: integer,
      inDoubt: integer,
      skipped: counts,
      effects: counts,
      calls: object({ reads: integer, writes: integer, throttled: integer }),
    },
    {
      mirrorCompletedAt: moment,
      convergedAt: moment,
      planned: { ...counts, description: 'Where the portal is only observed: what would be done' },
      licences: object({ purchased: integer, used: integer }),
      quarantine: object({ reason: string, since: moment, message: string }),
    },
  ),
  ProvisioningStatus: object(
    {
      people: integer,
      maxAccessRevision: integer,
      unpublished: integer,
      portals: list(ref('PortalStatus')),
    },
    {
      realmRevision: integer,
      accessRevisionSum: revisionSum,
      attention: sentences,
      observedSwitch: object({ allowUserCreationIfUserAlreadyExists: { type: 'boolean' }, portal: string, at: moment }),
      undeclaredPortals: list(object({ subdomain: string, title: string })),
    },
  ),
  Status: object({
    tenant: string,
    phase: { enum: PHASES },
    settled: { type: 'boolean' },
    waitingFor: sentences,
    attention: sentences,
    keptOut: { ...list(string), description: 'Portals that are not done, because a person must look first' },
    unavailable: sentences,
    source: nullable('SourceStatus'),
    policy: nullable('PolicyStatus'),
    provisioning: nullable('ProvisioningStatus'),
  }),
  Cell: object(
    {
      portal: string,
      wanted: { enum: ACCESS_STATES },
      actual: { enum: ['none', 'invited', 'active', 'disabled', 'unknown'] },
      reason: { ...string, enum: REASON_CODES },
      since: moment,
    },
    {
      pending: string,
      accountId: string,
      inviteId: string,
      detail: { ...string, description: 'What is in the way, and the remedy' },
      blockedBy: object({}, { portal: string, employeeId: string }),
    },
  ),
  Person: object({ employeeId: string, name, cells: list(ref('Cell')) }),
  PeoplePage: page('Person'),
  Correlation: object({
    employeeId: string,
    portal: string,
    accountId: string,
    confirmedBy: string,
    confirmedAt: moment,
  }),
  Invite: object({ portal: string, employeeId: string, name, inviteId: string, sentAt: moment }, { acceptUrl: string }),
  InvitesPage: page('Invite'),
  Created: object({ portal: string, employeeId: string, name, accountId: string, createdAt: moment }),
  CreatedPage: page('Created'),
  ...policySchemas,
} as const;

export const schemaRef = (name: keyof typeof schemas): { $ref: string } => ref(name);
