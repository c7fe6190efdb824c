import { inTransaction, rowGauges, sqlOf } from '@portico/database';
import { Metrics } from '@portico/service-kit';
import { provisioningGauges } from '../src/gauges.js';
import { leaveLearnerEvents } from '../src/persistence/outbox.js';
import { learnerEventOf, openDatabase } from './fixtures.js';

let database: Awaited<ReturnType<typeof openDatabase>>;
let metrics: Metrics;
const sql = (text: string) => sqlOf(database.orm.em.fork())(text);

const values = async (name: string): Promise<Record<string, number>> => {
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith(`portico_${name}{`));
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = '', value] = /\{(.*),service="spec"\} (.*)$/.exec(line) ?? [];
      return [labels, Number(value)];
    }),
  );
};

beforeEach(async () => {
  database = await openDatabase();
  metrics = new Metrics('spec');
  rowGauges(metrics, database.orm, provisioningGauges(['shared', 'big']));
  await sql(`insert into lane (tenant, portal, pool, active, users_completed_at, quarantine_reason) values
    ('acme', 'unread', 'shared', true, null, null),
    ('acme', 'at-rest', 'shared', true, now(), null),
    ('acme', 'dirty', 'shared', true, now(), null),
    ('acme', 'doubtful', 'shared', true, now(), null),
    ('acme', 'off', 'shared', false, null, null),
    ('acme', 'kept-out', 'shared', true, null, 'portal-unauthorised'),
    ('other', 'unread', 'elsewhere', true, null, null)`);
  await sql(`insert into cell
      (tenant, portal, employee_id, access, policy_reason, leaving, reason, actual, since, priority, dirty_at)
    values ('acme', 'dirty', '1', 'granted', 'in-audience', 'disable', 'waiting-for-lane', 'absent', now(), 1, now() - interval '90 s'),
      ('acme', 'at-rest', '1', 'granted', 'in-audience', 'disable', 'converged', 'active', now(), null, null)`);
  await sql(`insert into attempt (tenant, portal, employee_id, operation, lease_number, deadline, state, begun_at)
    values ('acme', 'doubtful', '1', '{}', 1, now(), 'doubt', now())`);
});
afterEach(() => database.close());

it('lanes have work while cells are dirty, a call is in doubt or the portal was never read, and it is not kept out', async () => {
  expect(await values('lanes_with_work')).toEqual({ 'pool="shared"': 3, 'pool="big"': 0 });
  expect(await metrics.text()).toContain('portico_pool_load{service="spec"} 3');
  expect(await values('lanes_active')).toEqual({ 'pool="shared"': 5, 'pool="big"': 0 });
});

it('what waits for people, and for how long work waits', async () => {
  expect(await values('portal_quarantined')).toEqual({
    'tenant="acme",portal="kept-out",reason="portal-unauthorised"': 1,
  });
  expect(await values('calls_in_doubt')).toEqual({ 'tenant="acme",portal="doubtful"': 1 });
  const waits = await values('oldest_work_seconds');
  expect(Object.keys(waits)).toEqual(['tenant="acme",portal="dirty"']);
  expect(waits['tenant="acme",portal="dirty"']).toBeGreaterThanOrEqual(90);
});

it('people who are held are counted until they are approved, of lanes that this worker serves', async () => {
  await sql(`insert into cell
      (tenant, portal, employee_id, access, policy_reason, leaving, reason, actual, since, account_id, hold_cause, approved_cause)
    select tenant, portal, id, 'withheld', 'left', leaving, 'held', actual, now(), portal || id, 'read-9', approved
    from (values ('acme', 'at-rest', '2', 'disable', 'active', null), ('acme', 'at-rest', '3', 'expire', 'active', 'read-8'),
      ('acme', 'at-rest', '4', 'disable', 'active', 'read-9'), ('acme', 'at-rest', '5', 'disable', 'disabled', null),
      ('acme', 'at-rest', '6', 'keep', 'active', null), ('other', 'unread', '2', 'disable', 'active', null))
      as one (tenant, portal, id, leaving, actual, approved)`);
  expect(await values('people_held')).toEqual({ 'tenant="acme",portal="at-rest"': 2 });
});

it('every gauge can be asked', async () => {
  await inTransaction(database.orm, (transaction) =>
    leaveLearnerEvents(transaction, [learnerEventOf('1'), learnerEventOf('2')]),
  );
  expect(await values('rows_unpublished')).toEqual({
    'table="learner_outbox"': 0,
    'table="operation_outbox"': 0,
    'table="learner_event_batch"': 2,
  });
  expect(await metrics.text()).toContain('portico_metrics_stale_total{service="spec"} 0');
});
