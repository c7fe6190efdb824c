import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ServiceName } from '@portico/contracts';
import { describeTopology, migrateTopology, MIGRATE_USER, renderNatsUsers } from '@portico/messaging';
import { createService, loadConfig } from '@portico/service-kit';
import { testNats } from '@portico/testing';
import { AppModule } from '../src/app.module.js';
import { AdminConfig } from '../src/config.js';
import { serveApiDescription } from '../src/http/openapi.js';
import { schemas } from '../src/http/schemas.js';
import { stubService } from './stub-services.js';

export const ADMIN = 'token-of-the-admin-of-acme';
export const VIEWER = 'token-of-a-viewer-of-acme';
export const PLATFORM = 'token-of-the-platform-team';
const TOKENS = `${ADMIN} acme admin Ada\n${VIEWER} acme viewer Vic\n${PLATFORM} * admin platform\n`;

const SERVICES: readonly ServiceName[] = ['realm-policy', 'bamboohr-ingestion', 'learnupon-provisioning'];
const topology = describeTopology({ pools: ['shared'] });
/** With users, so that what the admin API may not do does not work here either. */
const passwords = Object.fromEntries(topology.users.map(({ user }) => [user, `password-of-${user}`]));

const ajv = addFormats.default(new Ajv2020({ strict: false }));
ajv.addSchema({ $id: 'api', components: { schemas } });

/** The answer is as the API describes it. */
export const expectSchema = (name: keyof typeof schemas, value: unknown) => {
  const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
};

export const expectProblem = async (response: Response, status: number, detail: RegExp) => {
  const body = (await response.json()) as { detail: string; status: number };
  expect(body).toMatchObject({ status, detail: expect.stringMatching(detail) });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expectSchema('Problem', body);
  return body;
};

/** The admin API over HTTP, beside services that say what a test tells them to. */
export const openApiBench = async () => {
  const closing: (() => Promise<unknown>)[] = [];
  const server = await testNats({ config: renderNatsUsers(topology, passwords) });
  closing.unshift(() => server.close());
  const connectAs = async (user: string): Promise<NatsConnection> => {
    const pass = passwords[user]!;
    const connection = await connect({ servers: server.url, user, pass, inboxPrefix: `_INBOX_${user}` });
    closing.unshift(() => connection.close());
    return connection;
  };
  await migrateTopology(await connectAs(MIGRATE_USER), topology);
  const connections = Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [service, await connectAs(service)] as const)),
  ) as Record<ServiceName, NatsConnection>;

  const startApp = async () => {
    const tokensFile = join(mkdtempSync(join(tmpdir(), 'portico-admin-')), 'tokens');
    writeFileSync(tokensFile, TOKENS);
    const env = {
      NATS_URL: server.url,
      NATS_USER: 'admin-api',
      NATS_PASSWORD: passwords['admin-api'],
      TOKENS_FILE: tokensFile,
      ASK_TIMEOUT_MS: '1000',
      LOG_LEVEL: 'silent',
    };
    const app = await createService(AppModule.with(loadConfig(AdminConfig, env)));
    serveApiDescription(app);
    await app.listen(0, '127.0.0.1');
    return app;
  };
  const app = await startApp();
  closing.unshift(() => app.close());
  const base = await app.getUrl();

  const send = (method: string, path: string, token?: string, body?: unknown, more: Record<string, string> = {}) =>
    fetch(base + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  const stubs: { stop(): void }[] = [];
  return {
    base,
    connections,
    /** Another one beside it. */
    startApp,
    send,
    get: (path: string, token = ADMIN) => send('GET', path, token),
    /** Until the test ends. */
    stub: async (service: ServiceName, answers: Parameters<typeof stubService>[2]) => {
      const made = await stubService(connections[service], service, answers);
      stubs.push(made);
      return made;
    },
    stubs,
    endStubs: async () => {
      for (const made of stubs.splice(0)) made.stop();
      await Promise.all(Object.values(connections).map((connection) => connection.flush()));
    },
    close: async () => {
      for (const close of closing) await close();
    },
  };
};

export type ApiBench = Awaited<ReturnType<typeof openApiBench>>;
