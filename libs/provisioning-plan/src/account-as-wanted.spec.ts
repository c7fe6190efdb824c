import { account, granted, invite, learner, linked, person, planFor, portal, realm } from '../test/samples.js';
import type { Account, Cell, CustomField, Learner, Portal } from './index.js';

const field = (type: CustomField['type'], ...choices: readonly string[]): CustomField =>
  choices.length === 0 ? { type } : { type, choices };
const FIELDS = new Map([
  ['team', field('string')],
  ['startdate', field('date')],
  ['level', field('integer')],
  ['rate', field('decimal')],
  ['shirt', field('string', 'S', 'M', 'Extra Large')],
]);

const where = (change: Partial<Portal> = {}) => realm({ portals: [portal('academy', change), portal('emea')] });
const planLinked = (
  wanted: Partial<Learner>,
  actual: Partial<Account> = {},
  cell: Partial<Cell> = {},
  portalChange: Partial<Portal> = {},
) =>
  planFor(
    'academy',
    person({ ...linked(granted('academy', { learner: learner(wanted) }), actual), ...cell }),
    where(portalChange),
  );
const changesOf = (...args: Parameters<typeof planLinked>) => {
  const operation = planLinked(...args)?.operation;
  return operation?.kind === 'update' ? operation.changes : operation;
};
const createFor = (wanted: Partial<Learner>, portalChange: Partial<Portal> = {}) =>
  planFor('academy', person(granted('academy', { learner: learner(wanted) })), where(portalChange));

describe('ownership', () => {
  const drifted = { firstName: 'Augusta', customData: { costcentre: 'Legal' } };
  const never = { firstName: 'never', 'customData.Cost Centre': 'never' } as const;
  const once = { firstName: 'on-create', 'customData.Cost Centre': 'on-create' } as const;
  const both = { firstName: 'Ada', customData: { 'Cost Centre': 'Sales' } };

  it.each<[string, Partial<Learner>, Partial<Cell>, object | undefined]>([
    ['always', {}, {}, both],
    ['never', { ownership: never }, {}, undefined],
    ['on create, of an account that it made', { ownership: once }, {}, undefined],
    [
      'on create, of an account that its invite made and that has not got it yet',
      { ownership: once },
      { link: { accountId: '991', origin: 'accepted', isFresh: true } },
      both,
    ],
    [
      'on create, of an account that it found',
      { ownership: once },
      { link: { accountId: '991', origin: 'correlated', isFresh: true } },
      undefined,
    ],
  ])('of a field, %s', (_, wanted, cell, changes) => {
    expect(changesOf(wanted, drifted, cell)).toEqual(changes);
  });

  it('marks an account fresh that an accepted invite made, so that what is written once is written', () => {
    const cell = granted('academy', {
      learner: learner({ ownership: once }),
      inviteId: '5',
      invites: [invite({ status: 'accepted' })],
      accounts: [account(drifted)],
    });
    expect(planFor('academy', person(cell))).toMatchObject({
      link: { origin: 'accepted', isFresh: true },
      operation: { changes: both },
      isPartial: true,
    });
  });

  it('gives a new account all but what is never written, and always what tells it', () => {
    const ownership = {
      ...never,
      email: 'never',
      language: 'on-create',
      timeZone: 'never',
      userType: 'on-create',
    } as const;
    const plan = createFor({ language: 'fr', timeZone: 'Dublin', userType: 'manager', ownership });
    expect(plan?.operation).toEqual({
      kind: 'create',
      identifier: 'email',
      email: 'ada@acme.example',
      username: null,
      lastName: 'Moss',
      language: 'fr',
      customData: {},
      userType: 'manager',
    });
  });
});

describe('time zone and type', () => {
  it.each<[string, Partial<Learner>, Partial<Account>, object | undefined]>([
    ['a time zone that differs', { timeZone: 'Dublin' }, { timeZone: null }, { timeZone: 'Dublin' }],
    ['a time zone that LearnUpon does not say', { timeZone: 'Dublin' }, {}, undefined],
    ['no wanted time zone', { timeZone: null }, { timeZone: 'Dublin' }, undefined],
    ['a type that differs', { userType: 'manager' }, {}, { userType: 'manager' }],
    ['no wanted type', {}, { userType: 'manager' }, undefined],
    ['a type that nobody knows', { userType: 'learner' }, { userType: 'other' }, undefined],
  ])('%s', (_, wanted, actual, changes) => {
    expect(changesOf(wanted, actual)).toEqual(changes);
  });

  it('leaves an admin alone whom somebody else made one, and keeps one whom Portico made', () => {
    const admin = { userType: 'admin', firstName: 'Augusta' } as const;
    expect(planLinked({ userType: 'learner' }, admin)).toMatchObject({ reason: 'top-level-admin' });
    expect(planLinked({ userType: 'learner' }, admin)?.operation).toBeUndefined();
    const ours = { written: { userType: 'admin' as const } };
    expect(changesOf({ userType: 'admin' }, admin, ours)).toEqual({ firstName: 'Ada' });
    expect(changesOf({ userType: 'learner' }, admin, ours)).toMatchObject({ userType: 'learner' });
  });

  it('leaves the admin of a sub-portal alone, linked or found', () => {
    const admin = account({ userType: 'admin' });
    const one = planFor('emea', person(linked(granted('emea'), { userType: 'admin' })));
    const other = planFor('emea', person(granted('emea', { accounts: [admin] })));
    for (const plan of [one, other]) {
      expect(plan).toMatchObject({ reason: 'not-ours', detail: expect.stringContaining('admin of emea') });
      expect(plan?.operation ?? plan?.link).toBeUndefined();
    }
  });
});

describe('custom data', () => {
  const fieldsOf = (data: Learner['customData']) => createFor({ customData: data }, { customFields: FIELDS });
  const sent = (data: Learner['customData']) => {
    const operation = fieldsOf(data)?.operation;
    return operation?.kind === 'create' ? operation.customData : undefined;
  };

  it.each([
    ['a choice in the spelling of the portal', { Shirt: 'extra large' }, { Shirt: 'Extra Large' }],
    ['a decimal', { Rate: '007.50' }, { Rate: '7.5' }],
    ['an integer', { Level: '4.0' }, { Level: '4' }],
    ['a date with a time', { 'Start Date': '2028-02-29T00:00:00Z' }, { 'Start Date': '2028-02-29' }],
    ['nothing', { Level: null, Team: '' }, { Level: null, Team: null }],
  ])('is sent as the portal takes it: %s', (_, data, expected) => {
    expect(sent(data)).toEqual(expected);
    expect(fieldsOf(data)?.isPartial).toBeUndefined();
  });

  it.each([
    ['no such choice', { Shirt: 'XS' }],
    ['no number', { Level: 'four' }],
    ['no whole number', { Level: '4.5' }],
    ['no date', { 'Start Date': '02/01/2026' }],
    ['no day of any year', { 'Start Date': '2027-02-29' }],
    ['no such field', { Hobby: 'chess' }],
  ])('that the portal refuses is left out, and the rest is done: %s', (_, data) => {
    expect(sent({ ...data, Team: 'A' })).toEqual({ Team: 'A' });
    expect(fieldsOf(data)?.isPartial).toBe(true);
    const plan = planLinked(
      { customData: { ...data, Team: 'A' } },
      { customData: { team: 'A' } },
      {},
      { customFields: FIELDS },
    );
    expect(plan).toMatchObject({ reason: 'field-missing', actual: 'active' });
    expect(plan?.detail).toContain(`"${Object.keys(data)[0]}"`);
    expect(plan?.detail).not.toContain(Object.values(data)[0]);
  });

  it.each([
    ['a boolean', { Team: 'true' }, { team: '1' }],
    ['a decimal', { Rate: '7.50' }, { rate: '7.5' }],
    ['a date', { 'Start Date': '2026-02-01' }, { startdate: '2026-02-01' }],
    ['a choice', { Shirt: 'm' }, { shirt: 'M' }],
    ['blanks around it', { Team: ' A' }, { team: 'A' }],
  ])('counts as the same in another form: %s', (_, customData, actual) => {
    const plan = planLinked({ customData }, { customData: actual }, {}, { customFields: FIELDS });
    expect(plan).toMatchObject({ reason: 'converged' });
  });

  it('is sent as it is while the definitions are not known', () => {
    expect(createFor({ customData: { Hobby: 'chess' } })?.operation).toMatchObject({ customData: { Hobby: 'chess' } });
  });
});

describe('groups', () => {
  const GROUPS = new Map([
    ['sales', '1'],
    ['field', '2'],
  ]);
  const planGroups = (groups: readonly string[] | undefined, cell: Partial<Cell> = {}, wanted: Partial<Learner> = {}) =>
    planLinked({ ...(groups === undefined ? {} : { groups }), ...wanted }, {}, cell, { groups: GROUPS });
  const join = { kind: 'join-group', accountId: '991', groupId: '1' };
  const leave = { kind: 'leave-group', accountId: '991', groupId: '1' };

  it.each<[string, readonly string[] | undefined, Partial<Cell>, object | undefined]>([
    ['joins what is wanted, by title', ['SALES '], {}, join],
    ['has nothing to do where the person is in it', ['Sales'], { groupIds: ['1'] }, undefined],
    ['ends what it made', [], { groupIds: ['1'], ownGroupIds: ['1'] }, leave],
    ['ends nothing that others made', [], { groupIds: ['1'] }, undefined],
    ['ends nothing where policy is silent', undefined, { groupIds: ['1'], ownGroupIds: ['1'] }, undefined],
    ['ends nothing that is over', [], { ownGroupIds: ['1'] }, undefined],
  ])('%s', (_, groups, cell, operation) => {
    expect(planGroups(groups, cell)?.operation).toEqual(operation);
  });

  it('come after the account', () => {
    expect(planGroups(['Sales'], {}, { lastName: 'Reed' })).toMatchObject({
      operation: { kind: 'update' },
      isPartial: true,
    });
    expect(createFor({ groups: ['Sales'] })).toMatchObject({ operation: { kind: 'create' }, isPartial: true });
  });

  it('that are not there are named, and all else is done', () => {
    expect(planGroups(['Nobody made it', 'Sales'])?.operation).toEqual(join);
    const plan = planGroups(['Nobody made it', 'Sales'], { groupIds: ['1'] });
    expect(plan).toMatchObject({ reason: 'group-missing', actual: 'active' });
    expect(plan?.detail).toContain('no group is titled "Nobody made it"');
  });

  it('wait for their list', () => {
    expect(planLinked({ groups: ['Sales'] })).toMatchObject({ reason: 'waiting-for-mirror', actual: 'active' });
    expect(planLinked({})?.reason).toBe('converged');
  });

  it('are joined on create alone, or never, as policy says', () => {
    const fresh = { link: { accountId: '991', origin: 'created', isFresh: true } } as const;
    const owned = (groups: 'on-create' | 'never') => ({ ownership: { groups } });
    expect(planGroups(['Sales'], fresh, owned('on-create'))?.operation).toEqual(join);
    expect(planGroups(['Sales'], {}, owned('on-create'))?.reason).toBe('converged');
    expect(planGroups(['Sales'], fresh, owned('never'))?.reason).toBe('converged');
  });

  it('are not joined again where that was refused', () => {
    const refusal = { reason: 'refused-other', key: JSON.stringify(join) };
    expect(planGroups(['Sales'], { refusal })).toMatchObject({ reason: 'refused-other' });
  });
});
