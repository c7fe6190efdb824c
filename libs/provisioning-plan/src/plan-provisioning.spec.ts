import {
  account,
  granted,
  holder,
  invite,
  learner,
  linked,
  person,
  planFor,
  portal,
  realm,
  withheld,
} from '../test/samples.js';
import { planProvisioning, refusalKey, type Cell, type Operation, type Realm } from './index.js';

const create: Operation = {
  kind: 'create',
  identifier: 'email',
  email: 'ada@acme.example',
  username: null,
  firstName: 'Ada',
  lastName: 'Moss',
  language: null,
  customData: { 'Cost Centre': 'Sales' },
};
const inviteAda: Operation = { kind: 'invite', email: 'ada@acme.example', firstName: 'Ada', lastName: 'Moss' };

const refusedCreate = (where: Realm = realm()) => ({
  reason: 'refused-exists',
  key: refusalKey(where, 'refused-exists', create),
});

describe('somebody who belongs in the realm and has no account', () => {
  it('is created at home, which is the top-level portal if wanted there', () => {
    const who = person(granted('emea'), granted('academy'));
    expect(planFor('academy', who)).toMatchObject({ reason: 'waiting-for-lane', operation: create });
    expect(planFor('emea', who)).toEqual({ portal: 'emea', reason: 'waiting-for-home', actual: 'none' });
  });

  it("is created in the realm's first portal where the top-level portal does not want them", () => {
    const who = person(withheld('academy'), granted('apac'), granted('emea'));
    expect(planFor('emea', who)?.operation).toEqual(create);
    expect(planFor('apac', who)?.reason).toBe('waiting-for-home');
  });

  it('is created where a portal creates, however early one that only invites stands in the order', () => {
    const invites = { learner: learner({ onboarding: 'invite' }) };
    const who = person(granted('academy', invites), granted('emea', invites), granted('apac'));
    expect(planFor('apac', who)?.operation).toEqual(create);
    expect(planFor('academy', who)?.reason).toBe('waiting-for-home');
    const onlyInvited = person(withheld('academy'), granted('emea', invites), granted('apac', invites));
    expect(planFor('emea', onlyInvited)?.operation).toEqual(inviteAda);
  });

  it('is at home where an account of that identifier is seen, wanted or not', () => {
    const who = person(granted('academy'), withheld('emea', { accounts: [account()] }));
    expect(planFor('academy', who)?.operation).toEqual(create);
    const whoInvites = person(
      granted('academy', { learner: learner({ whenRefused: 'invite' }) }),
      withheld('emea', { accounts: [account()] }),
    );
    expect(planFor('academy', whoInvites)?.operation).toEqual(inviteAda);
  });

  it('waits for the account at home to have the new address before an invite goes there', () => {
    const renamed = { learner: learner({ email: 'ada@hill.example' }) };
    const invited = { learner: learner({ email: 'ada@hill.example', onboarding: 'invite' }) };
    const old = linked(granted('academy', renamed));
    expect(planFor('emea', person(old, granted('emea', invited)))?.reason).toBe('waiting-for-home');
    const changed = linked(granted('academy', renamed), { email: 'Ada@Hill.example' });
    expect(planFor('emea', person(changed, granted('emea', invited)))?.operation?.kind).toBe('invite');
    const kept = linked(
      granted('academy', { learner: learner({ email: 'ada@hill.example', ownership: { email: 'never' } }) }),
    );
    expect(planFor('emea', person(kept, granted('emea', invited)))?.operation?.kind).toBe('invite');
  });

  it('is at home where a create has begun, so that no other portal begins one', () => {
    const who = person(granted('academy'), granted('emea', { attempt: 'create' }));
    expect(planFor('academy', who)?.reason).toBe('waiting-for-home');
    expect(planFor('emea', who)?.reason).toBe('in-doubt');
  });

  it('waits for nobody where the realm allows accounts of the same identifier', () => {
    const plans = planProvisioning(realm({ allowsDuplicates: true }), person(granted('academy'), granted('emea')));
    expect(plans.map(({ operation }) => operation)).toEqual([create, create]);
  });

  it.each<[string, Partial<Cell>, string]>([
    ['no e-mail address', { learner: learner({ email: null }) }, 'no-email'],
    ['no user name', { learner: learner({ identifier: 'username' }) }, 'invalid-identifier'],
    [
      'no e-mail address to invite',
      { learner: learner({ identifier: 'username', username: 'ada', email: null, onboarding: 'invite' }) },
      'no-email',
    ],
    ['two accounts', { accounts: [account({ accountId: '1' }), account({ accountId: '2' })] }, 'ambiguous-account'],
    ["somebody else's account", { accounts: [account({ ownerId: '7' })] }, 'identifier-claimed'],
    ['an account that nobody lists any more', { accounts: [account({ listed: false })] }, 'waiting-for-lane'],
  ])('with %s: %j', (_, change, reason) => {
    expect(planFor('academy', person(granted('academy', change)))?.reason).toBe(reason);
  });

  it('is not created while the mirror is stale, licences are used up, or another person holds the identifier', () => {
    const who = person(granted('academy'));
    const where = (change: object) => realm({ portals: [portal('academy', change)] });
    expect(planFor('academy', who, where({ usersFresh: false }))?.reason).toBe('waiting-for-mirror');
    expect(planFor('academy', who, where({ invitesFresh: false }))?.reason).toBe('waiting-for-mirror');
    expect(planFor('academy', who, where({ licencesFull: true }))?.reason).toBe('licences-full');
    expect(planFor('academy', who, where({ mode: 'off' }))?.reason).toBe('portal-off');
    const claimed = { ...who, claimedByOthers: new Map([['email:ada@acme.example', holder]]) };
    expect(planFor('academy', claimed)?.reason).toBe('identifier-claimed');
  });
});

describe('a refused create', () => {
  it.each([
    ['invite', inviteAda, 'waiting-for-lane'],
    ['wait', undefined, 'refused-exists'],
    ['report', undefined, 'refused-exists'],
  ] as const)('with whenRefused %s', (whenRefused, operation, reason) => {
    const cell = granted('academy', { learner: learner({ whenRefused }), refusal: refusedCreate() });
    const plan = planFor('academy', person(cell));
    expect(plan?.operation).toEqual(operation);
    expect(plan?.reason).toBe(reason);
  });

  it('is tried again when the switch is turned or the identifier changes, and not for other fields', () => {
    const cell = granted('academy', { refusal: refusedCreate() });
    expect(planFor('academy', person(cell), realm({ allowsDuplicates: true }))?.operation).toEqual(create);
    const renamed = { ...cell, learner: learner({ email: 'ada.moss@acme.example' }) };
    expect(planFor('academy', person(renamed))?.operation?.kind).toBe('create');
    const moved = { ...cell, learner: learner({ customData: {} }) };
    expect(planFor('academy', person(moved))?.operation).toBeUndefined();
  });

  it('at home lets the others go on: the realm has an account that Portico does not see', () => {
    const who = person(
      granted('academy', { refusal: refusedCreate() }),
      granted('emea', { learner: learner({ whenRefused: 'invite' }) }),
    );
    expect(planFor('emea', who)?.operation).toEqual(inviteAda);
  });

  it('away from home is tried once, because what was declared may be wrong', () => {
    const who = (cell: Partial<Cell>) => person(linked(granted('academy')), granted('emea', cell));
    expect(planFor('emea', who({}))?.operation).toEqual(create);
    expect(planFor('emea', who({ refusal: refusedCreate() }))).toMatchObject({ reason: 'refused-exists' });
  });
});

describe('an invite', () => {
  const invited = (change: Partial<Cell> = {}) =>
    granted('academy', { learner: learner({ onboarding: 'invite' }), inviteId: '5', invites: [invite()], ...change });

  it('is waited for', () => {
    expect(planFor('academy', person(invited()))).toEqual({
      portal: 'academy',
      reason: 'waiting-for-accept',
      actual: 'invited',
    });
  });

  it('that somebody sent by hand is taken over, also where policy says create', () => {
    const cell = granted('academy', { invites: [invite({ inviteId: '7' })] });
    expect(planFor('academy', person(cell))).toMatchObject({ reason: 'waiting-for-accept', inviteId: '7' });
  });

  it('that was accepted becomes the account', () => {
    const cell = invited({ invites: [invite({ status: 'accepted' })], accounts: [account()] });
    expect(planFor('academy', person(cell))).toMatchObject({
      reason: 'converged',
      actual: 'active',
      link: { accountId: '991', origin: 'accepted', isFresh: true },
      inviteId: null,
    });
  });

  it('that was rejected or cancelled by hand is not sent again', () => {
    for (const change of [{ status: 'rejected' }, { status: 'canceled' }, { listed: false }] as const) {
      const cell = invited({ invites: [invite(change)] });
      expect(planFor('academy', person(cell))).toMatchObject({ reason: 'invite-cancelled', actual: 'none' });
    }
  });

  it('to an old address is cancelled before the new one is sent', () => {
    const cell = invited({ invites: [invite({ email: 'old@acme.example' })] });
    expect(planFor('academy', person(cell))?.operation).toEqual({ kind: 'cancel-invite', inviteId: '5' });
  });

  it("to an address that is another person's by now is cancelled first, whatever else keeps this person waiting", () => {
    const cancel = { kind: 'cancel-invite', inviteId: '5' };
    const swapped = person(invited({ invites: [invite({ email: 'old@acme.example' })] }));
    const claimed = { ...swapped, claimedByOthers: new Map([['email:ada@acme.example', holder]]) };
    expect(planFor('academy', claimed)?.operation).toEqual(cancel);
    const emptied = (status: 'sent' | 'canceled') =>
      person(invited({ policyReason: 'no-email', invites: [invite({ status })] }));
    expect(planFor('academy', emptied('sent'))?.operation).toEqual(cancel);
    expect(planFor('academy', emptied('canceled'))).toMatchObject({ reason: 'no-email' });
    expect(planFor('academy', emptied('canceled'))?.operation).toBeUndefined();
  });

  it('is cancelled when access is withheld, and forgotten when it is gone', () => {
    const leaver = (status: 'sent' | 'canceled') =>
      person(withheld('academy', { inviteId: '5', invites: [invite({ status })] }));
    expect(planFor('academy', leaver('sent'))?.operation).toEqual({ kind: 'cancel-invite', inviteId: '5' });
    expect(planFor('academy', leaver('canceled'))).toMatchObject({ reason: 'left', inviteId: null });
  });

  it('is not tried to be cancelled again where LearnUpon refused that and lists it as sent', () => {
    const key = JSON.stringify({ kind: 'cancel-invite', inviteId: '5' });
    const refusal = { reason: 'refused-other', key } as const;
    const leaver = person(withheld('academy', { inviteId: '5', invites: [invite()], refusal }));
    const moved = person(invited({ invites: [invite({ email: 'old@acme.example' })], refusal }));
    for (const one of [leaver, moved]) {
      expect(planFor('academy', one)).toMatchObject({ reason: 'refused-other' });
      expect(planFor('academy', one)?.operation).toBeUndefined();
    }
  });

  it('is known to be refused in whatever order its JSON was stored', () => {
    const refusal = { reason: 'refused-other', key: '{"inviteId": "5", "kind": "cancel-invite"}' } as const;
    const leaver = person(withheld('academy', { inviteId: '5', invites: [invite()], refusal }));
    expect(planFor('academy', leaver)?.operation).toBeUndefined();
  });

  it('that a leaver accepted is theirs, so that the account can be disabled', () => {
    const cell = withheld('emea', { inviteId: '5', invites: [invite({ status: 'accepted' })], accounts: [account()] });
    expect(planFor('emea', person(cell))).toMatchObject({
      link: { accountId: '991', origin: 'accepted', isFresh: true },
      operation: { kind: 'disable', accountId: '991' },
    });
  });
});

describe('a linked account', () => {
  it('is left alone when it is as wanted', () => {
    expect(planFor('academy', person(linked(granted('academy'))))).toEqual({
      portal: 'academy',
      reason: 'converged',
      actual: 'active',
    });
  });

  it('gets the fields that policy owns and that differ', () => {
    const cell = linked(
      granted('academy', { learner: learner({ lastName: 'Reed', customData: { cost_centre: null, Team: 'A' } }) }),
      { customData: { costcentre: 'Sales', team: 'A', hobby: 'chess' } },
    );
    expect(planFor('academy', person(cell))?.operation).toEqual({
      kind: 'update',
      accountId: '991',
      changes: { lastName: 'Reed', customData: { cost_centre: null } },
    });
  });

  it('has the names of the realm and the custom data of its portal', () => {
    const who = person(
      linked(granted('academy', { learner: learner({ firstName: 'Augusta' }) }), { firstName: 'Augusta' }),
      linked(granted('emea', { learner: learner({ customData: { Team: 'B' } }) }), { accountId: '7' }),
    );
    expect(planFor('emea', who)?.operation).toEqual({
      kind: 'update',
      accountId: '7',
      changes: { firstName: 'Augusta', customData: { Team: 'B' } },
    });
  });

  it('keeps its address while another person holds the new one', () => {
    const cell = linked(granted('academy', { learner: learner({ email: 'am@acme.example' }) }));
    const who = { ...person(cell), claimedByOthers: new Map([['email:am@acme.example', holder]]) };
    expect(planFor('academy', who)).toMatchObject({ reason: 'identifier-claimed', actual: 'active' });
  });

  it('is enabled again after a rehire, without its old expiry', () => {
    const cell = linked(granted('academy'), { enabled: false, accountExpires: '2026-01-31' });
    expect(planFor('academy', person(cell))?.operation).toEqual({
      kind: 'enable',
      accountId: '991',
      changes: { accountExpires: null },
    });
  });

  it('that a list lacks is asked for by id', () => {
    for (const cell of [granted('academy'), withheld('academy')]) {
      expect(planFor('academy', person(linked(cell, { listed: false })))).toMatchObject({
        actual: 'unknown',
        operation: { kind: 'check', accountId: '991' },
      });
    }
  });

  it('of an admin of the realm is no learner, here and in sub-portals', () => {
    const who = person(granted('academy', { accounts: [account({ userType: 'admin' })] }), granted('emea'));
    expect(planProvisioning(realm(), who).map(({ reason }) => reason)).toEqual(['top-level-admin', 'top-level-admin']);
    const leaver = person(linked(withheld('academy'), { userType: 'admin' }));
    expect(planFor('academy', leaver)).toMatchObject({ reason: 'top-level-admin' });
  });

  it('is not changed again in the way that was refused', () => {
    const operation: Operation = { kind: 'update', accountId: '991', changes: { lastName: 'Reed' } };
    const refusal = { reason: 'refused-invalid', key: refusalKey(realm(), 'refused-invalid', operation) };
    const cell = linked(granted('academy', { learner: learner({ lastName: 'Reed' }), refusal }));
    expect(planFor('academy', person(cell))).toMatchObject({ reason: 'refused-invalid', actual: 'active' });
    const again = { ...cell, learner: learner({ lastName: 'Reid' }) };
    expect(planFor('academy', person(again))?.operation?.kind).toBe('update');
  });
});

it('plans the same for a portal whether or not the others are asked for', () => {
  const where = realm();
  const who = person(granted('academy'), granted('emea'), withheld('apac'));
  expect(where.portals.flatMap((one) => planProvisioning(where, who, [one]))).toEqual(planProvisioning(where, who));
});
