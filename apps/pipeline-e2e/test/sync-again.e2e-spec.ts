import type { LocalPortico } from '../src/local-portico.js';
import { readPeople, readPortals, type Account, type Person } from '../src/vendors.js';
import { openCompany, startPortico, type Company } from './company.js';

let local: LocalPortico;
let company: Company;
let staff: readonly Person[];

beforeAll(async () => {
  local = await startPortico();
  company = await openCompany(local, 'again');
  await company.apply();
  await company.sync('full');
  staff = (await readPeople(company.sandbox)).filter(
    ({ fields }) => fields['status'] === 'Active' && fields['terminationDate'] === null && fields['workEmail'] !== null,
  );
});
afterAll(async () => {
  await local.stop();
  await company.sandbox.stop();
});

/** Somebody of the department who is nobody else's example. */
const take = (belongs: (fields: Person['fields']) => boolean): Person => {
  const person = staff.find(({ fields }) => belongs(fields));
  if (person === undefined) throw new Error('the sandbox has nobody for this');
  staff = staff.filter((one) => one !== person);
  return person;
};
const anybody = () => take(() => true);

/** How often the portals were written to meanwhile. */
const writesDuring = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await company.control.writes();
  await work();
  return (await company.control.writes()) - before;
};

const academyAccounts = async (): Promise<readonly Account[]> =>
  (await readPortals(company.sandbox)).find(({ portal }) => portal === 'academy')!.accounts;
const accountsOf = async (email: string | null | undefined): Promise<readonly Account[]> =>
  (await academyAccounts()).filter((account) => account.email.toLowerCase() === email?.toLowerCase());

it('the first sync is right', async () => {
  expect(await company.faults()).toEqual([]);
  expect(await company.control.writes()).toBeGreaterThan(0);
});

describe('the same again writes nothing', () => {
  it('as a full read', async () => {
    expect(await writesDuring(() => company.sync('full'))).toBe(0);
  });

  it('as the same file', async () => {
    const work = async () => {
      expect(await company.apply()).toContain('nothing to change (version 1 is stored)');
      await company.sync('changed');
    };
    expect(await writesDuring(work)).toBe(0);
  });
});

describe('what happens to somebody', () => {
  afterEach(async () => {
    expect(await company.faults()).toEqual([]);
  });

  it('another name and another address are the same account', async () => {
    const { id, fields } = anybody();
    const [before] = await accountsOf(fields['workEmail']);
    await company.control.rename(id, { lastName: 'Okonkwo', workEmail: 'new.name@again.example' });
    // The account is updated; the invite to the old address is cancelled, and one to the new address sent.
    expect(await writesDuring(() => company.sync('changed'))).toBe(3);
    expect(await accountsOf('new.name@again.example')).toEqual([
      expect.objectContaining({ id: before!.id, last_name: 'Okonkwo', enabled: true }),
    ]);
  });

  it('a move changes the account, and the invites with the department', async () => {
    const { id, fields } = take(({ department }) => department !== 'Sales');
    const invitedTo = async () =>
      (await readPortals(company.sandbox))
        .filter(({ invites }) =>
          invites.some((one) => one.invite_email_address === fields['workEmail'] && one.invite_status === 'sent'),
        )
        .map(({ portal }) => portal);
    expect(await invitedTo()).toEqual(['onboarding']);
    await company.control.move(id, { department: 'Sales' });
    await company.sync('changed');
    expect(await invitedTo()).toEqual(['sales']);
    expect(await accountsOf(fields['workEmail'])).toMatchObject([{ CustomData: { department: 'Sales' } }]);
  });

  it('who leaves is disabled, and who comes back has the same account', async () => {
    const { id, fields } = anybody();
    const [before] = await accountsOf(fields['workEmail']);
    await company.control.terminate(id);
    await company.sync('changed');
    expect(await accountsOf(fields['workEmail'])).toMatchObject([{ id: before!.id, enabled: false }]);
    await company.control.rehire(id);
    await company.sync('changed');
    expect(await accountsOf(fields['workEmail'])).toMatchObject([{ id: before!.id, enabled: true }]);
  });
});

it('an address that is used again gives nobody the account of somebody else', async () => {
  const { id, fields } = anybody();
  const email = fields['workEmail']!;
  await company.control.terminate(id);
  await company.sync('changed');
  const left = await accountsOf(email);
  await company.control.rename(id, { workEmail: null });
  const { id: hired } = await company.control.hire({ firstName: 'Ada', lastName: 'Moss', workEmail: email });
  await company.sync('changed');

  expect(await accountsOf(email)).toEqual(left);
  expect(left).toMatchObject([{ last_name: fields['lastName'], enabled: false }]);
  expect(await company.portico('people', '--employee', hired)).toContain('identifier-claimed');
  // The example ends here: with an address of her own she is one of the others.
  await company.control.rename(hired, { workEmail: 'ada.moss@again.example' });
  await company.sync('changed');
  expect(await accountsOf('ada.moss@again.example')).toMatchObject([{ last_name: 'Moss', enabled: true }]);
  expect(await company.faults()).toEqual([]);
});

describe('what BambooHR does not show takes access from nobody', () => {
  afterEach(() => company.control.hide({}));

  it.each<[string, () => Parameters<Company['control']['hide']>[0]]>([
    ['a field that decides who belongs', () => ({ fields: ['department'] })],
    ['the fields that tell who has left', () => ({ fields: ['status', 'terminationDate', 'employmentHistoryStatus'] })],
    ['names and addresses', () => ({ fields: ['firstName', 'lastName', 'workEmail'] })],
    ['a few people', () => ({ people: staff.slice(0, 2).map(({ id }) => id) })],
    ['most people', () => ({ people: staff.slice(1).map(({ id }) => id) })],
  ])('%s', async (_, what) => {
    await company.control.hide(what());
    expect(await writesDuring(() => company.sync('full'))).toBe(0);
    await company.control.hide({});
    expect(await writesDuring(() => company.sync('full'))).toBe(0);
    expect(await company.faults()).toEqual([]);
  });

  it('what changed meanwhile is caught up with when it shows again', async () => {
    const { id } = anybody();
    await company.control.move(id, { department: 'Finance' });
    await company.control.hide({ people: [id] });
    expect(await writesDuring(() => company.sync('changed'))).toBe(0);
    await company.control.hide({});
    await company.sync('full');
    expect(await company.faults()).toEqual([]);
  });
});
