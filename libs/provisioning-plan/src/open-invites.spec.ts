import { granted, invite, learner, linked, person, planFor, portal, realm, withheld } from '../test/samples.js';
import type { Cell } from './index.js';

const renamed = learner({ email: 'new@acme.example' });
const home = linked(granted('academy', { learner: renamed }));
const emea = (cell: Partial<Cell> = {}) =>
  granted('emea', { learner: renamed, inviteId: '5', invites: [invite()], ...cell });

describe('a new address, while somebody could accept an invite to the old one in another portal', () => {
  it('waits, and says for which portal', () => {
    const plan = planFor('academy', person(home, emea()));
    expect(plan).toMatchObject({ reason: 'waiting-for-mirror', blockedBy: { portal: 'emea' } });
    expect(plan?.operation).toBeUndefined();
    expect(plan?.detail).toMatch(/the invite to the old one in emea is cancelled/);
    expect(planFor('emea', person(home, emea()))?.operation).toEqual({ kind: 'cancel-invite', inviteId: '5' });
  });

  it('waits for an invite of somebody who does not belong there any more, too', () => {
    const left = withheld('emea', { inviteId: '5', invites: [invite()] });
    expect(planFor('academy', person(home, left))?.reason).toBe('waiting-for-mirror');
  });

  it('waits for a call that may have sent one, whose outcome is not known', () => {
    const calling = granted('emea', { learner: renamed, attempt: 'invite' });
    expect(planFor('academy', person(home, calling))?.reason).toBe('waiting-for-mirror');
  });

  it.each<[string, Partial<Cell>]>([
    ['is cancelled', { invites: [invite({ status: 'canceled' })] }],
    ['is accepted', { invites: [invite({ status: 'accepted' })] }],
    ['is not listed', { invites: [invite({ listed: false })] }],
    ['went to the new address', { invites: [invite({ email: 'new@acme.example' })] }],
    ['is another one than ours', { inviteId: '6' }],
    ['stays as nothing is decided', { access: 'undecided' }],
    [
      'can not be cancelled',
      {
        refusal: { reason: 'refused-other', key: JSON.stringify({ kind: 'cancel-invite', inviteId: '5' }) },
      },
    ],
  ])('is written when the invite %s', (_, cell) => {
    expect(planFor('academy', person(home, emea(cell)))?.operation).toMatchObject({
      kind: 'update',
      changes: { email: 'new@acme.example' },
    });
  });

  it.each([{ mode: 'off' as const }, { mode: 'observe' as const }, { invitesFresh: false }])(
    'does not wait for a portal that is in no state to cancel it: %j',
    (state) => {
      const rules = realm({ portals: [portal('academy'), portal('emea', state)] });
      expect(planFor('academy', person(home, emea()), rules)?.operation?.kind).toBe('update');
    },
  );

  it('holds nothing else back', () => {
    const moved = linked(granted('academy', { learner: learner({ lastName: 'Reed' }) }));
    expect(planFor('academy', person(moved, emea()))?.operation?.kind).toBe('update');
  });
});
