import fc from 'fast-check';
import { describeChange, diffTopology, type FoundTopology } from './topology-diff.js';
import { describeTopology, type Topology } from './topology.js';

const wanted = describeTopology({ pools: ['shared', 'big'] });

const foundAs = ({ streams, consumers }: Topology): FoundTopology => ({
  streams: Object.fromEntries(streams.map(({ name, config }) => [name, config])),
  consumers: Object.fromEntries(consumers.map(({ stream, durable, config }) => [`${stream}/${durable}`, config])),
});
const found = foundAs(wanted);

const withStream = (config: object): FoundTopology => ({
  ...found,
  streams: { ...found.streams, PORTICO_LEARNERS: { ...found.streams['PORTICO_LEARNERS'], ...config } },
});
const withConsumer = (config: object): FoundTopology => {
  const name = 'PORTICO_ACCESS/learnupon-provisioning-big';
  return { ...found, consumers: { ...found.consumers, [name]: { ...found.consumers[name], ...config } } };
};
const kindsOf = (server: FoundTopology) => diffTopology(server, wanted).map(({ kind, name }) => `${kind} ${name}`);

it('nothing differs from itself', () => {
  expect(diffTopology(found, wanted)).toEqual([]);
});

it('everything is created on an empty server, streams before their consumers', () => {
  const changes = diffTopology({ streams: {}, consumers: {} }, wanted);
  expect(changes.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'create'));
  expect(changes.map(({ target }) => target)).toEqual([
    ...Array.from({ length: 6 }, () => 'stream'),
    ...Array.from({ length: 6 }, () => 'consumer'),
  ]);
});

const days = (count: number) => count * 86_400e9;
it.each([
  ['a longer retention', withStream({ max_age: days(10) }), 'update PORTICO_LEARNERS'],
  ['a shorter retention', withStream({ max_age: days(40) }), 'shrink PORTICO_LEARNERS'],
  ['a retention where there was none', withStream({ max_age: 0 }), 'shrink PORTICO_LEARNERS'],
  ['other subjects', withStream({ subjects: ['x'] }), 'update PORTICO_LEARNERS'],
  ['another storage', withStream({ storage: 'memory' }), 'impossible PORTICO_LEARNERS'],
  ['another storage among others', withStream({ storage: 'memory', max_age: 0 }), 'impossible PORTICO_LEARNERS'],
  ['a longer wait', withConsumer({ ack_wait: 1e9 }), 'update PORTICO_ACCESS/learnupon-provisioning-big'],
  ['another filter', withConsumer({ filter_subject: 'x' }), 'update PORTICO_ACCESS/learnupon-provisioning-big'],
  ['another start', withConsumer({ deliver_policy: 'new' }), 'impossible PORTICO_ACCESS/learnupon-provisioning-big'],
])('%s', (_what, server, expected) => {
  expect(kindsOf(server)).toEqual([expected]);
});

it('what the server adds of its own makes no difference', () => {
  expect(kindsOf(withStream({ metadata: { '_nats.ver': '2.15' }, max_msgs: -1 }))).toEqual([]);
});

it('a consumer that nobody described is left alone and named', () => {
  const server = { ...found, consumers: { ...found.consumers, 'PORTICO_ACCESS/old': {} } };
  expect(diffTopology(server, wanted).map(describeChange)).toEqual([
    'leftover consumer PORTICO_ACCESS/old: PORTICO_ACCESS/old is in NATS and not in the description; when nobody needs it: nats consumer rm PORTICO_ACCESS old',
  ]);
});

it('a change that NATS cannot make says what a person can do', () => {
  const [change] = diffTopology(withConsumer({ deliver_policy: 'new' }), wanted);
  expect(change && describeChange(change)).toBe(
    'impossible consumer PORTICO_ACCESS/learnupon-provisioning-big: deliver_policy "new" → "all": ' +
      "NATS can't change deliver_policy of a consumer. Stop the workers of PORTICO_ACCESS/learnupon-provisioning-big, delete it " +
      '(nats consumer rm PORTICO_ACCESS learnupon-provisioning-big) and run the migration again: it reads its stream from the start, which costs time only',
  );
});

it('whatever the two descriptions, what was changed as told differs no more', () => {
  const pools = fc.uniqueArray(fc.constantFrom('shared', 'big', 'eu', 'us'), { minLength: 1 });
  const options = fc.record({
    pools,
    replicas: fc.constantFrom(1, 3),
    ackWaitMs: fc.integer({ min: 1_000, max: 60_000 }),
    retention: fc.record({ learnersDays: fc.integer({ min: 1, max: 100 }) }),
  });
  fc.assert(
    fc.property(options, options, (before, after) => {
      const [old, next] = [describeTopology(before), describeTopology(after)];
      const changes = diffTopology(foundAs(old), next);
      expect(changes.filter(({ kind }) => kind === 'impossible')).toEqual([]);
      const server = foundAs(old);
      const applied = {
        streams: { ...server.streams, ...foundAs(next).streams },
        consumers: { ...server.consumers, ...foundAs(next).consumers },
      };
      expect(diffTopology(applied, next).every(({ kind }) => kind === 'leftover')).toBe(true);
    }),
  );
});
