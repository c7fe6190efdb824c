import { ask, openSandbox, user, type OpenSandbox } from './harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox({ employees: 30, portals: 3 });
});

const tell = (path: string, body: unknown, method = 'POST') => ask(`${box.sandbox.control}${path}`, { method, body });

describe('people', () => {
  test('are hired, renamed, moved, terminated, hired again and deleted', async () => {
    const { id } = await box.control('POST', '/hire', { firstName: 'Ada', lastName: 'Moss', department: 'Sales' });
    expect(await box.control('POST', `/people/${id}/rename`, { lastName: 'Moss-Hill' })).toMatchObject({
      id,
      lastName: 'Moss-Hill',
    });
    expect(await box.control('POST', `/people/${id}/move`, { department: 'Legal' })).toMatchObject({
      department: 'Legal',
    });
    expect(await box.control('POST', `/people/${id}/terminate`)).toMatchObject({
      status: 'Inactive',
      terminationDate: '2026-11-02',
    });
    expect(await box.control('POST', `/people/${id}/rehire`)).toMatchObject({
      status: 'Active',
      terminationDate: null,
    });
    expect(await box.control('DELETE', `/people/${id}`)).toEqual({ deleted: id });
    expect((await ask(`${box.sandbox.control}/people/${id}`)).status).toBe(404);
  });

  test('whoever is made up gets an address of their own', async () => {
    const address = 'ada.moss@acme.example';
    await box.control('POST', '/hire', { firstName: 'Eve', workEmail: address });
    const ada = await box.control('POST', '/hire', { firstName: 'Ada', lastName: 'Moss' });
    expect(ada.workEmail).toMatch(/^ada\.moss\d+@acme\.example$/);
    expect((await tell('/hire', { workEmail: address })).status).toBe(409);
  });

  test.each([
    ['/hire', { firstname: 'Ada' }, 400],
    ['/hire', { firstName: '' }, 400],
    ['/hire', { hireDate: 'tomorrow' }, 400],
    ['/hire', { managerId: '9999' }, 404],
    ['/hire', '[]', 400],
    ['/people/1/move', {}, 400],
    ['/people/x/move', { department: 'Sales' }, 400],
    ['/people/9999/terminate', {}, 404],
    ['/people/1/rehire', {}, 409],
    ['/clock', { now: '2020-01-01T00:00:00Z' }, 400],
    ['/clock', { advance: '-P1D' }, 400],
    ['/clock', {}, 400],
    ['/switches', { listLagSeconds: -1 }, 400],
    ['/switches', { nonsense: true }, 400],
    ['/faults', { target: 'nobody', kind: 'latency' }, 400],
    ['/faults', { target: 'academy', kind: 'rain' }, 400],
    ['/faults', { target: 'academy', kind: 'latency', rate: 2 }, 400],
    ['/faults', { target: 'bamboohr', kind: 'hide-field' }, 400],
    ['/mailbox/1/accept', {}, 400],
    ['/accounts', { portal: 'nobody', email: 'a@x.test' }, 400],
    ['/nonsense', {}, 404],
    ['/people', {}, 405],
  ])('POST %s %j is a %d that says why', async (path, body, status) => {
    const reply = await tell(path, body);
    expect([reply.status, typeof reply.json.error]).toEqual([status, 'string']);
  });
});

describe('portals', () => {
  test('shows all accounts and invites, made by hand and through the API', async () => {
    const academy = box.portal('academy');
    await academy('POST', '/users', user('ada@x.test'));
    await academy('POST', '/group_invites', { GroupInvite: { email_addresses: 'tom@x.test' } });
    await box.control('POST', '/accounts', { portal: 'sales', email: 'eve@x.test', userType: 'manager' });
    const { accounts, invites } = await box.control('GET', '/accounts');
    expect(accounts.map(({ portal, email, origin }: Record<string, string>) => [portal, email, origin])).toEqual([
      ['academy', 'lms.admin@acme.example', 'hand'],
      ['academy', 'ada@x.test', 'create'],
      ['sales', 'eve@x.test', 'hand'],
    ]);
    expect(invites).toMatchObject([{ portal: 'academy', email: 'tom@x.test', status: 'sent' }]);
    expect((await box.control('GET', '/accounts?email=ADA@x.test')).accounts).toHaveLength(1);
    const { id } = accounts[2];
    expect(await box.control('POST', `/accounts/sales/${id}`, { firstName: 'Evi', enabled: false })).toMatchObject({
      firstName: 'Evi',
      enabled: false,
    });
    await box.control('DELETE', `/accounts/sales/${id}`);
    expect((await box.control('GET', '/accounts?portal=sales')).accounts).toEqual([]);
  });

  test('shows people and their accounts side by side, and accounts of nobody', async () => {
    const ada = await box.control('POST', '/hire', { firstName: 'Ada', lastName: 'Moss' });
    await box.portal('academy')('POST', '/users', user(ada.workEmail));
    await box.portal('sales')('POST', '/group_invites', { GroupInvite: { email_addresses: ada.workEmail } });
    await box.control('POST', '/accounts', { portal: 'sales', email: 'contractor@other.test' });
    const { total, people, strangers, portals } = await box.control('GET', '/overview?q=ada+moss');
    expect([total, portals.length]).toEqual([1, 3]);
    expect(people).toMatchObject([
      {
        person: { id: ada.id },
        accounts: [{ portal: 'academy', enabled: true }],
        invites: [{ portal: 'sales', status: 'sent' }],
      },
    ]);
    expect(strangers.map(({ email }: { email: string }) => email)).toEqual([
      'lms.admin@acme.example',
      'contractor@other.test',
    ]);
  });

  test('a key that lost its rights is told so, in the vendor’s words', async () => {
    await box.control('POST', '/faults', { target: 'academy', kind: 'forbid', path: '/users' });
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'forbid', count: 1 });
    const reply = await box.portal('academy')('GET', '/users');
    expect([reply.status, reply.json.response_type]).toEqual([401, 'ERROR']);
    expect((await box.portal('academy')('GET', '/groups')).status).toBe(200);
    expect((await box.bamboo('/v1/meta/fields')).status).toBe(403);
    expect((await box.bamboo('/v1/meta/fields')).status).toBe(200);
  });

  test('the mailbox has links that work', async () => {
    await box.portal('sales')('POST', '/group_invites', { GroupInvite: { email_addresses: 'tom@x.test' } });
    const [mail] = (await box.control('GET', '/mailbox?to=tom@x.test&portal=sales')).mails;
    expect(mail).toMatchObject({ to: 'tom@x.test', portal: 'sales', status: 'sent' });
    expect((await ask(mail.acceptUrl, { method: 'POST' })).status).toBe(200);
    expect((await box.control('GET', '/mailbox')).mails[0].status).toBe('accepted');
  });

  test('counts calls by portal and kind', async () => {
    await box.portal('academy')('POST', '/users', user('ada@x.test'));
    await box.portal('academy')('POST', '/users', user('ada@x.test'));
    await box.portal('sales')('GET', '/users');
    await box.report(['firstName']);
    const { bamboohr, portals } = await box.control('GET', '/calls');
    expect(bamboohr).toMatchObject({ reads: 1, writes: 0 });
    expect(portals.academy).toMatchObject({ writes: 2, reads: 0, refused: 1, byCall: { 'POST /users': 2 } });
    expect(portals.sales).toMatchObject({ reads: 1 });
    expect((await box.control('DELETE', '/calls')).portals.academy.writes).toBe(0);
  });
});

test('faults are listed, counted down and taken back', async () => {
  const { id } = await box.control('POST', '/faults', { target: '*', kind: 'latency', ms: 1, count: 2 });
  await box.portal('sales')('GET', '/users');
  expect((await box.control('GET', '/faults')).faults).toMatchObject([{ id, left: 1 }]);
  await box.control('DELETE', `/faults/${id}`);
  expect((await box.control('GET', '/faults')).faults).toEqual([]);
});

test.each([{ directory: 'bogus' }, { afterCalls: -1 }, { hiddenEmployees: ['x'] }, { employeeId: 'x' }])(
  'a key that is asked for wrongly (%j) is not made',
  async (wrong) => {
    const before = await box.control('GET', '/bamboohr/keys');
    expect((await tell('/bamboohr/keys', wrong)).status).toBe(400);
    expect(await box.control('GET', '/bamboohr/keys')).toEqual(before);
  },
);

test('a key that is changed wrongly stays as it was', async () => {
  const { id } = await box.control('POST', '/bamboohr/keys', {});
  const before = await box.control('GET', '/bamboohr/keys');
  expect((await tell(`/bamboohr/keys/${id}`, { readOnly: true, enabled: false, afterCalls: -1 })).status).toBe(400);
  expect(await box.control('GET', '/bamboohr/keys')).toEqual(before);
});
