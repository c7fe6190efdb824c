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

/** What BambooHR's reference leaves open, and numbers that nobody outside knows. */
const BAMBOOHR = [
  'sinceInclusive',
  'emptyChangesAsArray',
  'rolloverBumpsLastChanged',
  'futureTerminationDateShown',
  'terminationDateAfterRehire',
  'bamboohrRatePerMinute',
  'bamboohrRateStatus',
  'bamboohrRetryAfter',
  'badKeysBeforeLockout',
  'lockoutSeconds',
  'employeeLimit',
  'bearerOnGateway',
  'basicOnListEmployees',
  'refreshTokenRotates',
  'wrongCompany',
  'hiddenTableStatus',
  'unknownFieldOnWrite',
  'unknownOptionOnWrite',
  'reportVolunteers',
  'datasetMostCells',
  'datasetFutureHires',
  'problemType',
  'webhookPlainHttp',
  'webhookTls',
  'webhookTimeoutSeconds',
  'webhookRetries',
  'webhookRetryNetworkErrors',
  'webhookRetryFactor',
  'webhookFieldValues',
  'webhookTimestamp',
  'webhookSignedTimestamp',
  'webhookHiddenFields',
  'webhookBatch',
  'webhookLogPerMinute',
];

test.each([
  ['learnupon', LEARNUPON],
  ['bamboohr', BAMBOOHR],
] as const)(
  'the open questions of %s are these switches, each with a default and a case for every other value',
  (vendor, names) => {
    const table = switchTable().filter((each) => each.vendor === vendor);
    expect(table.map(({ name }) => name)).toEqual(names);
    const cases = switchCases(vendor);
    for (const { name, values, default: first } of table) {
      const tried = cases.filter((each) => each.name === name).map(({ value }) => value);
      expect([name, tried.length]).toEqual([name, Math.max(1, values.length - 1)]);
      expect(tried).not.toContain(first);
    }
  },
);

test.each([...switchCases('learnupon'), ...switchCases('bamboohr')])(
  '$name=$value: by a seed’s options and by the control API',
  async ({ name, value }) => {
    const sandbox = await startSandbox({ employees: 0, portals: 1, seed: 1, switches: { [name]: value } });
    await sandbox.stop();
    const box = await openSandbox();
    expect((await box.control('POST', '/switches', { [name]: value })).switches[name]).toBe(value);
    expect((await box.control('GET', '/switches')).switches[name]).toBe(value);
  },
);
