import { certifyRead, type ReadSummary } from './index.js';

const requestedFields = ['firstName', 'department', 'status', 'hireDate'];
const read: ReadSummary = {
  rows: 114,
  requestedFields,
  returnedFields: requestedFields,
  ambiguousIds: 0,
  rosterTotal: 114,
};

describe('certifyRead', () => {
  test('certifies a read that agrees with the list of employees', () => {
    expect(certifyRead(read, { people: 110 })).toEqual({
      outcome: 'certified',
      certificate: { rows: 114, rosterTotal: 114, lostFields: [], notes: [] },
    });
  });

  test.each<[string, Partial<ReadSummary>, number, string]>([
    ['nobody where people are known', { rows: 0, rosterTotal: 0 }, 114, 'empty-read'],
    ['nobody where the list has people', { rows: 0 }, 0, 'empty-read'],
    ['fewer people than the list', { rows: 100 }, 114, 'short-read'],
    ['half the people, without a list', { rows: 56 }, 114, 'short-read'],
    ['people without a field', { returnedFields: ['id'] }, 114, 'no-fields'],
    ['people twice', { ambiguousIds: 3 }, 114, 'ambiguous-rows'],
  ])('refuses a read with %s', (name, part, people, reason) => {
    const { rosterTotal: _, ...unlisted } = read;
    const base = name.includes('without a list') ? unlisted : read;
    expect(certifyRead({ ...base, ...part }, { people })).toMatchObject({ outcome: 'refused', reason });
  });

  test('an empty company is no fault', () => {
    expect(certifyRead({ ...read, rows: 0, rosterTotal: 0 }, { people: 0 })).toMatchObject({ outcome: 'certified' });
  });

  test('notes a field that got lost, with the remedy', () => {
    const verdict = certifyRead({ ...read, returnedFields: ['firstName', 'department', 'status'] }, { people: 114 });
    expect(verdict).toMatchObject({
      outcome: 'certified',
      certificate: { lostFields: ['hireDate'], notes: [expect.stringContaining('access to hireDate')] },
    });
  });

  test('notes a small difference from the list', () => {
    expect(certifyRead({ ...read, rows: 112 }, { people: 114 })).toMatchObject({
      certificate: { notes: [expect.stringContaining('114')] },
    });
  });
});
