import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  EmployeeChangedV1,
  EVENT_TYPES,
  fromHeaders,
  parseContract,
  QUESTIONS,
  stateEventId,
  STREAMS,
  subjects,
  toHeaders,
  type RealmChangedV1,
  type SourceRunAnswer,
  type SourceStatusAnswer,
} from '@portico/contracts';
import { askQuestion, connectNats, describeTopology, migrateTopology } from '@portico/messaging';
import { startSandbox, type Sandbox } from '@portico/sandbox';
import { createService, loadConfig } from '@portico/service-kit';
import { eventually, testNats } from '@portico/testing';
import { headers } from '@nats-io/transport-node';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule, IngestionConfig, prepareTransports } from '../src/index.js';
import { openDatabase, realmOf } from './fixtures.js';

const caller = { tenant: 'acme', role: 'admin', name: 'test' } as const;

let sandbox: Sandbox;
let nats: Awaited<ReturnType<typeof testNats>>;
let database: Awaited<ReturnType<typeof openDatabase>>;
let connection: NatsConnection;
let secretsDir: string;
let app: Awaited<ReturnType<typeof startApp>>;

const startApp = async () => {
  const config = loadConfig(IngestionConfig, {
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    SECRETS_DIR: secretsDir,
    CLOCK_URL: `${sandbox.control}/clock`,
    LOG_LEVEL: 'silent',
    POOLS: 'shared,big',
  });
  const service = await createService(AppModule.with(config));
  prepareTransports(service);
  await service.startAllMicroservices();
  await service.listen(0, '127.0.0.1');
  return service;
};

const control = async (method: string, path: string, body: object = {}): Promise<Record<string, string>> => {
  const init = method === 'GET' ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${sandbox.control}${path}`, { method, ...init });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return (await response.json()) as Record<string, string>;
};

const publishRealm = async (part: Partial<RealmChangedV1>) => {
  const { company, url: baseUrl } = sandbox.bamboohr;
  const realm = realmOf(part, { company, baseUrl, pollSeconds: 1 });
  const subject = subjects.realm(realm.tenant);
  const carried = headers();
  const event = {
    id: stateEventId(subject, realm.revision),
    type: EVENT_TYPES.realmChanged,
    source: 'realm-policy',
    time: realm.changedAt,
    revision: realm.revision,
  };
  for (const [name, value] of Object.entries(toHeaders(event))) carried.set(name, value);
  await jetstream(connection).publish(subject, JSON.stringify(realm), { headers: carried });
};

/** The last message of an employee's subject, read as a consumer would. */
const lastEvent = async (employeeId: string, pool = 'shared'): Promise<EmployeeChangedV1 | undefined> => {
  const jsm = await jetstreamManager(connection);
  const message = await jsm.direct.getMessage(STREAMS.employees, {
    last_by_subj: subjects.employee(pool, 'acme', employeeId),
  });
  if (message === null) return undefined;
  const event = parseContract(EmployeeChangedV1, message.json());
  expect(fromHeaders((name) => message.header.get(name)).revision).toBe(event.revision);
  return event;
};
const employeeBecomes = (id: string, what: string, is: (event: EmployeeChangedV1) => boolean, pool?: string) =>
  eventually(
    `${what} on the stream`,
    async () => {
      const event = await lastEvent(id, pool);
      return event !== undefined && is(event) && event;
    },
    { timeoutMs: 20_000 },
  );

const messagesIn = async (stream: string) => (await (await jetstreamManager(connection)).streams.info(stream)).state;

beforeAll(async () => {
  [sandbox, nats, database, secretsDir] = await Promise.all([
    startSandbox({ employees: 30, portals: 1, seed: 3 }),
    testNats(),
    openDatabase(),
    mkdtemp(join(tmpdir(), 'portico-secrets-')),
  ]);
  await mkdir(join(secretsDir, 'acme-bamboohr'));
  await writeFile(join(secretsDir, 'acme-bamboohr', 'apiKey'), sandbox.bamboohr.apiKey);
  connection = await connectNats({ url: nats.url, name: 'test' });
  await migrateTopology(connection, describeTopology({ pools: ['shared', 'big'] }));
  app = await startApp();
  await publishRealm({ revision: 1 });
});

afterAll(async () => {
  await app.close();
  await connection.close();
  await Promise.all([nats.close(), database.close(), sandbox.stop(), rm(secretsDir, { recursive: true })]);
});

test('a realm that arrives is read, and everyone is on the stream', async () => {
  await eventually('30 employees on the stream', async () => (await messagesIn(STREAMS.employees)).num_subjects === 30);
  await eventually('the certificate', async () => (await messagesIn(STREAMS.operations)).messages === 1);
});

test('what happens in BambooHR is on the stream shortly after', async () => {
  const leaver = await lastAtWork();
  const hired = await control('POST', '/hire', { firstName: 'Nova' });
  await control('POST', `/people/${leaver}/terminate`);
  const id = hired['id'] ?? '';
  const joined = await employeeBecomes(id, 'the hire', ({ change }) => change === 'joiner');
  expect(joined.fields).toMatchObject({ firstName: 'Nova', lastName: hired['lastName'] });
  await employeeBecomes(leaver, 'the departure', ({ employment }) => employment.state === 'left');
  await control('POST', `/people/${id}/rename`, { firstName: 'Vega' });
  await employeeBecomes(id, 'the name', ({ fields }) => fields['firstName'] === 'Vega');
  await control('DELETE', `/people/${id}`);
  await employeeBecomes(id, 'the deletion', ({ employment }) => employment.evidence === 'deleted-and-404');
});

const lastAtWork = async (): Promise<string> => {
  const { people } = (await control('GET', '/people')) as unknown as { people: { id: string; status: string }[] };
  return people.filter(({ status }) => status === 'Active').at(-1)?.id ?? '';
};

test('answers what the admin asks', async () => {
  const { runId } = await askQuestion<SourceRunAnswer>(connection, QUESTIONS.sourceRun, {
    caller,
    body: { kind: 'full' },
  });
  const { employees, unpublished } = await eventually('the run', async () => {
    const status = await askQuestion<SourceStatusAnswer>(connection, QUESTIONS.sourceStatus, { caller, body: {} });
    return status.reads.some(({ id, state }) => id === runId && state === 'certified') && status;
  });
  expect([employees, unpublished]).toEqual([31, 0]);
  const viewer = { ...caller, role: 'viewer' } as const;
  await expect(
    askQuestion(connection, QUESTIONS.sourceRun, { caller: viewer, body: { kind: 'full' } }),
  ).rejects.toMatchObject({ code: 'forbidden' });
});

test('a worker that is replaced goes on where the other one stopped', async () => {
  const id = await lastAtWork();
  await app.close();
  await control('POST', `/people/${id}/move`, { department: 'Moonbase' });
  app = await startApp();
  await employeeBecomes(id, 'the move', ({ fields }) => fields['department'] === 'Moonbase');
});

test('a move between pools publishes everyone under the new subject', async () => {
  const id = await lastAtWork();
  await publishRealm({ revision: 2, pool: 'big' });
  await employeeBecomes(id, 'the new pool', ({ employment }) => employment.state === 'employed', 'big');
  await eventually('the subjects in the pool that was left to be purged', async () => !(await lastEvent(id)), {
    timeoutMs: 20_000,
  });
  await control('POST', `/people/${id}/rename`, { firstName: 'Lyra' });
  await employeeBecomes(id, 'the name', ({ fields }) => fields['firstName'] === 'Lyra', 'big');
  expect((await lastEvent(id, 'shared'))?.fields['firstName']).not.toBe('Lyra');
});

test('says that it is ready, and what it counts', async () => {
  const ready = await app.inject({ method: 'GET', url: '/readyz' });
  expect(ready.json()).toMatchObject({ details: { database: { status: 'up' }, nats: { status: 'up' } } });
  const metrics = await app.inject({ method: 'GET', url: '/metrics' });
  expect(metrics.body).toContain('portico_reads_total');
  expect(metrics.body).toMatch(/portico_tenants{pool="big",.*} 1/);
  expect(metrics.body).toMatch(/portico_reads_due{pool="shared",.*} 0/);
  expect(metrics.body).toMatch(/portico_read_overdue_seconds{tenant=".*} \d/);
  expect(metrics.body).toMatch(/portico_messages_lag{consumer="bamboohr-ingestion",.*} 0/);
  expect(metrics.body).toMatch(/portico_metrics_stale_total{.*} 0/);
});
