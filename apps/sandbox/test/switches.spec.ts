import { startSandbox, switchCases, switchTable } from '../src/index.js';
import { openSandbox } from './harness.js';

/** What LearnUpon's reference leaves open. A new question goes here, and every suite that runs under each asks it. */
const LEARNUPON = [
  'allowUserCreationIfUserAlreadyExists',
  'portalInvitesListed',
  'listLagSeconds',
  'duplicateGroupInvite',
  'duplicatePortalInvite',
  'disableCascades',
  'createOnKnownPerson',
  'emailChangeRealmWide',
  'topLevelAdminsHidden',
  'emailCaseSensitive',
  'userIds',
  'badCustomValue',
  'refusalStatus',
  'getWithJsonContentType',
  'inviteExpiresHours',
  'minuteWindow',
  'pageSize',
  'definitionsKey',
  'titleFilter',
  'unknownPath',
  'generatedKeys',
  'createSendsMail',
  'autoEnrolOnCreate',
  'bulkOperations',
  'learnUponRetryAfter',
];

test('LearnUpon’s open questions are these switches, each with a default and a case for every other value', () => {
  const table = switchTable().filter(({ vendor }) => vendor === 'learnupon');
  expect(table.map(({ name }) => name)).toEqual(LEARNUPON);
  const cases = switchCases('learnupon');
  for (const { name, values, default: first } of table) {
    const tried = cases.filter((each) => each.name === name).map(({ value }) => value);
    expect([name, tried.length]).toEqual([name, Math.max(1, values.length - 1)]);
    expect(tried).not.toContain(first);
  }
});

test.each(switchCases('learnupon'))(
  '$name=$value: by a seed’s options and by the control API',
  async ({ name, value }) => {
    const sandbox = await startSandbox({ employees: 0, portals: 1, seed: 1, switches: { [name]: value } });
    await sandbox.stop();
    const box = await openSandbox();
    expect((await box.control('POST', '/switches', { [name]: value })).switches[name]).toBe(value);
    expect((await box.control('GET', '/switches')).switches[name]).toBe(value);
  },
);
