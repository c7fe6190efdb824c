export interface Place {
  readonly location: string;
  readonly division: string;
  readonly country: string;
  readonly state: string | null;
}

export const PLACES: readonly [Place, ...Place[]] = [
  { location: 'Dublin', division: 'EMEA', country: 'Ireland', state: null },
  { location: 'Cork', division: 'EMEA', country: 'Ireland', state: null },
  { location: 'London', division: 'EMEA', country: 'United Kingdom', state: null },
  { location: 'Berlin', division: 'EMEA', country: 'Germany', state: null },
  { location: 'Salt Lake City', division: 'North America', country: 'United States', state: 'UT' },
  { location: 'Philadelphia', division: 'North America', country: 'United States', state: 'PA' },
  { location: 'Tokyo', division: 'APAC', country: 'Japan', state: null },
  { location: 'Sydney', division: 'APAC', country: 'Australia', state: null },
];

/** Reports show a state's name where get-employee shows its code. */
export const STATE_NAMES: Readonly<Record<string, string>> = { UT: 'Utah', PA: 'Pennsylvania' };

export const DEPARTMENTS: readonly [Department, ...Department[]] = [
  { name: 'Sales', titles: ['Account Executive', 'Sales Development Representative', 'Sales Manager'] },
  {
    name: 'Engineering',
    titles: ['Software Engineer', 'Senior Software Engineer', 'Engineering Manager', 'QA Analyst'],
  },
  { name: 'Customer Success', titles: ['Customer Success Manager', 'Support Engineer'] },
  { name: 'Operations', titles: ['Operations Analyst', 'Warehouse Associate', 'Shift Lead'] },
  { name: 'Finance', titles: ['Accountant', 'Payroll Specialist'] },
  { name: 'People', titles: ['HR Partner', 'Recruiter'] },
  { name: 'Marketing', titles: ['Content Designer', 'Marketing Manager'] },
  { name: 'Legal', titles: ['Counsel'] },
];

/** Closed long ago: an archived option, which some histories still have. */
export const CLOSED_DEPARTMENT = 'Customer Care';

export const SHIRT_SIZES = ['S', 'M', 'L'] as const;

export interface Department {
  readonly name: string;
  readonly titles: readonly [string, ...string[]];
}

export const EMPLOYMENT_STATUSES = ['Full-Time', 'Part-Time', 'Intern', 'Contractor', 'Terminated'] as const;
