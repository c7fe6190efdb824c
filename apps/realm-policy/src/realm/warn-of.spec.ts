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
      'customTeam, departmnt are fields that are not read yet: what needs more than is known keeps what was here, and is decided when BambooHR has been read after the apply',
      'apac creates, and LearnUpon refuses that for people with an account in another portal (allowUserCreationIfUserAlreadyExists is false): whenRefused: wait leaves them waiting; invite would invite them',
      'gone is taken out: Portico stops there and touches no account',
      'emea is only observed: decided, and nothing is written',
      'apac is off: nothing is decided or done there',
    ]);
  });

  it('says that no preview knows a field that no version has asked BambooHR for', () => {
    const [first, ...others] = warnings(portal('emea', 'jobTitle == "Chief"'));
    expect(first).toMatch(/^jobTitle is a field that is not read yet: .* keeps what was here/);
    expect(others.join()).not.toContain('not read yet');
    expect(warnings(portal('emea', 'workEmail != ""')).join()).not.toContain('not read yet');
    expect(warnOf(checked(withPortals(academy, portal('emea', 'jobTitle == "Chief"'))), undefined)).toEqual([
      expect.stringMatching(/^emea creates/),
    ]);
  });
});
