import { QuestionError } from '@portico/messaging';
import { sqlOf } from '@portico/database';
import { admin, startBench, type TestBench } from './database.js';
import { portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const first = written();
const second = written({ timeZone: 'UTC' });
const viewer = { ...admin, role: 'viewer' as const };
const apply = (document: unknown, expectedVersion?: number) =>
  bench.realm.apply(admin, { document, ...(expectedVersion === undefined ? {} : { expectedVersion }) });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof QuestionError ? error.code : String(error)),
  );

it('lists every version, newest first, page by page, with who made it and of what', async () => {
  await apply(first);
  bench.clock.advance({ hours: 1 });
  await bench.realm.apply({ ...admin, name: 'Bo' }, { document: second });
  await bench.versions.rollback(admin, { version: 1 });
  const { rows, next } = await bench.versions.history(viewer, { limit: 2 });
  expect(rows).toEqual([
    { version: 3, appliedAt: '2026-03-02T13:00:00.000Z', appliedBy: 'Mo', origin: 'rolled-back:1', changes: 1 },
    { version: 2, appliedAt: '2026-03-02T13:00:00.000Z', appliedBy: 'Bo', origin: 'applied', changes: 1 },
  ]);
  expect(await bench.versions.history(viewer, { limit: 2, cursor: next! })).toMatchObject({ rows: [{ version: 1 }] });
  expect(await bench.versions.version(viewer, { version: 2 })).toMatchObject({ document: { timeZone: 'UTC' } });
  expect(await codeOf(bench.versions.version(viewer, { version: 9 }))).toBe('not-found');
});

it('compares any two, or one with what is stored', async () => {
  await apply(first);
  await apply(second);
  const change = { kind: 'changed', path: 'timeZone', from: 'Europe/Dublin', to: 'UTC' };
  expect(await bench.versions.diff(viewer, { from: 1 })).toEqual({ from: 1, to: 2, changes: [change] });
  expect(await bench.versions.diff(viewer, { from: 2, to: 1 })).toMatchObject({
    changes: [{ ...change, from: 'UTC', to: 'Europe/Dublin' }],
  });
});

describe('going back', () => {
  beforeEach(async () => {
    await apply(first);
    await apply(second);
  });

  it('makes a new version with the old content, and back again', async () => {
    expect(await bench.versions.rollback(admin, { version: 1, expectedVersion: 2 })).toMatchObject({
      version: 3,
      applied: true,
      changes: [{ path: 'timeZone', to: 'Europe/Dublin' }],
    });
    expect(await bench.realm.plan(viewer, { document: first })).toMatchObject({ storedVersion: 3, changes: [] });
    expect(await bench.versions.rollback(admin, { version: 2 })).toMatchObject({ version: 4, applied: true });
    expect(await bench.realm.plan(viewer, { document: second })).toMatchObject({ changes: [] });
  });

  it('to what is in force makes no version', async () => {
    expect(await bench.versions.rollback(admin, { version: 2 })).toMatchObject({ version: 2, applied: false });
  });

  it('is shown first without doing anything', async () => {
    expect(await bench.versions.rollback(viewer, { version: 1, dryRun: true })).toMatchObject({
      applied: false,
      changes: [{ path: 'timeZone' }],
    });
    expect(await bench.realm.get(viewer)).toMatchObject({ version: 2 });
  });

  it('is refused to a viewer, over a version that nobody looked at, and to one that is not there', async () => {
    expect(await codeOf(bench.versions.rollback(viewer, { version: 1 }))).toBe('forbidden');
    expect(await codeOf(bench.versions.rollback(admin, { version: 1, expectedVersion: 1 }))).toBe('conflict');
    expect(await codeOf(bench.versions.rollback(admin, { version: 7 }))).toBe('not-found');
    expect(await bench.realm.get(viewer)).toMatchObject({ version: 2 });
  });

  it('is refused with the faults where the content is not valid any more', async () => {
    await sqlOf(bench.orm.em.fork())(
      `update realm_version set document = jsonb_set(document, '{pool}', '"gone"') where version = 1`,
    );
    await expect(bench.versions.rollback(admin, { version: 1 })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining("version 1 can't be applied any more"),
      faults: [{ path: 'pool' }],
    });
    expect(await bench.realm.get(viewer)).toMatchObject({ version: 2 });
  });
});

it('two admins editing at once lose nothing: one is told, and both edits are versions in the end', async () => {
  await apply(first);
  const mine = withPortals({ ...portal('academy', 'true'), topLevel: true }, portal('mine', 'false'));
  const ends = await Promise.all([codeOf(apply(second, 1)), codeOf(apply(mine, 1))]);
  expect(ends.sort()).toEqual(['conflict', 'done']);
  expect(await codeOf(apply(mine, 2))).toBe('done');
  expect(await codeOf(apply(second, 3))).toBe('done');
  const { rows } = await bench.versions.history(viewer, {});
  expect(rows.length).toBeGreaterThanOrEqual(3);
});

it('takes a tenant out, and touches no decision', async () => {
  await apply(first);
  expect(await bench.versions.retire(admin, {})).toMatchObject({
    version: 2,
    changes: [{ path: 'active', from: true, to: false }],
    warnings: expect.arrayContaining([expect.stringContaining('touches no account')]),
  });
  const [row] = await sqlOf(bench.orm.em.fork())<{ active: boolean }>(`select event->'active' as active from realm`);
  expect(row).toEqual({ active: false });
  expect(await bench.versions.history(viewer, {})).toMatchObject({ rows: [{ origin: 'retired' }, {}] });
  expect(await apply(first)).toMatchObject({ changes: [{ path: 'active', from: false, to: true }] });
});
