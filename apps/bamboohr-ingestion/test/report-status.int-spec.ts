import { inTransaction, sqlOf } from '@portico/database';
import { eventually } from '@portico/testing';
import { realmOf } from './fixtures.js';
import { lookInto, type Look } from './look-into.js';
import { startReading, type Reading } from './reading.js';

let it_: Reading;
let statusOf: Look['statusOf'];
beforeEach(async () => {
  it_ = await startReading();
  await it_.apply();
  ({ statusOf } = lookInto(it_));
});
afterEach(() => it_.close());

test('a status is of one moment: a read that ends while it is made has not ended, or has changed people', async () => {
  await it_.work();
  const before = await statusOf();
  expect(before).toMatchObject({ employees: 20, unpublished: 20, reads: [{ state: 'certified' }] });
  const { status } = await inTransaction(it_.orm, async (sql) => {
    // As if the first read were only about to end.
    await sql('lock table read in access exclusive mode');
    const asked = statusOf();
    await eventually('it to wait', async () => {
      const [row] = await sqlOf(it_.orm.em.fork())<{ waits: boolean }>(
        `select exists (select from pg_locks where not granted and relation = 'read'::regclass) as waits`,
      );
      return row?.waits;
    });
    await sql(`update employee set published_revision = revision where tenant = 'acme'`);
    await sql(`delete from read where tenant = 'acme'`);
    return { status: asked };
  });
  expect(await status).toEqual(before);
  expect(await statusOf()).toMatchObject({ unpublished: 0, reads: [] });
});

test('a source that changed is to be read before any read is on record, and its revision is said', async () => {
  expect(await statusOf()).toMatchObject({ realmRevision: realmOf().revision, isFullReadDue: true, reads: [] });
  await it_.work();
  expect(await statusOf()).toMatchObject({ isFullReadDue: false, reads: [{ state: 'certified' }] });
  const revision = realmOf().revision + 1;
  await it_.apply({ revision }, { fields: ['department', 'location', 'workEmail'] });
  expect(await statusOf()).toMatchObject({ realmRevision: revision, isFullReadDue: true });
  await it_.request.request('acme', 'full');
  expect(await statusOf()).toMatchObject({
    isFullReadDue: false,
    reads: [{ state: 'waiting' }, { state: 'certified' }],
  });
});

test('a read that failed is not due before its pause is over, and one of a tenant that is switched off never', async () => {
  it_.secret.apiKey = 'revoked';
  await it_.work();
  expect(await statusOf()).toMatchObject({ isFullReadDue: false, reads: [{ state: 'failed' }] });
  await sqlOf(it_.orm.em.fork())('update tenant set not_before = now()');
  expect(await statusOf()).toMatchObject({ isFullReadDue: true });
  await it_.apply({ revision: realmOf().revision + 1, active: false });
  expect(await statusOf()).toMatchObject({ isFullReadDue: false });
});

test('a tenant that no realm has named yet has nothing', async () => {
  await sqlOf(it_.orm.em.fork())('delete from tenant');
  expect(await statusOf()).toEqual({ employees: 0, maxRevision: 0, revisionSum: '0', unpublished: 0, reads: [] });
});
