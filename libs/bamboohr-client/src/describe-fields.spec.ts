import { describeFields } from './describe-fields.js';

const fields = [
  { id: 4, name: 'Department', type: 'list', alias: 'department' },
  { id: 387, name: 'Status', type: 'status', alias: 'status' },
  { id: 387, name: 'Status', type: 'status', alias: 'employmentStatus', deprecated: true },
  { id: -38, name: 'Termination Date', type: 'date', alias: 'terminationDate' },
  { id: '4340.4', name: 'Shirt size', type: 'list' },
  { id: 4351, name: 'Old one', type: 'text', alias: 'customOld/one' },
  { id: -7, name: 'Nothing to ask for', type: 'text' },
  'no field',
];
const lists = [
  { fieldId: 4, name: 'Department', options: [{ name: 'Sales' }, { name: 'Legal', archived: 'yes' }] },
  { fieldId: '4340.4', options: [{ name: 'M' }] },
];

describe('the fields of an account', () => {
  const described = new Map(describeFields('GET meta/fields', fields, lists).map((field) => [field.name, field]));

  it('go by their alias, else by their number', () => {
    expect(described.get('department')).toEqual({
      name: 'department',
      id: '4',
      label: 'Department',
      type: 'list',
      options: ['Sales', 'Legal'],
    });
    expect(described.get('4340.4')).toEqual({ name: '4340.4', label: 'Shirt size', type: 'list', options: ['M'] });
    expect(described.get('4351')?.label).toBe('Old one');
    expect(described.get('terminationDate')).toMatchObject({ type: 'date' });
    expect([...described.keys()].filter((name) => name.startsWith('-'))).toEqual([]);
    expect(described.has('status') && described.has('employmentStatus')).toBe(true);
  });

  it('have the calculated ones among them, which are not listed', () => {
    expect(described.get('supervisorEId')).toMatchObject({ type: 'text' });
  });

  it('are described without lists too', () => {
    expect(
      describeFields('GET meta/fields', fields, 'hidden').find(({ name }) => name === 'department'),
    ).not.toHaveProperty('options');
    expect(() => describeFields('GET meta/fields', {}, lists)).toThrow('no list of fields');
  });
});
