import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { CauseTotals, EmployeeChangedV1, KnownField } from '@portico/contracts';
import type { FieldValues, ReadCertificate } from '@portico/employee-changes';

/** A tenant's source, as `realm.changed` says, and when it is read next. */
export const TenantEntity = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    tenant: p.text().primary(),
    /** Of `realm.changed`. */
    revision: p.bigint('number'),
    pool: p.text(),
    active: p.boolean(),
    timeZone: p.text(),
    company: p.text(),
    baseUrl: p.text().nullable(),
    secretRef: p.text(),
    /** The fields that policy uses. */
    fields: p.json<string[]>(),
    pollSeconds: p.integer(),
    fullReadSeconds: p.integer(),
    fullDueAt: p.datetime(),
    pollDueAt: p.datetime(),
    /** After a failure nothing is tried before this moment. */
    notBefore: p.datetime(),
    failures: p.integer().default(0),
    /** What was last reported to be wrong, so that it is reported once. */
    finding: p.text().nullable(),
    /** Where the next changed-since poll begins; nothing before the first full read. */
    changedSince: p.text().nullable(),
    /** Changes at or after that moment that were dealt with: employee id → when it changed. */
    changedSeen: p.json<Record<string, string>>(),
    /** Grows with every lease; whoever writes must hold the last one. */
    lease: p.bigint('number').defaultRaw('0'),
    leasedUntil: p.datetime().nullable(),
  },
});
export type Tenant = InferEntity<typeof TenantEntity>;

export type ReadKind = 'full' | 'changed';
export type ReadState = 'waiting' | 'running' | 'certified' | 'refused' | 'failed';

/** One read of BambooHR: its certificate, and how many people it changed. */
export const ReadEntity = defineEntity({
  name: 'Read',
  tableName: 'read',
  primaryKeys: ['tenant', 'id'],
  properties: {
    tenant: p.text().primary(),
    /** Also the id of the cause. */
    id: p.text().primary(),
    kind: p.text().$type<ReadKind>(),
    cause: p.text().$type<'read' | 'hand'>(),
    state: p.text().$type<ReadState>(),
    requestedAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    rows: p.integer().nullable(),
    totals: p.json<CauseTotals>().nullable(),
    certificate: p.json<ReadCertificate>().nullable(),
    /** Why it was refused or failed, and the remedy. */
    reason: p.text().nullable(),
  },
});
export type Read = InferEntity<typeof ReadEntity>;

/** The current state of one employee, and its own outbox while `revision` is above `published_revision`. */
export const EmployeeEntity = defineEntity({
  name: 'Employee',
  tableName: 'employee',
  primaryKeys: ['tenant', 'employeeId'],
  properties: {
    tenant: p.text().primary(),
    employeeId: p.text().primary(),
    pool: p.text(),
    revision: p.bigint('number'),
    publishedRevision: p.bigint('number').defaultRaw('0'),
    publishedSequence: p.bigint('number').defaultRaw('0'),
    bulk: p.boolean().default(false),
    event: p.json<EmployeeChangedV1>(),
    eventTime: p.datetime(),
    traceparent: p.text().nullable(),
    /** The last known values of policy's fields and of the evidence. */
    known: p.json<FieldValues>(),
    /** Those of them that the latest read did not confirm. */
    unconfirmed: p.json<string[]>(),
    /** The day on which time alone may change the employment. */
    reviewOn: p.date().nullable(),
  },
});

/** Every revision of every employee, with the day since which it holds and the moment since which it is known. */
export const EmployeeHistoryEntity = defineEntity({
  name: 'EmployeeHistory',
  tableName: 'employee_history',
  primaryKeys: ['tenant', 'employeeId', 'revision'],
  properties: {
    tenant: p.text().primary(),
    employeeId: p.text().primary(),
    revision: p.bigint('number').primary(),
    validFrom: p.date(),
    recordedAt: p.datetime(),
    readId: p.text(),
    event: p.json<EmployeeChangedV1>(),
  },
});

/** The fields of a tenant's account, as they were read last. */
export const FieldCatalogueEntity = defineEntity({
  name: 'FieldCatalogue',
  tableName: 'field_catalogue',
  properties: {
    tenant: p.text().primary(),
    company: p.text(),
    baseUrl: p.text().nullable(),
    readAt: p.datetime(),
    fields: p.json<KnownField[]>(),
  },
});

export const ENTITIES = [TenantEntity, ReadEntity, EmployeeEntity, EmployeeHistoryEntity, FieldCatalogueEntity];
