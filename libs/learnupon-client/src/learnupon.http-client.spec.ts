import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLearnUponClient, type LearnUponCall, type LearnUponClient, LearnUponError } from './index.js';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Answer = (response: ServerResponse) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

let server: Server;
let answer: Answer;
let seen: Seen[];
let calls: LearnUponCall[];
let client: LearnUponClient;

const respond = async (request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { method = '', url = '', headers } = request;
  seen.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
  answer(response);
};

beforeEach(async () => {
  seen = [];
  calls = [];
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  client = createLearnUponClient({
    baseUrl: `http://127.0.0.1:${port}/academy`,
    username: 'key',
    password: 'secret',
    timeoutMs: 400,
    onCall: (call) => calls.push(call),
  });
});

afterEach(async () => {
  server.closeAllConnections();
  await client.close();
  await new Promise((closed) => server.close(closed));
});

const failure = async (work: Promise<unknown>): Promise<LearnUponError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LearnUponError);
  return error as LearnUponError;
};

const newUser = { email: 'ada@acme.example', password: 'x'.repeat(32), firstName: 'Ada', lastName: 'Moss' };

const wireUser = {
  id: 991,
  first_name: 'Ada',
  last_name: 'Moss',
  email: 'Ada@acme.example',
  username: '',
  locale: 'en_gb',
  enabled: 'true',
  user_type: 'learner',
  account_expires: null,
  CustomData: { hire_date: '2026-01-01', 'Is Supervisor': true },
  customDataFieldValues: [{ definition_id: 231, value: 'Sales' }],
  sign_in_count: 3,
  created_at: '2026-01-02T03:04:05Z',
};

describe('reading accounts', () => {
  it.each(['customDataFieldDefinitions', 'customDataFieldDefintions'])(
    'takes %s and the singular envelope',
    async (key) => {
      answer = json(
        200,
        { [key]: [{ id: 231, label: 'Cost Centre' }], user: [wireUser] },
        { 'LU-Has-Next-Page': 'true' },
      );
      expect(await client.listUsers(2)).toEqual({
        hasNext: true,
        customFields: [{ label: 'costcentre', type: 'string' }],
        users: [
          {
            id: '991',
            email: 'Ada@acme.example',
            username: null,
            firstName: 'Ada',
            lastName: 'Moss',
            language: 'en_gb',
            enabled: true,
            userType: 'learner',
            accountExpires: null,
            customData: { hiredate: '2026-01-01', issupervisor: '1', costcentre: 'Sales' },
            createdAt: '2026-01-02T03:04:05Z',
            signInCount: 3,
          },
        ],
      });
      expect(seen[0]).toMatchObject({ method: 'GET', url: '/academy/api/v1/users?page=2&version_id=1.2' });
      expect(seen[0]?.headers).toMatchObject({ accept: 'application/json', authorization: 'Basic a2V5OnNlY3JldA==' });
      expect(seen[0]?.headers).not.toHaveProperty('content-type');
    },
  );

  it('never takes a full page without paging headers for the last one', async () => {
    answer = json(200, { user: Array.from({ length: 500 }, () => wireUser) });
    expect((await client.listUsers(1)).hasNext).toBe(true);
    answer = json(200, { user: [wireUser] });
    expect((await client.listUsers(1)).hasNext).toBe(false);
  });

  it('looks again at each row of a search, since an unknown parameter is ignored', async () => {
    answer = json(200, { user: [{ ...wireUser, id: 1, email: 'other@acme.example' }, wireUser] });
    expect(await client.findUser({ email: 'ada@ACME.example' })).toMatchObject({ id: '991' });
    expect(await client.findUser({ username: 'ada' })).toBeUndefined();
  });

  it('has nothing for a 404', async () => {
    answer = json(404, { response_type: 'ERROR', response_code: 404, message: 'User not found' });
    expect(await client.findUser({ email: 'nobody@acme.example' })).toBeUndefined();
    expect(await client.getUser('7')).toBeUndefined();
  });
});

describe('writing', () => {
  it('wraps, writes the language, leaves out what is empty, and needs no Accept', async () => {
    answer = json(200, { id: 991 });
    const user = { ...newUser, username: null, language: 'fr', customData: { 'Hire Date': '2026-01-01', Team: null } };
    expect(await client.createUser(user)).toEqual({ id: '991' });
    expect(seen[0]?.body).toEqual({
      User: {
        email: 'ada@acme.example',
        password: newUser.password,
        first_name: 'Ada',
        last_name: 'Moss',
        language: 'fr',
        enabled: true,
        user_type: 'learner',
        CustomData: { 'Hire Date': '2026-01-01' },
      },
    });
    expect(seen[0]?.headers).not.toHaveProperty('accept');
  });

  it('sends of a patch what changes, and empties with an empty text', async () => {
    answer = json(200, { id: 991 });
    await client.updateUser('991', { enabled: true, accountExpires: null, customData: { Team: null } });
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url: '/academy/api/v1/users/991',
      body: { User: { enabled: true, account_expires: '', CustomData: { Team: '' } } },
    });
  });

  it('invites by the endpoint whose effect can be read back', async () => {
    answer = json(200, { group_invites: [{ id: 5, invite_email_address: 'ada@acme.example' }] });
    expect(await client.createInvite({ email: 'ada@acme.example', firstName: 'Ada', lastName: 'Moss' })).toEqual({
      id: '5',
    });
    const invite = { id: 5, invite_email_address: 'ada@acme.example', invite_status: 'sent', accept_url: '/accept/5' };
    answer = json(200, { group_invite: [invite] });
    const { invites } = await client.listInvites(1);
    expect(invites[0]).toMatchObject({
      id: '5',
      status: 'sent',
      acceptUrl: expect.stringMatching(/^http:.*\/accept\/5$/),
    });
  });

  it('takes an invite that is gone for a cancelled one', async () => {
    answer = json(404, { error: 'not found' });
    await expect(client.cancelInvite('5')).resolves.toBeUndefined();
  });
});

describe('a failure', () => {
  const error = (message: string) => ({ response_type: 'ERROR', response_code: 1, message });
  it.each([
    [400, error('user already exists, you can try to invite them to this portal?'), 'exists-in-realm', false],
    [400, error('Email has already been taken'), 'exists', false],
    [422, { error: 'ada@acme.example has already been invited' }, 'duplicate-invite', false],
    [400, error('No licenses left'), 'licences-full', false],
    [400, error('User is already a member of this portal'), 'exists', false],
    [400, error('User is a top-level administrator and cannot be added to this portal'), 'top-level-admin', false],
    [404, error('Invalid user parameters provided'), 'invalid', false],
    [401, {}, 'unauthorised', false],
    [403, { error: 'feature_not_enabled' }, 'forbidden', false],
    [429, {}, 'rate-limited', false],
    [500, {}, 'failed', true],
    [503, {}, 'failed', true],
    [200, error('user already exists, you can try to invite them to this portal?'), 'exists-in-realm', false],
    [200, {}, 'malformed', true],
  ])('%i %j of a write is %s; may have happened: %s', async (status, body, code, mayHaveHappened) => {
    answer = json(status, body);
    expect(await failure(client.createUser(newUser))).toMatchObject({ code, mayHaveHappened });
  });

  it('says how long to wait, where LearnUpon does', async () => {
    answer = json(429, {}, { 'retry-after': '7' });
    expect(await failure(client.createUser(newUser))).toMatchObject({ kind: 'retry-after', retryAfterMs: 7000 });
  });

  it('is in doubt when the connection breaks or time runs out after sending, for a write only', async () => {
    answer = (response) => response.destroy();
    expect(await failure(client.createUser(newUser))).toMatchObject({ code: 'unreachable', mayHaveHappened: true });
    expect(await failure(client.listUsers(1))).toMatchObject({ code: 'unreachable', mayHaveHappened: false });
    answer = () => undefined;
    expect(await failure(client.createUser(newUser))).toMatchObject({ code: 'timeout', mayHaveHappened: true });
  });

  it('did not happen when nobody listens', async () => {
    await new Promise((closed) => server.close(closed));
    expect(await failure(client.createUser(newUser))).toMatchObject({ code: 'unreachable', mayHaveHappened: false });
    server.listen(0);
  });

  it('names no e-mail address', async () => {
    answer = json(422, { error: '"ada@acme.example" has already been invited' });
    expect((await failure(client.createUser(newUser))).message).not.toContain('ada@');
  });
});

it('reports each call with what is left of the rate', async () => {
  answer = json(200, { user: [] }, { 'X-LU-Rate-Limit-Remaining-Minute': '299', 'X-Request-Id': 'r1' });
  await client.listUsers(1);
  answer = json(500, {});
  await failure(client.createUser(newUser));
  expect(calls).toMatchObject([
    { method: 'GET', route: '/users', status: 200, budget: { remainingMinute: 299 }, requestId: 'r1' },
    { method: 'POST', route: '/users', status: 500, budget: {} },
  ]);
});
