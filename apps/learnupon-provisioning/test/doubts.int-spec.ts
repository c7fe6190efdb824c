import { inTransaction } from '@portico/database';
import { eventually } from '@portico/testing';
import { leaseLane, LeaseLostError } from '../src/persistence/lanes.js';
import { planCells } from '../src/lane/plan-cells.js';
import { performTasks } from '../src/lane/perform-tasks.js';
import { recordOutcomes } from '../src/lane/record-outcomes.js';
import { readInvites, readUsers } from '../src/lane/read-portal.js';
import type { LaneContext } from '../src/lane/lane-context.js';
import { decisionOf, granted, learnerOf, openRealm, SETTINGS, withheld, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const invited = (id: string) => learnerOf(id, { onboarding: 'invite' });
const people = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** A doubt may be settled before anybody looks, so the database notes each in the table `doubted`. */
const noteDoubts = async (): Promise<void> => {
  await realm.sql('create table doubted (attempt_id bigint)');
  await realm.sql(`create function note_doubt() returns trigger language plpgsql as
    'begin insert into doubted values (new.id); return null; end'`);
  await realm.sql(`create trigger note_doubt after update on attempt
    for each row when (new.state = 'doubt') execute function note_doubt()`);
};

describe('an answer that got lost', () => {
  it.each(['drop-after', 'drop-before'] as const)(
    'after %s of creates and invites leaves nothing doubled or missing',
    async (kind) => {
      const { control, decide, settled, startWorker, sql } = realm;
      await noteDoubts();
      await control.fault({ target: 'academy', kind, method: 'POST', rate: 0.3 });
      await control.fault({ target: 'emea', kind, method: 'POST', rate: 0.3 });
      startWorker();
      await decide(
        ...people(20).map((id) => decisionOf(id, [granted('academy', learnerOf(id)), granted('emea', invited(id))])),
      );
      await eventually('some doubt', async () => (await sql('select 1 from doubted limit 1')).length > 0);
      await control.clearFaults();
      const reasons = Object.values(await settled());
      expect(new Set(reasons)).toEqual(new Set(['converged', 'waiting-for-accept']));
      const { accounts, invites } = await control.state();
      expect(accounts.map(({ email }) => email).sort()).toEqual(
        people(20)
          .map((id) => `person${id}@acme.example`)
          .sort(),
      );
      expect(invites.filter(({ status }) => status === 'sent')).toHaveLength(20);
      expect(invites).toHaveLength(20);
    },
  );

  it.each(['drop-after', 'drop-before'] as const)(
    'after %s of an update and a disable is settled by looking',
    async (kind) => {
      const { control, decide, settled, startWorker, sql } = realm;
      startWorker();
      await decide(...people(2).map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
      await settled();
      await control.fault({ target: 'academy', kind, method: 'PUT', count: 2 });
      await decide(
        decisionOf('1', [granted('academy', learnerOf('1', { lastName: 'Reed' }))]),
        decisionOf('2', [withheld('academy')]),
      );
      expect(await settled()).toEqual({ '1 academy': 'converged', '2 academy': 'left' });
      expect((await control.state()).accounts).toMatchObject([{ lastName: 'Reed' }, { enabled: false }]);
      const states = await sql<{ state: string }>(
        `select state from attempt where operation ->> 'kind' <> 'create' order by id`,
      );
      expect(states.map(({ state }) => state)).toEqual(
        kind === 'drop-after' ? ['done', 'done'] : ['absent', 'absent', 'done', 'done'],
      );
    },
  );

  it('is not repeated before LearnUpon has had the time to show what it did', async () => {
    const { control, decide, settled, startWorker } = realm;
    await control.switch({ listLagSeconds: 3 });
    await control.fault({ target: 'academy', kind: 'drop-after', method: 'POST', count: 5 });
    startWorker({ settleSeconds: 5 });
    await decide(...people(5).map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
    await settled();
    expect((await control.state()).accounts).toHaveLength(5);
  });

  it('is told to people where invites cannot be listed', async () => {
    const { control, decide, startWorker, cells, status } = realm;
    await control.fault({ target: 'academy', kind: 'error', status: 403, method: 'GET', path: 'group_invites' });
    await control.fault({ target: 'academy', kind: 'drop-after', method: 'POST', path: 'group_invites', count: 1 });
    startWorker();
    await decide(decisionOf('1', [granted('academy', invited('1'))]));
    await eventually('the doubt', async () => (await cells())[0]?.reason === 'doubt-unreadable');
    expect((await status()).portals[0]).toMatchObject({ inDoubt: 1, skipped: { 'doubt-unreadable': 1 } });
    expect((await control.state()).invites).toHaveLength(1);
  });

  it('is re-planned for what became wanted meanwhile', async () => {
    const { control, decide, settled, startWorker } = realm;
    await control.fault({ target: 'academy', kind: 'drop-after', method: 'POST', count: 1 });
    await control.fault({ target: 'academy', kind: 'error', method: 'GET', path: 'search' });
    startWorker();
    await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
    await eventually('the doubt', async () => (await realm.cells())[0]?.reason === 'in-doubt');
    await decide(decisionOf('1', [granted('academy', learnerOf('1', { lastName: 'Reed' }))]));
    await control.clearFaults();
    await settled();
    expect((await control.state()).accounts).toMatchObject([{ lastName: 'Reed' }]);
  });
});

describe('a worker that dies or stalls', () => {
  /** A lane in the hands of a worker that goes no further than the test says. */
  const lease = async (holder: string): Promise<LaneContext> => {
    const { orm } = realm;
    const turns = realm.turnsOf(holder, { ...SETTINGS, leaseSeconds: 2 });
    const held = await eventually('a lease', () => leaseLane(orm, ['shared'], holder, 2));
    const { client, pace, tempo } = await turns.sessions.open(held);
    return { ...turns, lease: held, client, pace, tempo, signal: new AbortController().signal };
  };
  const onlyAcademy = () => realm.sql(`update lane set active = false where portal <> 'academy'`);

  /** A worker that made its calls within so long, and did not record them. */
  const called = async (holder: string, withinMs: number) => {
    await onlyAcademy();
    await realm.decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
    const context = await lease(holder);
    await readUsers(context);
    await readInvites(context);
    const { tasks, realm: rules } = await planCells(context, 100);
    const { ended } = await performTasks(context, tasks, performance.now() + withinMs);
    return { context, rules, ended };
  };

  it.each(['before the call', 'after the call'])('%s leaves a doubt that the next one settles', async (when) => {
    const { control, decide, settled, startWorker, sql } = realm;
    await onlyAcademy();
    await decide(...people(10).map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
    const dying = await lease('dying');
    await readUsers(dying);
    await readInvites(dying);
    const { tasks } = await planCells(dying, 100);
    expect(tasks).toHaveLength(10);
    if (when === 'after the call') await performTasks(dying, tasks.slice(0, 5), performance.now() + 60_000);

    startWorker();
    expect(new Set(Object.values(await settled()))).toEqual(new Set(['converged']));
    expect((await control.state()).accounts).toHaveLength(10);
    const states = await sql<{ state: string; count: number }>(
      'select state, count(*)::int from attempt group by state order by state',
    );
    expect(states).toEqual(
      when === 'after the call'
        ? [
            { state: 'absent', count: 5 },
            { state: 'done', count: 10 },
          ]
        : [
            { state: 'absent', count: 10 },
            { state: 'done', count: 10 },
          ],
    );
  });

  it('may write nothing once another has the lane', async () => {
    const { control, settled, startWorker } = realm;
    const { context: slow, rules, ended } = await called('slow', 60_000);
    startWorker();
    await settled();
    await expect(recordOutcomes(slow, rules, ended)).rejects.toThrow(LeaseLostError);
    await expect(planCells(slow, 100)).rejects.toThrow(LeaseLostError);
    await expect(readUsers(slow)).rejects.toThrow(LeaseLostError);
    expect((await control.state()).accounts).toHaveLength(1);
  });

  it('neither locks anything nor waits for a lock once another has the lane', async () => {
    const { orm, sql } = realm;
    const { context: slow, rules, ended } = await called('slow', 60_000);
    await sql('update lane set lease_number = lease_number + 1');

    await inTransaction(orm, async (heir) => {
      await heir('select 1 from cell for update');
      let outcome: string | undefined;
      const late = recordOutcomes(slow, rules, ended).catch(({ name }: Error) => (outcome = name));
      await eventually('the late worker to end, or to wait', async () => {
        const waiting = await sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        outcome ??= waiting.length > 0 ? 'waits for a lock' : undefined;
        return outcome;
      });
      expect(outcome).toBe('LeaseLostError');
      await late;
    });
  });

  it('is taken over when its lease ends, also where no work came in and none is due', async () => {
    const { orm, sql } = realm;
    // Its worker had seen all the work there was, and was killed before it could say when the lane is due again.
    await sql(`update lane set next_due = now() + interval '1 hour', seen_wake = 1000, lease_until = null`);
    await sql(`update lane set lease_holder = 'killed', lease_until = now() where portal = 'academy'`);
    const heir = await leaseLane(orm, ['shared'], 'heir', 60);
    expect(heir?.portal).toBe('academy');
    expect(await leaseLane(orm, ['shared'], 'nobody', 60)).toBeUndefined();
  });

  it('begins no call that could outlast its lease', async () => {
    const { context: late, rules, ended } = await called('late', 1_000);
    expect(ended).toMatchObject([{ outcome: { state: 'unsent' } }]);
    await recordOutcomes(late, rules, ended);
    expect((await realm.control.state()).accounts).toEqual([]);
  });
});
