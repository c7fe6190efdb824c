import {
  countChanges,
  detectChanges,
  EVIDENCE_FIELDS,
  type KnownEmployee,
  type Sighting,
} from '@portico/employee-changes';
import { FreshBodies } from '@portico/messaging';
import { fixedClock } from '@portico/service-kit';
import fc from 'fast-check';
import type { GatheredRead } from '../src/gather-read.js';
import { loadEmployees } from '../src/persistence/employees.js';
import { claimRead } from '../src/persistence/leases.js';
import { sqlOf } from '@portico/database';
import { saveRead } from '../src/save-read.js';
import { StoreRealm } from '../src/store-realm.js';
import { FIELDS, openDatabase, realmOf } from './fixtures.js';

const today = '2026-03-02';
const fresh = new FreshBodies();
const clock = fixedClock('2026-03-02T10:00:00Z');
let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const day = fc.constantFrom(null, '2020-02-29', '2026-03-01', '2026-03-02', '2026-03-03');
const values = fc.record(
  {
    firstName: fc.constantFrom('Ada', 'Bo'),
    department: fc.constantFrom('Sales', null),
    status: fc.constantFrom('Active', 'Inactive'),
    employmentHistoryStatus: fc.constantFrom('Full-Time', 'Terminated', null),
    hireDate: day,
    originalHireDate: day,
    terminationDate: day,
  },
  { requiredKeys: [] },
);
const employeeId = fc.constantFrom('1', '2', '3', '4');
const sighting: fc.Arbitrary<Sighting> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('seen' as const), employeeId, values }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('missing' as const, 'deleted' as const), employeeId }) },
);
const read = fc.record({
  kind: fc.constantFrom('full' as const, 'changed' as const),
  sightings: fc.uniqueArray(sighting, { selector: (one) => one.employeeId, maxLength: 4 }),
  times: fc.constantFrom(1, 1, 2),
});

/** What the whole must come to: the core, read by read. */
const fold = (known: Map<string, KnownEmployee>, { kind, sightings }: Pick<GatheredRead, 'kind' | 'sightings'>) => {
  const seen = new Set(sightings.map((one) => one.employeeId));
  const missing = [...known.keys()].filter((id) => kind === 'full' && !seen.has(id));
  const all = [...sightings, ...missing.map((id): Sighting => ({ kind: 'missing', employeeId: id }))];
  const changes = detectChanges(known, all, { today, fields: FIELDS });
  for (const { change: _, ...now } of changes) known.set(now.employeeId, now);
  return changes;
};

const summaryOf = (sightings: readonly Sighting[]): NonNullable<GatheredRead['summary']> => {
  const requestedFields = [...FIELDS, ...EVIDENCE_FIELDS];
  return {
    rows: sightings.length,
    requestedFields,
    returnedFields: requestedFields,
    ambiguousIds: 0,
    rosterTotal: sightings.length,
  };
};

let run = 0;
let reads = 0;

test('whatever is read, and read again, the rows are what the core says, and history has each of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(read, { minLength: 1, maxLength: 5 }), async (sequence) => {
      const tenant = `t${(run += 1)}`;
      const sql = sqlOf(database.orm.em.fork());
      await new StoreRealm(database.orm, clock).store(realmOf({ tenant, pool: tenant }));
      const known = new Map<string, KnownEmployee>();
      let revisions = 0;
      for (const { kind, sightings } of sequence.flatMap((one) => Array.from({ length: one.times }, () => one))) {
        if (kind === 'full' && sightings.length === 0) continue;
        await sql('update tenant set full_due_at = $2 where tenant = $1', [tenant, clock.now().toString()]);
        const job = await claimRead(database.orm, [tenant], clock.now().toString(), () => `read-${(reads += 1)}`);
        const gathered: GatheredRead = {
          kind,
          sightings,
          position: { since: clock.now().toString(), seen: {} },
          ...(kind === 'full' ? { summary: summaryOf(sightings) } : {}),
        };
        const context = { today, startedAt: clock.now(), now: clock.now(), traceparent: null };
        const outcome = await saveRead(database.orm, job!, gathered, context, fresh);
        const changes = fold(known, gathered);
        expect(outcome).toMatchObject({ state: 'certified', changes: changes.length, totals: countChanges(changes) });
        revisions += changes.length;
      }
      const stored = await loadEmployees(sql, tenant, [...known.keys()]);
      const withoutRevision = [...stored].map(([id, { revision: _revision, addedAt: _addedAt, ...rest }]) => [
        id,
        rest,
      ]);
      expect(new Map(withoutRevision as [string, KnownEmployee][])).toEqual(known);
      const [history] = await sql<{ count: number; newest: boolean }>(
        `select count(*)::int as count, bool_and(newest) as newest from (
           select history.revision <= employee.revision as newest from employee_history history
           join employee using (tenant, employee_id) where tenant = $1) rows`,
        [tenant],
      );
      const events = await sql<{ id: string; revision: number; event: object }>(
        'select employee_id as id, revision::float8, event from employee where tenant = $1',
        [tenant],
      );
      for (const { id, revision, event } of events) {
        const body = fresh.take(tenant, id, revision);
        // Of somebody who was known the database has more to say: what was overtaken.
        if ('overtook' in event) expect(body).toBeUndefined();
        else expect(JSON.parse(body ?? '')).toEqual(event);
      }
      expect(history).toEqual({ count: revisions, newest: revisions === 0 ? null : true });
    }),
    { numRuns: 60 },
  );
});
