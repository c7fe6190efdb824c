import { fieldsUsed, type EmployeeFacts, type EmploymentState, type RealmPolicy } from '@portico/access-policy';

/** An example that is saved with a policy: where a person belongs, and where not. */
export interface PolicyExample {
  readonly name?: string;
  /** By BambooHR's employee id … */
  readonly employee?: string;
  /** … or by what would be in the record; what is left out is empty, and addresses and names are made up. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly employment?: EmploymentState;
  readonly hireDate?: string;
  readonly lastDay?: string;
  /** The company's day; today unless told. */
  readonly day?: string;
  readonly in?: readonly string[];
  readonly notIn?: readonly string[];
}

export const nameOf = ({ name, employee }: PolicyExample, index: number): string =>
  name ?? (employee === undefined ? `example ${index + 1}` : `employee ${employee}`);

/** A record of what an example says, complete enough that an account could be made of it. */
export const factsOf = (example: PolicyExample, policy: RealmPolicy, today: string): EmployeeFacts => {
  const { facts = {}, employment: state = 'employed', hireDate, lastDay } = example;
  const emails = new Set(policy.portals.flatMap(({ email }) => email));
  const usernames = new Set(policy.portals.flatMap(({ username }) => username?.fields ?? []));
  const madeUp = (field: string): string | null => {
    if (emails.has(field)) return 'example@example.com';
    if (usernames.has(field)) return '1000001';
    return field === 'firstName' || field === 'lastName' ? 'Example' : null;
  };
  return {
    employeeId: 'example',
    employment: { state, hireDate: hireDate ?? null, lastDay: lastDay ?? null },
    recordedOn: today,
    addedOn: hireDate ?? null,
    fields: { ...Object.fromEntries(fieldsUsed(policy).map((field) => [field, madeUp(field)])), ...facts },
    unconfirmed: [],
  };
};
