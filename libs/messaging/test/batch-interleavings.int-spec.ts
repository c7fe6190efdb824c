import { eventually, testDatabase, type TestDatabase } from '@portico/testing';
import fc from 'fast-check';
import pg from 'pg';
import type { PublishedRow, RelayRow, RelaySource } from '../src/relay-source.js';
import type { Sql } from '../src/sql.js';
import { batchesIn, EVENT_TABLES, eventOf, leaveEvents } from './events.js';
import { makeTables, openSql, range, type TestSql } from './support.js';

let database: TestDatabase;
let db: TestSql;
let relaySource: RelaySource;

const { source, write } = EVENT_TABLES.event_batch;

beforeAll(async () => {
  database = await testDatabase();
  db = openSql(database.url);
  await makeTables(db);
  relaySource = source(db.sql);
});
beforeEach(() => db.sql('delete from event_batch'));
afterAll(async () => {
  await db.close();
  await database.close();
});

const waiting = () => relaySource.waiting(undefined, 1_000);
const asPublished = (rows: readonly RelayRow[]): PublishedRow[] => rows.map((row) => ({ row, sequence: 1 }));
/** Of what a relay has read. */
const only = (rows: readonly RelayRow[], ids: readonly string[]): PublishedRow[] =>
  asPublished(rows.filter(({ event }) => ids.includes(event.id)));

const waits = (relays: number) =>
  eventually('others to wait', async () => {
    const [row] = await db.sql<{ waits: number }>(
      `select count(*)::int as waits from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return row?.waits === relays;
  });

/** Another relay, which is in the middle of a statement until the end of what is done meanwhile. */
const during = async (
  first: (other: RelaySource, sql: Sql) => Promise<unknown>,
  meanwhile: () => Promise<unknown>,
): Promise<void> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const sql: Sql = async (text, parameters = []) => (await client.query(text, [...parameters])).rows as never;
    await sql('begin');
    await first(source(sql), sql);
    await meanwhile();
    await sql('commit');
  } finally {
    await client.end();
  }
};

it('two relays that mark the same rows never wait for each other', async () => {
  await write(db, ['1'], 'aaa');
  await write(db, ['2'], 'bbb');
  const rows = asPublished(await waiting());
  // Enough for each row to be looked up by itself, in the order in which they are named.
  await db.sql(`insert into event_batch (tenant, events, heads, bodies)
    select 'ccc', 1, '', '' from generate_series(1, 5000)`);
  await db.sql('analyze event_batch');
  let marking: Promise<unknown> | undefined;
  await during(
    (_, sql) => sql(`select 1 from event_batch where tenant = 'aaa' for update`),
    async () => {
      const forward = relaySource.mark(rows);
      await waits(1);
      marking = Promise.all([forward, relaySource.mark([...rows].reverse())]);
      await waits(2);
    },
  );
  await marking;
  expect(await db.sql(`select 1 from event_batch where tenant <> 'ccc'`)).toEqual([]);
});

it('a relay may have read a row again before it marks what it published of it', async () => {
  await write(db, range(6));
  const first = await waiting();
  await relaySource.mark(only(first, ['1', '2']));
  const second = await waiting();
  await relaySource.mark([...only(first, ['1', '2', '3']), ...only(second, ['4'])]);
  expect(await batchesIn(db)).toEqual([['5', '6']]);
  await relaySource.mark([...only(first, ['5']), ...asPublished(await waiting())]);
  expect(await batchesIn(db)).toEqual([]);
});

describe('two relays that mark one row', () => {
  /** The second begins while the first is in the middle of it. */
  const markTogether = async (first: readonly string[], second: readonly string[]): Promise<string[][]> => {
    await write(db, range(10));
    const rows = await waiting();
    let marking: Promise<unknown> | undefined;
    await during(
      (other) => other.mark(only(rows, first)),
      async () => {
        marking = relaySource.mark(only(rows, second));
        await waits(1);
      },
    );
    await marking;
    return batchesIn(db);
  };

  it.each([
    ['leave what neither has published', ['1', '2', '3'], ['3', '5', '7'], [['4', '6', '8', '9', '10']]],
    ['leave nothing of what they have published together', range(6), range(5, 6), []],
    ['leave nothing where the first has published all', range(10), ['5'], []],
    ['leave nothing where the second has published all', ['5'], range(10), []],
    [
      'leave what is not published where they have published the same',
      ['2', '4'],
      ['2', '4'],
      [['1', '3', ...range(6, 5)]],
    ],
  ])('%s', async (_, first, second, left) => {
    expect(await markTogether(first, second)).toEqual(left);
  });
});

const RELAYS = ['A', 'B', 'C'] as const;
type RelayName = (typeof RELAYS)[number];
const TENANTS = ['aaa', 'bbb'] as const;

/** What can happen next, to one of three relays that know nothing of each other, or to the table. */
type Step =
  | { readonly kind: 'write'; readonly tenant: string; readonly events: number }
  | { readonly kind: 'read' | 'mark' | 'crash'; readonly relay: RelayName }
  | { readonly kind: 'publish'; readonly relay: RelayName; readonly refused: number; readonly isAckLost: boolean }
  | { readonly kind: 'mark together'; readonly relays: readonly RelayName[] };

const relay = fc.constantFrom(...RELAYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    tenant: fc.constantFrom(...TENANTS),
    events: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ kind: fc.constantFrom('read' as const, 'read' as const, 'mark' as const, 'crash' as const), relay }),
  fc.record({ kind: fc.constant('publish' as const), relay, refused: fc.nat(63), isAckLost: fc.boolean() }),
  fc.record({
    kind: fc.constant('mark together' as const),
    relays: fc.shuffledSubarray([...RELAYS], { minLength: 2 }),
  }),
);

class World {
  private written = 0;
  private readonly sources = new Map(RELAYS.map((name) => [name, source(db.sql)]));
  private readonly read: Record<RelayName, readonly RelayRow[]> = { A: [], B: [], C: [] };
  private readonly done: Record<RelayName, PublishedRow[]> = { A: [], B: [], C: [] };
  readonly inStream = new Set<string>();

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'write': {
        const ids = range(step.events, this.written + 1);
        this.written += step.events;
        return leaveEvents(
          db,
          ids.map((id) => eventOf(id, { tenant: step.tenant })),
        );
      }
      case 'read':
        this.read[step.relay] = (await this.sources.get(step.relay)?.waiting(undefined, 8)) ?? [];
        return;
      case 'publish':
        return this.publish(step.relay, step.refused, step.isAckLost);
      case 'mark':
        return this.mark(step.relay);
      case 'crash':
        this.read[step.relay] = [];
        this.done[step.relay] = [];
        return;
      case 'mark together':
        await Promise.all(step.relays.map((name) => this.mark(name)));
    }
  }

  /** @param refused a bit for each of the first events that does not get through */
  private publish(name: RelayName, refused: number, isAckLost: boolean): void {
    const rows = this.read[name].filter((_, index) => ((refused >> index) & 1) === 0);
    for (const { event } of rows) this.inStream.add(event.id);
    if (!isAckLost) this.done[name].push(...asPublished(rows));
    this.read[name] = [];
  }

  private async mark(name: RelayName): Promise<void> {
    await this.sources.get(name)?.mark(this.done[name].splice(0));
  }

  ids(): string[] {
    return range(this.written);
  }
}

it('whatever relays do, an event waits until it is in the stream, and never again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await db.sql('delete from event_batch');
      const world = new World();
      const gone = new Set<string>();
      for (const each of steps) {
        await world.take(each);
        const waits = (await batchesIn(db)).flat();
        const left = new Set(waits);
        expect(waits).toHaveLength(left.size);
        for (const id of world.ids().filter((one) => !left.has(one))) gone.add(id);
        expect([...gone].filter((id) => left.has(id))).toEqual([]);
        expect([...gone].filter((id) => !world.inStream.has(id))).toEqual([]);
      }
      const rows = await waiting();
      for (const row of rows) expect(row.body).toBe(JSON.stringify({ id: row.event.id }));
      for (const tenant of TENANTS) {
        const order = rows.filter(({ key }) => key[0] === tenant).map(({ event }) => Number(event.id));
        expect(order).toEqual([...order].sort((one, other) => one - other));
      }
      const [counted] = await db.sql('select coalesce(sum(events), 0)::int as events from event_batch');
      expect(counted).toEqual({ events: rows.length });
    }),
    { numRuns: 200 },
  );
});
