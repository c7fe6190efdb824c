import type { Account, Person, PortalContent } from './vendors.js';
import { isEmployed, verify, type PortalRule } from './verify.js';

const ada: Person = {
  id: '1',
  fields: { firstName: 'Ada', lastName: 'Moss', workEmail: 'Ada@acme.example', department: 'Sales' },
};
const account: Account = {
  id: 9,
  email: 'ada@acme.example',
  first_name: 'Ada',
  last_name: 'Moss',
  enabled: true,
  user_type: 'learner',
  CustomData: { department: 'Sales' },
};
const invite = { id: 5, invite_email_address: 'ada@acme.example', invite_status: 'sent', accept_url: '/x' };
const rule = (expect: PortalRule['expect']): PortalRule => ({
  portal: 'academy',
  expect,
  customData: ({ fields }) => ({ department: fields['department'] ?? '' }),
});
const content = (part: Partial<PortalContent>): PortalContent[] => [
  { portal: 'academy', accounts: [], invites: [], ...part },
];

describe(verify, () => {
  it.each([
    ['an account as wanted', 'account', { accounts: [account] }, {}],
    ['a live invite', 'invite-or-account', { invites: [invite] }, {}],
    [
      'an accepted invite',
      'invite-or-account',
      { accounts: [account], invites: [{ ...invite, invite_status: 'accepted' }] },
      {},
    ],
    ['nothing where nothing should be', 'nothing', { accounts: [{ ...account, enabled: false }] }, {}],
    ['no account', 'account', {}, { missing: 1 }],
    ['an invite where an account should be', 'account', { invites: [invite] }, { missing: 1 }],
    ['two accounts', 'account', { accounts: [account, account] }, { doubled: 1 }],
    ['two live invites', 'invite-or-account', { invites: [invite, invite] }, { doubled: 1 }],
    ['an account and a live invite', 'account', { accounts: [account], invites: [invite] }, { doubled: 1 }],
    ['an account that should not be', 'refused', { accounts: [account] }, { wrong: 1 }],
    ['an invite that should not be', 'nothing', { invites: [invite] }, { wrong: 1 }],
    ['another one in the way', 'own-or-none', { accounts: [{ ...account, enabled: false }] }, {}],
    ['whatever one in the way is called', 'own-or-none', { accounts: [{ ...account, CustomData: null }] }, {}],
    ['two accounts where one may be in the way', 'own-or-none', { accounts: [account, account] }, { doubled: 1 }],
    ['an old name', 'account', { accounts: [{ ...account, last_name: 'Old' }] }, { wrong: 1 }],
    ['old custom data', 'account', { accounts: [{ ...account, CustomData: null }] }, { wrong: 1 }],
    [
      "an account at nobody's address",
      'nothing',
      { accounts: [{ ...account, email: 'old@acme.example' }] },
      { wrong: 1 },
    ],
    [
      "an invite to nobody's address",
      'nothing',
      { invites: [{ ...invite, invite_email_address: 'old@acme.example' }] },
      { wrong: 1 },
    ],
    ['a disabled account', 'account', { accounts: [{ ...account, enabled: false }] }, { wrong: 1 }],
  ] as const)('judges %s', (_name, expected, part, counts) => {
    const verdict = verify([ada], content(part as Partial<PortalContent>), [rule(() => expected)]);
    expect(Object.fromEntries(Object.entries(verdict).map(([kind, list]) => [kind, list.length]))).toEqual({
      doubled: 0,
      missing: 0,
      wrong: 0,
      ...counts,
    });
  });
});

describe(isEmployed, () => {
  it.each([
    ['hired today', { hireDate: '2026-02-28' }, true],
    ['hired tomorrow', { hireDate: '2026-03-01' }, false],
    ['last day today', { hireDate: '2020-01-01', terminationDate: '2026-02-28' }, true],
    ['last day yesterday', { hireDate: '2020-01-01', terminationDate: '2026-02-27' }, false],
    ['rehired after an old termination', { hireDate: '2026-02-01', terminationDate: '2025-01-01' }, true],
    ['terminated by status', { hireDate: '2020-01-01', employmentHistoryStatus: 'Terminated' }, false],
  ])('%s', (_name, fields, expected) => {
    expect(isEmployed({ id: '1', fields: { terminationDate: null, ...fields } }, '2026-02-28')).toBe(expected);
  });
});
