import { startSandbox, switchCases, type Sandbox, type Switches } from '@portico/sandbox';
import { createLearnUponClient, type LearnUponClient } from '../src/index.js';

/** What LearnUpon's reference leaves open: whatever the answer is, the client says what happened. */
const CASES = [{ name: 'none', value: '' }, ...switchCases('learnupon')];

let sandbox: Sandbox | undefined;
const clients: LearnUponClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await sandbox?.stop();
});

const customFields = [{ label: 'Cost Centre' }, { label: 'Start', type: 'date' as const }];

const open = async (switches: Partial<Switches>) => {
  const portals = ['academy', 'emea'].map((portal) => ({ portal, customFields, courses: ['Welcome'] }));
  sandbox = await startSandbox({ employees: 0, portals, seed: 1, ratePerMinute: null, switches });
  const [academy, emea] = sandbox.learnupon.map(({ url: baseUrl, username, password }) => {
    const client = createLearnUponClient({ baseUrl, username, password, timeoutMs: 10_000 });
    clients.push(client);
    return client;
  });
  return { academy: academy!, emea: emea!, control: sandbox.control };
};

const ada = (part: object = {}) => ({
  email: 'ada@acme.example',
  password: 'x'.repeat(32),
  firstName: 'Ada',
  lastName: 'Moss',
  customData: { 'Cost Centre': 'Sales', Start: '2026-02-01' },
  ...part,
});

/** So that lists that lag show what there is. */
const later = (control: string) =>
  fetch(`${control}/clock`, { method: 'POST', body: JSON.stringify({ advance: 'PT5S' }) });

test.each(CASES)('$name $value: an account is made, found, changed, and refused twice', async ({ name, value }) => {
  const { academy, emea, control } = await open(name === 'none' ? {} : { [name]: value });
  const { id } = await academy.createUser(ada());
  await later(control);
  const listed = (await academy.listUsers(1)).users.find((user) => user.id === id);
  expect(listed).toMatchObject({ email: 'ada@acme.example', lastName: 'Moss', enabled: true });
  expect(Object.values(listed!.customData)).toEqual(expect.arrayContaining(['Sales', '2026-02-01']));
  expect(await academy.findUser({ email: 'ada@acme.example' })).toMatchObject({ id });

  await academy.updateUser(id, { lastName: 'Reed', enabled: false });
  expect(await academy.getUser(id)).toMatchObject({ lastName: 'Reed', enabled: false });

  await expect(academy.createUser(ada())).rejects.toMatchObject({ code: 'exists', mayHaveHappened: false });
  await expect(academy.createUser(ada({ email: 'none' }))).rejects.toMatchObject({ code: 'invalid' });
  expect(await academy.getUser('999999999')).toBeUndefined();
  const there = emea.createUser(ada());
  if (name === 'allowUserCreationIfUserAlreadyExists') expect((await there).id).toEqual(expect.any(String));
  else await expect(there).rejects.toMatchObject({ code: 'exists-in-realm', mayHaveHappened: false });
});

test.each(CASES)('$name $value: an invite is sent, seen, sent once, and cancelled', async ({ name, value }) => {
  const { emea, control } = await open(name === 'none' ? {} : { [name]: value });
  const { id } = await emea.createInvite(ada());
  await later(control);
  const find = async () => (await emea.listInvites(1)).invites.filter(({ email }) => email === 'ada@acme.example');
  expect(await find()).toMatchObject([{ id, status: 'sent' }]);
  const again = emea.createInvite(ada());
  if (name === 'duplicateGroupInvite') expect(await again).toMatchObject({ id });
  else await expect(again).rejects.toMatchObject({ code: 'duplicate-invite', mayHaveHappened: false });
  expect(await find()).toHaveLength(1);
  await emea.cancelInvite(id);
  expect(await find()).toMatchObject([{ id, status: 'canceled' }]);
});
