import { compiled, portal } from '../test/examples.js';
import { compilePolicy } from './compile-policy.js';
import { fieldsUsed } from './fields-used.js';

describe('compilePolicy', () => {
  it('finds all faults at once, each with its place', () => {
    const result = compilePolicy(
      {
        language: { field: 'langauge' },
        portals: [
          portal({ portal: 'emea', audience: 'department = "Sales"' }),
          portal({ portal: 'apac', audience: 'departmnt == "Sales"', customData: { Site: 'loction' } }),
        ],
      },
      ['firstName', 'lastName', 'workEmail', 'department', 'location', 'language'].map((name) => ({ name })),
    );
    expect(result.ok ? [] : result.faults.map(({ path }) => path)).toEqual([
      'language.field',
      'portals.emea.audience',
      'portals.apac.audience',
      'portals.apac.customData.Site',
    ]);
  });

  it('uses the fields of rules, names, addresses, mappings and language, and no others', () => {
    const policy = compiled({
      language: { field: 'customLanguage' },
      portals: [
        portal({ audience: 'department == "Sales"', customData: { Site: 'location' } }),
        portal({ portal: 'emea', email: ['workEmail', 'homeEmail'], identifier: 'username' }),
      ],
    });
    expect(fieldsUsed(policy)).toEqual([
      'customLanguage',
      'department',
      'employeeNumber',
      'firstName',
      'homeEmail',
      'lastName',
      'location',
      'workEmail',
    ]);
  });
});
