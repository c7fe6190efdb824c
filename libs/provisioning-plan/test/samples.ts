import {
  planProvisioning,
  type Account,
  type Cell,
  type CellPlan,
  type Holder,
  type Invite,
  type Learner,
  type Person,
  type Portal,
  type Realm,
} from '../src/index.js';

export const portal = (name: string, change: Partial<Portal> = {}): Portal => ({
  portal: name,
  topLevel: name === 'academy',
  mode: 'on',
  usersFresh: true,
  invitesFresh: true,
  licencesFull: false,
  ...change,
});

export const realm = (change: Partial<Realm> = {}): Realm => ({
  today: '2026-03-02',
  allowsDuplicates: false,
  portals: [portal('academy'), portal('emea'), portal('apac')],
  ...change,
});

export const learner = (change: Partial<Learner> = {}): Learner => ({
  onboarding: 'create',
  whenRefused: 'report',
  identifier: 'email',
  email: 'ada@acme.example',
  username: null,
  firstName: 'Ada',
  lastName: 'Moss',
  language: null,
  customData: { 'Cost Centre': 'Sales' },
  ...change,
});

export const account = (change: Partial<Account> = {}): Account => ({
  accountId: '991',
  email: 'ada@acme.example',
  username: null,
  firstName: 'Ada',
  lastName: 'Moss',
  language: 'en',
  enabled: true,
  userType: 'learner',
  accountExpires: null,
  customData: { costcentre: 'Sales' },
  listed: true,
  ...change,
});

export const invite = (change: Partial<Invite> = {}): Invite => ({
  inviteId: '5',
  email: 'ada@acme.example',
  status: 'sent',
  listed: true,
  ...change,
});

export const granted = (name: string, change: Partial<Cell> = {}): Cell => ({
  portal: name,
  access: 'granted',
  policyReason: 'in-audience',
  leaving: 'disable',
  learner: learner(),
  accounts: [],
  invites: [],
  ...change,
});

export const withheld = (name: string, change: Partial<Cell> = {}): Cell => ({
  portal: name,
  access: 'withheld',
  policyReason: 'left',
  leaving: 'disable',
  accounts: [],
  invites: [],
  ...change,
});

/** With the account that it is linked to. */
export const linked = (cell: Cell, change: Partial<Account> = {}): Cell => ({
  ...cell,
  link: { accountId: change.accountId ?? '991', origin: 'created' },
  accounts: [account({ ownerId: '109', ...change }), ...cell.accounts],
});

export const person = (...cells: readonly Cell[]): Person => ({
  employeeId: '109',
  cells,
  claimedByOthers: new Map(),
});

/** Somebody else, who is to have what this person wants. */
export const holder: Holder = { employeeId: '7', because: 'wanted' };

export const planFor = (name: string, who: Person, where: Realm = realm()): CellPlan | undefined =>
  planProvisioning(where, who).find((plan) => plan.portal === name);
