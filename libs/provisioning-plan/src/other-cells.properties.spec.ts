import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { account, granted, invite, learner, portal } from '../test/samples.js';
import {
  identifiersOf,
  needsOtherCells,
  planProvisioning,
  refusalKey,
  type Account,
  type Cell,
  type Person,
  type Realm,
} from './index.js';

const NAMES = ['academy', 'emea', 'apac'];
const TOP_LEVEL = 'academy';
const SUB_PORTAL = 'emea';

const someLearner = fc
  .record({
    onboarding: fc.constantFrom('create' as const, 'invite' as const),
    whenRefused: fc.constantFrom('invite' as const, 'wait' as const, 'report' as const),
    identifier: fc.constantFrom('email' as const, 'username' as const),
    email: fc.constantFrom('ada@acme.example', 'ada.moss@acme.example', null),
    username: fc.constantFrom('ada', null),
    firstName: fc.constantFrom('Ada', 'Grace'),
    lastName: fc.constantFrom('Moss', 'Hill'),
  })
  .map(learner);

const someAccount: fc.Arbitrary<Account> = fc
  .record({
    accountId: fc.constantFrom('1', '2'),
    email: fc.constantFrom('ada@acme.example', 'ada.moss@acme.example'),
    username: fc.constantFrom('ada', null),
    enabled: fc.boolean(),
    listed: fc.boolean(),
    userType: fc.constantFrom('learner' as const, 'admin' as const),
    owner: fc.constantFrom('of the person', 'of another', 'of nobody'),
  })
  .map(({ owner, ...change }) =>
    account({
      ...change,
      ...(owner === 'of nobody' ? {} : { ownerId: owner === 'of the person' ? '109' : '110' }),
    }),
  );

const someCell = (name: string): fc.Arbitrary<Cell> =>
  fc
    .record({
      access: fc.constantFrom('granted' as const, 'withheld' as const, 'undecided' as const),
      learner: someLearner,
      isLinked: fc.boolean(),
      isInvited: fc.boolean(),
      isConfirmed: fc.boolean(),
      wasRefused: fc.boolean(),
      attempt: fc.constantFrom(undefined, 'create' as const, 'update' as const),
      accounts: fc.array(someAccount, { maxLength: 2 }),
      invites: fc.array(fc.constantFrom(invite(), invite({ inviteId: '6', status: 'accepted' })), { maxLength: 2 }),
    })
    .map(({ access, learner, isLinked, isInvited, isConfirmed, wasRefused, attempt, accounts, invites }) => ({
      ...granted(name, { access, accounts, invites }),
      ...(access === 'granted' ? { learner } : {}),
      ...(isLinked ? { link: { accountId: '1', origin: 'created' as const } } : {}),
      ...(isInvited ? { inviteId: '5' } : {}),
      ...(isConfirmed ? { confirmedAccountId: '2' } : {}),
      ...(wasRefused ? { refusal: { reason: 'refused-exists', key: refusalKeyOf(learner) } } : {}),
      ...(attempt === undefined ? {} : { attempt }),
    }));

const refusalKeyOf = ({ identifier, email, username }: ReturnType<typeof learner>): string =>
  refusalKey({ today: '', allowsDuplicates: true, portals: [] }, 'refused-exists', {
    ...{ kind: 'create', identifier, email, username, language: null, customData: {} },
  });

/** Somebody who is to have an account here, where nothing like it is. */
const someNewcomer = (name: string): fc.Arbitrary<Cell> =>
  fc.tuple(someCell(name), someLearner).map(([{ link: _, confirmedAccountId: __, ...cell }, learner]) => ({
    ...cell,
    access: 'granted',
    learner,
    accounts: [],
  }));

const somePerson = (name: string, here: fc.Arbitrary<Cell>): fc.Arbitrary<Person> =>
  fc
    .record({
      cells: fc.tuple(...NAMES.map((each) => (each === name ? here : someCell(each)))),
      isClaimed: fc.boolean(),
    })
    .map(({ cells, isClaimed }) => ({
      employeeId: '109',
      cells,
      claimedByOthers: new Map(
        isClaimed ? identifiersOf(cells).map((key) => [key, { employeeId: '110', because: 'wanted' }] as const) : [],
      ),
    }));

const someRealm = (allowsDuplicates: boolean): fc.Arbitrary<Realm> =>
  fc
    .record({
      portals: fc.tuple(
        ...NAMES.map((name) =>
          fc
            .record({
              usersFresh: fc.boolean(),
              invitesFresh: fc.boolean(),
              licencesFull: fc.boolean(),
              mode: fc.constantFrom('on' as const, 'observe' as const, 'off' as const),
            })
            .map((change) => portal(name, change)),
        ),
      ),
    })
    .map((change) => ({ today: '2026-03-02', allowsDuplicates, ...change }));

/** As the other cells are when only their accounts were looked at. */
const accountsAlone = ({ portal, accounts }: Cell): Cell[] =>
  accounts.length === 0
    ? []
    : [{ portal, access: 'undecided', policyReason: 'other', leaving: 'keep', accounts, invites: [] }];

const isTheSameWithoutThem =
  (name: string) =>
  (realm: Realm, person: Person): boolean => {
    const here = realm.portals.filter(({ portal }) => portal === name);
    const cells = person.cells.flatMap((cell) => (cell.portal === name ? [cell] : accountsAlone(cell)));
    const claimed = identifiersOf(cells);
    const claimedByOthers = new Map([...person.claimedByOthers].filter(([key]) => claimed.includes(key)));
    return isDeepStrictEqual(
      planProvisioning(realm, { ...person, cells, claimedByOthers }, here),
      planProvisioning(realm, person, here),
    );
  };

const inAllCells = (name: string, here: fc.Arbitrary<Cell>, allowsDuplicates: boolean) =>
  fc.property(someRealm(allowsDuplicates), somePerson(name, here), isTheSameWithoutThem(name));

it.each([TOP_LEVEL, SUB_PORTAL])('a plan for %s that needs no other cells is the same without them', (name) => {
  expect(needsOtherCells({ allowsDuplicates: true }, 'granted', false)).toBe(false);
  fc.assert(inAllCells(name, someNewcomer(name), true), { numRuns: 2_000 });
});

const mayDiffer = (name: string, here: fc.Arbitrary<Cell>, allowsDuplicates: boolean): boolean =>
  fc.check(inAllCells(name, here, allowsDuplicates), { numRuns: 5_000 }).failed;

it('may differ where the realm allows one account per identifier', () => {
  expect(needsOtherCells({ allowsDuplicates: false }, 'granted', false)).toBe(true);
  expect(mayDiffer(SUB_PORTAL, someNewcomer(SUB_PORTAL), false)).toBe(true);
});

it('may differ where an account like it is there', () => {
  const met = someNewcomer(SUB_PORTAL).map((cell) => ({ ...cell, accounts: [account()] }));
  expect(needsOtherCells({ allowsDuplicates: true }, 'granted', true)).toBe(true);
  expect(mayDiffer(SUB_PORTAL, met, true)).toBe(true);
});

it('may differ where access is taken away', () => {
  const leaving = someCell(TOP_LEVEL).map((cell): Cell => ({ ...cell, access: 'withheld' }));
  expect(needsOtherCells({ allowsDuplicates: true }, 'withheld', false)).toBe(true);
  expect(mayDiffer(TOP_LEVEL, leaving, true)).toBe(true);
});
