import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, withheld, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const invited = (id: string, part = {}) => learnerOf(id, { onboarding: 'invite', ...part });
const renamed = { email: 'new@acme.example' };

/** Invited to emea, and accepted there without Portico having seen it. */
const accepted = async (part: object = {}) => {
  const { control, decide, settled, startWorker } = realm;
  startWorker(part);
  await decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', invited('1'))]));
  await settled();
  const [invite] = (await control.state()).invites;
  await control.accept(invite?.id ?? 0);
};

describe('an invite that was accepted before it could be cancelled', () => {
  test('is tried to be cancelled once, and then the account is taken away', async () => {
    const { control, decide, settled, sql } = realm;
    await accepted();
    await decide(decisionOf('1', [granted('academy', learnerOf('1')), withheld('emea')]));
    expect(await settled()).toEqual({ '1 academy': 'converged', '1 emea': 'left' });
    expect((await control.state()).accounts).toMatchObject([{ enabled: true }, { portal: 'emea', enabled: false }]);
    expect(await sql(`select 1 from attempt where operation ->> 'kind' = 'cancel-invite'`)).toHaveLength(1);
  });

  test.each(['drop-before', 'error'] as const)(
    'is an account to be taken away, also after %s of the cancelling',
    async (kind) => {
      const { control, decide, settled, eventsOf } = realm;
      await accepted();
      const status = kind === 'error' ? { status: 500 } : {};
      await control.fault({ target: 'emea', kind, method: 'DELETE', count: 1, ...status });
      await decide(decisionOf('1', [granted('academy', learnerOf('1')), withheld('emea')]));
      expect(await settled()).toEqual({ '1 academy': 'converged', '1 emea': 'left' });
      expect((await control.state()).accounts).toMatchObject([{ enabled: true }, { portal: 'emea', enabled: false }]);
      expect((await eventsOf()).filter((event) => event.startsWith('1 emea'))).toEqual([
        '1 emea invited',
        '1 emea accepted',
        '1 emea disabled',
      ]);
    },
  );

  test('is seen also when the invites are read because another one was sent', async () => {
    const { decide, settled } = realm;
    await accepted();
    await decide(decisionOf('2', [granted('emea', invited('2'))]));
    expect(await settled()).toMatchObject({ '1 emea': 'converged', '2 emea': 'waiting-for-accept' });
  });
});

describe('an invite that was accepted before its address changed in the whole realm', () => {
  const academy = granted('academy', learnerOf('1', renamed));
  const acceptThenRename = async () => {
    const { control, decide } = realm;
    await control.switch({ emailChangeRealmWide: true });
    await accepted({ invitePollSeconds: 1 });
    await decide(decisionOf('1', [academy, granted('emea', invited('1'))]));
    await eventually('the new address', async () =>
      (await control.state()).accounts.every(({ email }) => email === renamed.email),
    );
  };

  test('is an account that is found at the new one', async () => {
    await acceptThenRename();
    await realm.decide(decisionOf('1', [academy, granted('emea', invited('1', renamed))]));
    expect(await realm.settled()).toEqual({ '1 academy': 'converged', '1 emea': 'converged' });
  });

  test('is an account that is taken away when its person leaves', async () => {
    await acceptThenRename();
    await realm.decide(decisionOf('1', [academy, withheld('emea')]));
    expect(await realm.settled()).toEqual({ '1 academy': 'converged', '1 emea': 'left' });
    expect((await realm.control.state()).accounts).toMatchObject([
      { enabled: true },
      { portal: 'emea', enabled: false },
    ]);
  });
});

test('an address changes in the realm when it is known whether an invite to the old one was sent', async () => {
  const { control, decide, settled, startWorker, cells } = realm;
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  await settled();
  await control.fault({ target: 'emea', kind: 'drop-after', method: 'POST', path: 'group_invites', count: 1 });
  await control.fault({ target: 'emea', kind: 'error', status: 500, method: 'GET', path: 'group_invites' });
  await decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', invited('1'))]));
  await eventually('the doubt', async () => (await cells())[1]?.reason === 'in-doubt');
  await decide(decisionOf('1', [granted('academy', learnerOf('1', renamed)), granted('emea', invited('1', renamed))]));
  await eventually('the address to wait', async () => (await cells())[0]?.reason === 'waiting-for-mirror');
  const [invite] = (await control.state()).invites;
  await control.accept(invite?.id ?? 0);
  await control.clearFaults();
  expect(await settled()).toEqual({ '1 academy': 'converged', '1 emea': 'converged' });
  expect((await control.state()).accounts).toMatchObject([renamed, renamed]);
});

test('an address changes in the realm when nobody can accept an invite to the old one any more', async () => {
  const { control, decide, settled, startWorker, eventsOf, cells } = realm;
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', invited('1'))]));
  await settled();
  // An answer that is long in coming: until the doubt is settled, somebody may accept.
  await control.fault({ target: 'emea', kind: 'drop-before', method: 'DELETE', count: 1 });
  await decide(decisionOf('1', [granted('academy', learnerOf('1', renamed)), granted('emea', invited('1', renamed))]));
  await eventually('the doubt', async () => (await cells())[1]?.reason === 'in-doubt');
  const [invite] = (await control.state()).invites;
  await control.accept(invite?.id ?? 0);
  expect(await settled()).toEqual({ '1 academy': 'converged', '1 emea': 'converged' });
  expect((await control.state()).accounts).toMatchObject([renamed, renamed]);
  const [first, ...others] = (await eventsOf()).slice(2);
  expect(first).toBe('1 emea accepted');
  expect(others).toContain('1 academy updated');
});
