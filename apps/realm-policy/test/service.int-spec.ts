import 'reflect-metadata';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  EVENT_TYPES,
  QUESTIONS,
  stateEventId,
  STREAMS,
  subjects,
  toHeaders,
  type AccessDecidedV1,
  type EmployeeChangedV1,
  type PolicyStatusAnswer,
  type RealmApplyAnswer,
  type RealmChangedV1,
} from '@portico/contracts';
import { askQuestion, connectNats, describeTopology, migrateTopology, QuestionError } from '@portico/messaging';
import { createLogger, createService, fixedClock, type FixedClock } from '@portico/service-kit';
import { eventually, testDatabase, testNats, type TestDatabase, type TestNats } from '@portico/testing';
import { AppModule, connectTransports, migrate, PolicyConfig } from '../src/index.js';
import { readOf } from './arrivals.js';
import { admin } from './database.js';
import { ada, noon, written } from './examples.js';

const pools = ['shared', 'big'];
let database: TestDatabase;
let nats: TestNats;
let outside: NatsConnection;
let clock: FixedClock;
let app: NestFastifyApplication;

const start = async (): Promise<NestFastifyApplication> => {
  const config = Object.assign(new PolicyConfig(), {
    databaseUrl: database.url,
    natsUrl: nats.url,
    pools,
    poolsAvailable: pools,
    redecidePollMs: 50,
  });
  const logger = createLogger({ name: 'realm-policy', level: 'silent' });
  const service = await createService(AppModule.with(config, { clock, logger }));
  connectTransports(service);
  await service.startAllMicroservices();
  await service.listen(0, '127.0.0.1');
  await eventually('the service to answer', () =>
    ask(QUESTIONS.policyStatus, {}).catch((error: QuestionError) => error.code !== 'unavailable'),
  );
  return service;
};

beforeEach(async () => {
  database = await testDatabase({
    template: { name: 'realm-policy', migrate: async (url) => void (await migrate(url)) },
  });
  nats = await testNats();
  outside = await connectNats({ url: nats.url, name: 'test' });
  await migrateTopology(outside, describeTopology({ pools }), { dryRun: false });
  clock = fixedClock(noon);
  app = await start();
});
afterEach(async () => {
  await app.close();
  await outside.close();
  await nats.close();
  await database.close();
});

const ask = <T>(question: (typeof QUESTIONS)[keyof typeof QUESTIONS], body: unknown) =>
  askQuestion<T>(outside, question, { caller: admin, body });

const publish = async (employee: EmployeeChangedV1, pool = 'shared'): Promise<void> => {
  const subject = subjects.employee(pool, employee.tenant, employee.employeeId);
  const carried = headers();
  const attributes = toHeaders({
    id: stateEventId(subject, employee.revision),
    type: EVENT_TYPES.employeeChanged,
    source: 'bamboohr-ingestion',
    time: employee.recordedAt,
    revision: employee.revision,
  });
  for (const [name, text] of Object.entries(attributes)) carried.set(name, text);
  await jetstream(outside).publish(subject, JSON.stringify(employee), { headers: carried });
};

const lastOf = async <T>(stream: string, subject: string): Promise<T | undefined> => {
  const jsm = await jetstreamManager(outside);
  const message = await jsm.streams.getMessage(stream, { last_by_subj: subject });
  return message?.json<T>();
};
const decision = (pool = 'shared') => lastOf<AccessDecidedV1>(STREAMS.access, subjects.access(pool, 'acme', '109'));
const decided = (what: string, holds: (event: AccessDecidedV1) => boolean, pool?: string) =>
  eventually(what, async () => {
    const event = await decision(pool);
    return event !== undefined && holds(event) && event;
  });

const settled = (version: number) =>
  eventually('everything to be decided and published', async () => {
    const status = await ask<PolicyStatusAnswer>(QUESTIONS.policyStatus, {});
    return status.undecided === 0 && status.unpublished === 0 && status.policyVersion === version;
  });

it('publishes realms and decisions, answers questions, and moves a tenant to another pool', async () => {
  expect(await ask<RealmApplyAnswer>(QUESTIONS.realmApply, { document: written() })).toMatchObject({ applied: true });
  const realm = await eventually('the realm', () => lastOf<RealmChangedV1>(STREAMS.realms, subjects.realm('acme')));
  expect(realm).toMatchObject({ policyVersion: 1, pool: 'shared' });

  await publish(ada());
  expect(await decided('a decision', () => true)).toMatchObject({ policyVersion: 1, employeeRevision: 1 });

  await ask(QUESTIONS.realmApply, { document: written({ timeZone: 'UTC', pool: 'big' }) });
  expect(await decided('the decision in the other pool', () => true, 'big')).toMatchObject({ employeeId: '109' });
  await eventually('the subject in the pool that was left to be purged', async () => !(await decision()));
  await settled(2);
});

it('decides again when the policy changes, and when a day comes', async () => {
  await ask(QUESTIONS.realmApply, { document: written() });
  await publish(ada({ employment: { state: 'employed', lastDay: '2026-03-04', evidence: 'termination-date' } }));
  const first = await decided('access', ({ portals }) => portals[0]?.access === 'granted');
  await ask(QUESTIONS.realmApply, {
    document: written({ bamboohr: { company: 'acme', pollSeconds: 5 }, timeZone: 'Pacific/Auckland' }),
  });
  await settled(2);
  clock.set('2026-03-04T11:30:00Z');
  const last = await decided('the last day to end', ({ leaver }) => leaver);
  expect(last.cause).toMatchObject({ kind: 'date', totals: { leavers: 1 } });
  expect(last.revision).toBeGreaterThan(first.revision);
});

it('decides on the people of a read when all of them are there, with the totals of the whole', async () => {
  await ask(QUESTIONS.realmApply, { document: written() });
  await settled(1);
  const cause = readOf('r1', 2);
  await publish(ada({ cause }));
  await eventually('the first to wait for the second', async () => {
    const { gathering } = await ask<PolicyStatusAnswer>(QUESTIONS.policyStatus, {});
    return gathering?.[0]?.arrived === 1;
  });
  expect(await decision()).toBeUndefined();
  await publish(ada({ employeeId: '110', cause }));
  const { cause: carried } = await decided('a decision', () => true);
  expect(carried).toMatchObject({ id: 'r1', totals: { people: 2, portals: { academy: { granted: 2 } } } });
  await settled(1);
});

it('loses nothing when it is stopped and started between, and takes what came meanwhile', async () => {
  await ask(QUESTIONS.realmApply, { document: written() });
  await app.close();
  await publish(ada());
  await publish(ada({ revision: 2, fields: { ...ada().fields, lastName: 'Reed' } }));
  app = await start();
  await decided('the newest', ({ portals }) => portals[0]?.learner?.lastName === 'Reed');
});

it('buries what it cannot store, and lets the rest of the batch through', async () => {
  await ask(QUESTIONS.realmApply, { document: written() });
  await app.close();
  await publish(ada({ tenant: 'nobody' }));
  await publish(ada({ employeeId: '110', fields: { firstName: 'a character that PostgreSQL refuses: \u0000' } }));
  await publish(ada());
  app = await start();
  await decided('the decision beside it', () => true);
  const dead = subjects.dead(STREAMS.employees, 'realm-policy-shared');
  expect(await eventually('a dead letter', () => lastOf(STREAMS.dead, dead))).toMatchObject({
    subject: subjects.employee('shared', 'nobody', '109'),
    error: expect.stringContaining('nobody has no realm here: apply its realm.yaml'),
  });
});

it('is ready, and says what it did in metrics', async () => {
  const { port } = app.getHttpServer().address() as { port: number };
  await ask(QUESTIONS.realmApply, { document: written() });
  await eventually('the realm', () => lastOf(STREAMS.realms, subjects.realm('acme')));
  await eventually('the row in the metrics', async () =>
    (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).includes('portico_relay_rows_total'),
  );
});

it('passes the faults of a realm on, each with its place', async () => {
  await expect(ask(QUESTIONS.realmApply, { document: { ...written(), pool: 'huge' } })).rejects.toMatchObject({
    code: 'invalid',
    faults: [{ path: 'pool', message: 'nobody serves the pool "huge": take one of shared, big' }],
  });
});
