import { BambooHrError } from '@portico/bamboohr-client';
import type { Caller } from '@portico/contracts';
import { QuestionError } from '@portico/messaging';
import { fixedClock } from '@portico/service-kit';
import { StoreRealm } from '../src/store-realm.js';
import { employeesIn, realmOf } from './fixtures.js';
import { startReading, type Reading } from './reading.js';

let reading: Reading;
beforeEach(async () => (reading = await startReading()));
afterEach(() => reading.close());

const admin: Caller = { tenant: 'acme', role: 'admin', name: 'Mo' };
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof QuestionError ? error.code : String(error)),
  );

/** How often BambooHR was asked for its fields. */
const countAsks = () => {
  let asks = 0;
  reading.hooks.connect = (access) => {
    const client = reading.clientFor(access);
    return { ...client, readFields: (signal) => ((asks += 1), client.readFields(signal)) };
  };
  return () => asks;
};

describe('the fields of an account', () => {
  it('are kept with each full read, and answered from what is kept', async () => {
    await reading.apply();
    const asks = countAsks();
    await reading.read('full');
    expect(asks()).toBe(1);
    const { fields } = await reading.fields.answer({ ...admin, role: 'viewer' }, {});
    expect(fields.find(({ name }) => name === 'department')).toMatchObject({
      label: 'Department',
      type: 'list',
      options: expect.arrayContaining(['Sales']),
    });
    expect(fields.map(({ name }) => name)).toContain('supervisorEId');
    await reading.read('changed');
    expect(asks()).toBe(1);
  });

  it('are read now before the first read, and for an admin of an account that is not configured', async () => {
    expect(await codeOf(reading.fields.answer(admin, {}))).toBe('not-found');
    const { company, url: baseUrl } = reading.sandbox.bamboohr;
    const { fields } = await reading.fields.answer(admin, { company, baseUrl, secretRef: 'acme-bamboohr' });
    expect(fields.length).toBeGreaterThan(10);
    expect(await codeOf(reading.fields.answer({ ...admin, role: 'viewer' }, { company, baseUrl }))).toBe('forbidden');
    await reading.apply();
    expect((await reading.fields.answer({ ...admin, role: 'viewer' }, {})).fields).toEqual(fields);
  });

  it('are read with no key of another tenant, for the caller says where it is sent', async () => {
    const { company, url: baseUrl } = reading.sandbox.bamboohr;
    const answer = (secretRef: string) => codeOf(reading.fields.answer(admin, { company, baseUrl, secretRef }));
    expect(await answer('globex-bamboohr')).toBe('forbidden');
    expect(await answer('acme-eu-bamboohr')).toBe('answered');
    await new StoreRealm(reading.orm, fixedClock('2026-03-02T10:00:00Z')).store(realmOf({ tenant: 'acme-eu' }));
    expect(await answer('acme-eu-bamboohr')).toBe('forbidden');
  });

  it('that cannot be had are unavailable, with the reason, and stop no read', async () => {
    await reading.apply();
    reading.hooks.connect = (access) => ({
      ...reading.clientFor(access),
      readFields: () => Promise.reject(new BambooHrError('not yours to see', { kind: 'permanent', code: 'forbidden' })),
    });
    await reading.read('full');
    expect((await employeesIn(reading.orm)).length).toBeGreaterThan(0);
    await expect(reading.fields.answer(admin, {})).rejects.toMatchObject({ code: 'unavailable' });
    reading.secret.apiKey = undefined;
    await expect(reading.fields.answer(admin, {})).rejects.toThrow('secret "acme-bamboohr" is missing');
  });
});

it('says when each person was first recorded, also after changes', async () => {
  await reading.apply();
  await reading.read('full');
  const before = await employeesIn(reading.orm);
  expect(before.every(({ event }) => event.addedAt === event.recordedAt)).toBe(true);
  const [someone] = before;
  await reading.control('POST', '/clock', { advance: 'PT2H' });
  await reading.control('POST', `/people/${someone?.id}/rename`, { lastName: 'Newname' });
  await reading.read('full');
  const after = (await employeesIn(reading.orm)).find(({ id }) => id === someone?.id);
  expect(after?.event.revision).toBeGreaterThan(someone?.revision ?? 0);
  expect(after?.event.addedAt).toBe(someone?.event.addedAt);
});
