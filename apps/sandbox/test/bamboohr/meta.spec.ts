import { openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

describe('about the account', () => {
  test('meta/fields lists numbers, deprecated twins and no calculated fields', async () => {
    const fields = (await box.bamboo('/v1/meta/fields')).json;
    expect(fields).toEqual(
      expect.arrayContaining([
        { id: -38, name: 'Termination Date', type: 'date', alias: 'terminationDate' },
        { id: 387, name: 'Status', type: 'status', alias: 'employmentStatus', deprecated: true },
      ]),
    );
    expect(fields.map(({ alias }: { alias: string }) => alias)).not.toContain('supervisorEId');
  });

  test.each(['/v1/meta/tables', '/v1/meta/lists', '/v1/company_information'])('%s', async (path) => {
    expect((await box.bamboo(path)).status).toBe(200);
  });
});
