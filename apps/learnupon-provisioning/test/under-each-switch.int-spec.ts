import { switchCases, type SwitchName } from '@portico/sandbox';
import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, withheld, type TestRealm } from './fixtures.js';
import type { SandboxAccount } from './control.js';

/** Those of LearnUpon's open questions that can change what a lane does. */
const MATTERS: readonly SwitchName[] = [
  'allowUserCreationIfUserAlreadyExists',
  'portalInvitesListed',
  'listLagSeconds',
  'duplicateGroupInvite',
  'disableCascades',
  'createOnKnownPerson',
  'emailChangeRealmWide',
  'topLevelAdminsHidden',
  'emailCaseSensitive',
  'userIds',
  'refusalStatus',
  'pageSize',
  'definitionsKey',
  'autoEnrolOnCreate',
];
const CASES = switchCases('learnupon').filter(({ name }) => MATTERS.includes(name));

let realm: TestRealm;
afterEach(() => realm.close());

/** A create on somebody whom the realm knows needs the realm's own switch too. */
const openUnder = async (name: SwitchName, value: unknown): Promise<void> => {
  const allowUserCreationIfUserAlreadyExists = name === 'createOnKnownPerson' || name.startsWith('allow');
  realm = await openRealm({ switches: { allowUserCreationIfUserAlreadyExists, [name]: value } });
  await realm.realm({ allowUserCreationIfUserAlreadyExists });
  realm.startWorker({ invitePollSeconds: 1 });
};

const wanted = (id: string, part = {}) => [
  granted('academy', learnerOf(id, part)),
  granted('emea', learnerOf(id, { whenRefused: 'invite', ...part })),
  withheld('apac', { reason: 'not-in-audience' }),
];

/** The learners accept whatever they are sent, until every cell is as it should be. */
const converged = async (ids: readonly string[]): Promise<void> => {
  await eventually(
    'all cells to be converged',
    async () => {
      const { invites } = await realm.control.state();
      for (const { id, status } of invites) if (status === 'sent') await realm.control.accept(id);
      const reasons = await realm.settled();
      return ids.every((id) => ['academy', 'emea'].every((portal) => reasons[`${id} ${portal}`] === 'converged'));
    },
    { timeoutMs: 60_000 },
  );
};

const accountsOf = async (lastName: string): Promise<SandboxAccount[]> =>
  (await realm.control.state()).accounts.filter((account) => account.lastName === lastName);

const seen = (accounts: readonly SandboxAccount[]) =>
  accounts.map(({ portal, email, enabled }) => [portal, email, enabled]);

test.each(CASES)(
  '$name $value: joiner, mover, leaver and rehire end as wanted',
  async ({ name, value }) => {
    await openUnder(name, value);
    await realm.decide(decisionOf('1', wanted('1')), decisionOf('2', wanted('2')));
    await converged(['1', '2']);
    for (const id of ['1', '2'])
      expect(seen(await accountsOf(`Moss ${id}`))).toEqual([
        ['academy', `person${id}@acme.example`, true],
        ['emea', `person${id}@acme.example`, true],
      ]);

    const renamed = { lastName: 'Reed', email: 'ada.reed@acme.example' };
    await realm.decide(decisionOf('1', wanted('1', renamed)));
    await converged(['1', '2']);
    expect(seen(await accountsOf('Reed'))).toEqual([
      ['academy', 'ada.reed@acme.example', true],
      ['emea', 'ada.reed@acme.example', true],
    ]);

    await realm.decide(decisionOf('2', [withheld('academy'), withheld('emea'), withheld('apac')]));
    await realm.settled();
    expect((await accountsOf('Moss 2')).map(({ enabled }) => enabled)).toEqual([false, false]);
    expect((await accountsOf('Reed')).map(({ enabled }) => enabled)).toEqual([true, true]);

    await realm.decide(decisionOf('2', wanted('2')));
    await converged(['1', '2']);
    const { accounts, invites } = await realm.control.state();
    expect(accounts.map(({ enabled }) => enabled)).toEqual([true, true, true, true]);
    expect(invites.filter(({ status }) => status === 'sent')).toEqual([]);
  },
  180_000,
);
