import { STREAMS } from '@portico/contracts';
import { eventually } from '@portico/testing';
import { batchesIn, EVENT_TABLES, eventOf, leaveEvents } from './events.js';
import { openRelayBench, type RelayBench } from './relay-bench.js';
import { messagesOf, range } from './support.js';

let bench: RelayBench;
let connection: RelayBench['connection'];
let db: RelayBench['db'];
let eventIds: RelayBench['eventIds'];
let throughProxy: RelayBench['throughProxy'];
beforeEach(async () => {
  bench = await openRelayBench();
  ({ connection, db, eventIds, throughProxy } = bench);
});
afterEach(() => bench.close());

const { source, write } = EVENT_TABLES.event_batch;
const eventRelay = (options: Parameters<RelayBench['eventRelay']>[1] = {}) => bench.eventRelay('event_batch', options);
/** No stream takes it. */
const refused = (id: string, tenant?: string) =>
  eventOf(id, { subject: 'portico.nowhere', ...(tenant !== undefined && { tenant }) });

describe('what waits', () => {
  const waiting = async (relaySource: ReturnType<typeof source>, limit: number): Promise<string[]> => [
    ...new Set((await relaySource.waiting(undefined, limit)).map(({ event }) => event.id)),
  ];

  it('is read by whole rows until there is enough', async () => {
    for (const first of [1, 11, 21, 31]) await write(db, range(10, first));
    expect(await waiting(source(db.sql), 1)).toEqual(range(10));
    expect(await waiting(source(db.sql), 10)).toEqual(range(10));
    expect(await waiting(source(db.sql), 11)).toEqual(range(20));
    expect(await waiting(source(db.sql), 29)).toEqual(range(30));
    expect(await waiting(source(db.sql), 500)).toEqual(range(40));
  });

  it('goes on after the tenant that had the last turn, however little a round takes', async () => {
    for (const name of ['a', 'b', 'c']) {
      for (const number of [1, 2]) await write(db, [`${name}${number}`, `${name}${number}'`], name);
    }
    const turns = source(db.sql);
    expect(await waiting(turns, 3)).toEqual(['a1', `a1'`, 'b1', `b1'`]);
    expect(await waiting(turns, 3)).toEqual(['c1', `c1'`, 'a1', `a1'`]);
    expect(await waiting(turns, 1)).toEqual(['b1', `b1'`, 'c1', `c1'`]);
    expect(await waiting(turns, 8)).toEqual(['a1', `a1'`, 'b1', `b1'`, 'c1', `c1'`, 'a2', `a2'`]);
  });

  it('is found along the index, however much it is', async () => {
    await db.sql(`insert into event_batch (tenant, events, heads, bodies)
      select 'tenant ' || n % 3, 100, '[]', '' from generate_series(1, 20000) n`);
    await db.sql('analyze event_batch');
    const plans: string[] = [];
    const explain = async (text: string, parameters: readonly unknown[] = []) => {
      const lines = await db.sql<Record<string, string>>(`explain ${text}`, parameters);
      plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'));
      return [];
    };
    await source(explain).waiting(undefined, 500);
    expect(plans).toEqual([expect.stringContaining('event_batch_pkey')]);
    expect(plans[0]).not.toContain('Seq Scan');
  });

  it('is published to the end, with its trace, and counted by events', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await leaveEvents(db, [eventOf('1', { traceparent, body: { text: 'zwei\nZeilen\u2028' } }), eventOf('2')]);
    for (const first of [3, 13, 23]) await write(db, range(10, first));
    expect(await eventRelay({ batchSize: 5 }).drainOnce()).toBe(32);
    const [first, second] = await messagesOf(connection, STREAMS.learners);
    expect(first?.json()).toEqual({ text: 'zwei\nZeilen\u2028' });
    expect([first?.header.get('traceparent'), second?.header.get('traceparent')]).toEqual([traceparent, '']);
    expect((await eventIds()).slice(1)).toEqual(range(31, 2));
    expect(await batchesIn(db)).toEqual([]);
  });

  it('is neither compressed nor kept in the row', async () => {
    const padding = 'x'.repeat(50_000);
    await leaveEvents(db, [eventOf('1', { body: { padding } })]);
    const [row] = await db.sql<{ size: number; compression: string | null }>(
      'select pg_column_size(bodies) as size, pg_column_compression(bodies) as compression from event_batch',
    );
    expect(row).toEqual({ size: padding.length + '{"padding":""}'.length, compression: null });
  });
});

describe('an event that can not be published', () => {
  it('stays alone: the rest of its row and later rows go, and go once', async () => {
    const { proxy, proxied } = await throughProxy();
    await leaveEvents(db, [eventOf('1'), refused('poison'), eventOf('2', { body: { id: '2', more: 'a "b" \\ c' } })]);
    await write(db, ['3', '4']);
    const relay = eventRelay({ connection: proxied });
    await expect(relay.drainOnce()).rejects.toThrow(/no responders/i);
    expect(await batchesIn(db)).toEqual([['poison']]);
    expect(await eventIds()).toEqual(range(4));

    await write(db, ['5']);
    await expect(relay.drainOnce()).rejects.toThrow(/no responders/i);
    expect(await eventIds()).toEqual(range(5));
    // The poison goes to no subject of ours.
    expect(proxy.seenPublishes).toBe(5 + 2);
    await db.sql(`update event_batch set heads = replace(heads, 'portico.nowhere', $1)`, [eventOf('').subject]);
    expect(await relay.drainOnce()).toBe(1);
    expect(await eventIds()).toEqual([...range(5), 'poison']);
  });

  it('leaves the others of the rest as they were', async () => {
    const body = { id: 'b', text: 'Zeile\nümläut "quoted" \\ \u2028', number: 1e21 };
    await leaveEvents(db, [
      eventOf('a'),
      eventOf('b', { traceparent: 'trace', body, subject: 'portico.nowhere' }),
      eventOf('c'),
    ]);
    const rowOf = async () => (await source(db.sql).waiting(undefined, 10)).filter(({ event }) => event.id === 'b');
    const before = await rowOf();
    await expect(eventRelay().drainOnce()).rejects.toThrow();
    const after = await rowOf();
    expect(after.map(({ key: _, ...row }) => row)).toEqual(before.map(({ key: _, ...row }) => row));
    expect(after[0]?.body).toBe(JSON.stringify(body));
    expect(await db.sql('select events from event_batch')).toEqual([{ events: 1 }]);
  });

  it('holds back no other tenant, even if there are more of them than a round takes', async () => {
    await leaveEvents(
      db,
      range(20).map((id) => refused(id, 'aaa')),
    );
    await write(db, ['b1', 'b2'], 'bbb');
    await expect(eventRelay({ batchSize: 10 }).drainOnce()).rejects.toThrow(/no responders/i);
    expect(await eventIds()).toEqual(['b1', 'b2']);
    expect(await batchesIn(db)).toEqual([range(20)]);
  });

  it('may be a row that nobody can read', async () => {
    const head = JSON.stringify({ id: 'x', subject: eventOf('').subject, type: 'x', time: 'x' });
    for (const heads of ['no JSON', '[]', '[null]', `[${head},${head}]`]) {
      await db.sql(`insert into event_batch (tenant, events, heads, bodies) values ('acme', 1, $1, '{}')`, [heads]);
    }
    await write(db, range(3));
    await expect(eventRelay().drainOnce()).rejects.toThrow(/^row \d of event_batch is no batch of events$/);
    expect(await eventIds()).toEqual(range(3));
    expect((await source(db.sql).waiting(undefined, 9)).map(({ fault }) => fault !== undefined)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('a relay that stalls in the middle of a row', () => {
  it('cuts it down to what is not acknowledged, and another publishes only that', async () => {
    const { proxy, proxied } = await throughProxy();
    await write(db, range(40));
    proxy.stallAfter(15);
    await expect(eventRelay({ connection: proxied }).drainOnce()).rejects.toThrow(/timeout/i);
    expect(await batchesIn(db)).toEqual([range(25, 16)]);
    expect(await eventRelay().drainOnce()).toBe(25);
    proxy.release();
    await proxied.flush();
    expect(await eventIds()).toEqual(range(40));
    expect(await batchesIn(db)).toEqual([]);
  });

  it('may be overtaken on the row by another', async () => {
    const { proxy, proxied } = await throughProxy();
    await write(db, range(40));
    await write(db, range(40, 41));
    proxy.stallAfter(50);
    const stalled = eventRelay({ connection: proxied }).drainOnce();
    await eventually('the relay to stall', async () => proxy.heldFrames > 0);
    expect(await eventRelay({ batchSize: 1 }).drainOnce()).toBe(80);
    await write(db, range(10, 81));
    proxy.release();
    expect(await stalled).toBe(80);
    expect(await batchesIn(db)).toEqual([range(10, 81)]);
    expect(await eventIds()).toEqual(range(80));
  });
});
