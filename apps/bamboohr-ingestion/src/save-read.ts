import type { MikroORM } from '@mikro-orm/postgresql';
import type { CauseTotals, EmployeeChangedV1, OperationEventV1 } from '@portico/contracts';
import {
  certifyRead,
  countChanges,
  detectChanges,
  nextDay,
  nextReviewOn,
  type EmployeeChange,
  type ReadCertificate,
  type Sighting,
} from '@portico/employee-changes';
import { NOTIFY_RELAY_SQL, type FreshBodies, type FreshBody, type Sql } from '@portico/messaging';
import type { GatheredRead } from './gather-read.js';
import {
  findMissing,
  loadEmployees,
  postponeReviews,
  savingEmployees,
  type EmployeeToSave,
} from './persistence/employees.js';
import { lockLeased, type LockedTenant, type ReadJob } from './persistence/leases.js';
import { leaveOperationEvent } from './persistence/outbox.js';
import { recordRead, rowsOfLastFullRead } from './persistence/reads.js';
import { scheduleAfterFailure, scheduleAfterSuccess } from './persistence/schedule.js';
import { inTransaction } from '@portico/database';

/** People per statement. */
const CHUNK = 1_000;
/** More changes than this go behind those of other tenants. */
const MOST_LIVE_CHANGES = 50;

export interface SaveContext {
  readonly today: string;
  readonly startedAt: Temporal.Instant;
  readonly now: Temporal.Instant;
  readonly traceparent: string | null;
}

export type SaveOutcome =
  | {
      readonly state: 'certified';
      readonly changes: number;
      readonly totals: CauseTotals;
      readonly notes: readonly string[];
    }
  | { readonly state: 'refused'; readonly reason: string };

/** A change with the revision under which it is saved. */
interface RevisedChange extends EmployeeChange {
  readonly revision: number;
  /** When this person was first recorded; absent for one who is new. */
  readonly addedAt?: string;
}

/**
 * Compares a read with what is known and saves all of it in one transaction: the read with its certificate and totals,
 * the people who changed with their history, and the operation event. A read that proves nothing changes nobody.
 * @throws LeaseLostError when somebody else has the tenant.
 */
export const saveRead = async (
  orm: MikroORM,
  job: ReadJob,
  gathered: GatheredRead,
  context: SaveContext,
  fresh: FreshBodies,
): Promise<SaveOutcome> => {
  const { outcome, bodies } = await inTransaction(orm, async (sql) => {
    const tenant = await lockLeased(sql, job);
    const verdict = await certify(sql, job, gathered);
    if (verdict.outcome === 'refused') return { outcome: await refuse(sql, job, tenant, verdict, context), bodies: [] };
    const changes = await detect(sql, job, gathered, context);
    const totals = countChanges(changes);
    const people = changes.length;
    const bodies = await saveChanges(sql, job, tenant.pool, changes, { ...totals, people }, context, fresh.room);
    await postponeReviews(sql, job.tenant, context.today);
    await scheduleAfterSuccess(sql, job, tenant, gathered.kind, gathered.position, context.now.toString());
    const isWorthARow = gathered.kind === 'full' || job.cause === 'hand' || changes.length > 0;
    if (isWorthARow) await certifyInWriting(sql, job, gathered, verdict.certificate, totals, context);
    const notes = verdict.certificate?.notes ?? [];
    const outcome: SaveOutcome = { state: 'certified', changes: changes.length, totals, notes };
    return { outcome, bodies };
  });
  fresh.keep(bodies);
  return outcome;
};

type Judged =
  | { readonly outcome: 'certified'; readonly certificate?: ReadCertificate }
  | { readonly outcome: 'refused'; readonly reason: string; readonly message: string };

/** A changed-since poll claims nothing about those it did not look at, so there is nothing to certify. */
const certify = async (sql: Sql, job: ReadJob, { summary }: GatheredRead): Promise<Judged> =>
  summary === undefined
    ? { outcome: 'certified' }
    : certifyRead(summary, { people: await rowsOfLastFullRead(sql, job.tenant) });

const refuse = async (
  sql: Sql,
  job: ReadJob,
  tenant: LockedTenant,
  { reason, message }: { readonly reason: string; readonly message: string },
  context: SaveContext,
): Promise<SaveOutcome> => {
  await recordRead(sql, job, context.startedAt.toString(), { state: 'refused', reason: message });
  await scheduleAfterFailure(sql, job, tenant, { finding: reason });
  await leaveOperationEvent(
    sql,
    operationEvent(job, 'read.refused', message, context, { kind: job.kind, reason }),
    `${job.readId}.refused`,
    context.traceparent,
  );
  await sql(NOTIFY_RELAY_SQL);
  return { state: 'refused', reason: message };
};

/** In chunks: only those who changed stay in memory. */
const detect = async (
  sql: Sql,
  job: ReadJob,
  { kind, sightings }: GatheredRead,
  { today, now }: SaveContext,
): Promise<RevisedChange[]> => {
  const found = sightings.map(({ employeeId }) => employeeId);
  const missing = kind === 'full' ? await findMissing(sql, job.tenant, found) : [];
  const all = [...sightings, ...missing.map((employeeId): Sighting => ({ kind: 'missing', employeeId }))];
  const changes: RevisedChange[] = [];
  for (const chunk of chunksOf(all)) {
    const ids = chunk.map(({ employeeId }) => employeeId);
    const known = await loadEmployees(sql, job.tenant, ids);
    for (const change of detectChanges(known, chunk, { today, fields: job.source.fields })) {
      const before = known.get(change.employeeId);
      const revision = Math.max((before?.revision ?? 0) + 1, now.epochMilliseconds);
      changes.push({ ...change, revision, ...(before === undefined ? {} : { addedAt: before.addedAt }) });
    }
  }
  return changes;
};

const saveChanges = async (
  sql: Sql,
  job: ReadJob,
  pool: string,
  changes: readonly RevisedChange[],
  totals: CauseTotals,
  { today, now, traceparent }: SaveContext,
  mostCharacters: number,
): Promise<readonly FreshBody[]> => {
  if (changes.length === 0) return [];
  const save = { tenant: job.tenant, pool, readId: job.readId, at: now.toString(), traceparent };
  const bulk = changes.length > MOST_LIVE_CHANGES;
  // By id, as every writer does, so that two of them don't wait for each other.
  const ordered = changes.toSorted((one, other) => (one.employeeId < other.employeeId ? -1 : 1));
  const bodies: FreshBody[] = [];
  let room = mostCharacters;
  let saved: Promise<unknown> = Promise.resolve();
  for (const chunk of chunksOf(ordered)) {
    const rows = chunk.map((change) => rowOf(job, change, totals, today, save.at));
    const send = savingEmployees(rows, { ...save, bulk });
    // The first ones, as they are published first.
    for (const body of chunk.flatMap((change, index) => bodyOf(change, rows[index]))) {
      room -= body.body.length;
      if (room >= 0) bodies.push(body);
    }
    await saved;
    saved = send(sql);
  }
  await saved;
  await sql(NOTIFY_RELAY_SQL);
  return bodies;
};

/** The database adds to the event of somebody who was known what it overtook. */
const bodyOf = ({ addedAt }: RevisedChange, row: EmployeeToSave | undefined): FreshBody[] => {
  if (addedAt !== undefined || row === undefined) return [];
  const { tenant, employeeId, revision } = row.event;
  return [{ tenant, key: employeeId, revision, body: row.json }];
};

const rowOf = (
  job: ReadJob,
  change: RevisedChange,
  totals: CauseTotals,
  today: string,
  recordedAt: string,
): EmployeeToSave => {
  const event = eventOf(job, change, totals, recordedAt);
  return {
    event,
    json: JSON.stringify(event),
    known: change.values,
    unconfirmed: change.unconfirmed,
    reviewOn: nextReviewOn(change.employment, today),
    validFrom: validFrom(change, today),
  };
};

/** Policy's fields only: the evidence is summed up in the employment. */
const eventOf = (
  { tenant, readId, cause, source }: ReadJob,
  { employeeId, revision, addedAt, change, employment, values, unconfirmed }: RevisedChange,
  totals: CauseTotals,
  recordedAt: string,
): EmployeeChangedV1 => ({
  tenant,
  employeeId,
  revision,
  recordedAt,
  addedAt: addedAt ?? recordedAt,
  change,
  employment,
  fields: Object.fromEntries(source.fields.flatMap((field) => entryOf(field, values[field]))),
  unconfirmed: unconfirmed.filter((field) => source.fields.includes(field)),
  cause: { kind: cause, id: readId, totals },
});

const entryOf = (field: string, value: string | null | undefined): [string, string | null][] =>
  value === undefined ? [] : [[field, value]];

/** A departure holds from the day after the last one, a beginning from the hire date, anything else from today. */
const validFrom = ({ change, employment }: EmployeeChange, today: string): string => {
  const { hireDate, lastDay } = employment;
  const began = change === 'joiner' ? hireDate : change === 'leaver' && lastDay !== null ? nextDay(lastDay) : null;
  return began !== null && began < today ? began : today;
};

const certifyInWriting = async (
  sql: Sql,
  job: ReadJob,
  { sightings, kind }: GatheredRead,
  certificate: ReadCertificate | undefined,
  totals: CauseTotals,
  context: SaveContext,
): Promise<void> => {
  const rows = certificate?.rows ?? sightings.length;
  await recordRead(sql, { ...job, kind }, context.startedAt.toString(), {
    state: 'certified',
    rows,
    totals,
    ...(certificate === undefined ? {} : { certificate }),
  });
  const { joiners, movers, leavers } = totals;
  const counts = `${rows} people read: ${joiners} joiners, ${movers} movers, ${leavers} leavers`;
  const message = [counts, ...(certificate?.notes ?? [])].join('; ');
  const details = { kind, rows, joiners, movers, leavers, lostFields: certificate?.lostFields.join(', ') || null };
  await leaveOperationEvent(
    sql,
    operationEvent(job, 'read.certified', message, context, details),
    `${job.readId}.certified`,
    context.traceparent,
  );
  await sql(NOTIFY_RELAY_SQL);
};

const operationEvent = (
  { tenant, readId }: ReadJob,
  event: OperationEventV1['event'],
  message: string,
  { now }: SaveContext,
  details: NonNullable<OperationEventV1['details']>,
): OperationEventV1 => ({ tenant, event, at: now.toString(), message, details: { readId, ...details } });

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}
