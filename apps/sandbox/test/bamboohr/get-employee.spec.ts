import { ada, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

describe('get employee', () => {
  test('without fields only the id; with fields strings, null and 0000-00-00; unknown fields are left out', async () => {
    const manager = await box.hire({
      firstName: 'Grace',
      lastName: 'Hill',
      preferredName: 'Gigi',
      employeeNumber: '900',
    });
    const id = await box.hire({ ...ada, managerId: manager });
    expect((await box.bamboo(`/v1/employees/${id}`)).json).toEqual({ id });
    const fields =
      'firstName,terminationDate,homeEmail,supervisor,supervisorId,supervisorEId,isPhotoUploaded,bogus,4,id';
    expect((await box.bamboo(`/v1/employees/${id}?fields=${fields}`)).json).toEqual({
      id,
      firstName: 'Ada',
      terminationDate: '0000-00-00',
      homeEmail: null,
      supervisor: 'Hill, Gigi',
      supervisorId: '900',
      supervisorEId: manager,
      isPhotoUploaded: 'false',
      '4': 'Sales',
    });
  });

  test('an unset state is an empty text; ages, pay and schedules are texts; full names differ in their parts', async () => {
    const names = { firstName: 'Ada', middleName: 'May', lastName: 'Moss', preferredName: 'Addie' };
    const id = await box.hire({ ...ada, ...names });
    const read = async (fields: string) => (await box.bamboo(`/v1/employees/${id}?fields=${fields}`)).json;
    expect(await read('state,teams,homePhone')).toEqual({ id, state: '', teams: null, homePhone: null });
    expect(await read('age,payRate,payScheduleId,dateOfBirth')).toEqual({
      id,
      age: expect.stringMatching(/^\d\d$/),
      payRate: expect.stringMatching(/^\d+\.00 USD$/),
      payScheduleId: expect.stringMatching(/^\d{5}$/),
      dateOfBirth: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    expect(await read('fullName1,fullName2,fullName3,fullName4,fullName5')).toEqual({
      id,
      fullName1: 'Ada Moss',
      fullName2: 'Moss, Ada',
      fullName3: 'Moss, Ada May (Addie)',
      fullName4: 'Moss, Ada May',
      fullName5: 'Ada May Moss',
    });
  });

  test('an age grows on the birthday, and is hidden with it', async () => {
    const id = await box.hire(ada);
    const read = async () => (await box.bamboo(`/v1/employees/${id}?fields=age,dateOfBirth`)).json;
    const { age, dateOfBirth } = await read();
    const birthday = dateOfBirth.slice(4);
    await box.control('POST', '/clock', { now: `2027${birthday}T12:00:00Z` });
    expect((await read()).age).toBe(String(2027 - Number(dateOfBirth.slice(0, 4))));
    expect(Number((await read()).age) - Number(age)).toBeLessThanOrEqual(1);
    await box.control('POST', '/profile', { hiddenFields: ['dateOfBirth'] });
    expect(await read()).toEqual({ id });
  });

  test('XML unless JSON is asked for', async () => {
    const id = await box.hire({ ...ada, lastName: 'Moss & <Co>' });
    const reply = await box.bamboo(`/v1/employees/${id}?fields=lastName,homeEmail`, { headers: { accept: '*/*' } });
    expect(reply.headers['content-type']).toBe('text/xml; charset=UTF-8');
    expect(reply.text).toContain(
      `<employee id="${id}"><field id="lastName">Moss &amp; &lt;Co&gt;</field><field id="homeEmail"/></employee>`,
    );
  });

  test('404 for nobody, with both spellings of the header; 403 for somebody hidden; 400 for too many fields', async () => {
    const id = await box.hire(ada);
    const nobody = await box.bamboo('/v1/employees/99');
    expect([nobody.status, nobody.text]).toEqual([404, '']);
    expect(nobody.headers).toMatchObject({
      'x-bamboohr-error-message': 'Employee not found, Employee not found',
      'x-bamboohr-error-messsage': 'Employee not found, Employee not found',
    });
    await box.control('POST', '/profile', { hiddenEmployees: [id] });
    expect((await box.bamboo(`/v1/employees/${id}`)).status).toBe(403);
    const many = Array.from({ length: 401 }, (_, index) => `f${index}`).join(',');
    expect((await box.bamboo(`/v1/employees/${id}?fields=${many}`)).status).toBe(400);
  });
});
