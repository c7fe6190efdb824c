import type { EmployeeFacts, RealmRules, WrittenPolicy } from '../src/index.js';

/** Every feature of the language in use, in each of many portals. */
const defaults: WrittenPolicy = {
  onboarding: 'create',
  eligible: ['Full-Time', 'Part-Time', 'Contractor'],
  start: { from: 'hire-date', days: -7 },
  leaving: { action: 'expire', graceDays: 14, expireDays: 30, retainDays: 365 },
  ramp: 90,
  exclude: [{ employee: '77', reason: 'on leave', until: '2026-05-01' }],
  include: [{ employee: '78', reason: 'a guest' }],
  signIn: 'password',
  userType: [{ type: 'manager', when: 'isSupervisor == "true"' }, 'learner'],
  ownership: { language: 'on-create', 'customData.Hired': 'on-create' },
  username: 'acme-{pad(employeeNumber, 6)}',
  email: ['workEmail', 'homeEmail'],
  groups: ['Everybody', { title: 'Sales', when: 'rules.sales' }, { titleFrom: '"Team " + department' }],
  customData: {
    Department: 'department',
    Hired: { field: 'hireDate', type: 'date' },
    Region: { field: 'location', choices: { Cork: 'EMEA', Oslo: 'EMEA' }, otherwise: 'Other' },
    Who: { value: 'upper(firstName) + " " + jobTitle' },
  },
};
const audiences = [
  'true',
  'rules.sales || location == "Cork"',
  'rules.senior && department in ["Sales", "Legal", "IT"]',
  'like(jobTitle, "Head*") || department.lower() == "sales"',
];

export const everything = (portals: number): RealmRules => ({
  tenant: 'acme',
  names: 'preferred',
  language: { field: 'customLanguage', choices: { English: 'en', German: 'de' }, otherwise: 'en' },
  timeZone: { field: 'location', choices: { Cork: 'Dublin', Oslo: 'Berlin' }, otherwise: 'London' },
  rules: {
    employees: 'employmentHistoryStatus != "Contractor"',
    sales: 'department == "Sales" && rules.employees',
    senior: 'days(hireDate, today) >= 90',
  },
  defaults,
  portals: Array.from({ length: portals }, (_, index) => ({
    portal: `portal-${index}`,
    audience: audiences[index % audiences.length] ?? 'true',
    identifier: index % 5 === 0 ? 'username' : 'email',
    start: index % 7 === 0 ? { from: 'date-added', days: 2 } : { from: 'hire-date', days: -7 },
  })),
});

export const person = (index: number): EmployeeFacts => {
  const hireDate = `2024-0${(index % 9) + 1}-15`;
  const hasLeft = index % 10 === 9;
  return {
    employeeId: String(index),
    employment: { state: hasLeft ? 'left' : 'employed', hireDate, lastDay: hasLeft ? `2026-02-2${index % 9}` : null },
    recordedOn: '2026-03-01',
    addedOn: '2024-01-01',
    unconfirmed: index % 50 === 0 ? ['department'] : [],
    fields: {
      firstName: `Ada${index}`,
      lastName: 'Moss',
      preferredName: index % 3 === 0 ? 'Adi' : null,
      workEmail: `a${index}@acme.example`,
      homeEmail: null,
      employeeNumber: String(index),
      department: ['Sales', 'Legal', 'IT'][index % 3] ?? null,
      location: ['Cork', 'Oslo', 'Rome'][index % 3] ?? null,
      jobTitle: index % 7 === 0 ? 'Head of Things' : 'Clerk',
      employmentHistoryStatus: ['Full-Time', 'Part-Time', 'Contractor', 'Intern'][index % 4] ?? null,
      isSupervisor: index % 9 === 0 ? 'true' : 'false',
      hireDate,
      customLanguage: 'English',
    },
  };
};
