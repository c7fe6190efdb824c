import fc from 'fast-check';
import { decideAccess, type EmployeeFacts, type PreviousAccess, type WrittenPortal } from '../src/index.js';
import { compiled, portal, time, today } from './examples.js';

export const NAMES = [
  'employmentHistoryStatus',
  'recorded',
  'department',
  'location',
  'firstName',
  'lastName',
  'workEmail',
  'homeEmail',
  'employeeNumber',
];
const day = fc.constantFrom('2023-05-31', '2026-02-28', '2026-03-01', today, '2026-03-03', '2028-02-29');
const value = fc.constantFrom('2026-02-27', 'Full-Time', 'Sales', 'Legal', 'Cork', 'a@x.example', '004417', null);

export const facts: fc.Arbitrary<EmployeeFacts> = fc.record({
  employeeId: fc.constantFrom('7', '109', '2210'),
  employment: fc.record({
    state: fc.constantFrom('expected', 'employed', 'left', 'unknown'),
    hireDate: fc.option(day),
    lastDay: fc.option(day),
  }),
  recordedOn: fc.constantFrom('2026-01-01', today),
  addedOn: fc.option(day),
  fields: fc.dictionary(fc.constantFrom(...NAMES), value, { noNullPrototype: true }),
  unconfirmed: fc.uniqueArray(fc.constantFrom(...NAMES, 'terminationDate')),
});

const audience = fc.constantFrom(
  'true',
  'days(recorded, today) > 3 && department == "Sales"',
  'today >= "2026-03-04" || location == "Cork"',
  'department == "Sales"',
  'department == "Sales" && location == "Cork"',
  'location == "Cork" || department != "Legal"',
  '!(department in ["Sales", ""])',
);
const until = fc.constantFrom(undefined, '2026-03-01', today, '2026-03-03', '2028-02-29');
const pick = until.map((last) => ({
  employee: '109',
  reason: 'asked',
  ...(last === undefined ? {} : { until: last }),
}));
const some = <T extends object>(values: fc.Arbitrary<T>) => fc.oneof(fc.constant({} as T), values);

const portals = (name: string): fc.Arbitrary<WrittenPortal> =>
  fc
    .tuple(
      fc.record({
        audience,
        onboarding: fc.constantFrom('create', 'invite'),
        identifier: fc.constantFrom('email', 'username'),
        email: fc.constantFrom(['workEmail'], ['workEmail', 'homeEmail']),
        customData: fc.constantFrom({}, { Site: 'location' }),
      }),
      some(fc.record({ include: fc.array(pick, { maxLength: 2 }) })),
      some(fc.record({ start: fc.constantFrom('at-once', 'date-added', { from: 'hire-date', days: -3 } as const) })),
      some(fc.record({ start: fc.constantFrom({ from: 'hire-date', days: 40 } as const) })),
      some(fc.record({ eligible: fc.constantFrom(['Sales'], ['Full-Time', '']) })),
      some(fc.record({ leaving: fc.constantFrom('keep', { action: 'expire', graceDays: 5, retainDays: 9 } as const) })),
      some(fc.record({ groups: fc.constantFrom([{ title: 'Cork', when: 'location == "Cork"' }]) })),
    )
    .map((rules) => portal({ ...Object.assign({}, ...rules), portal: name }));
export const policy = fc
  .tuple(portals('one'), portals('two'), portals('three'))
  .map((all) => compiled({ portals: all }));

/** Some history that the access of today can come from. */
export const history = (
  rules: ReturnType<typeof compiled>,
  earlier: readonly EmployeeFacts[],
): readonly PreviousAccess[] =>
  earlier.reduce<readonly PreviousAccess[]>((before, was) => decideAccess(was, rules, before, time).portals, []);
