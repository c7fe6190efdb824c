import { startSandbox, type Sandbox } from '@portico/sandbox';
import { createLearnUponClient, type LearnUponClient, type LearnUponUser } from '../src/index.js';

/** Pages until the last, as a reader of the port does. */
const allUsers = async (client: LearnUponClient): Promise<LearnUponUser[]> => {
  const users: LearnUponUser[] = [];
  for (let page = 1, hasNext = true; hasNext; page += 1) {
    const answer = await client.listUsers(page);
    users.push(...answer.users);
    hasNext = answer.hasNext;
  }
  return users;
};

/** What holds for any portal, and changes nothing there. */
const describeReading = (name: string, open: () => LearnUponClient) =>
  describe(`reading ${name}`, () => {
    it('lists accounts that are found again by id and by e-mail', async () => {
      const client = open();
      const [user] = (await allUsers(client)).filter(({ email }) => email !== null);
      expect(user).toBeDefined();
      const { createdAt: _, ...found } = (await client.getUser(user!.id))!;
      expect(user).toMatchObject(found);
      expect(await client.findUser({ email: user!.email!.toUpperCase() })).toMatchObject({ id: user!.id });
    });

    it('has nothing for an id and an e-mail that nobody has', async () => {
      expect(await open().getUser('999999999')).toBeUndefined();
      expect(await open().findUser({ email: 'nobody@portico.invalid' })).toBeUndefined();
    });

    it('lists invites', async () => {
      const { invites } = await open().listInvites(1);
      for (const { id, email } of invites)
        expect({ id, email }).toEqual({ id: expect.any(String), email: expect.any(String) });
    });
  });

describe('the sandbox', () => {
  let sandbox: Sandbox;
  const clients: LearnUponClient[] = [];
  const clientOf = (portal: string, password?: string): LearnUponClient => {
    const found = sandbox.learnupon.find((one) => one.portal === portal)!;
    const keys = { username: found.username, password: password ?? found.password };
    const client = createLearnUponClient({ baseUrl: found.url, ...keys, timeoutMs: 2_000 });
    clients.push(client);
    return client;
  };
  const newUser = (number: number) => ({
    email: `person${number}@acme.example`,
    password: 'x'.repeat(32),
    firstName: 'Ada',
    lastName: `Moss ${number}`,
    language: 'fr',
    customData: { 'Cost Centre': 'Sales' },
  });

  beforeAll(async () => {
    const customFields = [
      { label: 'Cost Centre' },
      { label: 'Shirt', type: 'string-choice' as const, choices: ['S', 'M'] },
      { label: 'Start Date', type: 'date' as const },
      { label: 'Level', type: 'integer-choice' as const, choices: ['1', '2'] },
    ];
    sandbox = await startSandbox({
      employees: 0,
      portals: [
        { portal: 'academy', topLevel: true, customFields },
        { portal: 'emea', customFields },
      ],
      seed: 1,
      ratePerMinute: null,
    });
  });
  beforeAll(async () => {
    const { url, username, password } = sandbox.learnupon[0]!;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const body = JSON.stringify({ Group: { title: 'Sales', description: '' } });
    await fetch(`${url}/api/v1/groups`, { method: 'POST', headers: { authorization }, body });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await sandbox.stop();
  });

  describeReading('the sandbox', () => clientOf('academy'));

  it('creates, changes, disables and shows it all', async () => {
    const client = clientOf('academy');
    const { id } = await client.createUser(newUser(1));
    expect(await client.getUser(id)).toMatchObject({
      email: 'person1@acme.example',
      language: 'fr',
      enabled: true,
      userType: 'learner',
      customData: { costcentre: 'Sales' },
    });
    await client.updateUser(id, { lastName: 'Reed', enabled: false, customData: { 'Cost Centre': null } });
    const changed = await client.getUser(id);
    expect(changed).toMatchObject({ firstName: 'Ada', lastName: 'Reed', enabled: false });
    expect(changed?.customData['costcentre'] ?? null).toBeNull();
  });

  it('tells the refusals apart', async () => {
    const [academy, emea] = [clientOf('academy'), clientOf('emea')];
    await academy.createUser(newUser(2));
    await expect(academy.createUser(newUser(2))).rejects.toMatchObject({ code: 'exists', mayHaveHappened: false });
    await expect(emea.createUser(newUser(2))).rejects.toMatchObject({
      code: 'exists-in-realm',
      mayHaveHappened: false,
    });
    await expect(academy.createInvite(newUser(2))).rejects.toMatchObject({ code: 'exists' });
    await emea.createInvite(newUser(2));
    await expect(emea.createInvite(newUser(2))).rejects.toMatchObject({ code: 'duplicate-invite' });
    await expect(academy.createUser({ ...newUser(3), email: 'none' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(academy.updateUser('999999999', { lastName: 'X' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(clientOf('academy', 'wrong').listUsers(1)).rejects.toMatchObject({ code: 'unauthorised' });
  });

  it('invites, lists with the link to hand out, and cancels', async () => {
    const client = clientOf('emea');
    const { id } = await client.createInvite(newUser(4));
    const sent = (await client.listInvites(1)).invites.find((invite) => invite.id === id);
    expect(sent).toMatchObject({ email: 'person4@acme.example', status: 'sent' });
    expect(sent?.acceptUrl).toMatch(/^http:\/\/.*accept/);
    await client.cancelInvite(id);
    await client.cancelInvite(id);
    expect((await client.listInvites(1)).invites.find((invite) => invite.id === id)?.status).not.toBe('sent');
  });

  it('has types, time zones, last days and definitions of custom data', async () => {
    const client = clientOf('academy');
    const { id } = await client.createUser({
      ...newUser(5),
      userType: 'manager',
      timeZone: 'Dublin',
      changePasswordOnFirstLogin: true,
    });
    expect(await client.getUser(id)).toMatchObject({ userType: 'manager', timeZone: 'Dublin', accountExpires: null });
    await client.updateUser(id, { userType: 'instructor', timeZone: 'Paris', accountExpires: '2030-01-31' });
    const changed = { userType: 'instructor', timeZone: 'Paris', accountExpires: '2030-01-31' };
    expect((await allUsers(client)).find((user) => user.id === id)).toMatchObject(changed);
    await client.updateUser(id, { accountExpires: null });
    expect((await client.getUser(id))?.accountExpires).toBeNull();
    expect((await client.listUsers(1)).customFields).toEqual([
      { label: 'costcentre', type: 'string' },
      { label: 'shirt', type: 'string', choices: ['S', 'M'] },
      { label: 'startdate', type: 'date' },
      { label: 'level', type: 'integer', choices: ['1', '2'] },
    ]);
  });

  it('joins and leaves groups, by the id of the user, and twice as well as once', async () => {
    const client = clientOf('academy');
    const { id } = await client.createUser(newUser(6));
    const { groups, hasNext } = await client.listGroups(1);
    expect([groups, hasNext]).toEqual([[{ id: expect.any(String), title: 'Sales' }], false]);
    const groupId = groups[0]!.id;
    expect(await client.joinGroup(groupId, id)).toBe('joined');
    expect(await client.joinGroup(groupId, id)).toBe('already');
    expect(await client.listMembers(groupId, 1)).toEqual({ userIds: [id], hasNext: false });
    expect(await client.listGroupsOf(id)).toEqual([groupId]);
    await client.leaveGroup(groupId, id);
    await client.leaveGroup(groupId, id);
    expect(await client.listGroupsOf(id)).toEqual([]);
    await expect(client.joinGroup('99999', id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('pages through more than one page', async () => {
    const client = clientOf('academy');
    const before = (await allUsers(client)).length;
    for (let number = 100; number < 620; number += 1) await client.createUser(newUser(number));
    expect((await client.listUsers(1)).hasNext).toBe(true);
    expect(new Set((await allUsers(client)).map(({ id }) => id)).size).toBe(before + 520);
  });

  it('lists sub-portals of the top-level portal', async () => {
    expect(await clientOf('academy').listPortals()).toMatchObject([{ subdomain: 'emea' }]);
  });
});

const { LEARNUPON_URL: baseUrl, LEARNUPON_USERNAME: username, LEARNUPON_PASSWORD: password } = process.env;
if (baseUrl && username && password) {
  const client = createLearnUponClient({ baseUrl, username, password, timeoutMs: 60_000 });
  afterAll(() => client.close());
  describeReading('a real portal', () => client);
}
