import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { durables, filters, QUESTIONS, SERVICES, STREAMS, subjects } from '@portico/contracts';
import { eventually, testNats, type TestNats } from '@portico/testing';
import {
  connectNats,
  describeTopology,
  inboxPrefixOf,
  migrateTopology,
  MIGRATE_USER,
  OUTSIDE_API_PREFIX,
  NatsConnectionError,
  renderNatsUsers,
} from '../src/index.js';
import { consumeEmployees } from './consumer.js';
import { consumerState, publish, publishEmployees, range } from './support.js';

const OUTSIDE = 'acme-hr-portal';
const topology = describeTopology({
  pools: ['shared', 'big'],
  ackWaitMs: 1_000,
  outsideConsumers: [
    { name: OUTSIDE, tenant: 'acme', kind: 'learner' },
    { name: 'globex-bi', tenant: 'globex', kind: 'operation' },
  ],
});
const passwordOf = (user: string) => `password of ${user} "$quoted"`;
const ADMIN = 'root';

let nats: TestNats;
let root: NatsConnection;
const connections: NatsConnection[] = [];

const as = async (user: string): Promise<NatsConnection> => {
  const connection = await connectNats({ url: nats.url, user, password: passwordOf(user), name: user });
  connections.push(connection);
  return connection;
};

beforeAll(async () => {
  const everything = { user: ADMIN, publish: ['>'], subscribe: ['>'], answers: true };
  const users = [...topology.users, everything];
  const passwords = Object.fromEntries(users.map(({ user }) => [user, passwordOf(user)]));
  nats = await testNats({ config: renderNatsUsers({ ...topology, users }, passwords) });
  root = await as(ADMIN);
  await migrateTopology(await as(MIGRATE_USER), topology);
});
afterAll(async () => {
  for (const connection of connections) await connection.close();
  await nats.close();
});

/** What the server has forbidden this connection so far, as `publish subject`. */
const violations = (connection: NatsConnection): string[] => {
  const found: string[] = [];
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue;
      found.push(`${status.error.operation} ${status.error.subject}`);
    }
  })();
  return found;
};

/** Of the subjects, those that the user may not publish to. */
const deniedPublishes = async (user: string, candidates: readonly string[]): Promise<string[]> => {
  const connection = await as(user);
  const found = violations(connection);
  for (const subject of candidates) connection.publish(subject, '{}');
  await connection.flush();
  // The server answers in order, the client passes errors on a little later.
  connection.publish('the.last.one');
  await eventually('the errors to arrive', async () => found.includes('publish the.last.one'));
  return candidates.filter((subject) => found.includes(`publish ${subject}`));
};

const deniedSubscriptions = async (user: string, candidates: readonly string[]): Promise<string[]> => {
  const connection = await as(user);
  const found = violations(connection);
  for (const subject of candidates) connection.subscribe(subject, { callback: () => undefined });
  await connection.flush();
  connection.subscribe('the.last.one', { callback: () => undefined });
  await eventually('the errors to arrive', async () => found.includes('subscription the.last.one'));
  return candidates.filter((subject) => found.includes(`subscription ${subject}`));
};

const events = {
  realm: subjects.realm('probe'),
  employee: subjects.employee('shared', 'probe', '1'),
  access: subjects.access('shared', 'probe', '1'),
  learner: subjects.learner('probe', 'academy', 'created'),
  operation: subjects.operation('probe', 'read.certified'),
  deadOfIngestion: subjects.dead(STREAMS.realms, durables.ingestionRealms),
  deadOfPolicy: subjects.dead(STREAMS.employees, durables.policyEmployees('big')),
  deadOfProvisioning: subjects.dead(STREAMS.access, durables.provisioningAccess('shared')),
  askPolicy: subjects.ask(SERVICES.policy, 'status'),
};
type EventKind = keyof typeof events;
const kinds = Object.keys(events) as EventKind[];

const mayPublish: Record<string, readonly EventKind[]> = {
  [SERVICES.ingestion]: ['employee', 'operation', 'deadOfIngestion'],
  [SERVICES.policy]: ['realm', 'access', 'operation', 'deadOfPolicy'],
  [SERVICES.provisioning]: ['learner', 'operation', 'deadOfProvisioning'],
  [SERVICES.admin]: ['askPolicy'],
  [MIGRATE_USER]: [],
  [OUTSIDE]: [],
};
/** What a tenant leaves behind in a pool is purged by the service whose state it is. */
const mayPurge: Readonly<Record<string, string>> = {
  [SERVICES.ingestion]: STREAMS.employees,
  [SERVICES.policy]: STREAMS.access,
};
const everyone = Object.keys(mayPublish);

describe.each(everyone)('%s', (user) => {
  it('may publish its own kinds only', async () => {
    const denied = await deniedPublishes(user, Object.values(events));
    const allowed = kinds.filter((kind) => !denied.includes(events[kind]));
    expect(allowed).toEqual(kinds.filter((kind) => mayPublish[user]?.includes(kind)));
  });

  it('may not shape streams or consumers, or take messages out of a stream that is not its own', async () => {
    const forbidden = Object.values(STREAMS).flatMap((stream) => [
      `$JS.API.STREAM.DELETE.${stream}`,
      ...(mayPurge[user] === stream ? [] : [`$JS.API.STREAM.PURGE.${stream}`]),
      `$JS.API.STREAM.MSG.DELETE.${stream}`,
      `$JS.API.STREAM.MSG.GET.${stream}`,
      `$JS.API.STREAM.SNAPSHOT.${stream}`,
      `$JS.API.CONSUMER.DELETE.${stream}.any`,
      ...(user === MIGRATE_USER
        ? []
        : [
            `$JS.API.STREAM.CREATE.${stream}`,
            `$JS.API.STREAM.UPDATE.${stream}`,
            `$JS.API.CONSUMER.CREATE.${stream}`,
            `$JS.API.CONSUMER.CREATE.${stream}.any`,
            `$JS.API.CONSUMER.CREATE.${stream}.any.portico.v1.learner.>`,
            `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.any`,
          ]),
    ]);
    forbidden.push(
      '$JS.API.STREAM.CREATE.MINE',
      '$JS.API.STREAM.LIST',
      '$JS.API.ACCOUNT.PURGE.$G',
      '$SYS.REQ.SERVER.PING',
    );
    expect(await deniedPublishes(user, forbidden)).toEqual(forbidden);
  });

  it('may listen in its own inbox, and not in another', async () => {
    const own = `${inboxPrefixOf(user)}.x`;
    const others = [...everyone, ADMIN].filter((other) => other !== user).map((other) => `${inboxPrefixOf(other)}.>`);
    const wide = ['>', '_INBOX.>', '*.>', '$JS.>', '$SYS.>', filters.stream('employee'), filters.stream('access')];
    expect(await deniedSubscriptions(user, [own, ...others, ...wide])).toEqual([...others, ...wide]);
  });

  it('may fetch and settle from its own consumers only', async () => {
    const prefix = user === OUTSIDE ? OUTSIDE_API_PREFIX : '$JS.API';
    const own = (durable: string) => durable.startsWith(user);
    const denied = await deniedPublishes(
      user,
      topology.consumers.flatMap(({ stream, durable }) => [
        `${prefix}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
        `$JS.ACK.${stream}.${durable}.1.1.1.1.0`,
      ]),
    );
    const others = topology.consumers.filter(({ durable }) => !own(durable));
    expect(denied).toEqual(
      others.flatMap(({ stream, durable }) => [
        `${prefix}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
        `$JS.ACK.${stream}.${durable}.1.1.1.1.0`,
      ]),
    );
  });
});

it('only admin-api may listen to learner and operation events, and nobody else to questions of another service', async () => {
  const feeds = [filters.stream('learner'), filters.stream('operation')];
  for (const user of everyone.filter((each) => each !== SERVICES.admin)) {
    expect(await deniedSubscriptions(user, feeds)).toEqual(feeds);
  }
  expect(await deniedSubscriptions(SERVICES.admin, feeds)).toEqual([]);
  for (const user of everyone) {
    const denied = await deniedSubscriptions(user, [filters.asks(SERVICES.policy)]);
    expect(denied).toEqual(user === SERVICES.policy ? [] : [filters.asks(SERVICES.policy)]);
  }
});

describe('an outside consumer', () => {
  const js = async () => jetstream(await as(OUTSIDE), { apiPrefix: OUTSIDE_API_PREFIX, timeout: 1_000 });

  it("gets its own tenant's events, through its durable alone", async () => {
    const learner = (tenant: string) => publish(root, subjects.learner(tenant, 'academy', 'created'), { tenant });
    for (const tenant of ['acme', 'globex', 'acme']) await learner(tenant);
    const consumer = await (await js()).consumers.get(STREAMS.learners, OUTSIDE);
    const seen: unknown[] = [];
    for await (const message of await consumer.fetch({ max_messages: 10, expires: 1_000 })) {
      seen.push(message.json());
      message.ack();
    }
    expect(seen).toEqual([{ tenant: 'acme' }, { tenant: 'acme' }]);
    await eventually('the acknowledgements to count', async () => {
      return (await consumerState(root, STREAMS.learners, OUTSIDE)).inHand === 0;
    });
    await expect((await js()).consumers.get(STREAMS.operations, 'globex-bi')).rejects.toThrow(/permission/i);
  });

  it('cannot have the server write where it may not', async () => {
    const created = subjects.learner('acme', 'academy', 'created');
    await publish(root, created, {});
    const connection = await as(OUTSIDE);
    const victims = { info: subjects.realm('victim'), next: subjects.access('shared', 'victim', '1') };
    const own = `${STREAMS.learners}.${OUTSIDE}`;
    const request = JSON.stringify({ batch: 1, no_wait: true });
    connection.publish(`${OUTSIDE_API_PREFIX}.CONSUMER.INFO.${own}`, '', { reply: victims.info });
    connection.publish(`${OUTSIDE_API_PREFIX}.CONSUMER.MSG.NEXT.${own}`, request, { reply: victims.next });
    await connection.flush();
    // What was asked before it has been answered by now.
    await (await js()).consumers.get(STREAMS.learners, OUTSIDE);
    const jsm = await jetstreamManager(root);
    const heldBy = async (stream: string) =>
      Object.keys((await jsm.streams.info(stream, { subjects_filter: '>' })).state.subjects ?? {});
    expect(await heldBy(STREAMS.realms)).not.toContain(victims.info);
    expect(await heldBy(STREAMS.access)).not.toContain(victims.next);
    expect(await heldBy(STREAMS.access)).not.toContain(created);
  });
});

it('a service works under its user: consumes, buries, relays, answers', async () => {
  const policy = await as(SERVICES.policy);
  const seen: string[] = [];
  const worker = await consumeEmployees(policy, (batch) => {
    for (const delivery of batch) {
      if (delivery.data.employeeId === '3') delivery.term('for the test');
      else seen.push(delivery.data.employeeId);
    }
  });
  await publishEmployees(root, range(5));
  await eventually('the events to come', async () => seen.length === 4);
  await eventually('the dead letter to be stored', async () => {
    const subject = subjects.dead(STREAMS.employees, durables.policyEmployees('shared'));
    return (await (await jetstreamManager(root)).streams.getMessage(STREAMS.dead, { last_by_subj: subject })) !== null;
  });
  await worker.close();

  const { stream, name } = { stream: STREAMS.access, name: subjects.access('shared', 'acme', '1') };
  await publish(policy, name, { access: 1 });
  const jsm = await jetstreamManager(policy, { checkAPI: false });
  expect((await jsm.direct.getMessage(stream, { last_by_subj: name }))?.json()).toEqual({ access: 1 });
  expect((await jsm.consumers.info(stream, durables.provisioningAccess('shared'))).num_pending).toBeGreaterThan(0);

  const question = subjects.ask(QUESTIONS.policyStatus.service, QUESTIONS.policyStatus.name);
  policy.subscribe(question, { callback: (_error, message) => void message.respond('answer') });
  await policy.flush();
  const admin = await as(SERVICES.admin);
  expect((await admin.request(question, '', { timeout: 2_000 })).string()).toBe('answer');
});

it('a user and password may stand in the address', async () => {
  const { port } = new URL(nats.url);
  const { user } = topology.users[0]!;
  const url = `nats://${user}:${encodeURIComponent(passwordOf(user))}@localhost:${port}`;
  const connection = await connectNats({ url, name: 'x' });
  connections.push(connection);
  expect(connection.isClosed()).toBe(false);
});

it('a wrong password is told with the remedy, and never shown', async () => {
  const attempt = connectNats({
    url: `nats://someone:secret@${new URL(nats.url).host}`,
    user: 'realm-policy',
    password: 'wrong',
    name: 'x',
  });
  await expect(attempt).rejects.toThrow(NatsConnectionError);
  await expect(attempt).rejects.toThrow(/check NATS_USER and NATS_PASSWORD/);
  await expect(attempt).rejects.not.toThrow(/wrong|secret/);
});
