import { headers } from '@nats-io/transport-node';
import { subjects, toHeaders } from '@portico/contracts';
import { newTraceparent } from '@portico/service-kit';
import { eventually } from '@portico/testing';
import { ADMIN, openApiBench, type ApiBench } from './api-bench.js';
import { readEvents } from './read-events.js';

let bench: ApiBench;
let base: ApiBench['base'];
let connections: ApiBench['connections'];
beforeAll(async () => {
  bench = await openApiBench();
  ({ base, connections } = bench);
});
afterAll(() => bench.close());
afterEach(() => bench.endStubs());

describe('events', () => {
  const publish = async (tenant: string, event: string, accountId: string) => {
    const subject = subjects.learner(tenant, 'academy', event);
    const attributes = { id: accountId, type: `portico.learner.${event}.v1`, source: 'learnupon-provisioning' };
    const sent = headers();
    const all = toHeaders({ ...attributes, time: '2026-01-12T10:00:00Z', traceparent: newTraceparent() });
    for (const [name, value] of Object.entries(all)) sent.set(name, value);
    const nats = connections['learnupon-provisioning']!;
    await nats.request(subject, JSON.stringify({ tenant, accountId }), { headers: sent, timeout: 5_000 });
  };
  const accounts = (events: readonly { data: string }[]) =>
    events.map(({ data }) => (JSON.parse(data) as { data: { accountId: string } }).data.accountId);

  it('come live, of this tenant alone, and go on where a connection broke off', async () => {
    await publish('acme', 'created', 'before');
    const first = await readEvents(`${base}/v1/tenants/acme/events`, ADMIN);
    await publish('globex', 'created', 'of another tenant');
    await publish('acme', 'created', 'one');
    await publish('acme', 'updated', 'two');
    const seen = await eventually('two events', async () => first.events.length >= 2 && first.events);
    expect(accounts(seen)).toEqual(['one', 'two']);
    expect(seen[0]).toMatchObject({ event: 'learner', data: expect.stringContaining('portico.learner.created.v1') });
    first.close();
    await publish('acme', 'disabled', 'three');

    const second = await readEvents(`${base}/v1/tenants/acme/events`, ADMIN, { 'last-event-id': seen[0]!.id });
    await eventually('what was missed', async () => second.events.length >= 2);
    expect(accounts(second.events)).toEqual(['two', 'three']);
    second.close();
  });

  it('end when the app stops', async () => {
    const app = await bench.startApp();
    const stream = await readEvents(`${await app.getUrl()}/v1/tenants/acme/events`, ADMIN);
    await app.close();
    await stream.ended;
  });
});
