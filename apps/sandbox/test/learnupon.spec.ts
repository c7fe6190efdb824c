import { ask, basic, openSandbox, user, type OpenSandbox } from './harness.js';

/** A realm of a top-level portal and two sub-portals, the last with usernames. */
const PORTALS = [
  {
    portal: 'academy',
    title: 'Acme Academy',
    customFields: [
      { label: 'Department' },
      { label: 'Hire Date', type: 'date' as const },
      { label: 'Level', type: 'integer' as const },
      { label: 'Shirt', type: 'string-choice' as const, choices: ['S', 'M'] },
    ],
  },
  { portal: 'sales', title: 'Acme Sales', customFields: [{ label: 'Department' }] },
  { portal: 'retail', title: 'Acme Retail', identifier: 'username' as const },
];

const EXISTS = 'user already exists, you can try to invite them to this portal?';

let box: OpenSandbox;
let academy: ReturnType<OpenSandbox['portal']>;
let sales: ReturnType<OpenSandbox['portal']>;
let retail: ReturnType<OpenSandbox['portal']>;

const open = async (options: Parameters<typeof openSandbox>[0] = {}): Promise<void> => {
  box = await openSandbox({ portals: PORTALS, ...options });
  [academy, sales, retail] = [box.portal('academy'), box.portal('sales'), box.portal('retail')];
};

const switchTo = (switches: object) => box.control('POST', '/switches', switches);
const emails = (reply: { json: { user: { email: string }[] } }): string[] => reply.json.user.map(({ email }) => email);
const created = async (call: typeof academy, email: string, more: object = {}): Promise<number> =>
  (await call('POST', '/users', user(email, more))).json.id as number;
const invited = async (call: typeof academy, email: string, more: object = {}): Promise<number> =>
  (await call('POST', '/group_invites', { GroupInvite: { email_addresses: email, ...more } })).json.group_invites[0]
    .id as number;
const accept = (id: number) => ask(`${box.sandbox.control}/mailbox/${id}/accept`, { method: 'POST' });

beforeEach(() => open());

describe('who may ask, and how', () => {
  test('the keys are the portal’s own', async () => {
    const [{ username, password } = { username: '', password: '' }] = box.sandbox.learnupon;
    const reply = await sales('GET', '/users', undefined, { authorization: basic(username, password) });
    expect([reply.status, reply.json.response_type]).toEqual([401, 'ERROR']);
    expect((await academy('GET', '/users', undefined, { authorization: '' })).status).toBe(401);
  });

  test('by host as by path', async () => {
    const [top] = box.sandbox.learnupon;
    const authorization = basic(top?.username ?? '', top?.password ?? '');
    const headers = { authorization, host: 'academy.learnupon.com' };
    expect((await ask(`${box.sandbox.url}/api/v1/users/`, { headers })).status).toBe(200);
  });

  test.each([
    ['GET', '/courses/5', 404],
    ['GET', '/nonsense', 401],
    ['POST', '/users/5', 404],
  ])('%s %s: %d', async (method, path, status) => {
    expect((await academy(method, path)).status).toBe(status);
  });

  test('a body that is no JSON, and a GET that says it sends some', async () => {
    const answer = { error: 'There was a problem in the JSON you submitted.' };
    const post = await academy('POST', '/users', '{"User":');
    expect([post.status, post.json]).toEqual([400, answer]);
    const get = await academy('GET', '/users', undefined, { 'content-type': 'application/json' });
    expect([get.status, get.json]).toEqual([400, answer]);
    await switchTo({ getWithJsonContentType: 'accept' });
    expect((await academy('GET', '/users', undefined, { 'content-type': 'application/json' })).status).toBe(200);
  });

  test('bodies without their envelope', async () => {
    for (const [method, path, body] of [
      ['POST', '/users', user('ada@x.test').User],
      ['PUT', '/users/5', { enabled: false }],
    ] as const) {
      const reply = await academy(method, path, body);
      expect([reply.status, reply.json.message]).toEqual([404, 'Invalid user parameters provided']);
    }
    expect((await academy('POST', '/group_invites', { email_addresses: 'a@x.test' })).status).toBe(404);
    expect((await academy('POST', '/portal_invite', { email: 'a@x.test' })).status).toBe(404);
  });

  test('a wrapped PATCH says ok and does nothing', async () => {
    const id = await created(academy, 'ada@x.test');
    const reply = await academy('PATCH', `/users/${id}`, { User: { enabled: false } });
    expect([reply.status, reply.json]).toEqual([200, { success: 'ok' }]);
    expect((await academy('GET', `/users/${id}`)).json.user[0].enabled).toBe(true);
  });
});

describe('create', () => {
  test('needs the identifier and a password of six', async () => {
    for (const bad of [
      { email: '' },
      { email: 'nobody' },
      { password: undefined },
      { password: '12345' },
      { user_type: 'boss' },
    ]) {
      const reply = await academy('POST', '/users', user('ada@x.test', bad));
      expect([reply.status, reply.json.response_type, reply.json.response_code]).toEqual([400, 'ERROR', 400]);
    }
    expect((await academy('POST', '/users', user('ada@x.test'))).json).toEqual({ id: expect.any(Number) });
  });

  test('twice in one portal is refused, whatever the case of the letters', async () => {
    await created(academy, 'ada@x.test');
    const again = await academy('POST', '/users', user('Ada@X.test'));
    expect([again.status, again.json.message]).toEqual([400, 'Email has already been taken']);
    await switchTo({ emailCaseSensitive: true });
    expect((await academy('POST', '/users', user('Ada@X.test'))).status).toBe(200);
  });

  test('an identifier known in the realm: the message, or with the switch an account of its own there', async () => {
    const id = await created(academy, 'ada@x.test');
    const refused = await sales('POST', '/users', user('ada@x.test'));
    expect([refused.status, refused.json.message]).toEqual([400, EXISTS]);
    for (const refusalStatus of [422, 200]) {
      await switchTo({ refusalStatus });
      const reply = await sales('POST', '/users', user('ada@x.test'));
      expect([reply.status, reply.json.response_type]).toEqual([refusalStatus, 'ERROR']);
    }
    await switchTo({ allowUserCreationIfUserAlreadyExists: true });
    const there = await created(sales, 'ada@x.test', { first_name: 'Adele' });
    expect(there).not.toBe(id);
    expect((await sales('GET', `/users/${there}`)).json.user[0].first_name).toBe('Ada');
  });

  test('names of a known person: kept or overwritten, by switch', async () => {
    await switchTo({ allowUserCreationIfUserAlreadyExists: true, createOnKnownPerson: 'overwrite' });
    const id = await created(academy, 'ada@x.test');
    await created(sales, 'ada@x.test', { first_name: 'Adele' });
    expect((await academy('GET', `/users/${id}`)).json.user[0].first_name).toBe('Adele');
  });

  test('a top-level admin cannot be added to a sub-portal', async () => {
    await switchTo({ allowUserCreationIfUserAlreadyExists: true });
    expect((await sales('POST', '/users', user('lms.admin@acme.example'))).json.message).toMatch(/top-level/);
    const invite = await sales('POST', '/group_invites', {
      GroupInvite: { email_addresses: 'lms.admin@acme.example' },
    });
    expect(invite.status).toBe(400);
  });

  test('full licences fail creates and acceptances, not invites', async () => {
    await box.control('POST', '/portals/sales', { licences: 1 });
    await created(sales, 'ada@x.test');
    expect((await sales('POST', '/users', user('tom@x.test'))).json.message).toMatch(/licenses/);
    const invite = await invited(sales, 'tom@x.test');
    expect((await accept(invite)).status).toBe(409);
    expect((await academy('GET', '/portals')).json.portals[0]).toMatchObject({
      number_licenses_purchased: 1,
      number_licenses_used: 1,
    });
    await box.control('POST', '/portals/sales', { licences: 2 });
    expect((await accept(invite)).status).toBe(200);
  });

  test('a portal with usernames wants one of 6 to 30 characters, and shows it', async () => {
    expect((await retail('POST', '/users', user('ada@x.test'))).json.message).toBe("Username can't be blank");
    expect((await retail('POST', '/users', user('ada@x.test', { username: '123' }))).json.message).toBe(
      'Username is invalid',
    );
    const id = await created(retail, '', { username: 'emp-004417' });
    expect((await retail('GET', `/users/${id}`)).json.user[0]).toMatchObject({ username: 'emp-004417', email: null });
    expect((await retail('GET', '/users/search?username=EMP-004417')).status).toBe(200);
    const here = await created(academy, 'tom@x.test', { username: 'ignored-here' });
    expect((await academy('GET', `/users/${here}`)).json.user[0]).not.toHaveProperty('username');
  });

  test('one number in all portals, by switch', async () => {
    await switchTo({ allowUserCreationIfUserAlreadyExists: true, userIds: 'per-person' });
    expect(await created(academy, 'ada@x.test')).toBe(await created(sales, 'ada@x.test'));
  });
});

describe('read', () => {
  test('500 a page, headers, the definitions first under the misspelt key', async () => {
    for (let index = 0; index < 500; index += 1) await created(academy, `u${index}@x.test`);
    const first = await academy('GET', '/users');
    expect(first.headers).toMatchObject({
      'lu-current-page': '1',
      'lu-records-per-page': '500',
      'lu-has-next-page': 'true',
    });
    expect(Object.keys(first.json)).toEqual(['customDataFieldDefintions', 'user']);
    expect(first.json.user).toHaveLength(500);
    const second = await academy('GET', '/users?page=2&per_page=3');
    expect(second.headers['lu-has-next-page']).toBe('false');
    expect(emails(second)).toEqual(['u499@x.test']);
    // A row before the page goes: the rest moves up, and a reader of page 2 misses somebody.
    await academy('DELETE', `/users/${first.json.user[0].id as number}`);
    expect(emails(await academy('GET', '/users?page=2'))).toEqual([]);
    expect((await academy('GET', '/users?page=9')).json.user).toEqual([]);
  });

  test.each([
    ['', []],
    ['?version_id=1.1', ['updated_at']],
    ['?version_id=1.2', ['updated_at', 'timezone_id']],
  ])('version_id "%s" adds %j', async (query, added) => {
    const [row] = (await academy('GET', `/users${query}`)).json.user as [object];
    expect(Object.keys(row).filter((key) => ['updated_at', 'timezone_id'].includes(key))).toEqual(added);
  });

  test('unknown parameters are ignored; login_enabled filters', async () => {
    await created(academy, 'ada@x.test', { enabled: false });
    expect((await academy('GET', '/users?group_id=5&email=none')).json.user).toHaveLength(2);
    expect(emails(await academy('GET', '/users?login_enabled=false'))).toEqual(['ada@x.test']);
    expect((await academy('GET', '/users/search?user_id=5')).json.user).toHaveLength(2);
  });

  test('search finds by e-mail; a miss is a 404 with an error body', async () => {
    await created(academy, 'ada@x.test');
    expect(emails(await academy('GET', '/users/search?email=ADA%40x.test'))).toEqual(['ada@x.test']);
    for (const path of ['/users/search?email=tom%40x.test', '/users/77', '/users/none']) {
      const miss = await academy('GET', path);
      expect([miss.status, miss.json.response_type]).toEqual([404, 'ERROR']);
    }
  });

  test('written as language, read as locale', async () => {
    const id = await created(academy, 'ada@x.test', { language: 'pt_br' });
    expect((await academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({ locale: 'pt_br' });
  });

  test('sub-portals hide top-level admins, unless the switch says otherwise', async () => {
    expect((await sales('GET', '/users')).json.user).toEqual([]);
    await switchTo({ topLevelAdminsHidden: false });
    expect((await sales('GET', '/users')).json.user).toMatchObject([{ user_type: 'admin' }]);
  });

  test('lists lag by switch, reads by id do not', async () => {
    await switchTo({ listLagSeconds: 30 });
    const id = await created(academy, 'ada@x.test');
    const invite = await invited(academy, 'tom@x.test');
    const listed = async () => [
      emails(await academy('GET', '/users')).includes('ada@x.test'),
      (await academy('GET', '/users/search?email=ada%40x.test')).status === 200,
      (await academy('GET', '/group_invites')).json.group_invite.some((row: { id: number }) => row.id === invite),
    ];
    expect(await listed()).toEqual([false, false, false]);
    expect((await academy('GET', `/users/${id}`)).status).toBe(200);
    await box.advance('PT31S');
    expect(await listed()).toEqual([true, true, true]);
  });
});

describe('custom user data', () => {
  const read = async (id: number) => (await academy('GET', `/users/${id}`)).json.user[0];

  test('written by label, loosely, or by definition id; read with normalised keys', async () => {
    const definitions = (await academy('GET', '/users/customuserdata')).json.customDataFieldDefinitions;
    expect(definitions).toMatchObject([
      { label: 'Department', type_id: 1 },
      { type_id: 7 },
      { type_id: 3 },
      { type_id: 4, predefined_values: 'S,M' },
    ]);
    const id = await created(academy, 'ada@x.test', {
      CustomData: { department: 'Sales', 'HIRE  DATE': '2026-02-01', Unknown: 'x' },
    });
    expect((await read(id)).CustomData).toEqual({ department: 'Sales', hire_date: '2026-02-01' });
    await academy('PUT', `/users/${id}`, {
      User: { CustomData: { use_definition_ids: 1, [definitions[0].id]: null, [definitions[2].id]: 4 } },
    });
    expect(await read(id)).toMatchObject({
      CustomData: { hire_date: '2026-02-01', level: '4' },
      customDataFieldValues: [
        { definition_id: definitions[1].id, value: '2026-02-01' },
        { definition_id: definitions[2].id },
      ],
    });
  });

  test('definitions have other ids in another portal', async () => {
    const idOf = async (call: typeof academy) =>
      (await call('GET', '/users/customuserdata')).json.customDataFieldDefinitions[0].id;
    expect(await idOf(academy)).not.toBe(await idOf(sales));
  });

  test.each([{ 'Hire Date': '02/01/2026' }, { 'Hire Date': '2026-02-30' }, { Level: 'four' }, { Shirt: 'XL' }])(
    '%j is refused or, by switch, ignored',
    async (CustomData) => {
      const reply = await academy('POST', '/users', user('ada@x.test', { CustomData }));
      expect([reply.status, reply.json.message]).toEqual([
        400,
        expect.stringContaining(Object.keys(CustomData)[0] ?? ''),
      ]);
      await switchTo({ badCustomValue: 'ignore' });
      expect((await read(await created(academy, 'ada@x.test', { CustomData }))).CustomData).toBeNull();
    },
  );

  test('is the portal’s own, names are the realm’s', async () => {
    await switchTo({ allowUserCreationIfUserAlreadyExists: true });
    const here = await created(academy, 'ada@x.test', { CustomData: { Department: 'Sales' } });
    const there = await created(sales, 'ada@x.test');
    await sales('PUT', `/users/${there}`, {
      User: { last_name: 'Hill', language: 'fr', CustomData: { Department: 'Legal' } },
    });
    expect(await read(here)).toMatchObject({ last_name: 'Hill', locale: 'fr', CustomData: { department: 'Sales' } });
  });
});

describe('update', () => {
  test('by number: what is sent is set, an e-mail too', async () => {
    const id = await created(academy, 'ada@x.test');
    expect(
      (await academy('PUT', `/users/${id}`, { User: { email: 'ada.hill@x.test', last_name: 'Hill' } })).json,
    ).toEqual({ id });
    expect((await academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({
      email: 'ada.hill@x.test',
      last_name: 'Hill',
      first_name: 'Ada',
    });
    expect((await academy('GET', '/users/search?email=ada%40x.test')).status).toBe(404);
    expect(emails(await academy('GET', '/users/search?email=ada.hill%40x.test'))).toEqual(['ada.hill@x.test']);
  });

  test('by 0: the body’s e-mail says who, new_email says what', async () => {
    const id = await created(academy, 'ada@x.test');
    expect(
      (await academy('PUT', '/users/0', { User: { email: 'ada@x.test', new_email: 'ada.hill@x.test' } })).json,
    ).toEqual({ id });
    expect((await academy('GET', `/users/${id}`)).json.user[0].email).toBe('ada.hill@x.test');
    expect((await academy('PUT', '/users/0', { User: { email: 'ada@x.test', enabled: false } })).status).toBe(404);
  });

  test('an e-mail of somebody else in the realm is refused, and nothing else is changed', async () => {
    const id = await created(academy, 'ada@x.test');
    await created(sales, 'tom@x.test');
    const reply = await academy('PUT', `/users/${id}`, { User: { email: 'tom@x.test', last_name: 'Hill' } });
    expect([reply.status, reply.json.message]).toEqual([400, 'Email has already been taken']);
    expect((await academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({
      email: 'ada@x.test',
      last_name: 'Moss',
    });
  });

  test.each([
    [true, 'ada.hill@x.test'],
    [false, 'ada@x.test'],
  ])('emailChangeRealmWide %s: the other portal shows %s', async (emailChangeRealmWide, expected) => {
    await switchTo({ allowUserCreationIfUserAlreadyExists: true, emailChangeRealmWide });
    const here = await created(academy, 'ada@x.test');
    await created(sales, 'ada@x.test');
    await academy('PUT', `/users/${here}`, { User: { email: 'ada.hill@x.test' } });
    expect(emails(await sales('GET', '/users'))).toEqual([expected]);
  });

  test('account_expires disables after its day until an admin enables again', async () => {
    const id = await created(academy, 'ada@x.test', { account_expires: '2026-11-03' });
    const enabled = async () => (await academy('GET', `/users/${id}`)).json.user[0].enabled;
    await box.control('POST', '/clock', { now: '2026-11-03T23:00:00Z' });
    expect(await enabled()).toBe(true);
    await box.advance('PT2H');
    expect(await enabled()).toBe(false);
    await academy('PUT', `/users/${id}`, { User: { enabled: true } });
    expect(await enabled()).toBe(true);
  });
});

describe('disable and delete', () => {
  const both = async (): Promise<[number, number]> => {
    await switchTo({ allowUserCreationIfUserAlreadyExists: true });
    return [await created(academy, 'ada@x.test'), await created(sales, 'ada@x.test')];
  };
  const enabledIn = async (call: typeof academy, id: number) =>
    (await call('GET', `/users/${id}`)).json.user[0].enabled;

  test('in the top-level portal reaches the sub-portals, unless the switch says otherwise', async () => {
    const [top, sub] = await both();
    await academy('PUT', `/users/${top}`, { User: { enabled: false } });
    expect(await enabledIn(sales, sub)).toBe(false);
    await academy('PUT', `/users/${top}`, { User: { enabled: 'true' } });
    expect(await enabledIn(sales, sub)).toBe(false);
    await sales('PUT', `/users/${sub}`, { User: { enabled: true } });
    await switchTo({ disableCascades: false });
    await academy('PUT', `/users/${top}`, { User: { enabled: false } });
    expect(await enabledIn(sales, sub)).toBe(true);
  });

  test('in a sub-portal leaves the top-level account alone', async () => {
    const [top, sub] = await both();
    await sales('PUT', `/users/${sub}`, { User: { enabled: false } });
    expect(await enabledIn(academy, top)).toBe(true);
    expect((await sales('DELETE', `/users/${sub}`)).json).toEqual({});
    expect((await academy('GET', `/users/${top}`)).status).toBe(200);
  });

  test('deleted in the top-level portal, the person is gone and the identifier free', async () => {
    const [top, sub] = await both();
    await academy('DELETE', `/users/${top}`);
    expect((await sales('GET', `/users/${sub}`)).status).toBe(404);
    await switchTo({ allowUserCreationIfUserAlreadyExists: false });
    expect((await sales('POST', '/users', user('ada@x.test'))).status).toBe(200);
  });
});

describe('invites', () => {
  const listed = async (call = academy) => (await call('GET', '/group_invites')).json.group_invite;

  test('a group invite: no user until the link is accepted, with the names of the invite', async () => {
    const id = await invited(sales, 'ada@x.test', { first_name: 'Ada', last_name: 'Moss' });
    const [invite] = await listed(sales);
    expect(invite).toMatchObject({
      id,
      invite_email_address: 'ada@x.test',
      invite_status: 'sent',
      group_id: null,
      accepted_at: null,
    });
    expect((await sales('GET', '/users/search?email=ada%40x.test')).status).toBe(404);
    const url = `${box.sandbox.learnupon[1]?.url}${invite.accept_url}`;
    expect((await ask(url)).text).toContain('<button>Accept</button>');
    expect((await ask(url, { method: 'POST' })).status).toBe(200);
    expect((await sales('GET', '/users/search?email=ada%40x.test')).json.user[0]).toMatchObject({
      first_name: 'Ada',
      user_type: 'learner',
    });
    expect((await listed(sales))[0]).toMatchObject({ invite_status: 'accepted', accepted_at: expect.any(String) });
    expect((await ask(url, { method: 'POST' })).status).toBe(422);
  });

  test('somebody known in the realm keeps their names', async () => {
    await created(academy, 'ada@x.test');
    await accept(await invited(sales, 'ada@x.test', { first_name: 'Adele' }));
    expect((await sales('GET', '/users')).json.user[0].first_name).toBe('Ada');
  });

  test('a duplicate is refused or, by switch, sent again', async () => {
    const id = await invited(academy, 'ada@x.test');
    const again = { GroupInvite: { email_addresses: 'Ada@x.test' } };
    const reply = await academy('POST', '/group_invites', again);
    expect([reply.status, reply.json.message]).toEqual([
      400,
      expect.stringMatching(/duplicate invite.*already been invited/i),
    ]);
    await switchTo({ duplicateGroupInvite: 'resend' });
    expect((await academy('POST', '/group_invites', again)).json.group_invites).toEqual([
      { id, invite_email_address: 'ada@x.test' },
    ]);
    expect(await listed()).toMatchObject([{ num_reminders_sent: 1 }]);
    expect((await box.control('GET', '/mailbox')).mails).toHaveLength(2);
  });

  test('of several addresses those that can be invited are', async () => {
    await invited(academy, 'ada@x.test');
    const reply = await academy('POST', '/group_invites', {
      GroupInvite: { email_addresses: 'ada@x.test, tom@x.test,nobody' },
    });
    expect(reply.json.group_invites.map((row: { invite_email_address: string }) => row.invite_email_address)).toEqual([
      'tom@x.test',
    ]);
  });

  test('a portal invite: listed or not, again or not, by switch', async () => {
    const invite = {
      Invite: { email: 'ada@x.test', portal_membership_type_id: 3, CustomData: { Department: 'Sales' } },
    };
    const reply = await academy('POST', '/portal_invite', invite);
    expect(reply.json).toEqual({ portal_invite: { id: expect.any(Number), email: 'ada@x.test' } });
    expect(await listed()).toMatchObject([{ user_type: 'instructor' }]);
    expect((await academy('POST', '/portal_invite', invite)).status).toBe(200);
    expect(await listed()).toHaveLength(2);
    await switchTo({ portalInvitesListed: false, duplicatePortalInvite: 'refuse' });
    expect(await listed()).toEqual([]);
    expect((await academy('POST', '/portal_invite', invite)).status).toBe(400);
    expect((await accept(reply.json.portal_invite.id)).json).toMatchObject({
      userType: 'instructor',
      customData: { Department: 'Sales' },
    });
  });

  test('cancelled, it can not be accepted, and may be sent anew', async () => {
    const id = await invited(academy, 'ada@x.test');
    expect((await academy('DELETE', `/group_invites/${id}`)).json).toEqual({});
    expect((await accept(id)).status).toBe(409);
    expect((await academy('DELETE', '/group_invites/5')).status).toBe(404);
    await invited(academy, 'ada@x.test');
    expect((await listed()).map((row: { invite_status: string }) => row.invite_status)).toEqual(['canceled', 'sent']);
    expect((await academy('GET', `/group_invites/${id}`)).json.group_invite).toHaveLength(1);
  });

  test('expires after so many hours, by switch', async () => {
    await switchTo({ inviteExpiresHours: 72 });
    const id = await invited(academy, 'ada@x.test');
    await box.advance('P4D');
    expect((await accept(id)).json.error).toMatch(/expired/);
    expect(await invited(academy, 'ada@x.test')).toBeGreaterThan(id);
  });

  test('a member is not invited', async () => {
    await created(academy, 'ada@x.test');
    expect(
      (await academy('POST', '/group_invites', { GroupInvite: { email_addresses: 'ada@x.test' } })).json.message,
    ).toMatch(/already/);
  });

  test('who accepts an invite to a group is in it', async () => {
    const { id } = (await academy('POST', '/groups', { Group: { title: 'Newcomers' } })).json;
    const [unrelated, invite] = [
      await invited(academy, 'tom@x.test'),
      await invited(academy, 'ada@x.test', { group_id: id }),
    ];
    const ofGroup = (await academy('GET', `/group_invites?group_id=${id}`)).json.group_invite;
    expect(ofGroup.map((row: { id: number }) => row.id)).toEqual([invite]);
    await accept(invite);
    await accept(unrelated);
    expect(emails(await academy('GET', `/group_memberships?group_id=${id}`))).toEqual(['ada@x.test']);
  });
});

describe('groups', () => {
  test('a row’s id is the user’s, with version_id 1.1 the membership’s', async () => {
    const userId = await created(academy, 'ada@x.test');
    const { id: groupId } = (await academy('POST', '/groups', { Group: { title: 'Sales' } })).json;
    const join = { GroupMembership: { group_id: groupId, user_id: userId } };
    const { id } = (await academy('POST', '/group_memberships', join)).json;
    expect((await academy('POST', '/group_memberships', join)).json.message).toMatch(/already/);
    expect((await academy('GET', `/group_memberships?group_id=${groupId}`)).json.user[0].id).toBe(userId);
    expect((await academy('GET', `/group_memberships?group_id=${groupId}&version_id=1.1`)).json.user[0].id).toBe(id);
    expect((await academy('GET', `/group_memberships?user_id=${userId}`)).json.group).toMatchObject([
      { title: 'Sales', number_of_members: 1 },
    ]);
    expect((await academy('GET', '/group_memberships')).status).toBe(404);
    expect((await academy('DELETE', '/group_memberships/0', join)).json).toEqual({});
    expect((await academy('GET', '/groups?title=sal')).json.groups).toMatchObject([{ number_of_members: 0 }]);
    expect((await academy('POST', '/groups', { Group: { title: 'Sales' } })).status).toBe(400);
  });
});

describe('portals', () => {
  test('the top-level portal sees its sub-portals, a sub-portal none', async () => {
    const { portals } = (await academy('GET', '/portals')).json;
    expect(portals.map(({ subdomain }: { subdomain: string }) => subdomain)).toEqual(['sales', 'retail']);
    expect((await sales('GET', '/portals')).json.portals).toEqual([]);
    expect((await academy('GET', '/portals/membership_types')).status).toBe(200);
  });
});

describe('rates', () => {
  const REMAINING = ['x-lu-rate-limit-remaining-minute', 'x-lu-rate-limit-remaining-week'];

  const shown = ({ headers }: { headers: object }): string[] => REMAINING.filter((name) => name in headers);

  test('so many a minute for each portal; what remains is said on success alone', async () => {
    await open({ ratePerMinute: 3 });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await academy('GET', '/users')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const throttled = await academy('GET', '/users');
    expect(throttled.headers).not.toHaveProperty('retry-after');
    expect(shown(throttled)).toEqual([]);
    expect((await sales('GET', '/users')).headers[REMAINING[0] ?? '']).toBe('2');
    expect(shown(await sales('GET', '/users/77'))).toEqual([]);
    await switchTo({ learnUponRetryAfter: true });
    expect(Number((await academy('GET', '/users')).headers['retry-after'])).toBeLessThanOrEqual(60);
    await box.advance('PT1M');
    expect((await academy('GET', '/users')).headers).toMatchObject({ [REMAINING[0] ?? '']: '2' });
  });

  test('so many a week, rolling', async () => {
    await box.control('POST', '/portals/academy', { ratePerWeek: 2 });
    expect((await academy('GET', '/users')).headers).toMatchObject({ [REMAINING[1] ?? '']: '1' });
    await academy('GET', '/users');
    await box.advance('P6D');
    expect((await academy('GET', '/users')).status).toBe(429);
    await box.advance('P1DT1H');
    expect((await academy('GET', '/users')).status).toBe(200);
  });
});

describe('faults', () => {
  test('a connection dropped after the effect: the account is there', async () => {
    await box.control('POST', '/faults', { target: 'academy', kind: 'drop-after', method: 'POST', count: 1 });
    await expect(academy('POST', '/users', user('ada@x.test'))).rejects.toThrow();
    expect((await academy('GET', '/users/search?email=ada%40x.test')).status).toBe(200);
  });

  test('dropped before the effect, or an error: it is not', async () => {
    await box.control('POST', '/faults', { target: 'academy', kind: 'drop-before', count: 1 });
    await expect(academy('POST', '/users', user('ada@x.test'))).rejects.toThrow();
    await box.control('POST', '/faults', { target: 'academy', kind: 'error', status: 502, count: 1 });
    expect((await academy('POST', '/users', user('ada@x.test'))).status).toBe(502);
    expect((await academy('GET', '/users/search?email=ada%40x.test')).status).toBe(404);
  });

  test('a short read says that there is no more', async () => {
    for (let index = 0; index < 500; index += 1) await created(academy, `u${index}@x.test`);
    await box.control('POST', '/faults', { target: 'academy', kind: 'short-read', keep: 0.5, path: '/users' });
    const reply = await academy('GET', '/users');
    expect([reply.json.user.length, reply.headers['lu-has-next-page']]).toEqual([250, 'false']);
    expect((await sales('GET', '/users')).status).toBe(200);
  });
});
