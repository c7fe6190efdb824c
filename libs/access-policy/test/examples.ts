import {
  compilePolicy,
  type EmployeeFacts,
  type RealmPolicy,
  type RealmRules,
  type WrittenPortal,
} from '../src/index.js';

export const portal = (rules: Partial<WrittenPortal> = {}): WrittenPortal => ({
  portal: 'academy',
  audience: 'true',
  ...rules,
});

/** @throws when the rules have faults. */
export const compiled = (rules: RealmRules): RealmPolicy => {
  const result = compilePolicy(rules);
  if (!result.ok) throw new Error(result.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return result.policy;
};

export const policyOf = (...portals: readonly Partial<WrittenPortal>[]): RealmPolicy =>
  compiled({ portals: portals.map(portal) });

export const today = '2026-03-02';
export const now = '2026-03-02T09:00:00Z';
export const time = { today, now };

export const ada: EmployeeFacts = {
  employeeId: '109',
  employment: { state: 'employed', hireDate: '2024-01-08', lastDay: null },
  recordedOn: '2026-03-01',
  addedOn: '2023-12-11',
  fields: {
    firstName: 'Ada',
    lastName: 'Moss',
    workEmail: 'ada@acme.example',
    homeEmail: 'ada@home.example',
    employeeNumber: '004417',
    department: 'Sales',
    location: 'Cork',
    division: null,
  },
  unconfirmed: [],
};

export const without = (...names: readonly string[]): EmployeeFacts => ({
  ...ada,
  fields: Object.fromEntries(Object.entries(ada.fields).filter(([name]) => !names.includes(name))),
});
