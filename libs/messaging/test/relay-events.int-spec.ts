import { fromHeaders, STREAMS, subjects } from '@portico/contracts';
import { EVENT_TABLE_NAMES, EVENT_TABLES } from './events.js';
import { openRelayBench, type RelayBench } from './relay-bench.js';
import { messagesOf, range } from './support.js';

let bench: RelayBench;
let connection: RelayBench['connection'];
let db: RelayBench['db'];
let eventIds: RelayBench['eventIds'];
let eventRelay: RelayBench['eventRelay'];
let throughProxy: RelayBench['throughProxy'];
let streamState: RelayBench['streamState'];
beforeEach(async () => {
  bench = await openRelayBench();
  ({ connection, db, eventIds, eventRelay, throughProxy, streamState } = bench);
});
afterEach(() => bench.close());

describe.each(EVENT_TABLE_NAMES)('events in %s', (table) => {
  const { write, waiting } = EVENT_TABLES[table];

  it('are published as CloudEvents, once', async () => {
    await write(db, ['1']);
    const relay = eventRelay(table);
    expect(await relay.drainOnce()).toBe(1);
    expect(await relay.drainOnce()).toBe(0);
    const [message] = await messagesOf(connection, STREAMS.learners);
    expect(message?.subject).toBe(subjects.learner('acme', 'academy', 'created'));
    expect(message?.json()).toEqual({ id: '1' });
    expect(fromHeaders((name) => message?.header.get(name))).toEqual({
      id: '1',
      type: 'portico.learner.created.v1',
      source: 'learnupon-provisioning',
      time: '2026-01-12T10:00:00.000Z',
    });
    expect(await waiting(db)).toEqual([]);
  });

  it('keep the order of their tenant, and tenants go in turn', async () => {
    for (const id of range(5)) await write(db, [`a${id}`], 'aaa');
    for (const id of range(2)) await write(db, [`b${id}`], 'bbb');
    await eventRelay(table).drainOnce();
    expect(await eventIds()).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4', 'a5']);
  });

  it('that two relays take at once are not doubled', async () => {
    await write(db, range(300));
    for (const id of range(50)) await write(db, [`a${id}`, `b${id}`], 'aaa');
    await Promise.all([eventRelay(table).drainOnce(), eventRelay(table, { batchSize: 30 }).drainOnce()]);
    expect((await streamState(STREAMS.learners)).messages).toBe(400);
    expect(await waiting(db)).toEqual([]);
  });

  it('are neither lost nor doubled where their acknowledgement is', async () => {
    const { proxy, proxied } = await throughProxy();
    await write(db, range(30));
    const relay = eventRelay(table, { connection: proxied });
    proxy.dropAcks = true;
    await expect(relay.drainOnce()).rejects.toThrow(/timeout/i);
    proxy.dropAcks = false;
    await relay.drainOnce();
    expect(await eventIds()).toEqual(range(30));
    expect(await waiting(db)).toEqual([]);
  });
});
