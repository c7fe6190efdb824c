import { checked, portal, withPortals } from '../../test/examples.js';
import { warnOf } from './warn-of.js';

const academy = { ...portal('academy', 'true'), topLevel: true };
const warnings = (...portals: Record<string, unknown>[]) =>
  warnOf(checked(withPortals(academy, ...portals)), checked(withPortals(academy, portal('gone', 'true'))));

describe('warnOf', () => {
  it('warns of what works and may not be meant', () => {
    expect(
      warnings(
        { ...portal('emea', 'departmnt == "Sales"'), onboarding: 'invite', mode: 'observe' },
        { ...portal('apac', 'customTeam == "x"'), whenRefused: 'wait', mode: 'off' },
      ),
    ).toEqual([
      '"departmnt" is none of BambooHR\'s standard fields, and stays unknown where the account has no such field; did you mean "department"?',
      'apac creates, and LearnUpon refuses that for people with an account in another portal (allowUserCreationIfUserAlreadyExists is false): whenRefused: wait leaves them waiting; invite would invite them',
      'gone is taken out: Portico stops there and touches no account',
      'emea is only observed: decided, and nothing is written',
      'apac is off: nothing is decided or done there',
    ]);
  });
});
