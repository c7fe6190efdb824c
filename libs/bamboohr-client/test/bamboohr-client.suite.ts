import { createBambooHrClient, type BambooHrClient, type BambooHrClientOptions } from '../src/index.js';

export interface SuiteAccount {
  readonly name: string;
  readonly open: () => Promise<{ readonly options: BambooHrClientOptions; close(): Promise<void> }>;
}

const FIELDS = ['firstName', 'lastName', 'workEmail', 'department', 'status', 'hireDate', 'terminationDate'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What holds of any BambooHR account, real or not. It only reads. */
export const bambooHrClientSuite = ({ name, open }: SuiteAccount): void => {
  describe(`against ${name}`, () => {
    let account: Awaited<ReturnType<SuiteAccount['open']>>;
    let client: BambooHrClient;
    beforeAll(async () => {
      account = await open();
      client = createBambooHrClient(account.options);
    });
    afterAll(async () => {
      await client.close();
      await account.close();
    });

    it('reads everyone, once each, with the fields that were asked for', async () => {
      const { rows, returnedFields, rosterTotal, ambiguousIds } = await client.readAll({ fields: FIELDS });
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map(({ employeeId }) => employeeId)).size).toBe(rows.length);
      expect(returnedFields).toEqual(expect.arrayContaining(['firstName', 'lastName']));
      expect(ambiguousIds).toBe(0);
      if (rosterTotal !== undefined) expect(rosterTotal).toBe(rows.length);
      const days = rows.flatMap(({ values }) => [values['hireDate'], values['terminationDate']]);
      for (const day of days) if (typeof day === 'string') expect(day).toMatch(DAY);
    });

    it('leaves out a field that is not there, in reports and by id', async () => {
      const fields = ['firstName', 'noSuchFieldOfAnyone'];
      const { rows, returnedFields, requestedFields } = await client.readAll({ fields });
      expect([requestedFields, returnedFields]).toEqual([fields, ['firstName']]);
      const found = await client.readEmployee(rows[0]?.employeeId ?? '', fields);
      expect(found).toMatchObject({ outcome: 'found' });
      expect(JSON.stringify(found)).not.toContain('noSuchFieldOfAnyone');
    });

    it('says the same of a person in a report and by id', async () => {
      const { rows, returnedFields } = await client.readAll({ fields: FIELDS });
      for (const row of rows.slice(0, 5)) {
        expect(await client.readEmployee(row.employeeId, returnedFields)).toEqual({ outcome: 'found', row });
      }
    });

    it('knows whom there is not', async () => {
      expect(await client.readEmployee('999999999', ['firstName'])).toEqual({ outcome: 'absent' });
      expect(await client.readEmploymentRows('999999999')).toBeUndefined();
    });

    it('asks for more fields than one call takes', async () => {
      const many = Array.from({ length: 450 }, (_, index) => `noSuchField${index}`);
      const { rows, returnedFields } = await client.readAll({ fields: [...many, 'lastName'] });
      expect(returnedFields).toEqual(['lastName']);
      const [row] = rows;
      expect(await client.readEmployee(row?.employeeId ?? '', [...many, 'lastName'])).toEqual({
        outcome: 'found',
        row,
      });
    });

    it('refuses an id that is none before it asks', async () => {
      for (const id of ['0', '../meta/users', ''])
        await expect(client.readEmployee(id, ['firstName'])).rejects.toThrow(RangeError);
    });

    it('knows the fields of the account', async () => {
      const fields = await client.readFields();
      expect(fields.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['firstName', 'lastName', 'supervisorEId']),
      );
      expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    });

    it('reads the employment history', async () => {
      const { rows } = await client.readAll({ fields: ['status'] });
      const history = await client.readEmploymentRows(rows[0]?.employeeId ?? '');
      for (const { date } of history ?? []) expect(date).toMatch(DAY);
    });

    it('follows the feed of changes', async () => {
      const { changes } = await client.readChanged('2011-06-05T00:00:00Z');
      expect(changes.length).toBeGreaterThan(0);
      const none = await client.readChanged(new Date(Date.now() + 86_400_000).toISOString());
      expect(none.changes).toEqual([]);
    });

    it('is refused with a key that is none', async () => {
      const stranger = createBambooHrClient({ ...account.options, apiKey: '0'.repeat(40) });
      await expect(stranger.readAll({ fields: ['firstName'] })).rejects.toMatchObject({ code: 'unauthorised' });
      await stranger.close();
    });
  });
};
