import type { Person } from './vendors.js';
import { isEmployed, type PortalRule } from './verify.js';

const isContractor = ({ fields }: Person) => fields['employmentHistoryStatus'] === 'Contractor';
const text = (value: string | null | undefined) => value ?? '';

/** The rules of examples/acme.realm.yaml, said by hand: what the demo's end state is judged by. */
export const acmeRules = (today: string): readonly PortalRule[] => {
  const employed = (person: Person) => isEmployed(person, today);
  return [
    {
      portal: 'academy',
      expect: (person) => (employed(person) && !isContractor(person) ? 'account' : 'nothing'),
      customData: ({ fields }) => ({ department: text(fields['department']), location: text(fields['location']) }),
    },
    {
      portal: 'emea-sales',
      expect: (person) =>
        employed(person) && person.fields['department'] === 'Sales' && person.fields['division'] === 'EMEA'
          ? 'invite-or-account'
          : 'nothing',
    },
    {
      portal: 'contractors',
      expect: (person) => (employed(person) && isContractor(person) ? 'account' : 'nothing'),
      customData: ({ fields }) => ({ department: text(fields['department']) }),
    },
    {
      portal: 'engineering',
      expect: (person) =>
        employed(person) && person.fields['department'] === 'Engineering' && !isContractor(person)
          ? 'refused'
          : 'nothing',
    },
  ];
};
